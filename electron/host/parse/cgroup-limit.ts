/** Files with one limit. */
import type { CgroupValue, KernelNumber } from '../../../shared/cgroup-model.ts';
import { FormatError } from './format-error.ts';
import { kernelNumber, kernelNumberOrMax, onlyLine } from './kernel-number.ts';

type LimitValue = Extract<CgroupValue, { kind: 'limit' }>;
type Bandwidth = Extract<CgroupValue, { kind: 'bandwidth' }>;

const limit = (value: KernelNumber | 'max'): LimitValue => ({ kind: 'limit', limit: value });

export const parseLimit = (text: string, file: string): LimitValue =>
  limit(kernelNumberOrMax(onlyLine(text, file), file));

const LONG_MAX = 2n ** 63n - 1n;
const UNIT = { K: 10n, M: 20n, G: 30n } as const;

/** In what steps this file counts: pages, or the huge pages that stand in its name. */
const stepOf = (file: string, pageBytes: number): bigint => {
  const [, size, unit] = /^hugetlb\.(\d{1,6})([KMG])B\./.exec(file) ?? [];
  return size === undefined || BigInt(size) === 0n
    ? BigInt(pageBytes)
    : BigInt(size) << UNIT[unit as keyof typeof UNIT];
};

/** Without a limit, v1 reads LONG_MAX rounded down to whole pages; mm/page_counter.c, mm/hugetlb_cgroup.c. */
export const parseV1MemoryLimit = (text: string, file: string, pageBytes: number): LimitValue => {
  const value = kernelNumber(onlyLine(text, file), file);
  const step = stepOf(file, pageBytes);
  return limit(BigInt(value) >= (LONG_MAX / step) * step ? 'max' : value);
};

/** −1 is none; Documentation/scheduler/sched-bwc.rst. */
export const parseV1Quota = (text: string, file: string): LimitValue => {
  const value = kernelNumber(onlyLine(text, file), file);
  return limit(BigInt(value) < 0n ? 'max' : value);
};

/** `QUOTA PERIOD`, both µs, the first may be `max`; cgroup-v2.rst cpu.max. */
export const parseBandwidth = (text: string, file: string): Bandwidth => {
  const [quota, period, ...more] = onlyLine(text, file).split(' ');
  if (quota === undefined || period === undefined || more.length > 0) throw new FormatError(file, text);
  return { kind: 'bandwidth', quota: kernelNumberOrMax(quota, file), period: kernelNumber(period, file) };
};
