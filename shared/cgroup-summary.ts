/** What the files of one cgroup come to: use, pressure, throttling, events; one vocabulary for v1 and v2. */
import type {
  CgroupDetail,
  CgroupEntry,
  CgroupFile,
  CgroupPlace,
  CgroupValue,
  FurtherAllowance,
  KernelNumber,
  Pressure,
} from './cgroup-model.ts';
import { approximate } from './cgroup-words.ts';
import { isWorthSaying, limitInWords, listed } from './sentence.ts';
import { visible } from './text.ts';

interface At {
  readonly file: CgroupFile;
  readonly version: CgroupPlace['version'];
}

/** The file of this name, in whichever hierarchy has it. */
export const findFile = (detail: CgroupDetail, name: string, version?: CgroupPlace['version']): At | null => {
  for (const place of detail.places) {
    if (version !== undefined && place.version !== version) continue;
    const file = place.files.ok ? place.files.value.find((file) => file.name === name) : undefined;
    if (file !== undefined) return { file, version: place.version };
  }
  return null;
};

const valueOf = (detail: CgroupDetail, name: string, version?: CgroupPlace['version']): CgroupValue | null => {
  const value = findFile(detail, name, version)?.file.value;
  return value?.ok === true ? value.value : null;
};

const numberIn = (detail: CgroupDetail, name: string): number | null => {
  const value = valueOf(detail, name);
  return value?.kind === 'number' ? approximate(value.value) : null;
};

/** The numbers of a flat keyed file; `null` if there is none or it could not be read. */
const keysIn = (
  detail: CgroupDetail,
  name: string,
  version: CgroupPlace['version'],
): ReadonlyMap<string, number> | null => {
  const value = valueOf(detail, name, version);
  if (value?.kind !== 'flat') return null;
  const counts = value.entries.filter((entry): entry is readonly [string, KernelNumber] => entry[1] !== 'max');
  return new Map(counts.map(([key, count]: CgroupEntry) => [key, Number(count)]));
};

export interface MemoryUse {
  /** All bytes that count, page cache too. */
  readonly usedBytes: number;
  /** Without the page cache that the kernel would give up first; `null` if memory.stat could not be read. */
  readonly workingSetBytes: number | null;
  /** How that was reckoned, in the kernel's words. */
  readonly definition: string;
  /** What it is made of, largest first. */
  readonly parts: readonly { readonly key: string; readonly label: string; readonly bytes: number }[];
}

const V2_PARTS = {
  anon: 'programs',
  active_file: 'cache in use',
  inactive_file: 'idle cache',
  shmem: 'shared',
  kernel: 'kernel',
};
const V1_PARTS = {
  total_rss: 'programs',
  total_active_file: 'cache in use',
  total_inactive_file: 'idle cache',
  total_shmem: 'shared',
};

/**
 * Working set as kubelet, cAdvisor and docker stats reckon it: use without inactive_file. Of v1 the total_ counters are
 * taken, since usage_in_bytes counts all below too. `null` where the cgroup does not count memory.
 */
export const memoryUse = (detail: CgroupDetail): MemoryUse | null => {
  const v2 = numberIn(detail, 'memory.current');
  const used = v2 ?? numberIn(detail, 'memory.usage_in_bytes');
  if (used === null) return null;
  const stat = keysIn(detail, 'memory.stat', v2 === null ? 1 : 2);
  const inactive = stat?.get(v2 === null ? 'total_inactive_file' : 'inactive_file') ?? null;
  const labels = Object.entries(v2 === null ? V1_PARTS : V2_PARTS);
  return {
    usedBytes: used,
    workingSetBytes: inactive === null ? null : Math.max(0, used - inactive),
    definition:
      v2 === null
        ? 'memory.usage_in_bytes − total_inactive_file of memory.stat'
        : 'memory.current − inactive_file of memory.stat',
    parts: labels
      .flatMap(([key, label]) => {
        const bytes = stat?.get(key);
        return bytes === undefined ? [] : [{ key, label, bytes }];
      })
      .sort((a, b) => b.bytes - a.bytes),
  };
};

export interface CpuUse {
  /** CPU time used since the cgroup was made; `null` where that is not counted. */
  readonly usedMicros: number | null;
  /** Periods in which it wanted to run, and those in which it met its limit; `null` without a limit to meet. */
  readonly periods: number | null;
  readonly throttled: number | null;
  readonly throttledMicros: number | null;
}

export const cpuUse = (detail: CgroupDetail): CpuUse => {
  const v2 = keysIn(detail, 'cpu.stat', 2);
  const v1 = keysIn(detail, 'cpu.stat', 1);
  const nanos = numberIn(detail, 'cpuacct.usage');
  const throttling = v2?.has('nr_periods') ? v2 : v1;
  const waited = throttling === v1 ? v1?.get('throttled_time') : v2?.get('throttled_usec');
  return {
    usedMicros: nanos !== null ? nanos / 1000 : (v2?.get('usage_usec') ?? null),
    periods: throttling?.get('nr_periods') ?? null,
    throttled: throttling?.get('nr_throttled') ?? null,
    throttledMicros: waited === undefined ? null : throttling === v1 ? waited / 1000 : waited,
  };
};

