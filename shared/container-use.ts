/**
 * What a container uses, as counters: from the files of its cgroup where they can be read, else from its engine. Rates are
 * made here, from two readings, and are `null` where they cannot be said.
 */
import type { CgroupAllowance, Pressure } from './cgroup-model.ts';
import type { CgroupLimit, Reading } from './model.ts';

/** A counter and the file it stands in; of an engine, the field of its answer. */
export interface Counted<T> {
  /** `cpu.stat`; the whole path is `path`. */
  readonly file: string;
  readonly path: string | null;
  readonly reading: Reading<T>;
}

export interface CpuCounters {
  readonly usedMicros: number;
  /** Periods in which it wanted to run, and those in which it met its limit; `null` where they are not counted. */
  readonly periods: number | null;
  readonly throttled: number | null;
  readonly throttledMicros: number | null;
}

export interface MemoryCounters {
  /** All that counts, page cache too. */
  readonly usedBytes: number;
  /** Without inactive_file, as docker stats and kubelet reckon it; `null` if memory.stat could not be read. */
  readonly workingSetBytes: number | null;
  /** How often it met its limit, and how many processes the OOM killer ended; `null` where they are not counted. */
  readonly limitHits: number | null;
  readonly oomKills: number | null;
}

export interface IoCounters {
  readonly readBytes: number;
  readonly writtenBytes: number;
  /** How many requests; `null` where they are not counted. */
  readonly reads: number | null;
  readonly writes: number | null;
}

/** Of the bytes and of the requests of a second; cgroup-v2.rst, io.max. */
export type IoWhat = 'rbps' | 'wbps' | 'riops' | 'wiops';
export interface IoLimit {
  /** `MAJ:MIN`, or the path that the engine was given. */
  readonly device: string;
  readonly what: IoWhat;
  readonly value: number;
  readonly file: string;
  /** The cgroup above that sets it; `null` if it is the container's own. */
  readonly setBy: string | null;
}

export interface NetworkCounters {
  /** Of all interfaces but lo. */
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly interfaces: readonly string[];
}

/** One file of pressure stall information. */
export interface PressureReading {
  readonly resource: 'cpu' | 'memory' | 'io' | 'irq';
  readonly path: string;
  readonly reading: Reading<Pressure>;
}

/** Bytes, CPUs, tasks. */
export type EngineLimits = Readonly<Record<CgroupLimit['resource'], number | 'max' | null>>;
export const NO_ENGINE_LIMITS: EngineLimits = { cpu: null, memory: null, pids: null };

export interface ContainerUse {
  /** Milliseconds since 1970, when the reading began; from the cgroup by a clock that takes no steps. */
  readonly takenAt: number;
  readonly source: 'cgroup' | 'processes' | 'engine';
  /** Why the cgroup was not the source; `null` if it was. */
  readonly because: string | null;
  /** How memory is reckoned, in the words of the files. */
  readonly memoryDefinition: string;
  readonly cpu: Counted<CpuCounters>;
  readonly memory: Counted<MemoryCounters>;
  readonly tasks: Counted<number>;
  readonly io: Counted<IoCounters>;
  readonly network: Counted<NetworkCounters>;
  /** Left out where the source does not tell; `[]` where the kernel does not measure it. */
  readonly pressure?: readonly PressureReading[];
  /** `[]` where no cgroup of its own can be read. */
  readonly limits: readonly CgroupAllowance[];
  /** Each of one disk; `[]` for none. */
  readonly ioLimits: Reading<readonly IoLimit[]>;
  /** What is said where no file tells a limit: by the engine, or because no controller is on. `null` where it is not known. */
  readonly engineLimits: EngineLimits;
}

/** What one container's memory is, cheaply: for lists. */
export interface MemoryNow {
  readonly id: string;
  /** Working set, or all of it where memory.stat could not be read; `null` if its cgroup could not be. */
  readonly bytes: number | null;
}

/** One moment of a chart. */
export interface UsePoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Percent of one CPU. */
  readonly cpuPercent: number | null;
  /** Of the periods since the point before, those that were throttled, 0 to 1. */
  readonly throttledShare: number | null;
  readonly memoryBytes: number | null;
  readonly tasks: number | null;
  /** Bytes a second. */
  readonly readRate: number | null;
  readonly writeRate: number | null;
  /** Requests a second. */
  readonly readsRate: number | null;
  readonly writesRate: number | null;
  readonly receiveRate: number | null;
  readonly sendRate: number | null;
}

/** Between two readings closer together, the moments at which the files were read weigh too much. */
const LEAST_MILLIS = 400;

const valueOf = <T>({ reading }: Counted<T>): T | null => (reading.ok ? reading.value : null);

/** A counter that went back was begun anew: there is no rate. */
const grown = (before: number | null | undefined, now: number | null | undefined): number | null =>
  before == null || now == null || now < before ? null : now - before;

/** `before`: the last reading of the same container, `null` for its first one. */
export const pointBetween = (before: ContainerUse | null, now: ContainerUse): UsePoint => {
  const millis = before === null ? 0 : now.takenAt - before.takenAt;
  const then = before === null || before.source !== now.source || millis < LEAST_MILLIS ? null : before;
  const [cpu, cpuThen] = [valueOf(now.cpu), then && valueOf(then.cpu)];
  const [io, ioThen] = [valueOf(now.io), then && valueOf(then.io)];
  const [net, netThen] = [valueOf(now.network), then && valueOf(then.network)];
  const memory = valueOf(now.memory);
  const rate = (amount: number | null): number | null => (amount === null ? null : (amount * 1000) / millis);
  const micros = grown(cpuThen?.usedMicros, cpu?.usedMicros);
  const periods = grown(cpuThen?.periods, cpu?.periods);
  const throttled = grown(cpuThen?.throttled, cpu?.throttled);
  return {
    at: now.takenAt,
    cpuPercent: micros === null ? null : micros / 10 / millis,
    throttledShare: periods === null || throttled === null ? null : periods === 0 ? 0 : throttled / periods,
    memoryBytes: memory === null ? null : (memory.workingSetBytes ?? memory.usedBytes),
    tasks: valueOf(now.tasks),
    readRate: rate(grown(ioThen?.readBytes, io?.readBytes)),
    writeRate: rate(grown(ioThen?.writtenBytes, io?.writtenBytes)),
    readsRate: rate(grown(ioThen?.reads, io?.reads)),
    writesRate: rate(grown(ioThen?.writes, io?.writes)),
    receiveRate: rate(grown(netThen?.receivedBytes, net?.receivedBytes)),
    sendRate: rate(grown(netThen?.sentBytes, net?.sentBytes)),
  };
};

/** Of all periods between the first and the last reading, the share that was throttled; `null` if none was counted. */
export const throttledBetween = (first: ContainerUse | null, last: ContainerUse): number | null => {
  const [then, now] = [first && valueOf(first.cpu), valueOf(last.cpu)];
  const periods = grown(then?.periods, now?.periods);
  const throttled = grown(then?.throttled, now?.throttled);
  return periods === null || throttled === null || periods === 0 ? null : throttled / periods;
};
