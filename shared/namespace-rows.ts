/** Who is in which namespaces, gathered into rows: all processes that are in the same eight are one row. */
import {
  NAMESPACE_TYPES,
  type Container,
  type NamespaceId,
  type NamespaceType,
  type Process,
  type World,
} from './model.ts';
import { fdPath } from './namespace-file.ts';
import type { Holder, NamespaceView } from './namespaces.ts';

/** `none`: the row has nothing of this type, as a bind mount has but one. */
export type RowNamespaces = Readonly<Record<NamespaceType, NamespaceId | 'unread' | 'none'>>;

export type RowKind = 'host' | 'container' | 'shell' | 'service' | 'unread' | 'held';

export interface NamespaceRow {
  /** Stays the same from look to look. */
  readonly key: string;
  readonly kind: RowKind;
  /** The project that a container belongs to. */
  readonly project: string | null;
  /** Hostile text. */
  readonly name: string;
  /** Second line: the leader, a path. Hostile text. */
  readonly detail: string;
  readonly container: string | null;
  /** The oldest of its processes; `null` where no process is in it. */
  readonly leader: Process | null;
  readonly processes: number;
  readonly namespaces: RowNamespaces;
}

const UNREAD: RowNamespaces = fill('unread');
const NOTHING: RowNamespaces = fill('none');
function fill(value: 'unread' | 'none'): RowNamespaces {
  return Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, value])) as RowNamespaces;
}

interface Group {
  readonly container: string | null;
  readonly namespaces: RowNamespaces;
  readonly signature: string;
  readonly members: Process[];
  leader: Process;
}

const signatureOf = ({ container, namespaces }: Process): string =>
  `${container ?? ''} ${NAMESPACE_TYPES.map((type) => namespaces[type] ?? 'unread').join(' ')}`;

const groupsOf = (processes: readonly Process[]): ReadonlyMap<string, Group> => {
  const groups = new Map<string, Group>();
  for (const process of processes) {
    // What has ended is in no namespace any more; nsproxy is gone before the parent asks for the exit code.
    if (process.state === 'Z' || process.state === 'X') continue;
    const signature = signatureOf(process);
    const group = groups.get(signature);
    if (group) {
      group.members.push(process);
      if (isOlder(process, group.leader)) group.leader = process;
    } else {
      const { container } = process;
      const namespaces = Object.fromEntries(
        NAMESPACE_TYPES.map((type) => [type, process.namespaces[type] ?? 'unread']),
      ) as RowNamespaces;
      groups.set(signature, { container, namespaces, signature, members: [process], leader: process });
    }
  }
  return groups;
};

const isOlder = (a: Process, b: Process): boolean =>
  a.starttime !== b.starttime ? a.starttime < b.starttime : a.pid < b.pid;

/** A type that this kernel has not is no namespace that could not be read. */
export const typesOf = (world: World, namespaces: readonly NamespaceView[]): readonly NamespaceType[] => {
  const seen = new Set(namespaces.map(({ type }) => type));
  return NAMESPACE_TYPES.filter((type) => seen.has(type) || world.host.namespaces[type] !== null);
};

/**
 * Every namespace is in at least one row. `shells`: pids of the programs in this app's terminals, which with their
 * descendants are shells even without a controlling terminal.
 */
export const namespaceRows = (
  world: World,
  namespaces: readonly NamespaceView[],
  shells: ReadonlySet<number> = new Set(),
): readonly NamespaceRow[] => {
  const groups = groupsOf(world.processes);
  const containers = new Map(world.containers.map((container) => [container.id, container]));
  const firsts = firstGroups(groups, containers);
  const host = hostRow(world, groups);
  const rows: NamespaceRow[] = [host.row];
  for (const group of groups.values()) {
    if (group === host.group || isStarter(group, groups, world)) continue;
    const first = group.container === null ? null : (firsts.get(group.container) ?? null);
    if (group.container !== null) rows.push(containerRow(group, first === group, containers.get(group.container)));
    else rows.push(processRow(group, world, shells));
  }
  return [...rows, ...namespaces.filter(({ processes }) => processes.length === 0).map(heldRow)];
};

const hostRow = (world: World, groups: ReadonlyMap<string, Group>): { row: NamespaceRow; group: Group | null } => {
  const { host } = world;
  const group = [...groups.values()].find(
    ({ container, namespaces }) =>
      container === null && NAMESPACE_TYPES.every((type) => namespaces[type] === (host.namespaces[type] ?? 'unread')),
  );
  const leader = group?.leader ?? world.processes.find(({ pid }) => pid === 1) ?? null;
  const namespaces = Object.fromEntries(
    NAMESPACE_TYPES.map((type) => [type, host.namespaces[type] ?? 'unread']),
  ) as RowNamespaces;
  return {
    group: group ?? null,
    row: {
      key: 'host',
      kind: 'host',
      project: null,
      name: host.hostname,
      detail: leader === null ? 'the host' : `${leader.comm} ${leader.pid}`,
      container: null,
      leader,
      processes: group?.members.length ?? 0,
      namespaces,
    },
  };
};

