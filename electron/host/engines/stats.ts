/** Docker's account of what a container uses, where its cgroup cannot be read. Docker Engine API reference, ContainerStats. */
import type {
  ContainerUse,
  Counted,
  EngineLimits,
  IoLimit,
  IoWhat,
  NetworkCounters,
} from '../../../shared/container-use.ts';
import { field } from './field.ts';

const number = (value: unknown, ...names: string[]): number | null => {
  const found = field(value, ...names);
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : null;
};

const counted = <T>(file: string, value: T | null): Counted<T> => ({
  file,
  path: null,
  reading:
    value === null ? { ok: false, why: 'absent', call: `${file} of the engine’s stats`, errno: null } : { ok: true, value }, // prettier-ignore
});

const sumOf = (entries: unknown, operation: string): number | null =>
  Array.isArray(entries)
    ? entries
        .filter((one: unknown) => String(field(one, 'op')).toLowerCase() === operation)
        .reduce((all: number, one: unknown) => all + (number(one, 'value') ?? 0), 0)
    : null;

const networkOf = (told: unknown): NetworkCounters | null => {
  const networks = field(told, 'networks');
  if (typeof networks !== 'object' || networks === null) return null;
  const all = Object.values(networks);
  const sum = (name: string): number => all.reduce((total: number, one) => total + (number(one, name) ?? 0), 0);
  return { receivedBytes: sum('rx_bytes'), sentBytes: sum('tx_bytes'), interfaces: Object.keys(networks) };
};

/** What an engine tells of one container and of its own machine. */
export interface EngineAccount {
  /** Docker Engine API reference, ContainerStats. */
  readonly stats: unknown;
  /** `null` where it did not answer: then it is not known what was asked for. */
  readonly inspected: unknown;
  /** Of the machine that the engine is on; `null` if it did not say. */
  readonly machineBytes: number | null;
}

/** No limit comes as 0, as 2^63 less a page of v1, or as 2^64 - 1, which JSON rounds. */
const isNone = (limit: number): boolean => limit === 0 || limit >= 2 ** 62;

/** Of memory an engine tells the machine's own where that is less than the limit (moby daemon/stats, libpod getMemLimit). */
const memoryLimit = ({ stats, inspected, machineBytes }: EngineAccount): number | 'max' | null => {
  const limit = number(stats, 'memory_stats', 'limit');
  const asked = number(inspected, 'HostConfig', 'Memory');
  if (limit === null) return asked === null ? null : asked === 0 ? 'max' : asked;
  if (isNone(limit)) return 'max';
  if (machineBytes !== null) return limit >= machineBytes ? 'max' : limit;
  return asked === null || asked === 0 ? null : limit;
};

/** Stats tell no limit of the CPU: it is what was asked for, whose period is 100 ms if none was. */
const cpuLimit = ({ inspected }: EngineAccount): number | 'max' | null => {
  if (field(inspected, 'HostConfig') === undefined) return null;
  const asked = (name: string): number => number(inspected, 'HostConfig', name) ?? 0;
  if (asked('NanoCpus') > 0) return asked('NanoCpus') / 1e9;
  return asked('CpuQuota') > 0 ? asked('CpuQuota') / (asked('CpuPeriod') || 100_000) : 'max';
};

const pidsLimit = ({ stats, inspected }: EngineAccount): number | 'max' | null => {
  const limit = number(stats, 'pids_stats', 'limit');
  if (limit !== null) return isNone(limit) ? 'max' : limit;
  if (field(inspected, 'HostConfig') === undefined) return null;
  return number(inspected, 'HostConfig', 'PidsLimit') || 'max';
};

const limitsOf = (account: EngineAccount): EngineLimits => ({
  cpu: cpuLimit(account),
  memory: memoryLimit(account),
  pids: pidsLimit(account),
});

const IO_ASKED = {
  rbps: 'BlkioDeviceReadBps',
  wbps: 'BlkioDeviceWriteBps',
  riops: 'BlkioDeviceReadIOps',
  wiops: 'BlkioDeviceWriteIOps',
} as const;

/** What was asked for; stats do not tell it. */
const ioLimitsOf = ({ inspected }: EngineAccount): ContainerUse['ioLimits'] => {
  if (field(inspected, 'HostConfig') === undefined)
    return { ok: false, why: 'absent', call: 'HostConfig of the engine’s account', errno: null };
  const value = (Object.keys(IO_ASKED) as IoWhat[]).flatMap((what) => {
    const entries = field(inspected, 'HostConfig', IO_ASKED[what]);
    return (Array.isArray(entries) ? entries : []).flatMap((entry: unknown): IoLimit[] => {
      const [path, rate] = [field(entry, 'Path'), number(entry, 'Rate')];
      return typeof path !== 'string' || rate === null || rate === 0
        ? []
        : [{ device: path, what, value: rate, file: IO_ASKED[what], setBy: null }];
    });
  });
  return { ok: true, value };
};

/** `because`: why the cgroup was not read instead. A container that does not run has no figures: they are absent, not 0. */
export const useFromStats = (account: EngineAccount, because: string): ContainerUse => {
  const told = account.stats;
  const nanos = number(told, 'cpu_stats', 'cpu_usage', 'total_usage');
  const throttling = (name: string): number | null => number(told, 'cpu_stats', 'throttling_data', name);
  const waited = throttling('throttled_time');
  const used = number(told, 'memory_stats', 'usage');
  // The client's own rule: total_inactive_file on v1, inactive_file on v2.
  const inactive =
    number(told, 'memory_stats', 'stats', 'total_inactive_file') ?? number(told, 'memory_stats', 'stats', 'inactive_file'); // prettier-ignore
  const read = sumOf(field(told, 'blkio_stats', 'io_service_bytes_recursive'), 'read');
  const written = sumOf(field(told, 'blkio_stats', 'io_service_bytes_recursive'), 'write');
  const requests = (operation: string): number | null =>
    sumOf(field(told, 'blkio_stats', 'io_serviced_recursive'), operation);
  return {
    takenAt: Date.parse(String(field(told, 'read'))) || Date.now(),
    source: 'engine',
    because,
    memoryDefinition:
      inactive === null ? 'usage, as the engine tells it' : 'usage − inactive_file of the engine’s stats',
    cpu: counted(
      'cpu_stats',
      nanos === null
        ? null
        : {
            usedMicros: nanos / 1000,
            periods: throttling('periods'),
            throttled: throttling('throttled_periods'),
            throttledMicros: waited === null ? null : waited / 1000,
          },
    ),
    memory: counted(
      'memory_stats',
      used === null
        ? null
        : {
            usedBytes: used,
            workingSetBytes: inactive === null ? null : Math.max(0, used - inactive),
            limitHits: number(told, 'memory_stats', 'failcnt'),
            oomKills: null,
          },
    ),
    tasks: counted('pids_stats', number(told, 'pids_stats', 'current')),
    io: counted(
      'blkio_stats',
      read === null || written === null
        ? null
        : { readBytes: read, writtenBytes: written, reads: requests('read'), writes: requests('write') },
    ),
    network: counted('networks', networkOf(told)),
    limits: [],
    ioLimits: ioLimitsOf(account),
    engineLimits: limitsOf(account),
  };
};
