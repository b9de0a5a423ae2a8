/** What the files of one cgroup come to: CPU time, pressure, throttling, a sentence; one vocabulary for v1 and v2. */
import type { CgroupDetail, CgroupFile, FurtherAllowance, Pressure } from './cgroup-model.ts';
import { frozen, frozenSentence, oomKills, type EventCount } from './cgroup-events.ts';
import { findFile, keysIn, numberIn } from './cgroup-find.ts';
import { isWorthSaying, limitInWords, listed } from './sentence.ts';
import { visible } from './text.ts';

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

/** Share of the periods between two readings in which the cgroup met its CPU limit; `null` if there is nothing to compare. */
export const throttledNow = (before: CgroupDetail | null, now: CgroupDetail): number | null => {
  if (before === null || before.path !== now.path) return null;
  const [then, since] = [cpuUse(before), cpuUse(now)];
  if (then.periods === null || then.throttled === null || since.periods === null || since.throttled === null)
    return null;
  const periods = since.periods - then.periods;
  const throttled = since.throttled - then.throttled;
  return periods < 0 || throttled < 0 ? null : periods === 0 ? 0 : Math.min(1, throttled / periods);
};

/** Share of all periods since it was made in which the cgroup met its CPU limit, 0 to 1; `null` if it had none. */
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

/** Why a cgroup has no figures of pressure; `null` where it has. */
export const pressureMissing = (detail: CgroupDetail): string | null => {
  if (pressures(detail).length > 0) return null;
  const v2 = detail.places.filter(({ version }) => version === 2);
  if (v2.length === 0) return 'Pressure is measured for cgroups of v2 alone, and this one is not in v2.';
  if (v2.some(({ files }) => !files.ok)) return 'Its files of v2 may not be looked at, and with them its pressure.';
  return 'This kernel measures no pressure for cgroups.';
};

const orListed = (words: readonly string[]): string => listed(words).replace(/ and (?=[^ ]+$)/, ' or ');
const RESOURCE_WORDS = { memory: 'memory', cpu: 'CPU', pids: 'tasks' } as const;

const limitPhrase = (path: string, { effective, setBy }: FurtherAllowance): string | null => {
  const words = limitInWords(effective);
  if (words === null || setBy === path) return words;
  const by = `set by ${visible(setBy)})`;
  return words.endsWith(')') ? `${words.slice(0, -1)}, ${by}` : `${words} (${by}`;
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
  const stopped = frozen(detail);
  if (stopped !== null) sentences.push(frozenSentence(stopped));
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
  if (share !== null && share >= 0.005) {
    sentences.push(`Throttled in ${Math.round(share * 100)} % of its periods since it was made.`);
  }
  const killed = oomKills(detail);
  if (killed !== null && killed.count > 0) sentences.push(killedSentence(killed));
  return sentences.join(' ');
};

const killedSentence = ({ count, own }: EventCount): string => {
  const where = own === null || own === count ? '' : own === 0 ? ' below' : `, ${own} of them here`;
  return `Out of memory: ${counted(count, 'process', 'processes')} killed${where}.`;
};
