/**
 * The model: what the host tells about a machine, as plain data that survives JSON and structured clone.
 *
 * Conventions: words are the kernel's; a field that could not be read is `null` and the reason stands in `unread`;
 * units are in the names; counters travel, rates are made by the viewer (`shared/rates.ts`).
 */

/** The eight namespace types, in the order the app always shows them. man 7 namespaces. */
export const NAMESPACE_TYPES = ['mnt', 'uts', 'ipc', 'net', 'pid', 'user', 'cgroup', 'time'] as const;
export type NamespaceType = (typeof NAMESPACE_TYPES)[number];

/** The ten links under /proc/PID/ns. The `*_for_children` ones are where the process's next children will be born. */
export const NAMESPACE_LINKS = [...NAMESPACE_TYPES, 'pid_for_children', 'time_for_children'] as const;
export type NamespaceLink = (typeof NAMESPACE_LINKS)[number];

/** A namespace as the kernel spells it: `net:[4026531840]`. */
export type NamespaceId = `${NamespaceType}:[${number}]`;

/** A process that the kernel cannot confuse with another: `pid@starttime`, for pids are reused. */
export type ProcessKey = `${number}@${number}`;

export const processKey = (pid: number, starttime: number): ProcessKey => `${pid}@${starttime}`;

/**
 * Why something could not be read. `denied`: EACCES or EPERM. `gone`: the process ended (ESRCH).
 * `absent`: this kernel has no such file (ENOENT while the process lives). `malformed`: read, but not in a form we know.
 */
export type Why = 'denied' | 'gone' | 'absent' | 'malformed';

/** What became of reading one file. `call` is the failing call as strace would name it, for the screen. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: Why; readonly call: string; readonly errno: string | null };

/** One line of /proc/PID/cgroup; man 7 cgroups. v2 is hierarchy 0 with no controllers. */
export interface CgroupMembership {
  readonly hierarchy: number;
  /** `['cpu','cpuacct']`, `['name=systemd']`, or `[]` for v2. */
  readonly controllers: readonly string[];
  readonly path: string;
}

/** A file of a process that could not be read: `ns/net`, `status`, … relative to /proc/PID. */
export interface UnreadFile {
  readonly file: string;
  readonly why: Why;
  readonly errno: string | null;
}

/** One process as every view needs it; the rest is asked for one process at a time ({@link ProcessDetail}). */
export interface Process {
  readonly key: ProcessKey;
  readonly pid: number;
  readonly ppid: number;
  /** Clock ticks after boot; field 22 of /proc/PID/stat. */
  readonly starttime: number;
  /** The name the process gave itself, at most 15 bytes (64 for kernel threads). Hostile text. */
  readonly comm: string;
  /** argv. `[]` for kernel threads and zombies, `null` when not readable. Cut after {@link CMDLINE_BYTES}. Hostile text. */
  readonly cmdline: readonly string[] | null;
  /** True if `cmdline` was cut; the whole is in the process's detail. */
  readonly cmdlineCut: boolean;
  /** One letter of field 3 of stat: R S D Z T t X I P. */
  readonly state: string;
  /** Real and effective user; `null` when status is not readable. */
  readonly uid: number | null;
  readonly euid: number | null;
  /** The effective user's name in the host's user database, as ps prints it; the number as text if it has none. */
  readonly user: string | null;
  /** PIDs from the reader's pid namespace inward; the last is the process's own idea of its PID. `[]` before Linux 4.1. */
  readonly nspid: readonly number[];
  readonly threads: number;
  readonly kernelThread: boolean;
  readonly pgrp: number;
  readonly session: number;
  /** `pts/3`, `tty1`, or `null` without a controlling terminal. */
  readonly tty: string | null;
  /** utime + stime, in clock ticks since the process began. */
  readonly cpuTicks: number;
  /** Resident set, bytes; `null` for kernel threads, which have none. */
  readonly residentBytes: number | null;
  readonly virtualBytes: number | null;
  /** Each link under /proc/PID/ns; `null` if not readable or unknown to this kernel (then `unread` says which). */
  readonly namespaces: Readonly<Record<NamespaceLink, NamespaceId | null>>;
  readonly cgroups: readonly CgroupMembership[];
  /**
   * Whether its cgroups have stopped it, which no letter of `state` tells. `null`: no hierarchy that could is mounted where
   * the reader sees it, or its word could not be read.
   */
  readonly frozen: FreezerState | null;
  /** Full ID of the container it belongs to. */
  readonly container: string | null;
  readonly unread: readonly UnreadFile[];
}

