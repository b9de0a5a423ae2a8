/** The whole disks of this machine: the kernel limits no partition by itself (ENODEV; block/blk-cgroup.c). */
import { readdir, readFile } from 'node:fs/promises';
import type { BlockDevice } from '../../../shared/change.ts';

/** Of /proc/partitions: major, minor, KiB, name; man 5 proc_partitions. `disks`: the names in /sys/block. */
export const parseBlockDevices = (partitions: string, disks: ReadonlySet<string>): BlockDevice[] =>
  partitions.split('\n').flatMap((line): BlockDevice[] => {
    const [, major, minor, kibibytes, name = ''] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)$/.exec(line) ?? [];
    return disks.has(name) ? [{ id: `${major}:${minor}`, name, bytes: Number(kibibytes) * 1024 }] : [];
  });

/** `[]` where they cannot be told: a device may still be typed. */
export const blockDevices = async (): Promise<readonly BlockDevice[]> => {
  try {
    const [partitions, disks] = await Promise.all([readFile('/proc/partitions', 'latin1'), readdir('/sys/block')]);
    // sysfs writes a slash in a name as an exclamation mark; drivers/base/core.c.
    return parseBlockDevices(partitions, new Set(disks.map((name) => name.replaceAll('!', '/'))));
  } catch {
    return [];
  }
};
