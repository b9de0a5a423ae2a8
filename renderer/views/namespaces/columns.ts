/** The columns of the list of namespaces, as data. */
import { NAMESPACE_TYPES, type Relation } from '../../../shared/model.ts';
import type { NamespaceView } from '../../../shared/namespaces.ts';
import type { Role } from '../../parts/marks.ts';

export interface ListedContainer {
  readonly id: string;
  /** Hostile text. */
  readonly name: string;
}

export interface ListRow {
  readonly view: NamespaceView;
  readonly role: Exclude<Role, 'unread'>;
  readonly containers: readonly ListedContainer[];
  /** Hostile text. */
  readonly held: string;
  /** Lines of the tree before its name: `│ └─`. */
  readonly guide?: string;
}

export interface Column {
  readonly id: string;
  readonly title: string;
  /** What the column holds, in a sentence. */
  readonly help: string;
  /** A CSS grid track. */
  readonly width: string;
  readonly right?: true;
  /** Left out below 1200. */
  readonly wideOnly?: true;
  /** Ascending. */
  readonly order: (a: ListRow, b: ListRow) => number;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byRelation = (a: Relation, b: Relation): number => byText(a, b);

export const COLUMNS: readonly Column[] = [
  {
    id: 'type',
    title: 'Type',
    help: 'Filled: shared. Outlined: its own. Grey: the host’s',
    width: '34px',
    order: (a, b) => NAMESPACE_TYPES.indexOf(a.view.type) - NAMESPACE_TYPES.indexOf(b.view.type),
  },
  {
    id: 'id',
    title: 'Namespace',
    help: 'As the kernel spells it: its type and its inode',
    width: '138px',
    order: (a, b) => a.view.inode - b.view.inode,
  },
  {
    id: 'processes',
    title: 'Processes',
    help: 'How many processes are in it, as lsns counts (NPROCS)',
    width: '58px',
    right: true,
    order: (a, b) => a.view.processes.length - b.view.processes.length,
  },
  {
    id: 'leader',
    title: 'Leader',
    help: 'Its oldest process',
    width: 'minmax(100px, 1fr)',
    order: (a, b) => (a.view.leader ?? Infinity) - (b.view.leader ?? Infinity) || 0,
  },
  {
    id: 'owner',
    title: 'Owner',
    help: 'The user namespace whose capabilities govern it',
    width: '80px',
    wideOnly: true,
    order: (a, b) => byRelation(a.view.owner, b.view.owner),
  },
  {
    id: 'parent',
    title: 'Parent',
    help: 'The one above it; only pid and user namespaces have one',
    width: '80px',
    wideOnly: true,
    order: (a, b) => byRelation(a.view.parent, b.view.parent),
  },
  {
    id: 'containers',
    title: 'Containers',
    help: 'Those that have a process in it',
    width: 'minmax(132px, 1fr)',
    order: (a, b) => byText(a.containers[0]?.name ?? '\uffff', b.containers[0]?.name ?? '\uffff'),
  },
  {
    id: 'held',
    title: 'Held by',
    help: 'What keeps it alive',
    width: 'minmax(110px, 1fr)',
    order: (a, b) => byText(a.held, b.held),
  },
];

export interface Sorting {
  readonly column: string;
  readonly down: boolean;
}

/** The rows in the order of a column; equal ones as lsns has them, by type and inode. */
export const sorted = (rows: readonly ListRow[], { column, down }: Sorting): readonly ListRow[] => {
  const order = COLUMNS.find(({ id }) => id === column)?.order ?? (() => 0);
  const sign = down ? -1 : 1;
  const [type, inode] = COLUMNS as readonly [Column, Column];
  return rows.toSorted((a, b) => sign * order(a, b) || type.order(a, b) || inode.order(a, b));
};
