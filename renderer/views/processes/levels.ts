/** Deeper than this the indentation stays and the number of levels left out is told, so that a name is never pushed out. */
export const MOST_LEVELS = 9;
