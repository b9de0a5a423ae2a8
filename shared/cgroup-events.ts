/** What befell a cgroup: limits met, processes killed, forks refused; and whether it is frozen. */
import { findFile, keysIn, numberIn, textIn } from './cgroup-find.ts';
import type { CgroupDetail } from './cgroup-model.ts';

export interface EventCount {
  /** Here and in all cgroups below, or of this cgroup alone, as `of` says. */
  readonly count: number;
  readonly of: 'here and below' | 'this cgroup alone';
  /** Those of this cgroup alone, where the kernel counts them apart. */
  readonly own: number | null;
}

const alone = (count: number | null | undefined): EventCount | null =>
  count == null ? null : { count, of: 'this cgroup alone', own: count };

/** v2 counts in events with all below and in events.local without, unless the mount says otherwise; cgroup-v2.rst. */
const ofV2 = (detail: CgroupDetail, file: 'memory.events' | 'pids.events', key: string): EventCount | null => {
  const count = keysIn(detail, file, 2)?.get(key);
  if (count === undefined) return null;
  const local = keysIn(detail, `${file}.local`, 2);
  const controller = file === 'memory.events' ? 'memory' : 'pids';
  if (findFile(detail, file, 2)?.place.localEvents?.includes(controller)) return alone(count);
  // A kernel that counts no forks apart counts none of those below either; kernel/cgroup/pids.c before Linux 6.13.
  if (controller === 'pids' && local === null) return alone(count);
  return { count, of: 'here and below', own: local?.get(key) ?? null };
};

/** Processes that the OOM killer ended; `null` where it is not counted. */
export const oomKills = (detail: CgroupDetail): EventCount | null =>
  ofV2(detail, 'memory.events', 'oom_kill') ?? alone(keysIn(detail, 'memory.oom_control', 1)?.get('oom_kill'));

/** How often memory met the limit; `null` where it is not counted. */
export const limitHits = (detail: CgroupDetail): EventCount | null =>
  ofV2(detail, 'memory.events', 'max') ?? alone(numberIn(detail, 'memory.failcnt', 1));

/** How often fork failed because of a limit on tasks. */
export const forksRefused = (detail: CgroupDetail): EventCount | null =>
  ofV2(detail, 'pids.events', 'max') ?? alone(keysIn(detail, 'pids.events', 1)?.get('max'));

/** `here and below; 1 of this cgroup alone`. */
export const eventScope = ({ count, of, own }: EventCount): string =>
  of === 'this cgroup alone'
    ? 'of this cgroup alone'
    : own === null || count === 0
      ? 'here and below'
      : `here and below; ${own} of this cgroup alone`;

export interface Frozen {
  /** False while some of its tasks still run. */
  readonly whole: boolean;
  /** Whether it was frozen itself; else a cgroup above it was. `null` where the kernel does not tell. */
  readonly itself: boolean | null;
}

/** `null` if it is not frozen, or cannot be. Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst; cgroup-v2.rst. */
export const frozen = (detail: CgroupDetail): Frozen | null => {
  const itself = numberIn(detail, 'cgroup.freeze', 2);
  const all = keysIn(detail, 'cgroup.events', 2)?.get('frozen') === 1;
  if (all || itself === 1) return { whole: all, itself: itself === null ? null : itself === 1 };
  const state = textIn(detail, 'freezer.state', 1);
  if (state !== 'FROZEN' && state !== 'FREEZING') return null;
  const self = numberIn(detail, 'freezer.self_freezing', 1);
  return { whole: state === 'FROZEN', itself: self === null ? null : self === 1 };
};

/** `Frozen by a cgroup above: none of its processes runs.` */
export const frozenSentence = ({ whole, itself }: Frozen): string => {
  const by = itself === false ? ' by a cgroup above' : '';
  return whole
    ? `Frozen${by}: none of its processes runs.`
    : `Being frozen${by}: not all of its processes have stopped.`;
};
