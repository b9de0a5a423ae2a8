/** The kernel's own list of namespaces: what of it this kernel has. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { listNamespaces, loadCalls, namespaceById, nsfsHandle } from '../../electron/host/read/listns.ts';

const NEWNET = 0x40000000;
const FD_NSFS_ROOT = -10003;
/** _IOR(0xb7, 13, __u64), Linux 6.18 */
const NS_GET_ID = 0x8008b70d;

/** The number of this network namespace; `null` before 6.18. */
const ownNumber = (): bigint | null => {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const ioctl = koffi.load(null).func('int ioctl(int, unsigned long, void *)') as (...args: unknown[]) => number;
  const fd = fs.openSync('/proc/self/ns/net', 'r');
  const id = new BigUint64Array(1);
  try {
    return ioctl(fd, NS_GET_ID, id) === 0 ? id[0]! : null;
  } finally {
    fs.closeSync(fd);
  }
};
const number = ownNumber();
const listed = listNamespaces();

describe.skipIf(number === null)(
  `file handles of namespaces${number === null ? ' (cannot run: this kernel is older than 6.18)' : ''}`,
  () => {
    it('lead to the namespace that they name, by the very bytes that we write', () => {
      const calls = loadCalls()!;
      const { ino } = fs.statSync('/proc/self/ns/net');
      const fd = calls.openByHandle(FD_NSFS_ROOT, nsfsHandle(number!, NEWNET, ino), fs.constants.O_RDONLY);
      expect(fd).toBeGreaterThan(0);
      expect(calls.target(fd)).toBe(fs.readlinkSync('/proc/self/ns/net'));
      calls.close(fd);
    });
  },
);

describe.skipIf(listed === null)(`listns${listed === null ? ' (cannot run: this kernel has none)' : ''}`, () => {
  it('names every namespace that a process is in', () => {
    const kernel = new LinuxKernel();
    const named = new Set(listNamespaces()!.map((id) => namespaceById(id)));
    for (const type of ['mnt', 'net', 'pid', 'user', 'uts', 'ipc', 'cgroup'])
      expect(named).toContain(fs.readlinkSync(`/proc/self/ns/${type}`));
    expect(new Collector(kernel).collect([], []).namespaces.length).toBeGreaterThan(6);
  });
});
