/** The thumb of a scrollbar that lies over its rows, px. */
export interface Thumb {
  readonly top: number;
  readonly height: number;
}

/** Small enough to be out of the way, large enough to be caught. */
const LEAST_HEIGHT = 32;

/** `null` where everything is in sight. */
export const thumbOf = (scrollTop: number, viewport: number, whole: number): Thumb | null => {
  if (whole <= viewport || viewport <= 0) return null;
  const height = Math.min(viewport, Math.max(LEAST_HEIGHT, (viewport * viewport) / whole));
  const share = Math.min(Math.max(scrollTop / (whole - viewport), 0), 1);
  return { top: share * (viewport - height), height };
};

/** Where to scroll when the thumb has been dragged by `pixels`. */
export const scrolledBy = (from: number, pixels: number, viewport: number, whole: number): number => {
  const thumb = thumbOf(from, viewport, whole);
  if (thumb === null || viewport === thumb.height) return from;
  return from + (pixels * (whole - viewport)) / (viewport - thumb.height);
};