/** How much of a command line travels with every process. */
export const CMDLINE_BYTES = 4096;

/**
 * Owner or parent of a namespace. `none`: the kernel has none to give (the initial namespace, or a type without
 * hierarchy). `not-allowed`: there is one, outside what this reader may see (EPERM). `unknown`: could not be asked.
 */
export type Relation = NamespaceId | 'none' | 'not-allowed' | 'unknown';

/** A namespace bound to a path. */
export interface NamespaceBind {
  readonly path: string;
  /** In whose mount namespace it was seen: a process's, or a thread's by its own number; `null` if nobody is in that one. */
  readonly pid: number | null;
  /** The mount namespace, where nobody is in it. */
  readonly mnt?: NamespaceId;
}

/** An open file descriptor that refers to a namespace. */
export interface NamespaceFd {
  readonly pid: number;
  readonly fd: number;
  /** The thread that has it open, where its open files are not the first thread's; left out otherwise. */
  readonly tid?: number;
}

/** A thread that is in another namespace than its process, by a link under /proc/PID/task/TID/ns. */
export interface NamespaceThread {
  readonly pid: number;
  readonly tid: number;
  readonly link: NamespaceLink;
}

/** What the processes' own links do not tell about a namespace. Members are derived: `shared/namespaces.ts`. */
export interface NamespaceFact {
  readonly id: NamespaceId;
  readonly type: NamespaceType;
  readonly inode: number;
  /** The user namespace whose capabilities govern this one; ioctl_ns(2) NS_GET_USERNS. */
  readonly owner: Relation;
  /** pid and user namespaces only: ioctl_ns(2) NS_GET_PARENT. */
  readonly parent: Relation;
  /** Creator of a user namespace, in the reader's numbering; NS_GET_OWNER_UID. */
  readonly ownerUid: number | null;
  /**
   * User namespaces only, from inside to the reader's own numbers (of the reader's own namespace: to those of its parent).
   * Empty until somebody has written it; left out where no process in it could be asked.
   */
  readonly uidMap?: readonly IdMap[];
  readonly gidMap?: readonly IdMap[];
  readonly binds: readonly NamespaceBind[];
  readonly fds: readonly NamespaceFd[];
  /** Sockets in it of processes that are not; network namespaces only, left out where there is none. */
  readonly sockets?: readonly NamespaceFd[];
  /** Left out where there is none. */
  readonly threads?: readonly NamespaceThread[];
  /** True if nothing but the kernel's own list, listns(2), tells of it: what holds it is not visible. Left out otherwise. */
  readonly listed?: true;
}

export type ContainerState =
  'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead' | 'unknown';

/** The pod a container is in; Podman's own, as `podman pod ps` tells it. */
export interface ContainerPod {
  readonly id: string;
  /** Hostile text. */
  readonly name: string | null;
  /** Whether this is the container that only holds the pod's namespaces open. */
  readonly infra: boolean;
}

export interface ContainerPort {
  readonly host: string | null;
  readonly hostPort: number | null;
  readonly port: number;
  readonly protocol: string;
}

/** A container, known to an engine, to the kernel (by cgroup path), or to both. Everything textual is hostile. */
export interface Container {
  /** Full ID; 64 hex digits for docker and podman. */
  readonly id: string;
  /** {@link EngineState.id} of the engine that lists it, `null` if known from its cgroup alone. */
  readonly engine: string | null;
  /** Rises with whatever its engine says of it: what the engine was asked before may be out of date. */
  readonly told: number;
  readonly name: string | null;
  readonly image: string | null;
  readonly command: string | null;
  readonly state: ContainerState;
  /** The engine's own words when it was asked last: `Up 3 minutes (healthy)`. Their ages go stale; {@link startedAt} does not. */
  readonly status: string | null;
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null;
  /** Milliseconds since 1970. */
  readonly createdAt: number | null;
  readonly startedAt: number | null;
  /** `null` while it runs, and for never. */
  readonly finishedAt: number | null;
  readonly exitCode: number | null;
  /** The first process, in the host's numbering; `null` when not running. */
  readonly pid: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly ContainerPort[];
  /** As given to the engine: `bridge`, `host`, `container:ID`, `none`, … `null` when unknown. */
  readonly networkMode: string | null;
  readonly pidMode: string | null;
  readonly ipcMode: string | null;
  readonly restartPolicy: string | null;
  /** Made with `--rm`: its engine removes it when it has ended. `null` when unknown. */
  readonly autoRemove: boolean | null;
  /** `com.docker.compose.project` or the pod's name. */
  readonly project: string | null;
  /** `null`: in none, or its engine knows no pods. */
  readonly pod: ContainerPod | null;
  /** Which software the cgroup path speaks of: docker, libpod, containerd, crio, kubepods, lxc, nspawn. */
  readonly runtime: string | null;
  /** Cgroup path of its processes (v2's if there is one), `null` when not running. */
  readonly cgroup: string | null;
}

