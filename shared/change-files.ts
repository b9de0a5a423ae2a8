/**
 * The cgroup files that Porthole writes: what a person may type for each, the exact text that then goes to the kernel, and
 * what the file will read afterwards. Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/.
 */
import type { CgroupVersion } from './cgroup-file.ts';
import { deviceLine, deviceReadBack, deviceRestore, ioMaxPairs, sameDevices } from './change-devices.ts';
import { cpuListText, parseCpuList } from './cpu-list.ts';

/**
 * What a file takes. `ranges`: CPUs or memory nodes. `io-max`, `bps`, `iops`: of one device, in v2 and v1. `default-weight`:
 * the line of io.weight that is of no device. `cpus`, `restart`: an engine's own, in no file.
 */
export type ChangeForm =
  | 'bytes'
  | 'bandwidth'
  | 'quota'
  | 'period'
  | 'tasks'
  | 'weight'
  | 'shares'
  | 'flag'
  | 'switch'
  | 'freezer'
  | 'score'
  | 'ranges'
  | 'default-weight'
  | 'disk-weight'
  | 'io-max'
  | 'bps'
  | 'iops'
  | 'cpus'
  | 'restart';

/** True if it is of one device, which is part of what is written. */
export const isOfDevice = (form: ChangeForm): boolean => form === 'io-max' || form === 'bps' || form === 'iops';

export interface ChangeFile {
  readonly name: string;
  readonly form: ChangeForm;
  readonly version: CgroupVersion | null;
  /** What is in use of the same thing, in the same folder and unit. */
  readonly used: string | null;
  /** As a heading: `Memory limit`. */
  readonly title: string;
}

type Row = readonly [name: string, form: ChangeForm, version: CgroupVersion, used: string | null, title: string];

const ROWS: readonly Row[] = [
  ['memory.max', 'bytes', 2, 'memory.current', 'Memory limit'],
  ['memory.high', 'bytes', 2, 'memory.current', 'Memory throttling threshold'],
  ['memory.limit_in_bytes', 'bytes', 1, 'memory.usage_in_bytes', 'Memory limit'],
  ['memory.soft_limit_in_bytes', 'bytes', 1, 'memory.usage_in_bytes', 'Soft memory limit'],
  ['memory.low', 'bytes', 2, 'memory.current', 'Memory protection'],
  ['memory.min', 'bytes', 2, 'memory.current', 'Memory guarantee'],
  ['memory.swap.max', 'bytes', 2, 'memory.swap.current', 'Swap limit'],
  ['memory.memsw.limit_in_bytes', 'bytes', 1, 'memory.memsw.usage_in_bytes', 'Memory and swap limit'],
  ['memory.oom.group', 'switch', 2, null, 'OOM kill of all together'],
  ['cpu.max', 'bandwidth', 2, null, 'CPU limit'],
  ['cpu.cfs_quota_us', 'quota', 1, null, 'CPU limit'],
  ['cpu.cfs_period_us', 'period', 1, null, 'CPU period'],
  ['cpu.idle', 'switch', 2, null, 'Idle CPU time only'],
  ['cpu.idle', 'switch', 1, null, 'Idle CPU time only'],
  ['cpu.weight', 'weight', 2, null, 'CPU weight'],
  ['cpu.shares', 'shares', 1, null, 'CPU shares'],
  ['cpuset.cpus', 'ranges', 2, null, 'CPUs'],
  ['cpuset.cpus', 'ranges', 1, null, 'CPUs'],
  ['cpuset.mems', 'ranges', 2, null, 'Memory nodes'],
  ['cpuset.mems', 'ranges', 1, null, 'Memory nodes'],
  ['io.max', 'io-max', 2, null, 'Disk limit'],
  ['io.weight', 'default-weight', 2, null, 'Disk weight'],
  ['io.bfq.weight', 'disk-weight', 2, null, 'Disk weight'],
  ['blkio.throttle.read_bps_device', 'bps', 1, null, 'Reading limit'],
  ['blkio.throttle.write_bps_device', 'bps', 1, null, 'Writing limit'],
  ['blkio.throttle.read_iops_device', 'iops', 1, null, 'Reads limit'],
  ['blkio.throttle.write_iops_device', 'iops', 1, null, 'Writes limit'],
  ['blkio.weight', 'disk-weight', 1, null, 'Disk weight'],
  ['blkio.bfq.weight', 'disk-weight', 1, null, 'Disk weight'],
  ['cgroup.freeze', 'flag', 2, null, 'Freeze'],
  ['freezer.state', 'freezer', 1, null, 'Freeze'],
];

