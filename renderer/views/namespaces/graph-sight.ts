/** What of the graph is in sight: where a view of it begins, and how it follows the keyboard. */
import type { Box } from './graph-sizes.ts';

export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const ZOOM = { least: 0.1, most: 2, step: 1.2 } as const;
/** Smaller than this text cannot be read, so a view does not begin so. */
const READABLE = 0.85;
const MARGIN = 28;

/** The part of the graph in sight, px at 100 %. */
export const sightOf = ({ x, y, zoom }: Viewport, { width, height }: Size): Box => ({
  x: -x / zoom,
  y: -y / zoom,
  width: width / zoom,
  height: height / zoom,
});

/** All of it, or from its upper left corner as much as can be read; `whole`: all of it, however small. */
export const beginning = (bounds: Box, size: Size, whole = false): Viewport => {
  const fit = Math.min(
    1,
    (size.width - 2 * MARGIN) / Math.max(1, bounds.width),
    (size.height - 2 * MARGIN) / Math.max(1, bounds.height),
  );
  const zoom = Math.max(whole ? ZOOM.least : READABLE, fit);
  const along = (from: number, length: number, all: number): number => {
    const room = all - length * zoom;
    return (whole ? Math.max(MARGIN, room / 2) : MARGIN) - from * zoom;
  };
  return {
    x: along(bounds.x, bounds.width, size.width),
    y: along(bounds.y, bounds.height, size.height),
    zoom,
  };
};

/** So far moved that the box is in sight; the same where it is. */
export const following = (viewport: Viewport, size: Size, box: Box): Viewport => {
  const { zoom } = viewport;
  const along = (at: number, from: number, length: number, all: number): number => {
    const [start, end] = [from * zoom + at, (from + length) * zoom + at];
    if (start < MARGIN) return at + MARGIN - start;
    return end > all - MARGIN ? at - Math.min(end - (all - MARGIN), start - MARGIN) : at;
  };
  const x = along(viewport.x, box.x, box.width, size.width);
  const y = along(viewport.y, box.y, box.height, size.height);
  return x === viewport.x && y === viewport.y ? viewport : { x, y, zoom };
};

/** Zoomed about the middle. */
export const zoomed = ({ x, y, zoom }: Viewport, { width, height }: Size, to: number): Viewport => {
  const next = Math.min(ZOOM.most, Math.max(ZOOM.least, to));
  const about = (at: number, middle: number): number => middle - ((middle - at) * next) / zoom;
  return { x: about(x, width / 2), y: about(y, height / 2), zoom: next };
};
