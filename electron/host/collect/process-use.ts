/** What a container without a cgroup of its own uses: its processes, added up. An engine would count another cgroup. */
import { NO_ENGINE_LIMITS, type ContainerUse, type Counted } from '../../../shared/container-use.ts';
import type { World } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { networkOf, NO_CGROUP, type RunningContainer } from './container-use.ts';

/** From the newest look; a text where that has no process of it. A process that ends takes its CPU time out of the sum. */
export const useOfProcesses = (kernel: Kernel, world: World, { id, pid }: RunningContainer): ContainerUse | string => {
  const own = world.processes.filter(({ container }) => container === id);
  if (own.length === 0) return `${NO_CGROUP}, and no process of it is seen`;
  const sum = (of: (process: (typeof own)[number]) => number): number => own.reduce((all, one) => all + of(one), 0);
  const counted = <T>(file: string, value: T): Counted<T> => ({ file, path: null, reading: { ok: true, value } });
  const ticks = sum(({ cpuTicks }) => cpuTicks);
  return {
    takenAt: world.takenAt,
    source: 'processes',
    because: NO_CGROUP,
    memoryDefinition: 'VmRSS of its processes, what they share counted for each',
    cpu: counted('stat', {
      usedMicros: (ticks * 1e6) / world.host.clockTicksPerSecond,
      periods: null,
      throttled: null,
      throttledMicros: null,
    }),
    memory: counted('status', {
      usedBytes: sum(({ residentBytes }) => residentBytes ?? 0),
      workingSetBytes: null,
      limitHits: null,
      oomKills: null,
    }),
    tasks: counted(
      'stat',
      sum(({ threads }) => threads),
    ),
    io: { file: 'io', path: null, reading: { ok: false, why: 'absent', call: NO_CGROUP, errno: null } },
    network: networkOf(kernel, pid),
    limits: [],
    ioLimits: { ok: false, why: 'absent', call: NO_CGROUP, errno: null },
    engineLimits: NO_ENGINE_LIMITS,
  };
};