/** The file of this name in a hierarchy of this version; `null` if Porthole does not write it. */
export const changeFile = (name: string, version: CgroupVersion): ChangeFile | null => {
  if (name === 'pids.max') return { name, form: 'tasks', version, used: 'pids.current', title: 'Tasks limit' };
  const row = ROWS.find((one) => one[0] === name && one[2] === version);
  return row === undefined ? null : { name, form: row[1], version, used: row[3], title: row[4] };
};

/** /proc/PID/oom_score_adj; man 5 proc_pid_oom_score_adj. */
export const OOM_SCORE_ADJ: ChangeFile = {
  name: 'oom_score_adj',
  form: 'score',
  version: null,
  used: null,
  title: 'OOM score adjustment',
};

/** In what a bare number is counted. */
export const CHANGE_UNITS = ['plain', 'MiB', 'CPUs'] as const;
export type ChangeUnit = (typeof CHANGE_UNITS)[number];

export type Typed = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

const text = (value: string): Typed => ({ ok: true, text: value });
const problem = (words: string): Typed => ({ ok: false, problem: words });

const NONE = /^(?:max|none|no limit|unlimited|-1)$/i;

/** True of what says that there is no limit, in a file's words and in engines'. */
export const meansNothing = (reading: string): boolean => /^(?:nothing|max(?: \d+)?|-1|0|)$/.test(reading);

/** Powers of 1024, as the kernel's own memparse() reads K, M and G. */
const BINARY: Readonly<Record<string, number>> = { '': 0, b: 0, byte: 0, bytes: 0, k: 1, m: 2, g: 3, t: 4 };

const bytesText = (typed: string, unit: ChangeUnit, version: CgroupVersion | null): Typed => {
  if (NONE.test(typed)) return text(version === 1 ? '-1' : 'max');
  const [, digits, word = ''] = /^(\d{1,19}(?:\.\d{1,9})?)\s*([a-z]*)$/i.exec(typed) ?? [];
  if (digits === undefined) return problem('Bytes, a number with KiB, MiB or GiB, or max.');
  if (/^[kmgt]b$/i.test(word)) return problem(`${word} means two things: say ${word[0]!.toUpperCase()}iB, or bytes.`);
  const named = word === '' && unit === 'MiB' ? 'm' : word.toLowerCase().replace(/^([kmgt])ib$/, '$1');
  const power = Object.hasOwn(BINARY, named) ? BINARY[named] : undefined;
  if (power === undefined) return problem('Bytes, a number with KiB, MiB or GiB, or max.');
  if (power === 0 && digits.includes('.')) return problem('There is no part of a byte.');
  const [whole = '0', part = ''] = digits.split('.');
  const scale = 1024n ** BigInt(power);
  const bytes = BigInt(whole) * scale + (BigInt(part === '' ? '0' : part) * scale) / 10n ** BigInt(part.length);
  return bytes < 2n ** 63n ? text(String(bytes)) : problem('The kernel counts no further than 2^63 bytes.');
};

/** The kernel refuses less, and longer periods; min_cfs_quota_period, max_cfs_quota_period in kernel/sched/core.c. */
const LEAST_MICROS = 1000;
const LONGEST_PERIOD_MICROS = 1_000_000;

