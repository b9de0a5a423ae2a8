import { beforeEach, describe, expect, it } from 'vitest';
import { readMachineThreads } from '../../../electron/host/collect/machine-threads.ts';
import { readAccount } from '../../../electron/host/collect/account.ts';
import type { ProcessKey } from '../../../shared/model.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';
import { aProcess } from '../shared/world.ts';
import { put } from './tree.ts';

const KEY: ProcessKey = '7@100';
let kernel: CapturedKernel;
beforeEach(() => {
  kernel = new CapturedKernel();
  put(kernel, 7);
  for (const tid of [7, 8, 9]) thread(tid);
});

const thread = (tid: number, cgroup = '0::/\n'): void => {
  for (const file of ['stat', 'status']) kernel.write(`/proc/7/task/${tid}/${file}`, text(`/proc/7/${file}`).replace(/^7 /, `${tid} `)); // prettier-ignore
  kernel.write(`/proc/7/task/${tid}/wchan`, '0');
  kernel.write(`/proc/7/task/${tid}/cgroup`, cgroup);
};
const text = (path: string): string => {
  const reading = kernel.text(path);
  if (!reading.ok) throw new Error(reading.call);
  return reading.value;
};
/** Once `path` is about to be read. */
const when = (path: string, happens: () => void): void => {
  kernel.before = (read) => {
    if (read !== path) return;
    kernel.before = () => {};
    happens();
  };
};
const threads = () => readAccount(kernel, KEY, 'threads').threads;
const tids = (): readonly number[] => {
  const reading = threads();
  return reading.ok ? reading.value.map(({ tid }) => tid) : [];
};

describe('the account of a process', () => {
  it('that ends meanwhile is not told as far as it was read', () => {
    when('/proc/7/task/8/stat', () => kernel.remove('/proc/7'));
    expect(() => threads()).toThrow('process 7 has ended');
  });

  it('that becomes defunct meanwhile is not told as one with nothing open', () => {
    when('/proc/7/task/8/stat', () => put(kernel, 7, { state: 'Z' }));
    expect(() => threads()).toThrow('process 7 has ended');
  });

  it('that was defunct before is told', () => {
    put(kernel, 7, { state: 'Z' });
    expect(tids()).toEqual([7, 8, 9]);
  });

  it('leaves out a thread that ends meanwhile', () => {
    when('/proc/7/task/8/stat', () => kernel.remove('/proc/7/task/8'));
    expect(tids()).toEqual([7, 9]);
  });

  it('says that threads may not be read, instead of leaving them out', () => {
    kernel.close('/proc/7/task/8/stat', 'denied');
    expect(threads()).toMatchObject({ ok: false, why: 'denied', call: 'open("/proc/7/task/8/stat")' });
  });

  it('names the cgroups in which a thread is by itself', () => {
    kernel.write('/proc/7/cgroup', '2:cpu,cpuacct:/a\n0::/b\n');
    thread(8, '2:cpu,cpuacct:/a/x:y\n0::/b\n');
    thread(9, '2:cpu,cpuacct:/a\n0::/b/threads\n');
    thread(7, '2:cpu,cpuacct:/a\n0::/b\n');
    const reading = threads();
    expect(reading.ok && reading.value.map(({ otherCgroups }) => otherCgroups)).toEqual([
      [],
      ['cpu,cpuacct:/a/x:y'],
      ['/b/threads'],
    ]);
  });

  it('gives the threads of the machine their inner numbers, and asks only those that may have one', () => {
    kernel.write('/proc/7/task/8/status', text('/proc/7/status').replace('NSpid:\t7', 'NSpid:\t8\t2'));
    const told = (nspid: readonly number[]) => {
      kernel.reads.length = 0;
      const { processes } = readMachineThreads(kernel, [{ ...aProcess({ pid: 7, threads: 3, nspid }), key: KEY }]);
      return processes[0]?.threads.map(({ tid, innerTid }) => [tid, innerTid]);
    };
    expect(told([7, 1])).toEqual([
      [8, 2],
      [9, 7],
    ]);
    expect(told([7])).toEqual([
      [8, null],
      [9, null],
    ]);
    expect(kernel.reads.filter((path) => /task\/\d\/status$/.test(path))).toEqual([]);
  });

  it('takes what is below /dev for a device only where it is one', () => {
    const targets = {
      3: '/dev/null',
      4: '/dev/shm/sem.x',
      5: '/dev/mqueue/q',
      6: '/dmabuf:',
      7: '/dev/pts/0',
      8: '/dev/shm',
    };
    for (const [fd, target] of Object.entries(targets)) kernel.symlink(`/proc/7/fd/${fd}`, target);
    const { files } = readAccount(kernel, KEY, 'files');
    expect(files.ok && files.value.map(({ fd, kind }) => [fd, kind]).filter(([fd]) => fd !== 0)).toEqual([
      [3, 'device'],
      [4, 'file'],
      [5, 'mqueue'],
      [6, 'dmabuf'],
      [7, 'device'],
      [8, 'file'],
    ]);
  });

  it('knows sockets of every table, and leaves what is in none without a word', () => {
    const head = 'sk Eth Pid Groups Rmem Wmem Dump Locks Drops Inode\n';
    kernel.write('/proc/7/net/netlink', `${head}00000000d09e0c33 0   0 00000000 0 0 0 2 0 11\n`);
    kernel.write('/proc/7/net/packet', `${head}00000000d09e0c33 3 3 0003 2 1 0 0 12\n`);
    const raw = '   1: 0100007F:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 13 2 0 0\n';
    kernel.write('/proc/7/net/raw', `${head}${raw}`);
    for (const inode of [11, 12, 13, 14]) {
      kernel.symlink(`/proc/7/fd/${inode}`, `socket:[${inode}]`);
      kernel.write(`/proc/7/fdinfo/${inode}`, 'pos:\t0\nflags:\t02\nmnt_id:\t9\n');
    }
    kernel.remove('/proc/7/fd/0');
    const { files } = readAccount(kernel, KEY, 'files');
    expect(files.ok && files.value.map(({ socket }) => socket)).toEqual([
      { protocol: 'netlink', local: 'route', remote: null, state: null },
      { protocol: 'packet', local: 'ETH_P_ALL', remote: null, state: null },
      { protocol: 'raw', local: '127.0.0.1:1', remote: null, state: null },
      null,
    ]);
  });
});
