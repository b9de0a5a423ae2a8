/** Counters travel; rates are made here, at the edge, from two looks, and are `null` where there is only one. */
import type { HostInfo, Process, ProcessKey, World } from './model.ts';

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