/** Both µs; `period` as it is now, which a bare quota leaves. */
const cpuText = (typed: string, unit: ChangeUnit, period: number, form: 'bandwidth' | 'quota'): Typed => {
  const asText = (quota: string, of = period): Typed => text(form === 'quota' ? quota : `${quota} ${of}`);
  if (NONE.test(typed)) return asText(form === 'quota' ? '-1' : 'max');
  const [, quota, own] = /^(max|\d{1,15})\s+(\d{1,9})(?:\s*µs)?$/.exec(typed) ?? [];
  if (quota !== undefined && own !== undefined) {
    if (form === 'quota') return problem('The period is a file of its own, cpu.cfs_period_us.');
    const of = Number(own);
    if (of < LEAST_MICROS || of > LONGEST_PERIOD_MICROS) return problem('A period is from 1000 to 1000000 µs.');
    return quota !== 'max' && Number(quota) < LEAST_MICROS ? problem('The least is 1000 µs.') : asText(quota, of);
  }
  const [, digits, word = ''] = /^(\d{1,15}(?:\.\d{1,9})?)\s*(µs|us|cpus?|%)?$/i.exec(typed) ?? [];
  if (digits === undefined) return problem('CPUs, a percentage of one, µs in each period, or max.');
  const inMicros = /^[µu]s$/i.test(word) || (word === '' && unit !== 'CPUs');
  if (inMicros && digits.includes('.')) return problem('Whole µs.');
  const cpus = word === '%' ? Number(digits) / 100 : Number(digits);
  const micros = inMicros ? Number(digits) : Math.round(cpus * period);
  if (micros < LEAST_MICROS) return problem(`The least is 1000 µs, ${LEAST_MICROS / period} of a CPU.`);
  return Number.isSafeInteger(micros) ? asText(String(micros)) : problem('That is more than the kernel counts.');
};

const whole = (typed: string, least: number, most: number, none = false): Typed => {
  if (none && NONE.test(typed)) return text('max');
  const number = /^-?\d{1,9}$/.test(typed) ? Number(typed) : NaN;
  return number >= least && number <= most
    ? text(String(number))
    : problem(`A whole number from ${least} to ${most}${none ? ', or max' : ''}.`);
};

const ranges = (typed: string, version: CgroupVersion | null): Typed => {
  if (NONE.test(typed)) return version === null ? problem('Numbers and ranges, such as 0-2,4.') : text('');
  const numbers = parseCpuList(typed);
  return numbers === null ? problem('Numbers and ranges, such as 0-2,4.') : text(cpuListText(numbers));
};

/** The kernel counts operations in 32 bits; block/blk-throttle.c. */
const MOST_OPERATIONS = 2 ** 32 - 1;

const deviceValue = (typed: string, unit: ChangeUnit, isBytes: boolean, none: string): Typed => {
  if (NONE.test(typed)) return text(none);
  const value = isBytes
    ? bytesText(typed.replace(/\/s$/, ''), unit, 2)
    : /^\d{1,10}$/.test(typed) && Number(typed) <= MOST_OPERATIONS
      ? text(String(Number(typed)))
      : problem('A whole number of operations a second, or max.');
  if (value.ok && value.text === '0' && none === 'max') return problem('Not 0: the kernel refuses to stop a device (ERANGE).'); // prettier-ignore
  return value;
};

const deviceText = (typed: string, unit: ChangeUnit, form: ChangeForm): Typed => {
  const line = deviceLine(typed);
  if (line === null) return problem('A device as MAJ:MIN, then its limit.');
  if (form !== 'io-max') {
    const value = deviceValue(line.rest, unit, form === 'bps', '0');
    return value.ok ? text(`${line.device} ${value.text}`) : value;
  }
  const pairs: string[] = [];
  for (const [key, wanted] of ioMaxPairs(line.rest) ?? []) {
    const value = deviceValue(wanted, unit, key.endsWith('bps'), 'max');
    if (!value.ok) return value;
    pairs.push(`${key}=${value.text}`);
  }
  return pairs.length === 0
    ? problem('A device, then rbps, wbps, riops or wiops with a number or max.')
    : text(`${line.device} ${pairs.join(' ')}`);
};

const RESTART = /^(?:no|always|unless-stopped|on-failure(?::\d{1,9})?)$/;

/**
 * What a person typed as the text that goes to the kernel. `unit` counts a number without one; `period`: of the CPU
 * bandwidth, µs.
 */
