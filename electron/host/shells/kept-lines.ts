/** How many lines all screens of the host may keep together. */

/**
 * What the scrollbacks of all terminals may take, bytes: fifty full ones of 80 columns, or a dozen of 240. Beyond it those that
 * nobody looks at lose their oldest lines.
 */
export const ALL_SCREENS_BYTES = 256 * 1024 * 1024;
/** Lines that every terminal keeps in any case: 64 of them, 240 columns wide, are within the bytes above. */
export const LEAST_LINES = 1000;
/** Trimmed to this share of the bytes, so that not every further line is a reason to trim again. */
const ROOM = 0.9;
/** xterm.js keeps three 32-bit numbers for each cell. */
const CELL_BYTES = 12;

export interface KeptScreen {
  readonly id: string;
  readonly lines: number;
  readonly cols: number;
  /** Whether a page follows it. */
  readonly followed: boolean;
  readonly ended: boolean;
  /** When a page followed it last, ms. */
  readonly seenAt: number;
}

const bytesOf = (lines: number, cols: number): number => lines * cols * CELL_BYTES;

/** Which are to keep how many lines: first of those that have ended, then of those longest out of sight; none that is followed. */
export const trimmed = (screens: readonly KeptScreen[], most = ALL_SCREENS_BYTES): ReadonlyMap<string, number> => {
  const cuts = new Map<string, number>();
  const all = screens.reduce((sum, { lines, cols }) => sum + bytesOf(lines, cols), 0);
  if (all <= most) return cuts;
  let excess = all - most * ROOM;
  const unseen = screens
    .filter(({ followed, lines }) => !followed && lines > LEAST_LINES)
    .sort((a, b) => Number(b.ended) - Number(a.ended) || a.seenAt - b.seenAt);
  for (const { id, lines, cols } of unseen) {
    if (excess <= 0) break;
    const kept = Math.max(LEAST_LINES, lines - Math.ceil(excess / bytesOf(1, cols)));
    cuts.set(id, kept);
    excess -= bytesOf(lines - kept, cols);
  }
  return cuts;
};
