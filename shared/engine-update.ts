/**
 * The same change of a limit, asked of the container's engine: POST /containers/ID/update. Docker Engine API reference,
 * ContainerUpdate; `docker update --help`. There 0 means "as it is", so not every limit can be taken away again.
 */
import type { ChangeFile } from './change-files.ts';
import { bytesInWords } from './sentence.ts';

export type UpdateBody = Readonly<Record<string, unknown>>;

export interface EngineUpdate {
  readonly ok: true;
  readonly body: UpdateBody;
  /** Of `docker update`, without the container. */
  readonly options: readonly string[];
  /** What brings the former state back; `null` if the engine has no way to. */
  readonly undo: UpdateBody | null;
  /** What is changed with it, in words; `null` if nothing. */
  readonly note: string | null;
  /** What the file will read, where that is not what the text says; `null`: the runtime reckons it. */
  readonly readsBack?: string | null;
}
export type EngineUpdateOr = EngineUpdate | { readonly ok: false; readonly problem: string };

const UPDATED: ReadonlySet<string> = new Set([
  'memory.max',
  'memory.limit_in_bytes',
  'memory.soft_limit_in_bytes',
  'cpu.max',
  'cpu.cfs_quota_us',
  'cpu.shares',
  'pids.max',
  'memory.low',
  'memory.memsw.limit_in_bytes',
  'cpuset.cpus',
  'cpuset.mems',
  'blkio.weight',
  'blkio.bfq.weight',
  'io.bfq.weight',
  'cpu.weight',
  'cpu.cfs_period_us',
  'memory.swap.max',
]);

/** True if engines set what this file holds. */
export const engineUpdates = ({ name }: Pick<ChangeFile, 'name'>): boolean => UPDATED.has(name);

const hostField = (inspected: unknown, name: string): unknown => {
  const host = at(inspected, 'HostConfig');
  return at(host, name);
};
const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
export const numberOf = (inspected: unknown, name: string): number => {
  const value = hostField(inspected, name);
  return typeof value === 'number' ? value : 0;
};

const isNone = (text: string): boolean => text === 'max' || text === '-1' || text.startsWith('max ');
const cannot = (what: string): EngineUpdateOr => ({
  ok: false,
  problem: `The engine cannot take away ${what}: 0 means “as it is” to it. Write the cgroup file, or make the container anew.`,
});

/** `--memory`, with `--memory-swap` where the engine would refuse the one without the other. */
export const memoryUpdate = (bytes: number, inspected: unknown, kind: 'docker' | 'podman'): EngineUpdate => {
  const [before, swap] = [numberOf(inspected, 'Memory'), numberOf(inspected, 'MemorySwap')];
  // Memory and swap together may not be less than memory alone; the engine refuses it. Docker takes no limit, 0, and
  // unlimited swap, -1, for less as well: moby container/container_unix.go, UpdateContainer.
  const both =
    swap > 0
      ? bytes > swap
        ? bytes + Math.max(0, swap - before)
        : null
      : kind === 'podman'
        ? null
        : swap || 2 * bytes;
  return {
    ok: true,
    body: { Memory: bytes, ...(both === null ? {} : { MemorySwap: both }) },
    options: ['--memory', String(bytes), ...(both === null ? [] : ['--memory-swap', String(both)])],
    undo: before > 0 ? { Memory: before, ...(swap === 0 ? {} : { MemorySwap: swap }) } : null,
    note:
      both === null || both < 0
        ? null
        : swap === 0
          ? `Docker wants memory and swap together as well: ${bytesInWords(both)}, twice as much, as docker run sets it.`
          : `Memory and swap together are raised to ${bytesInWords(both)} with it.`,
  };
};

/** moby daemon/daemon_unix.go, getCPUResources: what `--cpus` is written as, the rest of a µs dropped. */
export const NANO_PERIOD_MICROS = 100_000;
export const nanoQuota = (nanoCpus: number): number => Math.floor((nanoCpus * NANO_PERIOD_MICROS) / 1e9);

/** opencontainers/cgroups utils.go, ConvertCPUSharesToCgroupV2Value, backwards; since 2025 runtimes reckon otherwise. */
const sharesOf = (weight: number): number => 2 + Math.ceil(((weight - 1) * 262_142) / 9999);

const weightUpdate = (weight: number, inspected: unknown): EngineUpdateOr => {
  const shares = sharesOf(weight);
  return {
    ...oneUpdate('CpuShares', '--cpu-shares', shares, numberOf(inspected, 'CpuShares') || 1024),
    note: `Engines count in CPU shares, here ${shares}. Which weight they make of that differs; it is read back.`,
    readsBack: null,
  };
};

/** v2 counts swap alone; engines count memory and swap together. */
const swapUpdate = (text: string, inspected: unknown): EngineUpdateOr => {
  const [memory, before] = [numberOf(inspected, 'Memory'), numberOf(inspected, 'MemorySwap')];
  const undo = before === 0 ? null : before;
  if (isNone(text)) return oneUpdate('MemorySwap', '--memory-swap', -1, undo);
  if (memory <= 0) return { ok: false, problem: 'Engines limit swap only beside memory, and no memory limit was asked for.' }; // prettier-ignore
  const both = memory + Number(text);
  const note = `Engines count memory and swap together: ${bytesInWords(both)}, of which memory is ${bytesInWords(memory)}.`;
  return { ...oneUpdate('MemorySwap', '--memory-swap', both, undo), note };
};

