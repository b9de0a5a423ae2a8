/** Namespaces with their members: what `lsns` shows, and what else keeps each of them alive. */
import {
  NAMESPACE_LINKS,
  NAMESPACE_TYPES,
  type NamespaceFact,
  type NamespaceId,
  type NamespaceLink,
  type NamespaceType,
  type Process,
  type World,
} from './model.ts';

/** What keeps a namespace alive; man 7 namespaces, "Namespace lifetime". */
export type Holder =
  /** Its member processes; `pid` is the oldest. */
  | { readonly kind: 'process'; readonly pid: number; readonly comm: string; readonly processes: number }
  /** A process whose next children will be born into it, though it is not a member itself. */
  | { readonly kind: 'for-children'; readonly pid: number; readonly comm: string }
  /** `pid`: as this process, or thread, sees it; `null`: in the mount namespace `mnt`, which nobody is in. */
  | { readonly kind: 'bind'; readonly path: string; readonly pid: number | null; readonly mnt?: NamespaceId }
  /** `tid`: the thread whose open files these are, where they are not the first one's. */
  | { readonly kind: 'fd'; readonly pid: number; readonly fd: number; readonly tid?: number }
  /** A socket that was made in it, of a process that is in another; SIOCGSKNS. */
  | { readonly kind: 'socket'; readonly pid: number; readonly fd: number; readonly tid?: number }
  /** A thread that is in it though its process is not. */
  | { readonly kind: 'thread'; readonly pid: number; readonly tid: number; readonly link: NamespaceLink }
  /** A pid or user namespace below it. */
  | { readonly kind: 'child'; readonly id: NamespaceId }
  /** A namespace that this user namespace owns. */
  | { readonly kind: 'owned'; readonly id: NamespaceId };

export interface NamespaceView extends Omit<NamespaceFact, 'binds' | 'fds' | 'sockets' | 'threads'> {
  /** Pids of its members, ascending; empty if only something else holds it. */
  readonly processes: readonly number[];
  /** The oldest member: lowest starttime, then pid. */
  readonly leader: number | null;
  readonly leaderComm: string | null;
  /** The leader's command line; `null` without a leader or where it could not be read. */
  readonly command: readonly string[] | null;
  /** The leader's effective user. */
  readonly user: string | null;
  /** True for the namespace that counts as the host's. */
  readonly host: boolean;
  readonly heldBy: readonly Holder[];
  /** IDs of the containers that have a member in it. */
  readonly containers: readonly string[];
  /** The container, if all members belong to one. */
  readonly container: string | null;
}

/** Every namespace of the world, by type in {@link NAMESPACE_TYPES} order, then inode. */
export const namespacesOf = (world: World): readonly NamespaceView[] => {
  const members = membersOf(world.processes);
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  for (const id of members.keys()) if (!facts.has(id)) facts.set(id, bareFact(id));
  const others = otherHolders(world.processes, facts);
  return [...facts.values()]
    .sort((a, b) => NAMESPACE_TYPES.indexOf(a.type) - NAMESPACE_TYPES.indexOf(b.type) || a.inode - b.inode)
    .map((fact) => viewOf(fact, members.get(fact.id) ?? [], others.get(fact.id) ?? [], world));
};

const membersOf = (processes: readonly Process[]): Map<NamespaceId, Process[]> => {
  const members = new Map<NamespaceId, Process[]>();
  for (const process of processes) {
    for (const type of NAMESPACE_TYPES) append(members, process.namespaces[type], process);
  }
  return members;
};

const append = <T>(lists: Map<NamespaceId, T[]>, id: NamespaceId | null, item: T): void => {
  if (id === null) return;
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [item]);
  else list.push(item);
};

/** A namespace that a link names but of which nothing more is known. */
const bareFact = (id: NamespaceId): NamespaceFact => {
  const [type, inode] = id.slice(0, -1).split(':[') as [NamespaceType, string];
  return { id, type, inode: Number(inode), owner: 'unknown', parent: 'unknown', ownerUid: null, binds: [], fds: [] };
};

const otherHolders = (
  processes: readonly Process[],
  facts: Map<NamespaceId, NamespaceFact>,
): Map<NamespaceId, Holder[]> => {
  const holders = new Map<NamespaceId, Holder[]>();
  for (const { pid, comm, namespaces } of processes) {
    for (const link of NAMESPACE_LINKS) {
      if (!link.endsWith('_for_children')) continue;
      const id = namespaces[link];
      if (id === null || id === namespaces[link.slice(0, -'_for_children'.length) as NamespaceType]) continue;
      if (!facts.has(id)) facts.set(id, bareFact(id));
      append(holders, id, { kind: 'for-children', pid, comm });
    }
  }
  for (const { id, parent, owner, binds, fds, sockets = [], threads = [] } of facts.values()) {
    for (const bind of binds) append(holders, id, { kind: 'bind', ...bind });
    for (const thread of threads) append(holders, id, { kind: 'thread', ...thread });
    for (const fd of fds) append(holders, id, { kind: 'fd', ...fd });
    for (const socket of sockets) append(holders, id, { kind: 'socket', ...socket });
    if (isId(parent)) append(holders, parent, { kind: 'child', id });
    if (isId(owner)) append(holders, owner, { kind: 'owned', id });
  }
  return holders;
};

const isId = (relation: string): relation is NamespaceId => relation.includes(':[');

const viewOf = (
  fact: NamespaceFact,
  members: readonly Process[],
  others: readonly Holder[],
  { host }: World,
): NamespaceView => {
  const { id, type, inode, owner, parent, ownerUid, listed, uidMap, gidMap } = fact;
  const leader = members.reduce<Process | null>((a, b) => (a === null || isOlder(b, a) ? b : a), null);
  const inContainers = new Set(members.map((member) => member.container));
  const containers = [...inContainers].filter((container) => container !== null).sort();
  const held: Holder[] =
    leader === null ? [] : [{ kind: 'process', pid: leader.pid, comm: leader.comm, processes: members.length }];
  return {
    ...{ id, type, inode, owner, parent, ownerUid, containers },
    ...(listed === undefined ? null : { listed }),
    ...(uidMap === undefined ? null : { uidMap }),
    ...(gidMap === undefined ? null : { gidMap }),
    processes: members.map(({ pid }) => pid).sort((a, b) => a - b),
    leader: leader?.pid ?? null,
    leaderComm: leader?.comm ?? null,
    command: leader?.cmdline ?? null,
    user: leader?.user ?? null,
    host: id === host.namespaces[type],
    heldBy: [...held, ...others],
    container: inContainers.size === 1 ? (containers[0] ?? null) : null,
  };
};

const isOlder = (a: Process, b: Process): boolean =>
  a.starttime !== b.starttime ? a.starttime < b.starttime : a.pid < b.pid;
