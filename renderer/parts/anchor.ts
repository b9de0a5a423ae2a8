/**
 * Where to scroll when rows came or went above, so that what one looks at stays where it is: the first row in sight that
 * is still there keeps its place. At the very top nothing moves: there one wants to see what comes.
 */
export const anchoredTop = (
  before: readonly string[],
  after: readonly string[],
  scrollTop: number,
  rowHeight: number,
): number => {
  if (scrollTop <= 0) return scrollTop;
  const index = new Map(after.map((key, at) => [key, at]));
  const first = Math.floor(scrollTop / rowHeight);
  for (let at = first; at < before.length; at++) {
    const now = index.get(before[at] as string);
    if (now !== undefined) return Math.max(0, scrollTop + (now - at) * rowHeight);
  }
  return scrollTop;
};
