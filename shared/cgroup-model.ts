/** What the host tells about cgroups: the tree of them, and one of them with all its files. */
import type { CgroupVersion } from './cgroup-file.ts';
import type { PressureReading } from './container-use.ts';
import type { CgroupLimit, FurtherLimit, Reading } from './model.ts';

/** A whole number, or one with two decimals; as decimal digits where it is above 2^53 − 1, which no `number` holds exactly. */
export type KernelNumber = number | string;

/** A tree of cgroups with its controllers, as /proc/self/cgroup lists it and mountinfo shows it. */
export interface CgroupHierarchy {
  /** `v2`, or the controllers as the kernel spells them: `cpu,cpuacct`, `name=systemd`. */
  readonly id: string;
  readonly version: CgroupVersion;
  /** v1: those of the hierarchy. v2: those that its root has. */
  readonly controllers: readonly string[];
  /** Where it can be read; `null` where no mount shows it to this reader. */
  readonly mountPoint: string | null;
  /** The cgroup that is at the mount point: `/`, unless only a part of the tree is mounted. */
  readonly root: string;
  /** Controllers whose `events` count each cgroup alone: mounted with memory_localevents or pids_localevents. */
  readonly localEvents?: readonly ('memory' | 'pids')[];
}

export interface CgroupNode {
  /** As in /proc/PID/cgroup, seen from the reader's cgroup namespace. Hostile text. */
  readonly path: string;
  /** Path of the cgroup above; `null` for the topmost. */
  readonly parent: string | null;
  /** {@link CgroupHierarchy.id} of each hierarchy that has a cgroup of this path. */
  readonly hierarchies: readonly string[];
  /** Processes that are in exactly this cgroup in at least one of them; `null` if no hierarchy would tell. */
  readonly processes: number | null;
  /** The container that the path speaks of, for its own cgroup and for all below. */
  readonly container: string | null;
  /** What memory.current or memory.usage_in_bytes says; left out where no hierarchy counts it or it could not be read. */
  readonly memoryBytes?: number;
  /** The limits that are set on this cgroup itself, by the files that are read first; left out where there are none. */
  readonly limits?: readonly CgroupLimit[];
}

export interface CgroupTree {
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  readonly hierarchies: readonly CgroupHierarchy[];
  /** Parents before children, siblings by name. */
  readonly nodes: readonly CgroupNode[];
  /** Cgroups that could not be looked into; they are in `nodes`, what is below them is not. */
  readonly unread: readonly { readonly path: string; readonly reading: Reading<never> }[];
  /** True if there are more than {@link CGROUPS_AT_MOST} in a hierarchy: the rest was left out. */
  readonly cut: boolean;
}

/** How many cgroups of one hierarchy a tree holds: more than any screen is for, and few enough for one answer. */
export const CGROUPS_AT_MOST = 20_000;

/** `some`: at least one task waited; `full`: all of them did. Percent of the last 10, 60, 300 seconds. */
export interface PressureLine {
  readonly avg10: number;
  readonly avg60: number;
  readonly avg300: number;
  /** Microseconds since the cgroup was made. */
  readonly total: KernelNumber;
}

export interface Pressure {
  readonly some: PressureLine | null;
  readonly full: PressureLine | null;
}

export type CgroupEntry = readonly [key: string, value: KernelNumber | 'max'];

/** What a file holds, by its form; see {@link CgroupForm}. */
export type CgroupValue =
  | { readonly kind: 'number'; readonly value: KernelNumber }
  | { readonly kind: 'limit'; readonly limit: KernelNumber | 'max' }
  /** CPU time in each period, both µs. */
  | { readonly kind: 'bandwidth'; readonly quota: KernelNumber | 'max'; readonly period: KernelNumber }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** All of them counted, the first {@link PIDS_AT_MOST} listed. */
  | { readonly kind: 'pids'; readonly count: number; readonly pids: readonly number[] }
  | { readonly kind: 'flat'; readonly entries: readonly CgroupEntry[] }
  | {
      readonly kind: 'nested';
      readonly rows: readonly { readonly key: string; readonly entries: readonly CgroupEntry[] }[];
    }
  | { readonly kind: 'psi'; readonly pressure: Pressure };

/** How many pids of one file travel. */
export const PIDS_AT_MOST = 1000;

export interface CgroupFile {
  readonly name: string;
  readonly path: string;
  /** The text as it is; `null` for a file that is only there to be written. Cut after {@link CGROUP_TEXT_CHARACTERS}. */
  readonly text: Reading<string> | null;
  readonly cut: boolean;
  /** `null` if the form of this file is not known: then the text speaks for itself. */
  readonly value: Reading<CgroupValue> | null;
}

/** How much of a file's text travels; the values are of the whole. */
export const CGROUP_TEXT_CHARACTERS = 16 * 1024;

/** One cgroup in one hierarchy. */
export interface CgroupPlace {
  readonly hierarchy: string;
  readonly version: CgroupVersion;
  /** The directory: `/sys/fs/cgroup/memory/docker/…`. */
  readonly folder: string;
  /** By name. */
  readonly files: Reading<readonly CgroupFile[]>;
  /** As of its {@link CgroupHierarchy}. */
  readonly localEvents?: readonly ('memory' | 'pids')[];
}

/** A resource that may be limited here or above. */
export interface CgroupAllowance {
  readonly resource: CgroupLimit['resource'];
  /** The cgroup's own limit; `null` where it has none of that file, as at the root. */
  readonly own: CgroupLimit | null;
  /** The tightest one from here to the root of what is mounted, and the cgroup whose it is, or {@link OUT_OF_SIGHT}. */
  readonly effective: CgroupLimit;
  readonly setBy: string;
  /** Set where it is this cgroup's, by whichever file. */
  readonly ofItself?: true;
}

/** Said in place of the path of a cgroup that the kernel counts with but that no mount shows. */
export const OUT_OF_SIGHT = 'a cgroup above those that are mounted here';

export interface FurtherAllowance extends Omit<CgroupAllowance, 'resource' | 'own' | 'effective'> {
  readonly resource: FurtherLimit['resource'];
  readonly own: FurtherLimit | null;
  readonly effective: FurtherLimit;
}

export interface CgroupDetail {
  /** When the reading began, milliseconds since 1970. */
  readonly takenAt: number;
  readonly path: string;
  readonly container: string | null;
  /** In the order of the tree's hierarchies. */
  readonly places: readonly CgroupPlace[];
  readonly limits: readonly CgroupAllowance[];
  /** What else is limited; left out if nothing is. */
  readonly furtherLimits?: readonly FurtherAllowance[];
  /** Pressure of the whole machine, where this cgroup has no such files; `[]` where the kernel does not measure it. */
  readonly machinePressure?: readonly PressureReading[];
}