/** Between two readings closer together, the moments at which the files were read weigh too much. */
const LEAST_MILLIS = 500;

/** Percent of one CPU between two readings of the same cgroup; `null` if it cannot be said. */
export const cpuPercentBetween = (before: CgroupDetail | null, now: CgroupDetail): number | null => {
  if (before === null || before.path !== now.path) return null;
  const [then, used] = [cpuUse(before).usedMicros, cpuUse(now).usedMicros];
  const millis = now.takenAt - before.takenAt;
  return then === null || used === null || millis < LEAST_MILLIS || used < then ? null : (used - then) / 10 / millis;
};

/** True if the cgroup met its CPU limit between two readings. */
export const throttledSince = (before: CgroupDetail | null, now: CgroupDetail): boolean => {
  const then = before === null || before.path !== now.path ? null : cpuUse(before).throttled;
  const throttled = cpuUse(now).throttled;
  return then !== null && throttled !== null && throttled > then;
};

/** Share of the periods in which the cgroup met its CPU limit, 0 to 1; `null` if it had none. */
export const throttledShare = (detail: CgroupDetail): number | null => {
  const { periods, throttled } = cpuUse(detail);
  return periods === null || throttled === null || periods === 0 ? null : throttled / periods;
};

export interface PressureOf {
  readonly resource: 'cpu' | 'memory' | 'io' | 'irq';
  readonly file: CgroupFile;
  /** `null` where it could not be read. */
  readonly pressure: Pressure | null;
}

/** The pressure files there are; none on v1. */
export const pressures = (detail: CgroupDetail): PressureOf[] =>
  (['cpu', 'memory', 'io', 'irq'] as const).flatMap((resource) => {
    const file = findFile(detail, `${resource}.pressure`, 2)?.file;
    if (file === undefined) return [];
    const value = file.value;
    return [
      { resource, file, pressure: value?.ok === true && value.value.kind === 'psi' ? value.value.pressure : null },
    ];
  });

/** Processes that the OOM killer ended here or below; `null` where it is not counted. */
export const oomKills = (detail: CgroupDetail): number | null =>
  (keysIn(detail, 'memory.events', 2) ?? keysIn(detail, 'memory.oom_control', 1))?.get('oom_kill') ?? null;

/** How often memory met its limit; `null` where it is not counted. */
export const limitHits = (detail: CgroupDetail): number | null =>
  keysIn(detail, 'memory.events', 2)?.get('max') ?? numberIn(detail, 'memory.failcnt');

const orListed = (words: readonly string[]): string => listed(words).replace(/ and (?=[^ ]+$)/, ' or ');
const RESOURCE_WORDS = { memory: 'memory', cpu: 'CPU', pids: 'tasks' } as const;

const limitPhrase = (path: string, { effective, setBy }: FurtherAllowance): string | null => {
  const words = limitInWords(effective);
  return words === null ? null : setBy === path ? words : `${words} (set by ${visible(setBy)})`;
};

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/**
 * What a person would say of it: `3 processes. May use 64 MiB and half a CPU. Throttled in 12 % of its periods.`
 * `below`: how many cgroups are below it.
 */
export const cgroupSentence = (detail: CgroupDetail, processes: number | null, below: number): string => {
  const inside = [
    processes === null ? 'Its processes could not be counted' : counted(processes, 'process', 'processes'),
    ...(below > 0 ? [`${counted(below, 'cgroup', 'cgroups')} below`] : []),
  ];
  const sentences = [`${inside.join(', ')}.`];
  const held = detail.limits.map(({ effective }) => effective);
  const further = (detail.furtherLimits ?? []).filter(({ effective }) => isWorthSaying(effective, held));
  const limits = [...detail.limits, ...further]
    .map((allowance) => limitPhrase(detail.path, allowance))
    .filter((words) => words !== null);
  const unread = detail.limits
    .filter(({ effective }) => !effective.limit.ok)
    .map(({ resource }) => RESOURCE_WORDS[resource]);
  if (limits.length > 0) sentences.push(`May use ${listed(limits)}.`);
  else if (detail.limits.length > 0 && unread.length === 0)
    sentences.push(`No limit on ${orListed(detail.limits.map(({ resource }) => RESOURCE_WORDS[resource]))}.`);
  if (unread.length > 0) sentences.push(`Its limit on ${listed(unread)} could not be read.`);
  const share = throttledShare(detail);
  if (share !== null && share >= 0.005) sentences.push(`Throttled in ${Math.round(share * 100)} % of its periods.`);
  const killed = oomKills(detail);
  if (killed !== null && killed > 0)
    sentences.push(`Out of memory: ${counted(killed, 'process', 'processes')} killed.`);
  return sentences.join(' ');
};
