import { FormatError } from './format-error.ts';
import type { NestedRow } from './cgroup-nested.ts';
import { kernelNumber, linesOf } from './kernel-number.ts';

/** cpuacct.usage_all: `cpu user system`, then a row for each CPU; cpuacct_all_seq_show() in kernel/sched/cpuacct.c. */
export const parseColumns = (text: string, file: string): NestedRow[] => {
  const [head = '', ...lines] = linesOf(text);
  const names = head.trim().split(/ +/).slice(1);
  if (names.length === 0 || isNumber(names[0] as string)) throw new FormatError(file, head);
  return lines.map((line) => {
    const [key = '', ...values] = line.trim().split(/ +/);
    if (values.length !== names.length) throw new FormatError(file, line);
    return { key, entries: names.map((name, i) => [name, kernelNumber(values[i] as string, file)] as const) };
  });
};

const isNumber = (text: string): boolean => /^\d+$/.test(text);