export type EngineCondition = 'connecting' | 'up' | 'absent' | 'denied' | 'refused' | 'hung' | 'failed';

/** One place where an engine was looked for, and what it answered. */
export interface EngineState {
  /** Stable: the address. */
  readonly id: string;
  readonly kind: 'docker' | 'podman';
  /** `unix:///var/run/docker.sock`, `tcp://…`. Credentials are never part of it. */
  readonly address: string;
  /** Why this place: `DOCKER_HOST`, `docker context NAME`, `default socket`, `rootless socket`. */
  readonly source: string;
  readonly condition: EngineCondition;
  readonly errno: string | null;
  /** The engine's own words, or the failing call. */
  readonly message: string | null;
  /** What would mend it; `command` is runnable as it stands. */
  readonly remedy: { readonly text: string; readonly command: string | null } | null;
  readonly version: string | null;
  readonly rootless: boolean | null;
  /** Milliseconds since 1970; `retryAt` is `null` while up or connecting. */
  readonly triedAt: number | null;
  readonly retryAt: number | null;
}

/** Which processes the mount of /proc keeps from this reader; man 5 proc, "Mount options". */
export interface ProcHides {
  /** `noaccess` (1): files of others' processes are closed. `invisible` (2), `ptraceable` (4): they are not listed at all. */
  readonly hidepid: 'noaccess' | 'invisible' | 'ptraceable';
  /** The group whose members see all the same. */
  readonly gid: number;
}

export interface HostInfo {
  readonly hostname: string;
  /** `uname -r`. */
  readonly kernel: string;
  /** Who reads. */
  readonly uid: number;
  readonly user: string;
  /** The reader's own process, so that views can find it. */
  readonly pid: number;
  /** Effective capabilities of the reader, 16 hex digits as in /proc/self/status. */
  readonly capEff: string;
  /** Bit of the last capability that this kernel has; /proc/sys/kernel/cap_last_cap, since Linux 3.2. */
  readonly lastCapability: number | null;
  readonly clockTicksPerSecond: number;
  readonly pageBytes: number;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Milliseconds since 1970, from btime of /proc/stat. */
  readonly bootedAt: number;
  readonly cgroup: 'v1' | 'v2' | 'hybrid' | 'none';
  /** The namespaces that count as the host's: PID 1's where they may be read, else the reader's own. */
  readonly namespaces: Readonly<Record<NamespaceType, NamespaceId | null>>;
  readonly namespacesOf: 'pid 1' | 'this process';
  /** Left out where nothing is kept from this reader. */
  readonly procHides?: ProcHides;
}

/** What one look at the machine missed, counted. */
export interface Unread {
  /** Processes with at least one file that could not be read. */
  readonly processes: number;
  /** Processes whose `stat` itself is closed (hidepid); they are not in the list. */
  readonly hidden: number;
  /**
   * About how many tasks (threads of processes, and the kernel's own) there are beyond those of the processes listed, by the
   * kernel's own count; `null` where that cannot be had. Left out unless {@link HostInfo.procHides}.
   */
  readonly tasks?: number | null;
  /** `ns/*: denied` → 231. */
  readonly files: readonly { readonly file: string; readonly why: Why; readonly count: number }[];
}

/**
 * How long ago what is read in turns was read, in milliseconds, of whatever waits longest. What is not named here is of this
 * look, as are the namespaces of a process: none but its first thread changes them, and whether that ran is asked each time.
 */
export interface Ages {
  /**
   * Of a process that did not run since, what others can have done to it: the cgroup it was moved to and whether that froze
   * it, its parent, group and session, and how much of its memory was taken away.
   */
  readonly cgroups: number;
  /** Of such a process all the rest: a title that another of its threads set, users that a debugger changed. */
  readonly rest: number;
  /** Mount tables, where namespaces are bound. */
  readonly binds: number;
  readonly fds: number;
  readonly threads: number;
}

/** One look at the machine. Immutable; unchanged parts are the same objects from one look to the next. */
export interface World {
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Seconds since boot at that moment: the clock that rates are made with. */
  readonly uptimeSeconds: number;
  /** What the look itself cost. */
  readonly scanMillis: number;
  readonly scanCpuMillis: number;
  readonly ages?: Ages;
  readonly host: HostInfo;
  /** By pid. */
  readonly processes: readonly Process[];
  /** By type in {@link NAMESPACE_TYPES} order, then inode. */
  readonly namespaces: readonly NamespaceFact[];
  /** By id. */
  readonly containers: readonly Container[];
  /** By id. */
  readonly engines: readonly EngineState[];
  readonly unread: Unread;
}

