/** Finding a row by typing the beginning of its name, as the ARIA tree pattern asks. */

/** Letters typed closer together than this, ms, belong to one word. */
export const PAUSE_MILLIS = 700;

/**
 * Index of the next row after `from` whose name begins with `typed`, around the end; a single letter goes on to the next
 * row, more letters may stay where they are. -1 if there is none.
 */
export const typedAhead = (names: readonly string[], from: number, typed: string): number => {
  const wanted = typed.toLowerCase();
  const step = typed.length === 1 ? 1 : 0;
  for (let n = 0; n < names.length; n++) {
    const at = (from + step + n + names.length) % names.length;
    if (names[at]?.toLowerCase().startsWith(wanted)) return at;
  }
  return -1;
};
