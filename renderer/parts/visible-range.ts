/** Rows `[start, end)` to draw of `count` rows of one height, with `overscan` more on either side. */
export const visibleRange = (
  scrollTop: number,
  viewportHeight: number,
  rowHeight: number,
  count: number,
  overscan: number,
): { readonly start: number; readonly end: number } => {
  // The list may have shrunk while it was scrolled down; the browser corrects scrollTop only after it is drawn.
  const top = Math.max(0, Math.min(scrollTop, count * rowHeight - viewportHeight));
  const first = Math.floor(top / rowHeight);
  const last = Math.ceil((top + viewportHeight) / rowHeight);
  return { start: Math.max(0, first - overscan), end: Math.min(count, last + overscan) };
};
