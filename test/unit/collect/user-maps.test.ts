import { beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { put, tree } from './tree.ts';

let kernel: CapturedKernel;
let collector: Collector;
beforeEach(() => {
  kernel = tree('unshared');
  collector = new Collector(kernel);
});
const inUser = (pid: number, inode: number, starttime = 100) => {
  put(kernel, pid, { starttime, ran: starttime });
  kernel.symlink(`/proc/${pid}/ns/user`, `user:[${inode}]`);
};
const map = (pid: number, outside: number) => {
  kernel.write(`/proc/${pid}/uid_map`, `         0 ${outside}          1\n`);
  kernel.write(`/proc/${pid}/gid_map`, `         0 ${outside}          1\n`);
};
const factOf = (inode: number) => collector.collect([], []).namespaces.find((fact) => fact.inode === inode);
const mapsRead = () => kernel.reads.filter((path) => /\/[ug]id_map$/.test(path)).sort();

describe('the maps of user namespaces', () => {
  it('are read once for each namespace, whoever is in it, and not again once written', () => {
    inUser(900, 77);
    inUser(901, 77);
    map(900, 5000);
    kernel.reads.length = 0;
    const before = collector.collect([], []);
    expect(before.namespaces.find(({ inode }) => inode === 77)).toMatchObject({
      uidMap: [{ inside: 0, outside: 5000, count: 1 }],
      gidMap: [{ inside: 0, outside: 5000, count: 1 }],
    });
    expect(mapsRead().filter((path) => /\/90\d\//.test(path))).toEqual(['/proc/900/gid_map', '/proc/900/uid_map']);
    kernel.reads.length = 0;
    expect(collector.collect([], []).namespaces).toBe(before.namespaces);
    expect(mapsRead().filter((path) => /\/90\d\//.test(path))).toEqual([]);
  });

  it('are met when they are written later', () => {
    inUser(900, 77);
    kernel.write('/proc/900/uid_map', '');
    kernel.write('/proc/900/gid_map', '');
    expect(factOf(77)).toMatchObject({ uidMap: [], gidMap: [] });
    map(900, 5000);
    expect(factOf(77)?.uidMap).toEqual([{ inside: 0, outside: 5000, count: 1 }]);
  });

  it('are left out where nobody could be asked, and not those of who had the number before', () => {
    inUser(900, 77);
    map(900, 5000);
    expect(factOf(77)?.uidMap).toHaveLength(1);
    inUser(900, 77, 200);
    kernel.close('/proc/900/uid_map', 'denied');
    const fact = factOf(77);
    expect(fact).toBeDefined();
    expect(fact).not.toHaveProperty('uidMap');
  });
});
