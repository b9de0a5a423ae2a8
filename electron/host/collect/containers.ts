/** Which process belongs to which container: cgroup paths first, then the first process, its pid namespace, its children. */
import { containersIn, type CgroupContainer } from '../../../shared/cgroup-path.ts';
import type {
  CgroupMembership,
  Container,
  ContainerState,
  NamespaceId,
  Process,
  ProcessKey,
} from '../../../shared/model.ts';

/** A container as an engine tells it, before the kernel's account is joined. */
export type EngineContainer = Omit<Container, 'runtime' | 'cgroup'>;

/**
 * Joins what engines list with what the kernel shows. `of` holds the container's id for each process that is in one;
 * a process that cannot be told for certain is in none. Containers known by cgroup alone have `engine: null`.
 * Sorted by id; of two engines that list the same id, the first counts.
 */
export function joinContainers(
  processes: readonly Process[],
  containers: readonly EngineContainer[],
): { containers: Container[]; of: ReadonlyMap<ProcessKey, string> } {
  const listed = new Map<string, EngineContainer>();
  for (const container of containers) if (!listed.has(container.id)) listed.set(container.id, container);
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const paths = new Paths((id) => listed.has(id), byPid.get(1));

  const of = new Map<ProcessKey, string>();
  const foundBy = new Map<string, Process[]>();
  const assign = (process: Process, id: string): void => {
    of.set(process.key, id);
    const members = foundBy.get(id);
    if (members === undefined) foundBy.set(id, [process]);
    else members.push(process);
  };

  for (const process of processes) {
    const own = paths.containerOf(process.cgroups);
    if (own !== null) assign(process, own.id);
  }
  const inits = new Map<string, Process>();
  const elsewhere = new Set<string>();
  for (const { id, pid, pidMode } of listed.values()) {
    const init = pid === null ? undefined : byPid.get(pid);
    if (init === undefined) continue;
    if (isInit(init, id, of.get(init.key), pidMode, byPid.get(1))) {
      inits.set(id, init);
      if (!of.has(init.key)) assign(init, id);
    } else elsewhere.add(id);
  }
  byPidNamespace(processes, byPid.get(1), inits, of, assign);
  byAncestor(processes, byPid, of, assign);

  const joined: Container[] = [];
  for (const container of listed.values()) {
    const { id } = container;
    const init = inits.get(id) ?? first(foundBy.get(id) ?? []);
    // An engine's answer may be older than this look, or not have come: what runs here and now is the kernel's to say.
    const told = elsewhere.has(id) ? null : container.pid;
    const pid = RUNS.has(container.state) ? (init?.pid ?? told) : told;
    // Said by an engine that fell silent: that it runs, the kernel knows too.
    const state = container.state === 'unknown' && init !== undefined ? 'running' : container.state;
    joined.push({ ...container, state, pid, ...paths.placeOf(init, id) });
  }
  for (const [id, members] of foundBy) {
    const init = listed.has(id) ? undefined : first(members);
    if (init !== undefined) joined.push({ ...knownByCgroup(id, init.pid), ...paths.placeOf(init, id) });
  }
  return { containers: joined.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)), of };
}

const RUNS: ReadonlySet<ContainerState> = new Set(['running', 'paused', 'restarting', 'unknown']);

/** Reads containers out of cgroup paths, each path once. */
class Paths {
  readonly #known: (id: string) => boolean;
  readonly #ground: ReadonlySet<string>;
  readonly #seen = new Map<string, readonly CgroupContainer[]>();

  /** Where PID 1 is itself in a container, Porthole runs inside of it: that one is the ground, not a container here. */
  constructor(known: (id: string) => boolean, pid1: Process | undefined) {
    this.#known = known;
    this.#ground = new Set((pid1?.cgroups ?? []).flatMap(({ path }) => containersIn(path, known)).map(({ id }) => id));
  }

  /** The outermost container of the path; see `recogniseContainer` for why. */
  #outermost(path: string): CgroupContainer | null {
    let found = this.#seen.get(path);
    if (found === undefined) {
      found = containersIn(path, this.#known).filter(({ id }) => !this.#ground.has(id));
      this.#seen.set(path, found);
    }
    return found[0] ?? null;
  }

  /** v2 speaks first, then systemd's own hierarchy, then the controllers of v1 in the order of the file. */
  containerOf(cgroups: readonly CgroupMembership[]): CgroupContainer | null {
    for (const { path } of inOrder(cgroups)) {
      const found = this.#outermost(path);
      if (found !== null) return found;
    }
    return null;
  }

  /** The cgroup of a container: the one named after it, else (rootless, without one of its own) where its init is. */
  placeOf(init: Process | undefined, id: string): { runtime: string | null; cgroup: string | null } {
    if (init === undefined) return { runtime: null, cgroup: null };
    const ordered = inOrder(init.cgroups);
    for (const { path } of ordered) {
      const found = this.#outermost(path);
      if (found?.id === id) return { runtime: found.runtime, cgroup: found.path };
    }
    return { runtime: null, cgroup: ordered[0]?.path ?? null };
  }
}

