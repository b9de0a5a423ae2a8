import type { NamespaceId } from '../../../shared/model.ts';

/** What was found to hold namespaces, one entry for each. */
export type Held<T> = readonly { readonly id: NamespaceId; readonly by: T }[];

export const NOTHING: Held<never> = [];

export const grouped = <T>(held: Held<T>): ReadonlyMap<NamespaceId, readonly T[]> => {
  const groups = new Map<NamespaceId, T[]>();
  for (const { id, by } of held) {
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [by]);
    else group.push(by);
  }
  return groups;
};
