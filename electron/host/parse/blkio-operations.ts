import type { CgroupEntry } from '../../../shared/cgroup-model.ts';
import { FormatError } from './format-error.ts';
import type { NestedRow } from './cgroup-nested.ts';
import { kernelNumber, linesOf } from './kernel-number.ts';

const DEVICE = /^\d+:\d+$/;

/**
 * `MAJ:MIN Read 4096` lines and a `Total 4096` of all devices at the end; Documentation/admin-guide/cgroup-v1/
 * blkio-controller.rst. One row a device; the end is a row with an empty key.
 */
export const parseOperations = (text: string, file: string): NestedRow[] => {
  const rows = new Map<string, CgroupEntry[]>();
  for (const line of linesOf(text)) {
    const words = line.trim().split(/ +/);
    const device = words.length === 3 ? (words[0] as string) : '';
    const [operation, value] = words.slice(-2);
    if (words.length < 2 || words.length > 3 || operation === undefined || value === undefined)
      throw new FormatError(file, line);
    if (device !== '' && !DEVICE.test(device)) throw new FormatError(file, line);
    const row = rows.get(device) ?? [];
    rows.set(device, row);
    row.push([operation, kernelNumber(value, file)]);
  }
  return [...rows].map(([key, entries]) => ({ key, entries }));
};
