/** Docker's account of what a container uses, where its cgroup cannot be read. Docker Engine API reference, ContainerStats. */
import type { ContainerUse, Counted, NetworkCounters } from '../../../shared/container-use.ts';
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

/** Memory without limit comes as the machine's own, or as 2^64 less a page. */
const NO_LIMIT_BYTES = 2 ** 60;

/** `because`: why the cgroup was not read instead. A container that does not run has no figures: they are absent, not 0. */
export const useFromStats = (told: unknown, because: string): ContainerUse => {
  const nanos = number(told, 'cpu_stats', 'cpu_usage', 'total_usage');
  const throttling = (name: string): number | null => number(told, 'cpu_stats', 'throttling_data', name);
  const waited = throttling('throttled_time');
  const used = number(told, 'memory_stats', 'usage');
  // The client's own rule: total_inactive_file on v1, inactive_file on v2.
  const inactive =
    number(told, 'memory_stats', 'stats', 'total_inactive_file') ?? number(told, 'memory_stats', 'stats', 'inactive_file'); // prettier-ignore
  const read = sumOf(field(told, 'blkio_stats', 'io_service_bytes_recursive'), 'read');
  const written = sumOf(field(told, 'blkio_stats', 'io_service_bytes_recursive'), 'write');
  const limit = number(told, 'memory_stats', 'limit');
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
    io: counted('blkio_stats', read === null || written === null ? null : { readBytes: read, writtenBytes: written }),
    network: counted('networks', networkOf(told)),
    limits: [],
    engineLimits: {
      memoryBytes: limit === null || limit === 0 || limit >= NO_LIMIT_BYTES ? null : limit,
      tasks: number(told, 'pids_stats', 'limit'),
    },
  };
};