const rank = ({ hierarchy, controllers }: CgroupMembership): number =>
  hierarchy === 0 ? 0 : controllers.includes('name=systemd') ? 1 : 2;
const inOrder = (cgroups: readonly CgroupMembership[]): readonly CgroupMembership[] =>
  cgroups.length < 2 ? cgroups : cgroups.toSorted((a, b) => rank(a) - rank(b));

/**
 * Whether the process with an engine's `State.Pid` really is that container's first one. The engine may count in another
 * pid namespace or on another machine (tcp, a virtual machine behind the socket); then the number means a stranger here.
 */
function isInit(
  process: Process,
  id: string,
  byCgroup: string | undefined,
  pidMode: string | null,
  pid1: Process | undefined,
): boolean {
  if (byCgroup !== undefined) return byCgroup === id;
  const { mnt, pid } = process.namespaces;
  // Every container has a mount namespace of its own, and a pid namespace unless it was asked to do without.
  const host = pid1?.namespaces;
  const ownPids = process.nspid.length > 1 || differ(pid, host?.pid);
  return ownPids || (pidMode === 'host' && differ(mnt, host?.mnt));
}

/** Both known, and not the same. */
const differ = (a: NamespaceId | null, b: NamespaceId | null | undefined): boolean =>
  a !== null && b != null && a !== b;

/** Processes in a pid namespace that one container alone lives in. Two that share it are told apart by ancestry only. */
function byPidNamespace(
  processes: readonly Process[],
  pid1: Process | undefined,
  inits: ReadonlyMap<string, Process>,
  of: ReadonlyMap<ProcessKey, string>,
  assign: (process: Process, id: string) => void,
): void {
  const host = pid1?.namespaces.pid;
  const claims = new Map<NamespaceId, Set<string>>();
  const claim = (namespace: NamespaceId | null, id: string): void => {
    if (namespace !== null) claims.set(namespace, (claims.get(namespace) ?? new Set()).add(id));
  };
  for (const [id, { namespaces, nspid }] of inits) {
    if (namespaces.pid !== host && (nspid.length > 1 || differ(namespaces.pid, host))) claim(namespaces.pid, id);
  }
  // One known by cgroup alone may have joined the same namespace.
  for (const process of processes) {
    const id = of.get(process.key);
    if (id !== undefined && process.namespaces.pid !== null && claims.has(process.namespaces.pid)) {
      claim(process.namespaces.pid, id);
    }
  }
  for (const process of processes) {
    const namespace = process.namespaces.pid;
    const ids = of.has(process.key) || namespace === null ? undefined : claims.get(namespace);
    if (ids?.size === 1) for (const id of ids) assign(process, id);
  }
}

/** What a container's process started is in it too, even in a pid namespace made inside. */
function byAncestor(
  processes: readonly Process[],
  byPid: ReadonlyMap<number, Process>,
  of: ReadonlyMap<ProcessKey, string>,
  assign: (process: Process, id: string) => void,
): void {
  if (of.size === 0) return;
  const outside = new Set<ProcessKey>();
  for (const process of processes) {
    const line: Process[] = [];
    const met = new Set<ProcessKey>();
    let at: Process | undefined = process;
    // A process list is not taken in one instant: with a reused pid, parents may form a ring.
    while (at !== undefined && !of.has(at.key) && !outside.has(at.key) && !met.has(at.key)) {
      met.add(at.key);
      line.push(at);
      const parent: Process | undefined = byPid.get(at.ppid);
      at = parent !== undefined && parent.starttime <= at.starttime ? parent : undefined;
    }
    const id = at === undefined ? undefined : of.get(at.key);
    for (const descendant of line) {
      if (id === undefined) outside.add(descendant.key);
      else assign(descendant, id);
    }
  }
}

/** The member that is PID 1 in its own pid namespace, else the oldest. */
function first(members: readonly Process[]): Process | undefined {
  const isOne = ({ nspid }: Process): boolean => nspid.length > 1 && nspid.at(-1) === 1;
  const older = (a: Process, b: Process): number =>
    Number(isOne(b)) - Number(isOne(a)) || a.starttime - b.starttime || a.pid - b.pid;
  return members.toSorted(older)[0];
}

const knownByCgroup = (id: string, pid: number): EngineContainer => ({
  id,
  engine: null,
  told: 0,
  name: null,
  image: null,
  command: null,
  state: 'running',
  status: null,
  health: null,
  createdAt: null,
  startedAt: null,
  finishedAt: null,
  exitCode: null,
  pid,
  labels: {},
  ports: [],
  networkMode: null,
  pidMode: null,
  ipcMode: null,
  restartPolicy: null,
  autoRemove: null,
  project: null,
  pod: null,
});
