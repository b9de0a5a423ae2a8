/** Each number in a file of a cgroup that holds several, with its unit and what it counts. */
import type { CgroupUnit, CgroupVersion } from './cgroup-file.ts';
import { cgroupFile } from './cgroup-files.ts';
import { cgroupKey, hasKeys, type CgroupKeyInfo } from './cgroup-keys.ts';
import type { CgroupEntry, CgroupValue, KernelNumber } from './cgroup-model.ts';

export interface CgroupNumber {
  /** The row it stands in: a device, a node; `null` where a file has no rows. */
  readonly row: string | null;
  readonly key: string;
  readonly value: KernelNumber | 'max';
  readonly unit: CgroupUnit | null;
  /** Half a sentence; `null` where nothing is known, or where the name says it all. */
  readonly meaning: string | null;
}

/** What memory.numa_stat of v2 counts is told by its rows, which are those of memory.stat; its keys are the nodes. */
const ofNode = (row: string, key: string): CgroupKeyInfo => {
  const known = cgroupKey('memory.stat', 2, row);
  const node = /^N(\d+)$/.exec(key)?.[1];
  const meaning = known?.meaning == null || node === undefined ? null : `${known.meaning}, on node ${node}`;
  return { unit: known?.unit ?? null, meaning };
};

const infoOf = (file: string, version: CgroupVersion, row: string | null, key: string): CgroupKeyInfo => {
  if (version === 2 && file === 'memory.numa_stat' && row !== null) return ofNode(row, key);
  const known = cgroupKey(file, version, key);
  if (known !== null) return known;
  // A file with names for its numbers may count several things: one that is not known is shown as it is.
  return { unit: hasKeys(file, version) ? null : (cgroupFile(file, version)?.unit ?? null), meaning: null };
};

/** In the order of the file; `[]` for a file of another form. */
export const numbersIn = (file: string, version: CgroupVersion, value: CgroupValue): CgroupNumber[] => {
  const number = (row: string | null, [key, of]: CgroupEntry): CgroupNumber => ({
    row,
    key,
    value: of,
    ...infoOf(file, version, row, key),
  });
  if (value.kind === 'flat') return value.entries.map((entry) => number(null, entry));
  if (value.kind !== 'nested') return [];
  return value.rows.flatMap(({ key, entries }) => entries.map((entry) => number(key === '' ? null : key, entry)));
};