const diskWeightUpdate = (text: string, inspected: unknown): EngineUpdateOr =>
  Number(text) < 10
    ? { ok: false, problem: 'Engines take 10 to 1000.' }
    : oneUpdate('BlkioWeight', '--blkio-weight', Number(text), numberOf(inspected, 'BlkioWeight') || null);

const cpu = (text: string, periodMicros: number, inspected: unknown, podman: boolean): EngineUpdateOr => {
  const [word = '', own] = text.split(' ');
  const period = own === undefined ? periodMicros : Number(own);
  const nanos = numberOf(inspected, 'NanoCpus');
  // Podman's compatible API does not know NanoCpus.
  if (nanos > 0 && !podman) {
    if (isNone(text)) return cannot('--cpus');
    const cpus = Number((Number(word) / period).toFixed(9));
    const wanted = Math.round(cpus * 1e9);
    const quota = nanoQuota(wanted);
    return {
      ok: true,
      body: { NanoCpus: wanted },
      options: ['--cpus', String(cpus)],
      undo: { NanoCpus: nanos },
      note:
        period === NANO_PERIOD_MICROS
          ? null
          : `With --cpus the period is ${NANO_PERIOD_MICROS} µs again; it is ${period} now.`,
      readsBack: own === undefined ? String(quota) : `${quota} ${NANO_PERIOD_MICROS}`,
    };
  }
  const quota = isNone(text) ? -1 : Number(word);
  const [before, beforePeriod] = [numberOf(inspected, 'CpuQuota'), numberOf(inspected, 'CpuPeriod')];
  const former = nanos > 0 ? Math.round((nanos / 1e9) * period) : before > 0 ? before : -1;
  return {
    ok: true,
    body: { CpuPeriod: period, CpuQuota: quota },
    options: ['--cpu-period', String(period), '--cpu-quota', String(quota)],
    undo: { CpuPeriod: beforePeriod > 0 ? beforePeriod : period, CpuQuota: former },
    note: null,
  };
};

export const oneUpdate = (
  name: string,
  option: string,
  value: number | string,
  undo: number | string | null,
): EngineUpdate => ({
  ok: true,
  body: { [name]: value },
  options: [option, String(value)],
  undo: undo === null ? null : { [name]: undo },
  note: null,
});

/** `text`: what would be written to the file. `inspected`: the engine's own account of the container. */
export const engineUpdate = (
  file: Pick<ChangeFile, 'name'>,
  text: string,
  periodMicros: number | null,
  inspected: unknown,
  kind: 'docker' | 'podman',
): EngineUpdateOr => {
  const podman = kind === 'podman';
  const update = ((): EngineUpdateOr => {
    switch (file.name) {
      case 'memory.max':
      case 'memory.limit_in_bytes':
        return isNone(text) ? cannot('a memory limit') : memoryUpdate(Number(text), inspected, kind);
      case 'memory.low':
      case 'memory.soft_limit_in_bytes': {
        const before = numberOf(inspected, 'MemoryReservation');
        if (isNone(text)) return cannot('a memory reservation');
        return oneUpdate('MemoryReservation', '--memory-reservation', Number(text), before > 0 ? before : null);
      }
      case 'cpu.max':
      case 'cpu.cfs_quota_us':
        return cpu(text, periodMicros ?? 100_000, inspected, podman);
      case 'cpu.shares':
        return oneUpdate('CpuShares', '--cpu-shares', Number(text), numberOf(inspected, 'CpuShares') || 1024);
      case 'pids.max': {
        const before = numberOf(inspected, 'PidsLimit');
        return oneUpdate('PidsLimit', '--pids-limit', isNone(text) ? -1 : Number(text), before > 0 ? before : -1);
      }
      case 'memory.memsw.limit_in_bytes': {
        const before = numberOf(inspected, 'MemorySwap');
        return oneUpdate('MemorySwap', '--memory-swap', Number(text), before === 0 ? null : before);
      }
      case 'cpuset.cpus':
      case 'cpuset.mems': {
        const [name, option] = file.name === 'cpuset.cpus' ? ['CpusetCpus', '--cpuset-cpus'] : ['CpusetMems', '--cpuset-mems']; // prettier-ignore
        const before = hostField(inspected, name);
        if (text === '') return cannot(option);
        return oneUpdate(name, option, text, typeof before === 'string' && before !== '' ? before : null);
      }
      case 'blkio.weight':
      case 'blkio.bfq.weight':
      case 'io.bfq.weight':
        return diskWeightUpdate(text, inspected);
      case 'cpu.weight':
        return weightUpdate(Number(text), inspected);
      case 'cpu.cfs_period_us': {
        if (!podman && numberOf(inspected, 'NanoCpus') > 0) return { ok: false, problem: 'It was given --cpus, which excludes a period.' }; // prettier-ignore
        const before = numberOf(inspected, 'CpuPeriod');
        return oneUpdate('CpuPeriod', '--cpu-period', Number(text), before > 0 ? before : NANO_PERIOD_MICROS);
      }
      case 'memory.swap.max':
        return swapUpdate(text, inspected);
      default:
        return { ok: false, problem: `Engines do not set ${file.name}.` };
    }
  })();
  return withPolicy(update, inspected, kind);
};

/** Podman's compatible API resets a restart policy that is not sent along. */
export const withPolicy = (update: EngineUpdateOr, inspected: unknown, kind: 'docker' | 'podman'): EngineUpdateOr => {
  const policy = hostField(inspected, 'RestartPolicy');
  if (!update.ok || kind !== 'podman' || policy === undefined) return update;
  const kept = { RestartPolicy: policy };
  return { ...update, body: { ...update.body, ...kept }, undo: update.undo && { ...update.undo, ...kept } };
};
