/** Who owns the namespaces that a start has made: a small tree of user namespaces with what they own below them. */
import type { NamespaceFact, NamespaceId, NamespaceType, Relation, World } from '../../../shared/model.ts';

export interface OwnerRow {
  readonly id: NamespaceId;
  readonly depth: number;
  /** The line that leads here begins this many rows above: at a sibling, or at what owns it. */
  readonly rise: number;
  readonly from: 'owner' | 'sibling';
  /** True for the ones this start has made. */
  readonly made: boolean;
  /** `the host’s`, `created by mara`; empty for what is owned. */
  readonly words: string;
}

export interface Owners {
  readonly rows: readonly OwnerRow[];
  /** Made, but the owner is not known; with the reason in words. */
  readonly unknown: readonly { readonly id: NamespaceId; readonly why: string }[];
}

type Made = readonly { readonly type: NamespaceType; readonly id: NamespaceId }[];

const WHY: Readonly<Record<Exclude<Relation, NamespaceId>, string>> = {
  none: 'the kernel names no owner',
  'not-allowed': 'its owner is outside of what this reader may see (EPERM)',
  unknown: 'its owner could not be asked for',
};

/** The owner, or of a user namespace its parent, which is what it was made in; ioctl_ns(2). */
const aboveOf = (fact: NamespaceFact): Relation => (fact.type === 'user' ? fact.parent : fact.owner);
const isId = (relation: Relation): relation is NamespaceId => relation.includes(':[');

const userName = (world: World, uid: number): string =>
  world.processes.find((process) => process.euid === uid)?.user ?? `uid ${uid}`;

export const ownersOf = (world: World, made: Made): Owners => {
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  const madeIds = new Set(made.map(({ id }) => id));
  const below = new Map<NamespaceId, NamespaceId[]>();
  const unknown: { id: NamespaceId; why: string }[] = [];
  for (const { id } of made) {
    const fact = facts.get(id);
    const above = fact && aboveOf(fact);
    if (above === undefined) unknown.push({ id, why: 'not seen in this look at the machine' });
    else if (isId(above)) below.set(above, [...(below.get(above) ?? []), id]);
    else unknown.push({ id, why: WHY[above] });
  }
  const wordsOf = (id: NamespaceId): string => {
    if (id === world.host.namespaces.user) return 'the host’s';
    const uid = id.startsWith('user:') ? facts.get(id)?.ownerUid : null;
    return uid == null ? '' : `created by ${userName(world, uid)}`;
  };
  const rows: OwnerRow[] = [];
  const walk = (id: NamespaceId, depth: number): void => {
    const above = rows.findLastIndex((row) => row.depth <= depth);
    const from = rows[above]?.depth === depth ? 'sibling' : 'owner';
    rows.push({ id, depth, rise: rows.length - above, from, made: madeIds.has(id), words: wordsOf(id) });
    // User namespaces first: what they own hangs right below them.
    const children = below.get(id) ?? [];
    const [users, others] = [
      children.filter((child) => child.startsWith('user:')),
      children.filter((child) => !child.startsWith('user:')),
    ];
    for (const child of [...others, ...users]) walk(child, depth + 1);
  };
  for (const top of [...below.keys()].filter((id) => !madeIds.has(id))) walk(top, 0);
  return { rows, unknown };
};