/** For each container the group of its first process: that of the pid its engine names, else of its oldest. */
const firstGroups = (
  groups: ReadonlyMap<string, Group>,
  containers: ReadonlyMap<string, Container>,
): ReadonlyMap<string, Group> => {
  const firsts = new Map<string, Group>();
  for (const group of groups.values()) {
    const { container } = group;
    if (container === null) continue;
    const known = firsts.get(container);
    const named = containers.get(container)?.pid ?? null;
    const has = (each: Group): boolean => each.members.some(({ pid }) => pid === named);
    if (!known || has(group) || (!has(known) && isOlder(group.leader, known.leader))) firsts.set(container, group);
  }
  return firsts;
};

/** `unshare --fork` itself, sudo, setpriv: one process whose namespaces are all found again in the row of its only child. */
const isStarter = (
  { members, leader, container }: Group,
  groups: ReadonlyMap<string, Group>,
  world: World,
): boolean => {
  if (members.length !== 1 || container !== null) return false;
  return [...groups.values()].some(
    (child) =>
      child.leader.ppid === leader.pid &&
      isOlder(leader, child.leader) &&
      child.container === null &&
      NAMESPACE_TYPES.every((type) => {
        const id = leader.namespaces[type];
        return id === null || id === world.host.namespaces[type] || id === child.namespaces[type];
      }),
  );
};

const containerRow = (group: Group, first: boolean, container: Container | undefined): NamespaceRow => {
  const id = group.container as string;
  const name = container?.name ?? id.slice(0, 12);
  const { leader } = group;
  return {
    key: first ? `container ${id}` : `container ${id} ${leader.key}`,
    kind: 'container',
    project: container?.project ?? null,
    name: first ? name : leader.comm,
    detail: first ? `${leader.comm} ${leader.pid}` : `pid ${leader.pid} in ${name}`,
    container: id,
    leader,
    processes: group.members.length,
    namespaces: group.namespaces,
  };
};

const processRow = (group: Group, world: World, shells: ReadonlySet<number>): NamespaceRow => {
  const { leader, members, namespaces } = group;
  const unread = NAMESPACE_TYPES.every((type) => namespaces[type] === 'unread');
  const kind = unread ? 'unread' : members.some((member) => isShell(member, world, shells)) ? 'shell' : 'service';
  const single = { name: leader.comm, detail: kind === 'shell' ? `${leader.comm} ${leader.pid}` : `pid ${leader.pid}` };
  const many = { name: `${members.length} processes`, detail: `${leader.comm} ${leader.pid} is the oldest` };
  return {
    key: unread ? 'unread' : `process ${leader.key}`,
    kind,
    project: null,
    ...(unread && members.length > 1 ? many : single),
    container: null,
    leader,
    processes: members.length,
    namespaces: unread ? UNREAD : namespaces,
  };
};

/** Further up than this nobody looks for a terminal. */
const GENERATIONS = 40;
const parents = new WeakMap<readonly Process[], ReadonlyMap<number, Process>>();

const isShell = (process: Process, { processes }: World, shells: ReadonlySet<number>): boolean => {
  const byPid = parents.get(processes) ?? new Map(processes.map((each) => [each.pid, each]));
  parents.set(processes, byPid);
  let at: Process | undefined = process;
  for (let n = 0; at && n < GENERATIONS; n++, at = byPid.get(at.ppid)) {
    if (at.tty !== null || shells.has(at.pid)) return true;
  }
  return false;
};

const heldRow = ({ id, type, heldBy }: NamespaceView): NamespaceRow => ({
  key: `held ${id}`,
  kind: 'held',
  project: null,
  ...heldName(heldBy),
  container: null,
  leader: null,
  processes: 0,
  namespaces: { ...NOTHING, [type]: id },
});

const ORDER: readonly Holder['kind'][] = [
  'bind',
  'thread',
  'fd',
  'socket',
  'for-children',
  'owned',
  'child',
  'process',
];

/** What a person knows it by: the path it is bound to, else who holds it. */
const heldName = (holders: readonly Holder[]): { readonly name: string; readonly detail: string } => {
  const holder = holders.toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))[0];
  switch (holder?.kind) {
    case 'bind':
      return { name: holder.path.slice(holder.path.lastIndexOf('/') + 1) || holder.path, detail: holder.path };
    case 'thread':
      return { name: `Thread ${holder.tid} of ${holder.pid}`, detail: `/proc/${holder.pid}/task/${holder.tid}/ns` };
    case 'fd':
      return { name: `Open file of ${holder.pid}`, detail: fdPath(holder) };
    case 'socket':
      return { name: `Socket of ${holder.pid}`, detail: fdPath(holder) };
    case 'for-children':
      return { name: `Next child of ${holder.comm}`, detail: `/proc/${holder.pid}/ns` };
    case 'owned':
      return { name: 'Owner', detail: `of ${holder.id}` };
    case 'child':
      return { name: 'Parent', detail: `of ${holder.id}` };
    default:
      return { name: 'No holder seen', detail: 'this session sees none' };
  }
};