export const textFor = (file: ChangeFile, typed: string, unit: ChangeUnit, period: number): Typed => {
  const trimmed = typed.trim();
  if (trimmed === '') return problem('');
  switch (file.form) {
    case 'bytes':
      return bytesText(trimmed, unit, file.version);
    case 'bandwidth':
    case 'quota':
      return cpuText(trimmed, unit, period, file.form);
    case 'tasks':
      // PID_MAX_LIMIT; kernel/cgroup/pids.c.
      return whole(trimmed, 0, 4_194_304, true);
    case 'weight':
      return whole(trimmed, 1, 10_000);
    case 'shares':
      return whole(trimmed, 2, 262_144);
    case 'score':
      return whole(trimmed, -1000, 1000);
    case 'flag':
      return /^[01]$/.test(trimmed) ? text(trimmed) : problem('1 freezes, 0 thaws.');
    case 'freezer':
      return /^(?:FROZEN|THAWED)$/.test(trimmed) ? text(trimmed) : problem('FROZEN or THAWED.');
    case 'switch':
      return /^[01]$/.test(trimmed) ? text(trimmed) : problem('1 for on, 0 for off.');
    case 'period':
      return whole(trimmed, LEAST_MICROS, LONGEST_PERIOD_MICROS);
    case 'ranges':
      return ranges(trimmed, file.version);
    case 'default-weight': {
      const weight = whole(trimmed.replace(/^default\s+/, ''), 1, 10_000);
      return weight.ok ? text(`default ${weight.text}`) : weight;
    }
    case 'disk-weight':
      return whole(trimmed, 1, 1000);
    case 'io-max':
    case 'bps':
    case 'iops':
      return deviceText(trimmed, unit, file.form);
    case 'cpus': {
      const cpus = /^\d{1,5}(?:\.\d{1,9})?(?:\s*(?:%|cpus?))?$/i.test(trimmed)
        ? parseFloat(trimmed) / (trimmed.endsWith('%') ? 100 : 1)
        : NaN;
      return cpus >= 0.01 ? text(String(Number(cpus.toFixed(9)))) : problem('A number of CPUs from 0.01, or a percentage of one.'); // prettier-ignore
    }
    case 'restart':
      return RESTART.test(trimmed) ? text(trimmed) : problem('no, on-failure, on-failure:TIMES, always or unless-stopped.'); // prettier-ignore
  }
};

/**
 * What the file will read once the kernel has taken `written`: memory is counted in whole pages; mm/page_counter.c. `now`:
 * what it reads before, of which a device's line is a part.
 */
export const readBackOf = (file: ChangeFile, written: string, pageBytes: number, now = ''): string => {
  if (isOfDevice(file.form)) return deviceReadBack(now, written);
  if (file.form === 'default-weight') {
    return now.includes('\n') ? now.replace(/^default \d+$/m, written) : written;
  }
  if (file.form !== 'bytes') return written;
  const page = BigInt(pageBytes);
  const most = (2n ** 63n - 1n) / page;
  const pages = written === 'max' || written === '-1' ? most : BigInt(written) / page;
  return pages >= most ? (file.version === 1 ? String(most * page) : 'max') : String(pages * page);
};

/** True if both say the same of this file: a freezer of v1 may still be on its way. */
export const sameReading = (file: ChangeFile, a: string, b: string): boolean =>
  a === b ||
  (isOfDevice(file.form) && sameDevices(a, b)) ||
  (file.form === 'freezer' && a.replace('FREEZING', 'FROZEN') === b.replace('FREEZING', 'FROZEN'));

/** The text that brings a former reading back; `written`: what was put in its place. */
export const textToRestore = (file: ChangeFile, reading: string, written = ''): string => {
  if (isOfDevice(file.form)) return deviceRestore(reading, written);
  if (file.form === 'default-weight') return /^default \d+$/m.exec(reading)?.[0] ?? reading;
  return file.form === 'freezer' && reading === 'FREEZING' ? 'FROZEN' : reading;
};
