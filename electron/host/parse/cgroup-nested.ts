import type { CgroupEntry } from '../../../shared/cgroup-model.ts';
import { FormatError } from './format-error.ts';
import { isKernelNumber, kernelNumber, linesOf } from './kernel-number.ts';

export interface NestedRow {
  readonly key: string;
  readonly entries: readonly CgroupEntry[];
}

/** cost.vrate of io.stat: percent with two decimals. block/blk-iocost.c. */
const DECIMALS = /^\d{1,12}\.\d\d$/;

/** `NAME=NUMBER`; null if the name is not `known` and what it holds is no number. */
const entry = (word: string, file: string, known: (name: string) => boolean): CgroupEntry | null => {
  const at = word.indexOf('=');
  if (at <= 0) throw new FormatError(file, word);
  const name = word.slice(0, at);
  const value = word.slice(at + 1);
  if (value === 'max') return [name, 'max'];
  if (isKernelNumber(value)) return [name, kernelNumber(value, file)];
  if (!known(name)) return null;
  if (DECIMALS.test(value)) return [name, Number(value)];
  throw new FormatError(file, word);
};

const entriesOf = (words: readonly string[], file: string, known: (name: string) => boolean): CgroupEntry[] =>
  words.flatMap((word) => {
    const found = entry(word, file, known);
    return found === null ? [] : [found];
  });

const wordsOf = (line: string): string[] => line.split(' ').filter((word) => word !== '');

/** `KEY NAME=NUMBER …` lines, as in io.stat, io.max, rdma.max; cgroup-v2.rst "Nested keyed". See parseFlat for `known`. */
export const parseNested = (text: string, file: string, known: (name: string) => boolean = () => true): NestedRow[] =>
  linesOf(text).map((line) => {
    const [key = '', ...words] = wordsOf(line);
    if (key.includes('=')) throw new FormatError(file, line);
    return { key, entries: entriesOf(words, file, known) };
  });

/** `NAME=PAGES N0=PAGES …` lines: memory.numa_stat of v1 (mm/memcontrol-v1.c) and hugetlb's. */
export const parseNuma = (text: string, file: string): NestedRow[] =>
  linesOf(text).map((line) => {
    const entries = entriesOf(wordsOf(line), file, () => true);
    return { key: entries[0]?.[0] ?? '', entries };
  });
