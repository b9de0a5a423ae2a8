/** The processes of a terminal, and their end. Every one is known by pid and starttime: a reused pid is never killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { processKey, type ProcessKey } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStat, type Stat } from '../parse/stat.ts';
import type { Kernel } from '../read/kernel.ts';

/** After SIGHUP: long enough for an editor to save its swap file. */
const GRACE_MILLIS = 1000;
/** After SIGKILL: what does not go is stuck in the kernel, and waiting longer would not help. */
const KILL_MILLIS = 2000;
const LOOK_MILLIS = 20;

/** `null` if it is gone, or dead and only waited for. */
export const livingStat = (kernel: Kernel, pid: number): Stat | null => {
  const stat = parsed(kernel.record(`/proc/${pid}/stat`), parseStat);
  return stat.ok && !/[ZXx]/.test(stat.value.state) ? stat.value : null;
};

const keyOf = ({ pid, starttime }: Stat): ProcessKey => processKey(pid, starttime);

const allStats = (kernel: Kernel): Stat[] => {
  const names = kernel.list('/proc');
  if (!names.ok) return [];
  return names.value
    .filter((name) => /^\d+$/.test(name))
    .map((name) => livingStat(kernel, Number(name)))
    .filter((stat) => stat !== null);
};

/** Living processes among `known`, their descendants, and the members of the sessions that they lead. */
const kin = (kernel: Kernel, known: ReadonlySet<ProcessKey>): Stat[] => {
  const stats = allStats(kernel);
  const family = new Map(stats.filter((stat) => known.has(keyOf(stat))).map((stat) => [stat.pid, stat]));
  for (let before = -1; before !== family.size;) {
    before = family.size;
    for (const stat of stats) {
      if (family.has(stat.ppid) || (family.has(stat.session) && stat.session > 0)) family.set(stat.pid, stat);
    }
  }
  return [...family.values()];
};

const pidOf = (key: ProcessKey): number => Number(key.split('@')[0]);

const lives = (kernel: Kernel, key: ProcessKey): boolean => {
  const stat = livingStat(kernel, pidOf(key));
  return stat !== null && keyOf(stat) === key;
};

const signal = (kernel: Kernel, key: ProcessKey, name: NodeJS.Signals): void => {
  if (!lives(kernel, key)) return;
  try {
    process.kill(pidOf(key), name);
  } catch {
    // ESRCH: it went by itself. EPERM: a program that changed its user (sudo); its terminal's end is all it gets.
  }
};

/**
 * Ends these processes, their descendants and the sessions they lead: SIGHUP, a moment's grace, SIGKILL. Resolves when
 * they are gone, or with those that the kernel would not let go of. What has left both family and session before
 * (a daemon) is not touched.
 */
export const endKin = async (
  kernel: Kernel,
  roots: readonly ProcessKey[],
  graceMillis = GRACE_MILLIS,
): Promise<readonly ProcessKey[]> => {
  const known = new Set<ProcessKey>(roots);
  const look = (): ProcessKey[] => {
    const found = kin(kernel, known).map(keyOf);
    for (const key of found) known.add(key);
    return found;
  };

  for (const key of look()) {
    signal(kernel, key, 'SIGHUP');
    // A stopped one would not notice.
    signal(kernel, key, 'SIGCONT');
  }
  const grace = performance.now() + graceMillis;
  while (performance.now() < grace && [...known].some((key) => lives(kernel, key))) await sleep(LOOK_MILLIS);

  const limit = performance.now() + KILL_MILLIS;
  for (let left = look(); left.length > 0; left = look()) {
    if (performance.now() > limit) return left;
    for (const key of left) signal(kernel, key, 'SIGKILL');
    await sleep(LOOK_MILLIS);
  }
  return [];
};
