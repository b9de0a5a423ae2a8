/** What is limited and counted of a disk: the guest's own, an empty image, which nobody else uses. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readCgroupDetail } from '../../electron/host/collect/cgroup-detail.ts';
import { readContainerUse } from '../../electron/host/collect/container-use.ts';
import type { Kernel } from '../../electron/host/read/kernel.ts';
import type { HostInfo } from '../../shared/model.ts';
import type { Changed, OnDisk } from './report.ts';
import { cgroup, idOf, plain, until, V2 } from './stage.ts';

const DISK = 'nvme0n1';
const BLOCK = 64 * 1024;
const BLOCKS = 16;

/** In this cgroup, past the page cache, so that each byte is asked of the disk on its account. */
const transfer = (folder: string, direction: 'read' | 'write', from: number): void => {
  const what =
    direction === 'read'
      ? `if=/dev/${DISK} of=/dev/null skip=${from} iflag=direct`
      : `if=/dev/zero of=/dev/${DISK} seek=${from} oflag=direct`;
  const program = `echo 0 > "$0/cgroup.procs"; exec dd ${what} bs=${BLOCK} count=${BLOCKS}`;
  execFileSync('sh', ['-c', program, folder], { stdio: 'ignore' });
};

/** `applied`: writes a limit, reads back, undoes it. `set`: writes it and leaves it. */
export const onDisk = async (
  kernel: Kernel,
  host: HostInfo,
  change: { applied(path: string, typed: string): Promise<Changed>; set(path: string, typed: string): Promise<void> },
): Promise<OnDisk> => {
  // The controller comes only now: the trees of before know no io files.
  for (const above of ['', '/lone']) writeFileSync(`${V2}${above}/cgroup.subtree_control`, '+io');
  const id = idOf('disk');
  const path = `/lone/docker-${id}.scope`;
  const folder = cgroup(path);
  const pid = plain('disk', folder);
  const device = until('the disk is found', () => readFileSync(`/sys/block/${DISK}/dev`, 'utf8').trim());
  transfer(folder, 'write', 0);
  transfer(folder, 'read', 0);
  const use = readContainerUse(kernel, { id, pid }, host);
  const changed = await change.applied(`${folder}/io.max`, `${device} rbps=1 MiB wiops=20`);
  await change.set(`${folder}/io.max`, `${device} rbps=${(BLOCK * BLOCKS) / 2}`);
  const detail = readCgroupDetail(kernel, path, host);
  const began = process.hrtime.bigint();
  transfer(folder, 'read', BLOCKS);
  const millis = Number(process.hrtime.bigint() - began) / 1e6;
  return { device, bytes: BLOCK * BLOCKS, use, changed, detail, millis };
};
