/** What the probe tells of the guest. As JSON on the second serial line, packed, between `<<` and `>>`. */
import type { CgroupDetail, CgroupTree } from '../../shared/cgroup-model.ts';
import type { ChangePreview, ChangeRecord } from '../../shared/change.ts';
import type { ContainerUse } from '../../shared/container-use.ts';
import type { NamespaceFact, NamespaceId, Process, ProcessDetail, World } from '../../shared/model.ts';
import type { NamespaceView } from '../../shared/namespaces.ts';

/**
 * `trees`: capture them, too. `v1`: instead of v2, mount the hierarchies of cgroup v1. `listed`: instead of all else, what the
 * kernel's own list of namespaces says.
 */
export type Word = 'trees' | 'v1' | 'listed';

export interface Lsns {
  readonly ns: number;
  readonly type: string;
  readonly nprocs: number;
  readonly pid: number;
}

export interface Changed {
  readonly preview: ChangePreview;
  readonly record: ChangeRecord;
  /** What the file itself read afterwards, and after it was undone. */
  readonly file: string;
  readonly undone: string;
}

/** Of a container whose engine has systemd place its cgroup. */
export interface OfContainer {
  /** Less memory than is in use. */
  readonly kills: ChangePreview;
  readonly kept: ChangeRecord;
  readonly undone: ChangeRecord;
  readonly limit: ChangePreview;
  readonly weight: ChangePreview;
  readonly byEngine: ChangePreview;
}

export interface Frozen {
  readonly record: ChangeRecord;
  readonly events: string;
  /** Field 3 of stat, as Porthole and as the kernel have it. */
  readonly state: string;
  /** What its row says, from one look to the next: before, while it is frozen, and after. */
  readonly told: readonly Process['frozen'][];
  readonly cpuTicks: readonly [number, number];
  readonly thawed: string;
  /** While it was frozen. */
  readonly detail: CgroupDetail;
}

export interface OnDisk {
  /** `MAJ:MIN`. */
  readonly device: string;
  /** Written once, then read once, and then once more while half of it a second was allowed. */
  readonly bytes: number;
  readonly use: ContainerUse | string;
  readonly changed: Changed;
  readonly detail: CgroupDetail;
  /** How long the last transfer took. */
  readonly millis: number;
}

export interface Listed {
  /** By how each is held. */
  readonly made: Readonly<Record<string, NamespaceId>>;
  /** By listns(2); `null` for one that cannot be opened by its number. */
  readonly listed: readonly (NamespaceId | null)[] | null;
  readonly found: readonly NamespaceFact[];
}

/** Processes that were started, by the name each has. */
export type Cast = Readonly<Record<string, number>>;

export interface Report {
  /** Set if the probe itself failed; then the rest may be missing. */
  readonly error: string | null;
  readonly cast: Cast;
  readonly world: World;
  readonly details: Readonly<Record<string, ProcessDetail>>;
  readonly tree: CgroupTree;
  readonly cgroups: Readonly<Record<string, CgroupDetail>>;
  readonly lsns: readonly Lsns[];
  /** What the built command prints. */
  readonly cli: {
    readonly snapshot: World;
    readonly ns: readonly NamespaceView[];
    readonly cgroup: CgroupTree;
    readonly of: { readonly limits: ProcessDetail['limits'] };
  };
  readonly changes: Readonly<Record<string, Changed>>;
  /** Of a quota that no kernel takes. */
  readonly refused: ChangePreview;
  readonly ofContainer: OfContainer;
  readonly frozen: Frozen;
  /** With a cpuset, a soft ceiling and no swap, but none of the usual limits. */
  readonly narrow: CgroupDetail;
  readonly disk: OnDisk;
  readonly trees: Readonly<Record<string, string>>;
  readonly listed: Listed;
}
