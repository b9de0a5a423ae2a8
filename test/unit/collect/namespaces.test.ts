import { beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import type { NamespaceFact, NamespaceId } from '../../../shared/model.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { put, tree } from './tree.ts';

let kernel: CapturedKernel;
let collector: Collector;
let asked: NamespaceId[];
beforeEach(() => {
  kernel = tree('unshared');
  collector = new Collector(kernel);
  asked = [];
  const ask = kernel.askNamespace.bind(kernel);
  kernel.askNamespace = (path, id, known) => {
    asked.push(id);
    return ask(path, id, known);
  };
});
const facts = (): readonly NamespaceFact[] => collector.collect([], []).namespaces;
const fact = (id: NamespaceId) => facts().find((found) => found.id === id);

describe('bind mounts', () => {
  const MOUNT = (at: string, id: string) => `9 1 0:4 ${id} ${at} rw - nsfs nsfs rw\n`;
  const ROOT = '1 0 8:1 / / rw - ext4 x rw\n';
  const nobody: NamespaceId = 'mnt:[800]';
  /** A process that keeps a mount namespace open that nobody is in. */
  const holder = (): void => {
    put(kernel, 301, { ran: 1 });
    kernel.symlink('/proc/301/fd/7', nobody);
  };

  it('are found in a mount namespace that only a thread is in, as that thread sees them', () => {
    put(kernel, 900, { threads: 2 });
    kernel.symlink('/proc/900/task/901/ns/mnt', 'mnt:[777]');
    kernel.write('/proc/901/mountinfo', ROOT + MOUNT('/x', 'uts:[70]'));
    expect(fact('uts:[70]')?.binds).toEqual([{ path: '/x', pid: 901 }]);
  });

  it('are read of a member that sees them all, where the first has another root', () => {
    for (const pid of [901, 902]) {
      put(kernel, pid);
      kernel.symlink(`/proc/${pid}/ns/mnt`, 'mnt:[777]');
      kernel.symlink(`/proc/${pid}/root`, pid === 901 ? '/jail' : '/');
      kernel.write(`/proc/${pid}/mountinfo`, pid === 901 ? ROOT : ROOT + MOUNT('/x', 'uts:[70]'));
    }
    expect(fact('uts:[70]')?.binds).toEqual([{ path: '/x', pid: 902 }]);
  });

  it('are found in a mount namespace that nobody is in, by a child that is sent there once a minute at most', () => {
    holder();
    kernel.tables.set(nobody, ROOT + MOUNT('/x', 'uts:[70]'));
    expect(fact('uts:[70]')).toMatchObject({ binds: [{ path: '/x', pid: null, mnt: nobody }], owner: 'unknown' });
    for (let i = 0; i < 12; i++) {
      collector.lookAnew();
      expect(fact('uts:[70]')).toBeDefined();
    }
    expect(kernel.tablesAsked).toBe(1);
    kernel.close('/proc/301/fd/7', 'absent');
    kernel.write('/proc/301/schedstat', '999999 0 1\n');
    collector.lookAnew();
    expect(fact('uts:[70]')).toBeUndefined();
  });

  it('send no child anywhere where there is no such namespace', () => {
    facts();
    expect(kernel.tablesAsked).toBe(0);
  });
});

describe('the namespaces of a machine', () => {
  it('come by type in the order of the app, then by inode', () => {
    expect(facts().map(({ id }) => id)).toEqual([
      'mnt:[4026531832]',
      'mnt:[4026532178]',
      'uts:[4026531838]',
      'ipc:[4026531839]',
      'net:[4026531833]',
      'net:[4026532180]',
      'pid:[4026531836]',
      'pid:[4026532179]',
      'user:[4026531837]',
      'user:[4026532177]',
      'cgroup:[4026531835]',
      'time:[4026531834]',
    ]);
  });

  it('say what the kernel answers, and unknown where it was not to be asked', () => {
    expect(fact('net:[4026531833]')).toMatchObject({ owner: 'user:[4026531837]', parent: 'none' });
    expect(fact('user:[4026531837]')).toMatchObject({ owner: 'none', parent: 'none', ownerUid: 0 });
    expect(fact('net:[4026532180]')).toMatchObject({ owner: 'unknown', parent: 'unknown', ownerUid: null });
  });

  it('include those that are only an owner or a parent', () => {
    kernel.answer({ id: 'user:[4026532177]', owner: 'user:[50]', parent: 'user:[50]', ownerUid: 1000 });
    kernel.answer({ id: 'user:[50]', owner: 'user:[4026531837]', parent: 'user:[4026531837]', ownerUid: 1001 });
    expect(fact('user:[50]')).toEqual({
      id: 'user:[50]',
      type: 'user',
      inode: 50,
      owner: 'user:[4026531837]',
      parent: 'user:[4026531837]',
      ownerUid: 1001,
      binds: [],
      fds: [],
    });
    // Found again, look after look, though nothing is asked any more.
    for (let i = 0; i < 30; i++) expect(fact('user:[50]')).toBeDefined();
  });

  it('include those that only a path or an open file holds', () => {
    kernel.write('/proc/2/mountinfo', '71 36 0:4 net:[60] /run/netns/my\\040net rw - nsfs nsfs rw\n');
    kernel.symlink('/proc/301/fd/7', 'uts:[70]');
    expect(fact('net:[60]')?.binds).toEqual([{ path: '/run/netns/my net', pid: 2 }]);
    expect(fact('uts:[70]')?.fds).toEqual([{ pid: 301, fd: 7 }]);
  });

  it('lose what holds them within ten looks', () => {
    kernel.symlink('/proc/301/fd/7', 'uts:[70]');
    expect(fact('uts:[70]')).toBeDefined();
    kernel.remove('/proc/301/fd/7');
    // To close it, it had to run.
    kernel.write('/proc/301/schedstat', '999999999 0 99\n');
    for (let i = 0; i < 10; i++) facts();
    expect(fact('uts:[70]')).toBeUndefined();
  });

  it('are asked about once, as long as the same process holds them', () => {
    facts();
    // Where no answer came, it may have been because the first that led there ended just then.
    const answered = asked.filter(
      (id) => collector.world?.namespaces.find((one) => one.id === id)?.owner !== 'unknown',
    );
    expect(answered.length).toBeGreaterThan(1);
    expect(new Set(answered).size).toBe(answered.length);
    for (let i = 0; i < 5; i++) facts();
    asked.length = 0;
    for (let i = 0; i < 30; i++) facts();
    // Those the kernel gave no answer about are tried again.
    expect(asked.filter((id) => id === 'net:[4026531833]' || id === 'user:[4026531837]')).toEqual([]);
  });

  it('are asked about anew when their number passes to others, for the kernel uses numbers again', () => {
    put(kernel, 900, { net: '80' });
    kernel.answer({ id: 'net:[80]', owner: 'user:[4026531837]', parent: 'none', ownerUid: null });
    expect(fact('net:[80]')?.owner).toBe('user:[4026531837]');
    kernel.remove('/proc/900');
    put(kernel, 901, { net: '80' });
    kernel.answer({ id: 'net:[80]', owner: 'user:[4026532177]', parent: 'none', ownerUid: null });
    expect(fact('net:[80]')?.owner).toBe('user:[4026532177]');
  });
});
