import type { Container, Process } from '../../../shared/model.ts';

/**
 * The first process of a container: the one its engine names; known from its cgroup alone, the oldest of its processes.
 * `null` if there is none that can be seen.
 */
export const firstProcess = (container: Container, processes: readonly Process[]): Process | null => {
  const named = container.pid === null ? undefined : processes.find(({ pid }) => pid === container.pid);
  if (named) return named;
  let oldest: Process | null = null;
  for (const process of processes) {
    if (process.container !== container.id) continue;
    if (oldest === null || process.starttime < oldest.starttime) oldest = process;
  }
  return oldest;
};
