/** The matrix of rows and namespace types: in which order, what is shared, and where one namespace runs over many rows. */
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType, type World } from './model.ts';
import type { NamespaceRow, RowKind } from './namespace-rows.ts';

export interface MatrixGroup {
  readonly kind: RowKind;
  readonly project: string | null;
  readonly rows: readonly NamespaceRow[];
}

const KINDS: readonly RowKind[] = ['host', 'container', 'shell', 'service', 'unread', 'held'];

/** Grouped by kind and project; within a group so that equal namespaces stand together. */
export const matrixGroups = (rows: readonly NamespaceRow[], world: World): readonly MatrixGroup[] => {
  const groups = new Map<string, NamespaceRow[]>();
  for (const row of rows) {
    const name = `${KINDS.indexOf(row.kind)} ${row.project ?? ''}`;
    const group = groups.get(name);
    if (group) group.push(row);
    else groups.set(name, [row]);
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([, members]) => ({
      kind: members[0]!.kind,
      project: members[0]!.project,
      rows: inLongRuns(members, world.host.namespaces),
    }));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Beyond this the order is by what is shared alone: trying every neighbour costs the square of the rows. */
const NEIGHBOURS_AT_MOST = 200;
/** Up to this many rows each is tried as the first. */
const STARTS_AT_MOST = 16;
/** A namespace shared by two tells more than that neither left the host's. */
const SHARED_WEIGHT = 20;

type Hosts = Readonly<Record<NamespaceType, NamespaceId | null>>;

/** So that equal namespaces are neighbours as far as that can be had by always going on with the nearest; ties by name. */
const inLongRuns = (rows: readonly NamespaceRow[], hosts: Hosts): readonly NamespaceRow[] => {
  const byName = rows.toSorted((a, b) => compare(a.name, b.name) || compare(a.key, b.key));
  if (byName.length < 3) return byName;
  if (byName.length > NEIGHBOURS_AT_MOST) {
    const own = (row: NamespaceRow): string => NAMESPACE_TYPES.map((type) => row.namespaces[type]).join(' ');
    return byName.toSorted((a, b) => compare(own(a), own(b)));
  }
  let best: readonly NamespaceRow[] = byName;
  let most = -1;
  for (const start of byName.length > STARTS_AT_MOST ? byName.slice(0, 1) : byName) {
    const { order, likeness } = chainFrom(start, byName, hosts);
    if (likeness > most) [best, most] = [order, likeness];
  }
  return best;
};

const chainFrom = (start: NamespaceRow, rows: readonly NamespaceRow[], hosts: Hosts) => {
  const order = [start];
  const left = new Set(rows);
  left.delete(start);
  let likeness = 0;
  for (let last = start; left.size > 0;) {
    let next: NamespaceRow | null = null;
    let nearest = -1;
    for (const row of left) {
      const near = likenessOf(last, row, hosts);
      if (near > nearest) [next, nearest] = [row, near];
    }
    last = next!;
    left.delete(last);
    order.push(last);
    likeness += nearest;
  }
  return { order, likeness };
};

const likenessOf = (a: NamespaceRow, b: NamespaceRow, hosts: Hosts): number => {
  let likeness = 0;
  for (const type of NAMESPACE_TYPES) {
    const id = a.namespaces[type];
    if (id === b.namespaces[type] && id !== 'unread' && id !== 'none')
      likeness += id === hosts[type] ? 1 : SHARED_WEIGHT;
  }
  return likeness;
};

/** Namespaces that more than one row is in. The host's are not among them. */
export const sharedIds = (rows: readonly NamespaceRow[], world: World): ReadonlySet<NamespaceId> => {
  const once = new Set<NamespaceId>();
  const more = new Set<NamespaceId>();
  for (const { namespaces } of rows) {
    for (const type of NAMESPACE_TYPES) {
      const id = namespaces[type];
      if (id === 'unread' || id === 'none' || id === world.host.namespaces[type]) continue;
      if (once.has(id)) more.add(id);
      once.add(id);
    }
  }
  return more;
};

/** One namespace in adjacent rows of one column: `[from, to]`, both included. */
export interface Run {
  readonly id: NamespaceId;
  readonly type: NamespaceType;
  readonly from: number;
  readonly to: number;
}

/** The same namespace in runs that are apart, joined by a line in the gutter; `lane` counts from the column outwards. */
export interface Link {
  readonly id: NamespaceId;
  readonly type: NamespaceType;
  readonly runs: readonly Run[];
  readonly lane: number;
}

/** Every run of a column, from above. Rows that have nothing of this type end a run. */
export const runsOf = (rows: readonly NamespaceRow[], type: NamespaceType): readonly Run[] => {
  const runs: Run[] = [];
  rows.forEach(({ namespaces }, at) => {
    const id = namespaces[type];
    if (id === 'unread' || id === 'none') return;
    const last = runs.at(-1);
    if (last?.id === id && last.to === at - 1) runs[runs.length - 1] = { ...last, to: at };
    else runs.push({ id, type, from: at, to: at });
  });
  return runs;
};

/** The lines of a column, from the first row of the first run to that of the last. Two that overlap lie in different lanes as long as there are `lanes` enough; then in the last. */
export const linksOf = (runs: readonly Run[], lanes: number): readonly Link[] => {
  const apart = new Map<NamespaceId, Run[]>();
  for (const run of runs) apart.set(run.id, [...(apart.get(run.id) ?? []), run]);
  /** Where each lane is free again. */
  const free: number[] = [];
  return [...apart.values()]
    .filter((each) => each.length > 1)
    .map((each) => {
      const from = each[0]!.from;
      let lane = free.findIndex((until) => until < from);
      if (lane === -1) lane = Math.min(free.length, lanes - 1);
      free[lane] = Math.max(free[lane] ?? 0, each.at(-1)!.from);
      return { id: each[0]!.id, type: each[0]!.type, runs: each, lane };
    });
};
