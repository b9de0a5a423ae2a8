/** The points of a chart as rows of a table: one for each few seconds, newest first. */
import type { UsePoint } from '../../../../shared/container-use.ts';
import type { Card } from './cards.ts';

/** Five minutes of them are thirty rows. */
const STEP_MILLIS = 10_000;

export interface UseRow {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly cells: readonly string[];
}

/** The last point of each step. A value that nobody knows is said to be so. */
export const tableRows = (
  { series, strip, words }: Pick<Card, 'series' | 'strip' | 'words'>,
  points: readonly UsePoint[],
): readonly UseRow[] => {
  const rows: UseRow[] = [];
  for (let index = points.length - 1; index >= 0; index--) {
    const { at } = points[index]!;
    const later = rows.at(-1);
    if (later !== undefined && Math.floor(later.at / STEP_MILLIS) === Math.floor(at / STEP_MILLIS)) continue;
    const said = series.map(({ values }) => {
      const value = values[index];
      return value == null ? 'not known' : words(value);
    });
    const share = strip?.values[index];
    const throttled = strip === null ? [] : [share == null ? 'not known' : `${Math.round(share * 100)} %`];
    rows.push({ at, cells: [...said, ...throttled] });
  }
  return rows;
};
