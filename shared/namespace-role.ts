/** Whether a namespace is the host's, a subject's own, or shared between subjects. */
import { buildTree } from './process-tree.ts';
import type { NamespaceId, NamespaceType, Process, World } from './model.ts';

/**
 * A subject is what a person would name as a user of a namespace: a container, or outside of containers a process together
 * with those of its descendants that stayed in the namespace.
 */
export type NamespaceUser =
  { readonly kind: 'container'; readonly id: string } | { readonly kind: 'process'; readonly process: Process };

export type NamespaceRole = 'host' | 'own' | 'shared' | 'unread';

type Users = ReadonlyMap<string, NamespaceUser>;
interface Index {
  readonly users: ReadonlyMap<NamespaceId, Users>;
  /** For processes outside of containers: the pid of the subject they belong to, per namespace. */
  readonly topOf: ReadonlyMap<NamespaceId, ReadonlyMap<number, number>>;
}
const NONE: Users = new Map();
const indexes = new WeakMap<readonly Process[], Map<NamespaceType, Index>>();

/**
 * `host`: the process is in the namespace that {@link World.host} names for this type. Otherwise `own` if the process's
 * subject is its only user, `shared` if another container, or a process outside of the process's own container or
 * subtree, uses it too. `unread` if the link could not be read.
 */
export const namespaceRole = (world: World, process: Process, type: NamespaceType): NamespaceRole => {
  const id = process.namespaces[type];
  if (id === null) return 'unread';
  if (id === world.host.namespaces[type]) return 'host';
  return sharedWith(world, process, type).length === 0 ? 'own' : 'shared';
};

/** The other users of the process's namespace of this type; empty for the host's, where everyone would be one. */
export const sharedWith = (world: World, process: Process, type: NamespaceType): readonly NamespaceUser[] => {
  const id = process.namespaces[type];
  if (id === null || id === world.host.namespaces[type]) return [];
  const index = indexOf(world, type);
  const users = index.users.get(id) ?? NONE;
  const own = userKey(process.container, index.topOf.get(id)?.get(process.pid) ?? process.pid);
  return [...users].filter(([key]) => key !== own).map(([, user]) => user);
};

const userKey = (container: string | null, pid: number): string => (container === null ? `${pid}` : `c${container}`);

const indexOf = (world: World, type: NamespaceType): Index => {
  const byType = indexes.get(world.processes) ?? new Map<NamespaceType, Index>();
  indexes.set(world.processes, byType);
  const known = byType.get(type) ?? makeIndex(world, type);
  byType.set(type, known);
  return known;
};

const makeIndex = (world: World, type: NamespaceType): Index => {
  const host = world.host.namespaces[type];
  const users = new Map<NamespaceId, Map<string, NamespaceUser>>();
  const topOf = new Map<NamespaceId, Map<number, number>>();
  const waiting = [...buildTree(world.processes).roots];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    waiting.push(...node.children);
    const { process } = node;
    const id = process.namespaces[type];
    if (id === null || id === host) continue;
    const tops = topOf.get(id) ?? new Map<number, number>();
    topOf.set(id, tops);
    const top = node.parent === null ? undefined : tops.get(node.parent.process.pid);
    if (process.container === null) tops.set(process.pid, top ?? process.pid);
    const here = users.get(id) ?? new Map<string, NamespaceUser>();
    users.set(id, here);
    const key = userKey(process.container, top ?? process.pid);
    if (here.has(key)) continue;
    here.set(
      key,
      process.container === null ? { kind: 'process', process } : { kind: 'container', id: process.container },
    );
  }
  return { users, topOf };
};
