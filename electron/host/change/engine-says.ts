/** What the engine that made a container was asked for, in the words of the file that is to be written. */
import type { ChangeFile } from '../../../shared/change-files.ts';
import { containersIn } from '../../../shared/cgroup-path.ts';
import type { Engines } from '../engines/engines.ts';
import { field } from '../engines/field.ts';
import { errorText } from '../../../shared/text.ts';

export interface EngineSays {
  /** `Docker`. */
  readonly name: string;
  readonly says: string;
  /** What the file will read after the engine has started the container again; `null` if the engine does not set it. */
  readonly restores: string | null;
}

type Known = Pick<Engines, 'current' | 'inspect'>;

const positive = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

/** Docker Engine API reference, HostConfig. A quota is given as such or as billionths of a CPU. */
const asked = (file: ChangeFile, inspected: unknown): string | null => {
  const host = (name: string): number | null => positive(field(inspected, 'HostConfig', name));
  const none = file.version === 1 && file.form !== 'tasks' ? '-1' : 'max';
  switch (file.name) {
    case 'memory.max':
    case 'memory.limit_in_bytes':
      return String(host('Memory') ?? none);
    case 'memory.low':
    case 'memory.soft_limit_in_bytes':
      return String(host('MemoryReservation') ?? none);
    case 'pids.max':
      return String(host('PidsLimit') ?? none);
    case 'cpu.max':
    case 'cpu.cfs_quota_us': {
      const nano = host('NanoCpus');
      const period = host('CpuPeriod') ?? 100_000;
      const quota = nano === null ? host('CpuQuota') : (nano / 1e9) * period;
      return file.version === 1 ? String(quota ?? none) : `${quota ?? none} ${period}`;
    }
    case 'cpu.shares':
      return String(host('CpuShares') ?? 1024);
    case 'memory.memsw.limit_in_bytes':
      return String(host('MemorySwap') ?? none);
    // What was not asked for the engine leaves to what is above.
    case 'cpuset.cpus':
    case 'cpuset.mems': {
      const value = field(inspected, 'HostConfig', file.name === 'cpuset.cpus' ? 'CpusetCpus' : 'CpusetMems');
      return typeof value === 'string' && value !== '' ? value : null;
    }
    default:
      return null;
  }
};

/** `null` where no engine that answers knows the cgroup. Never rejects, and waits no longer than an engine is given. */
export const engineSays = async (engines: Known, file: ChangeFile, cgroup: string): Promise<EngineSays | null> => {
  const now = engines.current();
  const id = containersIn(cgroup, (one) => now.containers.some((container) => container.id === one))[0]?.id;
  // Only the container's own cgroup is set by its engine; those below are made by the programs in it.
  if (id === undefined || !cgroup.slice(cgroup.lastIndexOf('/')).includes(id)) return null;
  const container = now.containers.find((one) => one.id === id);
  const engine = now.engines.find((one) => one.id === container?.engine);
  if (engine === undefined) return null;
  const name = engine.kind === 'docker' ? 'Docker' : 'Podman';
  try {
    const value = asked(file, await engines.inspect(engine.id, id));
    return value === null
      ? { name, says: `does not set ${file.name}`, restores: null }
      : { name, says: value === 'max' || value === '-1' ? 'no limit' : value, restores: value };
  } catch (error) {
    return { name, says: `no answer: ${errorText(error)}`, restores: null };
  }
};
