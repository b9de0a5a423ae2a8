/** Values of cgroup files as a person reads them. The kernel's own text stands beside; these never replace it. */
import type { CgroupFileInfo, CgroupUnit } from './cgroup-file.ts';
import type { CgroupValue, KernelNumber, PressureLine } from './cgroup-model.ts';
import { bytesInWords, cpusInWords, listed } from './sentence.ts';

/** Near enough for words and bars; the digits themselves are shown beside. */
export const approximate = (value: KernelNumber): number => Number(value);

/** `1.2 s`, `34 ms`, `3 h 12 min`: at most two units. */
export const microsInWords = (micros: number): string => {
  if (micros < 1000) return `${Math.round(micros)} µs`;
  if (micros < 1e6) return `${Number((micros / 1000).toPrecision(3))} ms`;
  const seconds = micros / 1e6;
  if (seconds < 60) return `${Number(seconds.toPrecision(3))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};

const MICROS: Partial<Record<CgroupUnit, number>> = { µs: 1, ms: 1000, ns: 0.001, ticks: 10_000 };

/** `64 MiB`, `12 s`, `3 tasks`; `null` where the bare number says as much. */
export const numberInWords = (value: KernelNumber | 'max', unit: CgroupUnit | null): string | null => {
  if (value === 'max') return 'no limit';
  const number = approximate(value);
  if (unit === null || unit === 'weight') return null;
  if (unit === 'bytes') return bytesInWords(number);
  if (unit === 'bytes/s') return `${bytesInWords(number)}/s`;
  if (unit === '%') return `${value} %`;
  const micros = MICROS[unit];
  if (micros !== undefined) return number < 0 ? null : microsInWords(number * micros);
  const one = {
    tasks: 'task',
    pages: 'page',
    times: 'time',
    cgroups: 'cgroup',
    operations: 'operation',
    sectors: 'sector',
  };
  const singular = Object.hasOwn(one, unit) ? one[unit as keyof typeof one] : unit;
  return `${value} ${value === 1 ? singular : unit}`;
};

const counted = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

/** Percent of the last 10 s, 1 min and 5 min. */
export const pressureInWords = ({ avg10, avg60, avg300 }: PressureLine): string => `${avg10} ${avg60} ${avg300} %`;

/** cpu.uclamp.min and .max: two decimals, or `max`; Documentation/admin-guide/cgroup-v2.rst. */
const percentInWords = (text: string): string | null =>
  text === 'max' ? '100 %' : /^\d+\.\d+$/.test(text) ? `${Number(text)} %` : null;

/** What stands in one cell; what it sums up is shown on demand. `null` where the kernel's text says as much. */
export const valueInWords = (value: CgroupValue, unit: CgroupUnit | null): string | null => {
  switch (value.kind) {
    case 'number':
      return numberInWords(value.value, unit);
    case 'limit':
      return numberInWords(value.limit, unit);
    case 'bandwidth':
      if (value.quota === 'max') return 'no limit';
      return approximate(value.period) > 0 ? cpusInWords(approximate(value.quota) / approximate(value.period)) : null;
    case 'text':
      return value.text === '' ? 'empty' : unit === '%' ? percentInWords(value.text) : null;
    case 'list':
      return value.items.length === 0 ? 'empty' : null;
    case 'pids':
      return counted(value.count, 'entry').replace('entrys', 'entries');
    case 'flat':
      return value.entries.length === 0 ? 'empty' : counted(value.entries.length, 'number');
    case 'nested':
      return value.rows.length === 0 ? 'empty' : counted(value.rows.length, 'row');
    case 'psi': {
      const line = value.pressure.some ?? value.pressure.full;
      return line === null ? null : pressureInWords(line);
    }
  }
};

/** The kernel's text where it is one short line, else `null`: then {@link valueInWords} sums it up. */
export const shortText = (text: string): string | null => {
  const line = text.endsWith('\n') ? text.slice(0, -1) : text;
  return line.length <= 40 && !line.includes('\n') ? line : null;
};

/** `The same in v1: cpu.cfs_quota_us and cpu.cfs_period_us.` `Nearest in v1: cpu.shares.` Empty without any. */
export const twinsInWords = ({ version, twins }: Pick<CgroupFileInfo, 'version' | 'twins'>): string => {
  const other = version === 2 ? 'v1' : 'v2';
  const names = (same: boolean) => twins.filter((twin) => twin.same === same).map(({ name }) => name);
  const sentence = (words: string, found: readonly string[]): string[] =>
    found.length === 0 ? [] : [`${words} in ${other}: ${listed(found)}.`];
  return [...sentence('The same', names(true)), ...sentence('Nearest', names(false))].join(' ');
};
