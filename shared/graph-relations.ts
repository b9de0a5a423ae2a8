/** Who owns what is selected, whose parent it is, and the other way round; ioctl_ns(2). */
import type { NamespaceId, Relation } from './model.ts';
import type { NamespaceView } from './namespaces.ts';

export interface GraphRelation {
  readonly from: NamespaceId;
  readonly to: NamespaceId;
  readonly kind: 'owns' | 'parent of';
}

export interface Ownership {
  readonly relations: readonly GraphRelation[];
  /** Further ones that are not drawn. */
  readonly more: number;
  /** What the kernel did not tell, in words. */
  readonly untold: readonly string[];
}

/** More lines than this hide what they should show. */
export const RELATIONS_AT_MOST = 16;

const isId = (relation: Relation): relation is NamespaceId => relation.includes(':[');

const UNTOLD: Readonly<Record<'not-allowed' | 'unknown', string>> = {
  'not-allowed': 'outside of what this session may see (EPERM)',
  unknown: 'could not be asked',
};

/**
 * `selected`: the namespaces whose relations are wanted. A user namespace's parent is its owner too: that is one line,
 * and it says parent.
 */
export const ownershipOf = (views: readonly NamespaceView[], selected: readonly NamespaceId[]): Ownership => {
  const wanted = new Set(selected);
  const found = new Map<string, GraphRelation>();
  const untold: string[] = [];
  const add = (from: Relation, to: NamespaceId, kind: GraphRelation['kind']): void => {
    if (!isId(from) || (!wanted.has(from) && !wanted.has(to))) return;
    const key = `${from} ${to}`;
    if (!found.has(key)) found.set(key, { from, to, kind });
  };
  for (const { id, owner, parent } of views) {
    add(parent, id, 'parent of');
    add(owner, id, 'owns');
    if (!wanted.has(id)) continue;
    for (const [word, relation] of [
      ['parent', parent],
      ['owner', owner],
    ] as const) {
      if (relation === 'not-allowed' || relation === 'unknown') untold.push(`${word} of ${id}: ${UNTOLD[relation]}`);
    }
  }
  const all = [...found.values()];
  return {
    relations: all.slice(0, all.length > RELATIONS_AT_MOST ? 0 : all.length),
    more: all.length > RELATIONS_AT_MOST ? all.length : 0,
    untold,
  };
};