/** uid_map or gid_map, one line. man 7 user_namespaces. */
export interface IdMap {
  readonly inside: number;
  readonly outside: number;
  readonly count: number;
}

export interface Capabilities {
  /** 16 hex digits each, as /proc/PID/status prints them. */
  readonly inheritable: string;
  readonly permitted: string;
  readonly effective: string;
  readonly bounding: string;
  /** Since Linux 4.3. */
  readonly ambient: string | null;
}

/** What one process says of itself on request; read fresh each time. */
export interface ProcessDetail {
  readonly key: ProcessKey;
  readonly takenAt: number;
  readonly cmdline: Reading<readonly string[]>;
  /** In the order of the file, split at NUL. A line without `=` is a name with value `null`. */
  readonly environ: Reading<readonly EnvironmentEntry[]>;
  readonly exe: Reading<string>;
  readonly cwd: Reading<string>;
  readonly root: Reading<string>;
  readonly namespaces: Readonly<Record<NamespaceLink, Reading<NamespaceId>>>;
  readonly cgroups: Reading<readonly CgroupMembership[]>;
  readonly uidMap: Reading<readonly IdMap[]>;
  readonly gidMap: Reading<readonly IdMap[]>;
  readonly status: Reading<ProcessStatus>;
  /** The text of attr/current (`shared/lsm.ts`); `absent` where no security module labels processes. Hostile text. */
  readonly lsm: Reading<string>;
  /** From -1000, never ended when memory runs out, to 1000, ended first. */
  readonly oomScoreAdj: Reading<number>;
  /** The effective user's name in the process's own /etc/passwd, where that differs from the host's. */
  readonly userInside: string | null;
  /** What says whether its cgroups have frozen it; empty where no hierarchy that could is mounted. */
  readonly freezers: readonly CgroupFreezer[];
  /** The limits that its cgroups put on it, each with the file that says so. */
  readonly limits: readonly CgroupLimit[];
  /** What else its cgroups limit; left out if nothing is. */
  readonly furtherLimits?: readonly FurtherLimit[];
}

export interface EnvironmentEntry {
  readonly name: string;
  readonly value: string | null;
}

/** The part of /proc/PID/status that is shown in words; man 5 proc_pid_status. */
export interface ProcessStatus {
  /** Real, effective, saved set, file system. */
  readonly uids: readonly [number, number, number, number];
  readonly gids: readonly [number, number, number, number];
  readonly groups: readonly number[];
  readonly nspid: readonly number[];
  readonly threads: number;
  readonly capabilities: Capabilities;
  /** 0 disabled, 1 strict, 2 filter; `null` where the kernel was built without seccomp. */
  readonly seccomp: number | null;
  /** Since Linux 5.9. */
  readonly seccompFilters: number | null;
  /** Since Linux 4.10. */
  readonly noNewPrivs: boolean | null;
}

export type FreezerState = 'thawed' | 'freezing' | 'frozen';

/** A cgroup's word on whether its processes are stopped, its own and its ancestors' doing taken together. */
export interface CgroupFreezer {
  /** The whole path of the file that says so: `freezer.state` of v1, `cgroup.events` of v2. */
  readonly path: string;
  readonly version: 1 | 2;
  readonly state: Reading<FreezerState>;
}

export type Limit = number | 'max';

/** One resource of a cgroup: what is used and what is allowed. */
export interface CgroupLimit {
  readonly resource: 'memory' | 'cpu' | 'pids';
  /** Name of the file that holds the limit: `memory.max`, `memory.limit_in_bytes`, `cpu.max`, `pids.max`, … */
  readonly file: string;
  /** The whole path of that file. */
  readonly path: string;
  /** Bytes, CPUs (0.5 is half a CPU), or tasks. */
  readonly limit: Reading<Limit>;
  /** Bytes used, `null` for cpu, tasks now. */
  readonly used: Reading<number> | null;
  /** The CPUs themselves, `0-3,8`, where a cpuset is what limits. */
  readonly cpus?: string;
}

/** A limit beside the one that is met first: on swap, or on the same resource by another file. */
export interface FurtherLimit extends Omit<CgroupLimit, 'resource'> {
  readonly resource: CgroupLimit['resource'] | 'swap';
}
