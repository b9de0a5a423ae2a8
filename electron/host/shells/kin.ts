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

/**
 * These, and what lives in the sessions that they led: once a leader is gone, only the number of its session tells whose its
 * members were. The kernel gives no new process the number of a session that still has members; fork(2), alloc_pid().
 */
export const withSessions = (kernel: Kernel, keys: readonly ProcessKey[]): readonly ProcessKey[] => {
  const stats = allStats(kernel);
  const taken = new Map(stats.map((stat) => [stat.pid, keyOf(stat)]));
  const led = new Set(keys.filter((key) => (taken.get(pidOf(key)) ?? key) === key).map(pidOf));
  return [...new Set([...keys, ...stats.filter(({ session }) => led.has(session)).map(keyOf)])];
};

/** False if this user may not signal it (EPERM): a program that changed its user (sudo), or an engine's. */
const signal = (kernel: Kernel, key: ProcessKey, name: NodeJS.Signals): boolean => {
  if (!lives(kernel, key)) return true;
  try {
    process.kill(pidOf(key), name);
    return true;
  } catch (thrown) {
    // ESRCH: it went by itself.
    return (thrown as NodeJS.ErrnoException).code !== 'EPERM';
  }
};

/**
 * Ends these processes, their descendants and the sessions they lead: SIGHUP, a moment's grace, SIGKILL. Resolves when
 * they are gone, or with those that the kernel would not let go of, or that this user may not signal. What has left both
 * family and session before (a daemon) is not touched.
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

  const closed = new Set<ProcessKey>();
  for (const key of look()) {
    if (!signal(kernel, key, 'SIGHUP')) closed.add(key);
    // A stopped one would not notice.
    else signal(kernel, key, 'SIGCONT');
  }
  const waitedFor = (): boolean => [...known].some((key) => !closed.has(key) && lives(kernel, key));
  const grace = performance.now() + graceMillis;
  while (performance.now() < grace && waitedFor()) await sleep(LOOK_MILLIS);

  const limit = performance.now() + KILL_MILLIS;
  for (let left = look(); left.length > 0; left = look()) {
    if (performance.now() > limit) return left;
    for (const key of left) if (!signal(kernel, key, 'SIGKILL')) closed.add(key);
    if (left.every((key) => closed.has(key))) return left;
    await sleep(LOOK_MILLIS);
  }
  return [];
};
