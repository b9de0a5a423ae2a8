/** What the engine that made a container was asked for, in the words of the file that is to be written. */
import { isOfDevice, type ChangeFile } from '../../../shared/change-files.ts';
import { NANO_PERIOD_MICROS, nanoQuota } from '../../../shared/engine-update.ts';
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
  /** The same in words, where the value cannot be told. */
  readonly atRestart: string | null;
}

type Known = Pick<Engines, 'current' | 'inspect'>;

type Asked = Omit<EngineSays, 'name'>;

const positive = (value: unknown): number | null => (typeof value === 'number' && value > 0 ? value : null);

/** `value`: in the file's words. */
const set = (value: number | string): Asked => {
  const text = String(value);
  return { says: /^(?:max|-1)$/.test(text) ? 'no limit' : text, restores: text, atRestart: null };
};
const NOTHING: Asked = { says: 'nothing asked for', restores: null, atRestart: null };
/** What a file will hold of it the runtime reckons. */
const reckoned = (says: string): Asked => ({ says, restores: null, atRestart: `back to what its runtime makes of ${says}` }); // prettier-ignore

/** Docker Engine API reference, HostConfig: options of single devices, and the files of v1 that they go to. */
const OF_DEVICES = [
  ['BlkioDeviceReadBps', '--device-read-bps', 'blkio.throttle.read_bps_device'],
  ['BlkioDeviceWriteBps', '--device-write-bps', 'blkio.throttle.write_bps_device'],
  ['BlkioDeviceReadIOps', '--device-read-iops', 'blkio.throttle.read_iops_device'],
  ['BlkioDeviceWriteIOps', '--device-write-iops', 'blkio.throttle.write_iops_device'],
] as const;

const ofDevices = (file: ChangeFile, inspected: unknown): Asked => {
  const options = OF_DEVICES.filter(([, , name]) => file.name === 'io.max' || file.name === name).flatMap(
    ([key, option]) => {
      const devices = field(inspected, 'HostConfig', key);
      return (Array.isArray(devices) ? devices : []).map(
        (device: unknown) => `${option} ${String(field(device, 'Path'))}:${String(field(device, 'Rate'))}`,
      );
    },
  );
  return options.length === 0 ? NOTHING : reckoned(options.join(' '));
};

/** Docker Engine API reference, HostConfig; `null` for a file that engines do not set. */
export const askedOf = (file: ChangeFile, inspected: unknown): Asked | null => {
  const host = (name: string): number | null => positive(field(inspected, 'HostConfig', name));
  const none = file.version === 1 && file.form !== 'tasks' ? '-1' : 'max';
  const nano = host('NanoCpus');
  switch (file.name) {
    case 'memory.max':
    case 'memory.limit_in_bytes':
      return set(host('Memory') ?? none);
    case 'memory.low':
    case 'memory.soft_limit_in_bytes':
      return host('MemoryReservation') === null ? NOTHING : set(host('MemoryReservation')!);
    case 'memory.memsw.limit_in_bytes':
      return set(host('MemorySwap') ?? none);
    case 'memory.swap.max': {
      const swap = host('MemorySwap');
      return set(swap === null ? none : Math.max(0, swap - (host('Memory') ?? 0)));
    }
    case 'pids.max':
      return set(host('PidsLimit') ?? none);
    case 'cpu.max':
    case 'cpu.cfs_quota_us': {
      const period = nano === null ? (host('CpuPeriod') ?? NANO_PERIOD_MICROS) : NANO_PERIOD_MICROS;
      const quota = (nano === null ? host('CpuQuota') : nanoQuota(nano)) ?? none;
      if (file.version === 1) return set(quota);
      return quota === none ? { ...set(none), restores: `${none} ${period}` } : set(`${quota} ${period}`);
    }
    case 'cpu.cfs_period_us':
      return nano === null && host('CpuPeriod') === null ? NOTHING : set(nano === null ? host('CpuPeriod')! : NANO_PERIOD_MICROS); // prettier-ignore
    case 'cpu.shares':
      return set(host('CpuShares') ?? 1024);
    case 'cpu.weight':
      return host('CpuShares') === null ? NOTHING : reckoned(`--cpu-shares ${host('CpuShares')}`);
    case 'cpuset.cpus':
    case 'cpuset.mems': {
      // What was not asked for the engine leaves to what is above.
      const value = field(inspected, 'HostConfig', file.name === 'cpuset.cpus' ? 'CpusetCpus' : 'CpusetMems');
      return typeof value === 'string' && value !== '' ? set(value) : NOTHING;
    }
    case 'blkio.weight':
    case 'blkio.bfq.weight':
    case 'io.bfq.weight':
      return host('BlkioWeight') === null ? NOTHING : set(host('BlkioWeight')!);
    case 'io.weight':
      return host('BlkioWeight') === null ? NOTHING : reckoned(`--blkio-weight ${host('BlkioWeight')}`);
    default:
      return isOfDevice(file.form) ? ofDevices(file, inspected) : null;
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
    const asked = askedOf(file, await engines.inspect(engine.id, id));
    return { name, ...(asked ?? { says: `does not set ${file.name}`, restores: null, atRestart: null }) };
  } catch (error) {
    return {
      name,
      says: `no answer: ${errorText(error)}`,
      restores: null,
      atRestart: 'not known: the engine did not answer',
    };
  }
};
