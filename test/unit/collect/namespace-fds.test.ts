import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import type { OpenSocket } from '../../../electron/host/read/socket-namespace.ts';
import type { NamespaceId } from '../../../shared/model.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { put, READ, tree } from './tree.ts';

let together = false;
let kernel: CapturedKernel;
let collector: Collector;
let asked: OpenSocket[];
beforeEach(() => {
  kernel = tree('unshared');
  kernel.together = together;
  collector = new Collector(kernel);
  asked = [];
  const ask = kernel.socketNamespaces.bind(kernel);
  kernel.socketNamespaces = (pid, sockets) => {
    asked.push(...sockets);
    return ask(pid, sockets);
  };
});
const fact = (id: NamespaceId) => collector.collect([], []).namespaces.find((found) => found.id === id);
const socket = (pid: number, fd: number, inode: number, net: string): void => {
  kernel.symlink(`/proc/${pid}/fd/${fd}`, `socket:[${inode}]`);
  kernel.symlink(`/proc/${pid}/fd/${fd}/net`, net);
};

describe.each(READ)('processes that are read %s', (_, how) => {
  beforeAll(() => (together = how));

  describe('sockets that hold a network namespace', () => {
    it('are told of where they are not in their own process’s', () => {
      socket(301, 7, 900, 'net:[60]');
      socket(301, 8, 901, 'net:[4026531833]');
      expect(fact('net:[60]')).toMatchObject({ fds: [], sockets: [{ pid: 301, fd: 7 }] });
      expect(fact('net:[4026531833]')?.sockets).toBeUndefined();
    });

    it('are each asked once, and let go of with their process', () => {
      socket(301, 7, 900, 'net:[60]');
      for (let i = 0; i < 12; i++) {
        put(kernel, 301, { ran: i + 1, starttime: 100 });
        collector.lookAnew();
        expect(fact('net:[60]')).toBeDefined();
      }
      expect(asked).toEqual([{ fd: 7, inode: 900 }]);
      kernel.remove('/proc/301');
      expect(fact('net:[60]')).toBeUndefined();
    });

    it('are asked by and by where one process has very many', () => {
      for (let fd = 0; fd < 1200; fd++) socket(301, fd, 5000 + fd, fd === 1199 ? 'net:[60]' : 'net:[4026531833]');
      expect(fact('net:[60]')).toBeUndefined();
      const first = asked.length;
      expect(first).toBeLessThan(1200);
      for (let i = 0; i < 4; i++) {
        collector.lookAnew();
        collector.collect([], []);
      }
      expect(new Set(asked.map(({ fd }) => fd)).size).toBe(1200);
      expect(asked.length).toBe(1200);
      expect(fact('net:[60]')?.sockets).toEqual([{ pid: 301, fd: 1199 }]);
    });
  });

  describe('threads', () => {
    it('hold on to what their process had open, though its first thread ended', () => {
      put(kernel, 301, { state: 'Z', threads: 2 });
      for (const link of ['net', 'mnt']) kernel.close(`/proc/301/ns/${link}`, 'absent');
      const at = '/proc/301/task/302';
      kernel.symlink(`${at}/ns/net`, 'net:[4]');
      kernel.symlink(`${at}/fd/7`, 'uts:[70]');
      for (const [fd, net] of [
        [8, 'net:[60]'],
        [9, 'net:[4]'],
      ] as const) {
        // prettier-ignore
        kernel.symlink(`${at}/fd/${fd}`, `socket:[${900 + fd}]`);
        kernel.symlink(`${at}/fd/${fd}/net`, net);
      }
      expect(fact('uts:[70]')?.fds).toEqual([{ pid: 301, tid: 302, fd: 7 }]);
      expect(fact('net:[60]')?.sockets).toEqual([{ pid: 301, tid: 302, fd: 8 }]);
      expect(fact('net:[4]')?.sockets).toBeUndefined();
    });

    it('may have open files of their own', () => {
      put(kernel, 301, { threads: 3 });
      kernel.symlink('/proc/301/fd/7', 'uts:[70]');
      for (const tid of [302, 303]) kernel.symlink(`/proc/301/task/${tid}/fd/7`, `uts:[${tid}]`);
      kernel.ownFiles = [303];
      expect(fact('uts:[70]')?.fds).toEqual([{ pid: 301, fd: 7 }]);
      expect(fact('uts:[303]')?.fds).toEqual([{ pid: 301, tid: 303, fd: 7 }]);
      expect(fact('uts:[302]')).toBeUndefined();
    });
  });

  describe('what holds a namespace that somebody looks at', () => {
    it('does not wait for its turn', () => {
      collector.collect([], []);
      kernel.symlink('/proc/301/fd/7', 'uts:[70]');
      kernel.write('/proc/301/schedstat', '999999 0 1\n');
      collector.lookAnew();
      expect(fact('uts:[70]')?.fds).toEqual([{ pid: 301, fd: 7 }]);
    });
  });

  describe('a namespace whose first member ends while it is asked about', () => {
    const id = 'user:[4026532177]';
    const answer = { id, owner: 'user:[4026531837]', parent: 'user:[4026531837]', ownerUid: 7 } as const;

    it('is asked by way of the next', () => {
      kernel.answer(answer);
      const ask = kernel.askNamespace.bind(kernel);
      let failures = 0;
      kernel.askNamespace = (path, of, known) => (of === id && failures++ === 0 ? [] : ask(path, of, known));
      expect(fact(id)?.owner).toBe('user:[4026531837]');
    });

    it('is asked again at the next look, though nothing else changed', () => {
      expect(fact(id)?.owner).toBe('unknown');
      kernel.answer(answer);
      expect(fact(id)?.owner).toBe('user:[4026531837]');
    });

    it('is not asked for ever where the kernel does not answer', () => {
      let asks = 0;
      kernel.askNamespace = () => {
        asks++;
        return [];
      };
      for (let i = 0; i < 20; i++) collector.collect([], []);
      const before = asks;
      for (let i = 0; i < 20; i++) collector.collect([], []);
      expect(asks).toBe(before);
    });
  });
});
