/** Counters travel; rates are made here, at the edge, from two looks, and are `null` where there is only one. */
import type { HostInfo, Process, ProcessKey, World } from './model.ts';
import { perSecond } from './process-account-words.ts';
import type { ThreadLine } from './process-account.ts';

/**
 * CPU use between two sightings of one process, in percent of one CPU (a process with two busy threads has 200), as top
 * counts. `null` at first sight, and when no time has passed.
 */
export const cpuPercent = (
  before: Process | undefined,
  now: Process,
  elapsedSeconds: number,
  host: Pick<HostInfo, 'clockTicksPerSecond'>,
): number | null => {
  if (before === undefined || before.key !== now.key || !(elapsedSeconds > 0)) return null;
  const ticks = Math.max(0, now.cpuTicks - before.cpuTicks);
  return (100 * ticks) / host.clockTicksPerSecond / elapsedSeconds;
};

/** {@link cpuPercent} of every process of `now`. */
export const cpuPercents = (before: World | null, now: World): ReadonlyMap<ProcessKey, number | null> => {
  const earlier = new Map(before?.processes.map((process) => [process.key, process]));
  const elapsedSeconds = now.uptimeSeconds - (before?.uptimeSeconds ?? now.uptimeSeconds);
  return new Map(
    now.processes.map((process) => [
      process.key,
      cpuPercent(earlier.get(process.key), process, elapsedSeconds, now.host),
    ]),
  );
};

interface ThreadSighting {
  /** See {@link perSecond}. */
  readonly clock: number;
  readonly threads: readonly Pick<ThreadLine, 'tid' | 'starttime' | 'cpuTicks'>[];
}

/** Percent of one CPU of the threads that both sightings of one process have, by number. `hz`: clock ticks a second. */
export const threadPercents = (
  now: ThreadSighting,
  before: ThreadSighting,
  hz: number,
): ReadonlyMap<number, number> => {
  const past = new Map(before.threads.map((thread) => [thread.tid, thread]));
  const percents = new Map<number, number>();
  for (const { tid, starttime, cpuTicks } of now.threads) {
    const earlier = past.get(tid);
    if (earlier?.starttime !== starttime) continue;
    const ticks = perSecond({ clock: now.clock, count: cpuTicks }, { clock: before.clock, count: earlier.cpuTicks });
    if (ticks !== null) percents.set(tid, (100 * ticks) / hz);
  }
  return percents;
};
