/**
 * What one process tells on request and the list does not: how it runs and what it has read and written, its memory, its
 * open files, its threads. Each part is read only while somebody looks at it. man 5 proc.
 */
import type { KernelNumber } from './cgroup-model.ts';
import type { NamespaceLink, ProcessKey, Reading } from './model.ts';

export const ACCOUNT_PARTS = ['resources', 'memory', 'files', 'threads'] as const;
export type AccountPart = (typeof ACCOUNT_PARTS)[number];

interface Taken {
  readonly key: ProcessKey;
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Milliseconds of a clock that only goes forward: what rates are made with. */
  readonly clock: number;
  /** What reading it took. */
  readonly millis: number;
}

/**
 * /proc/PID/io, bytes and calls since it began: of all its threads, those that ended too, and of every child that it has
 * waited for, added whole at that moment; wait_task_zombie in kernel/exit.c.
 */
export interface ProcessIo {
  /** Through read(2) and its kin, from whatever: pipes and the page cache too. */
  readonly readChars: number;
  readonly writtenChars: number;
  readonly readCalls: number;
  readonly writeCalls: number;
  /** From storage. */
  readonly readBytes: number;
  /** Sent towards storage. */
  readonly writtenBytes: number;
  /** Of those, truncated away before they got there. */
  readonly cancelledBytes: number;
}

/** From stat, of its first thread; man 7 sched. */
export interface Scheduling {
  /** SCHED_* of include/uapi/linux/sched.h. */
  readonly policy: number;
  readonly nice: number;
  /** 1 to 99 under a real-time policy, else 0. */
  readonly realtimePriority: number;
  /** The CPU it ran on last. */
  readonly lastCpu: number;
  /** Page faults of all its threads: served from memory, and from storage. */
  readonly minorFaults: number;
  readonly majorFaults: number;
}

/** /proc/PID/schedstat, of its first thread. */
export interface RunTimes {
  readonly ranNanos: number;
  /** Ready to run, and waiting for a CPU. */
  readonly waitedNanos: number;
  readonly timesRun: number;
}

/** The lines of status about where and how often its first thread runs. */
export interface RunPlaces {
  /** Gave up the CPU to wait; was made to give it up. */
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  /** `0-3,8`, as the kernel writes a list. */
  readonly cpusAllowed: string | null;
  readonly memoryNodesAllowed: string | null;
}

/** One line of /proc/PID/limits; man 2 getrlimit. */
export interface ResourceLimit {
  /** `Max open files`. */
  readonly name: string;
  readonly soft: KernelNumber | 'unlimited';
  readonly hard: KernelNumber | 'unlimited';
  /** `bytes`, `files`, …; empty for a bare number. */
  readonly unit: string;
}

export interface ProcessResources extends Taken {
  readonly io: Reading<ProcessIo>;
  readonly scheduling: Reading<Scheduling>;
  readonly times: Reading<RunTimes>;
  readonly places: Reading<RunPlaces>;
  /** The kernel function it waits in; `null`: the kernel says `0`, which it does of one that runs, and where it hides it. */
  readonly waitsIn: Reading<string | null>;
  /** 0 to 2000: whom the OOM killer takes first. */
  readonly oomScore: Reading<number>;
  /** -1000 to 1000, added to that. */
  readonly oomScoreAdj: Reading<number>;
  /** Who logged in, whatever it became since; `null` if nobody did. In the host's numbering. */
  readonly loginUid: Reading<number | null>;
  readonly auditSession: Reading<number | null>;
  readonly limits: Reading<readonly ResourceLimit[]>;
}

/** The Vm and Rss lines of status, bytes; `null` where this kernel or this process has none. */
export interface StatusMemory {
  readonly virtualBytes: number | null;
  readonly peakVirtualBytes: number | null;
  readonly residentBytes: number | null;
  readonly peakResidentBytes: number | null;
  readonly residentAnonymousBytes: number | null;
  readonly residentFileBytes: number | null;
  readonly residentSharedBytes: number | null;
  readonly pageTableBytes: number | null;
  readonly lockedBytes: number | null;
  readonly swappedBytes: number | null;
}

/** /proc/PID/smaps_rollup, since Linux 4.14; bytes. */
export interface MemoryRollup {
  readonly residentBytes: number;
  /** What is shared by n processes counted as its nth part. */
  readonly proportionalBytes: number;
  /** What would be free if it ended: `USS`. */
  readonly privateBytes: number;
  readonly sharedBytes: number;
  readonly anonymousBytes: number | null;
  readonly swappedBytes: number | null;
}

export type MappingKind = 'file' | 'memfd' | 'shared' | 'device' | 'heap' | 'stack' | 'kernel' | 'anonymous';

/** The lines of /proc/PID/maps that are of one file, or of one kind of memory without a file. */
export interface MappingGroup {
  readonly kind: MappingKind;
  /** Path of a file, `[heap]`, `[vdso]`, a name given by prctl(2); empty for memory without a name. Hostile text. */
  readonly name: string;
  /** True if the file has been deleted since: what runs is not what is there now. */
  readonly deleted: boolean;
  readonly mappings: number;
  /** Of address space; how much of it is in memory, only the sum tells. */
  readonly bytes: number;
  readonly executableBytes: number;
  readonly writableBytes: number;
}

