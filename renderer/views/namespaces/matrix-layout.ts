/** Where the rows and headings of the matrix lie, px. */
import type { MatrixGroup } from '../../../shared/namespace-matrix.ts';
import type { NamespaceRow } from '../../../shared/namespace-rows.ts';

export const ROW_HEIGHT = 40;
export const HEADING_HEIGHT = 24;
export const CELL_HEIGHT = 26;
/** Air above the first row. */
const PADDING = 4;

export interface Placed {
  readonly row: NamespaceRow;
  readonly index: number;
  readonly top: number;
}

export interface Heading {
  readonly title: string;
  readonly top: number;
  /** A capsule of the first column runs behind it, so it must stay in the column of names. */
  readonly narrow: boolean;
}

export interface MatrixLayout {
  readonly rows: readonly Placed[];
  readonly headings: readonly Heading[];
  readonly height: number;
}

const TITLES = {
  host: '',
  container: 'Containers',
  shell: 'Unshared shells',
  service: 'Host services with namespaces of their own',
  unread: 'Not readable',
  held: 'Held by no process',
} as const;

/** Hostile text where a project is named. */
const titleOf = ({ kind, project, rows }: MatrixGroup, unread: boolean): string => {
  if (kind === 'held' && unread) return 'Held by no process that could be read';
  if (project === null) return TITLES[kind];
  // Every container of a compose project carries its label; what else has a project is a pod.
  return rows.length > 0 ? `Project ${project}` : '';
};

export const layoutOf = (groups: readonly MatrixGroup[]): MatrixLayout => {
  const rows: Placed[] = [];
  const headings: Heading[] = [];
  const unread = groups.some(({ rows }) => rows.some(({ namespaces }) => Object.values(namespaces).includes('unread')));
  let top = PADDING;
  for (const group of groups) {
    const title = titleOf(group, unread);
    if (title !== '') {
      const above = rows.at(-1)?.row.namespaces.mnt;
      const narrow = above !== undefined && above !== 'none' && above === group.rows[0]?.namespaces.mnt;
      headings.push({ title, top, narrow });
      top += HEADING_HEIGHT;
    }
    for (const row of group.rows) {
      rows.push({ row, index: rows.length, top });
      top += ROW_HEIGHT;
    }
  }
  return { rows, headings, height: top + PADDING };
};

/** Middle of a row's cell. */
export const middleOf = ({ top }: Placed): number => top + ROW_HEIGHT / 2;

/** Rows of which some part lies between `from` and `to`, by halving: tops ascend. */
export const rowsBetween = ({ rows }: MatrixLayout, from: number, to: number): readonly Placed[] => {
  const firstBelow = (edge: number): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle] as Placed).top < edge) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return rows.slice(firstBelow(from - ROW_HEIGHT), firstBelow(to));
};
