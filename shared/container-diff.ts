/** What a container's file system holds that its image's does not, as docker diff tells it. */

export type DiffKind = 'changed' | 'added' | 'deleted';

export interface DiffEntry {
  /** Inside the container. Hostile text. */
  readonly path: string;
  readonly kind: DiffKind;
}

export interface ContainerDiff {
  /** By path. */
  readonly entries: readonly DiffEntry[];
  /** How many there are; more than `entries` holds if the list was cut at {@link DIFF_AT_MOST}. */
  readonly total: number;
}

export const DIFF_AT_MOST = 20_000;

export interface DiffNode {
  readonly name: string;
  readonly path: string;
  readonly kind: DiffKind;
  readonly depth: number;
  /** Entries below, itself not counted. */
  readonly below: number;
  readonly isOpen: boolean;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The entries as a tree: a directory that is there only because something below it differs is `changed`, as engines tell
 * it. Rows below a path in `closed` are left out.
 */
export const diffTree = (entries: readonly DiffEntry[], closed: ReadonlySet<string>): DiffNode[] => {
  const kinds = new Map<string, DiffKind>();
  const children = new Map<string, string[]>();
  const below = new Map<string, number>();
  const put = (path: string, kind: DiffKind): void => {
    const had = kinds.has(path);
    kinds.set(path, kind);
    if (had) return;
    const parent = path.slice(0, path.lastIndexOf('/')) || '/';
    children.set(parent, [...(children.get(parent) ?? []), path]);
    if (parent !== '/' && !kinds.has(parent)) put(parent, 'changed');
  };
  for (const { path, kind } of entries) {
    if (!path.startsWith('/') || path === '/') continue;
    put(path, kind);
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at);
      below.set(above, (below.get(above) ?? 0) + 1);
    }
  }
  const rows: DiffNode[] = [];
  // Paths may be thousands deep; a list of what is still to be walked has no such limit.
  const queue = [...(children.get('/') ?? [])]
    .sort(byText)
    .reverse()
    .map((path) => ({ path, depth: 0 }));
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { path, depth } = next;
    const isOpen = !closed.has(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    rows.push({ name, path, kind: kinds.get(path)!, depth, below: below.get(path) ?? 0, isOpen });
    if (!isOpen) continue;
    const under = [...(children.get(path) ?? [])].sort(byText).reverse();
    for (const child of under) queue.push({ path: child, depth: depth + 1 });
  }
  return rows;
};

const LETTERS: Readonly<Record<DiffKind, string>> = { changed: 'C', added: 'A', deleted: 'D' };

/** A line as `docker diff` prints it. */
export const diffLine = ({ kind, path }: DiffEntry): string => `${LETTERS[kind]} ${path}`;