export interface ProcessMemory extends Taken {
  readonly status: Reading<StatusMemory>;
  readonly rollup: Reading<MemoryRollup>;
  /** The largest first. */
  readonly maps: Reading<readonly MappingGroup[]>;
  readonly mapsLeft: number;
}

export type OpenFileKind =
  | 'file'
  | 'deleted'
  | 'device'
  | 'memfd'
  | 'dmabuf'
  | 'mqueue'
  | 'socket'
  | 'pipe'
  | 'namespace'
  | 'pidfd'
  | 'eventfd'
  | 'epoll'
  | 'timerfd'
  | 'signalfd'
  | 'inotify'
  | 'anonymous'
  | 'unread';

/** /proc/PID/fdinfo/FD. */
export interface FileState {
  readonly position: number;
  /** As open(2) got them. */
  readonly flags: number;
  /** What only this kind of file tells: `eventfd-count: 0`, `Pid: 12`, `lock: …`. Hostile text. */
  readonly more: readonly string[];
}

/** Named as below /proc/PID/net; man 5 proc_pid_net. */
export const INET_TABLES = [
  'tcp',
  'tcp6',
  'udp',
  'udp6',
  'udplite',
  'udplite6',
  'raw',
  'raw6',
  'icmp',
  'icmp6',
] as const;
export type SocketTable = (typeof INET_TABLES)[number] | 'unix' | 'netlink' | 'packet';

/** What the tables of its network namespace say of a socket. */
export interface OpenSocket {
  readonly protocol: SocketTable;
  /** `127.0.0.1:6379`, `[::]:80`, a path, `route` of netlink, `ETH_P_ALL` of packet; empty if not bound. Hostile text. */
  readonly local: string;
  /** `null` if it is connected to nobody, or the kernel does not tell to whom. */
  readonly remote: string | null;
  /** `LISTEN`, `ESTABLISHED`, … of TCP, these two of unix; `null` of others. */
  readonly state: string | null;
}

export interface OpenFile {
  readonly fd: number;
  readonly kind: OpenFileKind;
  /** As readlink(2) tells it. Hostile text. */
  readonly target: Reading<string>;
  readonly state: Reading<FileState>;
  /** `null`: no socket, or one that those tables do not hold: of another namespace or another kind. */
  readonly socket: OpenSocket | null;
  /** `null`: it has none, or the kernel does not tell: of the unix sockets of another network namespace it does not. */
  readonly ends: OtherEnds | null;
}

/** What is on the other side of a pipe or of a connected unix socket. */
export interface OtherEnds {
  /** Inode of the socket at the other end; `null` of a pipe, which is one file for both. */
  readonly peer: number | null;
  /** Of a pipe who else has it open, of a socket who has its peer open. */
  readonly holders: readonly EndHolder[];
  readonly more: number;
}

export interface EndHolder {
  readonly pid: number;
  readonly fd: number;
  /** As {@link FileState.flags}; `null` where they could not be read. */
  readonly flags: number | null;
}

export interface ProcessFiles extends Taken {
  /** By number. */
  readonly files: Reading<readonly OpenFile[]>;
  /** How many more there are than were read. */
  readonly left: number;
  /** Of how many processes the open files could not be looked at for other ends: closed to this session, or too many. */
  readonly unseen: number;
}

export interface ProcessThread {
  readonly tid: number;
  /** Its number in its own pid namespace; `null` before Linux 4.1 or unread. */
  readonly innerTid: number | null;
  /** Clock ticks after boot. */
  readonly starttime: number;
  /** Hostile text. */
  readonly comm: string;
  /** One letter, as of a process. */
  readonly state: string;
  readonly cpuTicks: number;
  readonly scheduling: Scheduling | null;
  /** See {@link ProcessResources.waitsIn}; `null` also where it could not be read. */
  readonly waitsIn: string | null;
  /** The links by which it is in other namespaces than the first thread. */
  readonly differs: readonly NamespaceLink[];
  /** Where it is in other cgroups than the first thread: `cpu:/a/b` of a v1 hierarchy, `/a/b` of v2. Hostile text. */
  readonly otherCgroups: readonly string[];
}

export interface ProcessThreads extends Taken {
  /** By number; a thread that ended while they were read is left out. */
  readonly threads: Reading<readonly ProcessThread[]>;
  readonly left: number;
}

/** A thread besides the first, as the tree of processes draws it; `innerTid` is read only inside of a pid namespace. */
export type ThreadLine = Pick<ProcessThread, 'tid' | 'innerTid' | 'starttime' | 'comm' | 'state' | 'cpuTicks'>;

/** The threads of all processes that have more than one. */
export interface MachineThreads extends Omit<Taken, 'key'> {
  /** Oldest first, without the first thread. A process that ended meanwhile is left out, a closed one has none. */
  readonly processes: readonly { readonly key: ProcessKey; readonly threads: readonly ThreadLine[] }[];
  /** How many threads more there are than were read. */
  readonly left: number;
}

export interface Account {
  readonly resources: ProcessResources;
  readonly memory: ProcessMemory;
  readonly files: ProcessFiles;
  readonly threads: ProcessThreads;
}
