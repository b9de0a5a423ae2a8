/** How deep a tree may be drawn in a column of a given width. */

/** One level as the design has it, px. */
const INDENT = 16;
/** Still told apart by eye, px. */
const LEAST_INDENT = 8;
/** What is left to a name, px. */
const NAME_ROOM = 104;

export interface Levels {
  /** Width of one level, px. */
  readonly indent: number;
  /** Deeper rows are drawn at this level and tell how much deeper they are. */
  readonly most: number;
}

/** Full width if everything fits; narrower levels in a deep tree; and an end where names would be pushed out. */
export const levelsIn = (columnWidth: number, deepest: number): Levels => {
  const room = Math.max(columnWidth - NAME_ROOM, 4 * LEAST_INDENT);
  if (deepest * INDENT <= room) return { indent: INDENT, most: deepest };
  const indent = Math.max(LEAST_INDENT, Math.floor(room / deepest));
  return { indent, most: Math.floor(room / indent) };
};
