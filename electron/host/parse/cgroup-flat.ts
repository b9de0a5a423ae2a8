import type { CgroupEntry } from '../../../shared/cgroup-model.ts';
import { FormatError } from './format-error.ts';
import { isKernelNumber, kernelNumber, linesOf } from './kernel-number.ts';

/**
 * `KEY VALUE` lines, as in memory.stat, cpu.stat, memory.events, io.weight; Documentation/admin-guide/cgroup-v2.rst
 * "Flat keyed". A key that is not `known` and has no number is of a kernel newer than we are, and left out.
 */
export const parseFlat = (text: string, file: string, known: (key: string) => boolean = () => true): CgroupEntry[] =>
  linesOf(text).flatMap((line): CgroupEntry[] => {
    const words = line.trim();
    const at = words.lastIndexOf(' ');
    const key = words.slice(0, Math.max(at, 0)).trimEnd();
    const value = words.slice(at + 1);
    if (key !== '' && value === 'max') return [[key, 'max']];
    if (key !== '' && isKernelNumber(value)) return [[key, kernelNumber(value, file)]];
    if (key !== '' && !known(key)) return [];
    throw new FormatError(file, line);
  });
