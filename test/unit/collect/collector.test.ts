import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import { Processes } from '../../../electron/host/collect/processes.ts';
import { NAMESPACE_LINKS, type World } from '../../../shared/model.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { put, READ, tree } from './tree.ts';

let together = false;
let kernel: CapturedKernel;
let collector: Collector;
beforeEach(() => {
  kernel = tree('unshared');
  kernel.together = together;
  collector = new Collector(kernel);
});
const look = (): World => collector.collect([], []);
const at = (world: World, pid: number) => {
  const found = world.processes.find((process) => process.pid === pid);
  if (found === undefined) throw new Error(`no process ${pid}`);
  return found;
};

describe.each(READ)('processes that are read %s', (_, how) => {
  beforeAll(() => (together = how));

  describe('a captured machine', () => {
    it('has its processes by pid, with what each says of itself', () => {
      const world = look();
      expect(world.processes.map(({ pid }) => pid)).toEqual([1, 2, 301, 410, 411]);
      expect(at(world, 411)).toMatchObject({
        comm: 'sleep',
        ppid: 410,
        cmdline: ['sleep', '300'],
        user: 'root',
        nspid: [411, 1],
        kernelThread: false,
        residentBytes: 1796 * 1024,
        virtualBytes: 2990080,
        namespaces: { pid: 'pid:[4026532179]', user: 'user:[4026532177]', uts: 'uts:[4026531838]' },
        unread: [],
      });
    });

    it('keeps a name that pretends to be another line of stat', () => {
      expect(at(look(), 301)).toMatchObject({ comm: 'we) R 1 (x', state: 'S', ppid: 300 });
    });

    it('says of a kernel thread that it has no memory and no arguments', () => {
      expect(at(look(), 2)).toMatchObject({ kernelThread: true, residentBytes: null, virtualBytes: null, cmdline: [] });
    });

    it('keeps a process that may not be read, marks what is missing and counts it', () => {
      const world = look();
      expect(at(world, 1).namespaces.net).toBeNull();
      expect(at(world, 1).unread).toContainEqual({ file: 'ns/net', why: 'denied', errno: 'EACCES' });
      expect(world.unread).toEqual({
        processes: 1,
        hidden: 0,
        files: [{ file: 'ns/*', why: 'denied', count: 1 }],
      });
    });

    it('tells about the machine and who reads it', () => {
      expect(look().host).toMatchObject({
        hostname: 'harbour',
        kernel: '6.18.44',
        uid: 0,
        user: 'root',
        pid: 500,
        clockTicksPerSecond: 100,
        pageBytes: 4096,
        cpus: 2,
        memoryBytes: 24684084 * 1024,
        bootedAt: 1795459223000,
        cgroup: 'hybrid',
        namespacesOf: 'this process',
        namespaces: { net: 'net:[4026531833]' },
      });
    });

    it('gives back the same objects while nothing changes', () => {
      const first = look();
      for (let i = 0; i < 25; i++) {
        const next = look();
        expect(next.processes).toBe(first.processes);
        expect(next.namespaces).toBe(first.namespaces);
        expect(next.containers).toBe(first.containers);
        expect(next.unread).toBe(first.unread);
        expect(next.host).toBe(first.host);
      }
    });
  });

  describe('processes that come, change and go', () => {
    it('leaves one out whole that ends while it is read, at whichever file', () => {
      put(kernel, 900);
      const files = ['stat', 'schedstat', 'status', 'cmdline', 'cgroup', 'ns/mnt', 'ns/time_for_children'];
      for (const file of files) {
        put(kernel, 900);
        collector = new Collector(kernel);
        kernel.before = (path) => {
          if (path === `/proc/900/${file}`) kernel.remove('/proc/900');
        };
        expect(look().processes.map(({ pid }) => pid)).not.toContain(900);
      }
    });

    it('does not mix the files of two processes that had the same pid', () => {
      put(kernel, 900, { comm: 'first', starttime: 1 });
      kernel.before = (path) => {
        if (path !== '/proc/900/status') return;
        kernel.before = () => {};
        kernel.remove('/proc/900');
        put(kernel, 900, { comm: 'second', starttime: 2, cmdline: 'second\0' });
      };
      expect(look().processes.map(({ pid }) => pid)).not.toContain(900);
      expect(at(look(), 900)).toMatchObject({ key: '900@2', comm: 'second', cmdline: ['second'] });
    });

    it('knows a new process by its key though it has the pid of one before', () => {
      put(kernel, 900, { comm: 'first', starttime: 1 });
      expect(at(look(), 900).key).toBe('900@1');
      put(kernel, 900, { comm: 'second', starttime: 2, ran: 5, cmdline: 'second\0' });
      expect(at(look(), 900)).toMatchObject({ key: '900@2', cmdline: ['second'] });
    });

    it('counts one whose stat is closed, and leaves it out', () => {
      put(kernel, 900);
      kernel.close('/proc/900/stat', 'denied');
      const world = look();
      expect(world.unread.hidden).toBe(1);
      expect(world.processes.map(({ pid }) => pid)).not.toContain(900);
    });

    it('sees at once what a process that ran did to itself', () => {
      put(kernel, 900, { net: '4', ran: 1000 });
      expect(at(look(), 900).namespaces.net).toBe('net:[4]');
      put(kernel, 900, { net: '777', ran: 2000, cmdline: 'other\0', comm: 'other', uid: 1 });
      expect(at(look(), 900)).toMatchObject({
        namespaces: { net: 'net:[777]' },
        comm: 'other',
        cmdline: ['other'],
        user: 'daemon',
      });
    });

    it('does not read a process again that has not run, but for its turn', () => {
      put(kernel, 900);
      look();
      kernel.reads.length = 0;
      for (let i = 0; i < 120; i++) look();
      const reads = (name: string) => kernel.reads.filter((path) => path === `/proc/900/${name}`).length;
      expect(reads('schedstat')).toBe(120 + 2);
      expect(reads('stat')).toBe(24);
      expect(reads('ns/net')).toBe(2);
    });

    it('sees within five looks that another moved a process, and at once that its parent ended', () => {
      put(kernel, 900);
      put(kernel, 901, { ppid: 900 });
      look();
      put(kernel, 901, { ppid: 900, cgroup: '0::/moved\n' });
      for (let i = 0; i < 5; i++) look();
      expect(at(look(), 901).cgroups).toEqual([{ hierarchy: 0, controllers: [], path: '/moved' }]);
      kernel.remove('/proc/900');
      put(kernel, 901, { ppid: 1, cgroup: '0::/moved\n' });
      expect(at(look(), 901).ppid).toBe(1);
    });

    it('has another parent at once when its own ended, also while that one waits for its own parent', () => {
      put(kernel, 900, {});
      put(kernel, 901, { ppid: 900 });
      look();
      put(kernel, 900, { state: 'Z', ran: 2000 });
      put(kernel, 901, { ppid: 1 });
      expect(at(look(), 901).ppid).toBe(1);
      // One whose first thread alone ended keeps its children.
      put(kernel, 902, { state: 'Z', threads: 2 });
      put(kernel, 903, { ppid: 902 });
      look();
      kernel.reads.length = 0;
      for (let i = 0; i < 4; i++) look();
      expect(kernel.reads.filter((path) => path === '/proc/903/stat').length).toBeLessThan(4);
    });

    it('says how old the oldest is of what is read in turns', () => {
      put(kernel, 901);
      const processes = new Processes(kernel);
      const ages = Array.from({ length: 70 }, (_, second) => {
        processes.look(4096, new Map(), second * 1000);
        return processes.ages(second * 1000);
      });
      expect(ages[0]).toEqual({ cgroups: 0, rest: 0 });
      expect(Math.max(...ages.map(({ cgroups }) => cgroups))).toBe(4000);
      expect(Math.max(...ages.map(({ rest }) => rest))).toBe(59_000);
    });

    it('asks once where the kernel forbids to see the namespaces of a process, for it forbids all or none', () => {
      put(kernel, 900);
      for (const link of NAMESPACE_LINKS) kernel.close(`/proc/900/ns/${link}`, 'denied');
      const world = look();
      expect(kernel.reads.filter((path) => path.startsWith('/proc/900/ns/'))).toEqual(['/proc/900/ns/mnt']);
      expect(at(world, 900).unread.filter(({ file }) => file.startsWith('ns/'))).toHaveLength(NAMESPACE_LINKS.length);
      expect(Object.values(at(world, 900).namespaces)).toEqual(NAMESPACE_LINKS.map(() => null));
    });

    it('gives processes that share all their namespaces and cgroups the same objects', () => {
      put(kernel, 900);
      put(kernel, 901);
      put(kernel, 902, { net: '5' });
      const world = look();
      expect(at(world, 901).namespaces).toBe(at(world, 900).namespaces);
      expect(at(world, 901).cgroups).toBe(at(world, 900).cgroups);
      expect(at(world, 902).namespaces.net).toBe('net:[5]');
    });

    it('counts the time of other threads while the first one sleeps', () => {
      put(kernel, 900, { threads: 2, ticks: 5 });
      look();
      put(kernel, 900, { threads: 2, ticks: 9 });
      expect(at(look(), 900).cpuTicks).toBe(9);
    });

    it('reads all of a process each time where the kernel does not count who ran', () => {
      put(kernel, 900, { ran: 0, net: '4' });
      look();
      put(kernel, 900, { ran: 0, net: '777', ticks: 1 });
      expect(at(look(), 900).namespaces.net).toBe('net:[777]');
    });

    it('does not take what a zombie has no more for something unread', () => {
      put(kernel, 900, { state: 'Z' });
      for (const link of ['mnt', 'net', 'ipc', 'uts', 'cgroup', 'time']) kernel.close(`/proc/900/ns/${link}`, 'absent');
      const world = look();
      expect(at(world, 900)).toMatchObject({ state: 'Z', residentBytes: null, namespaces: { net: null } });
      expect(at(world, 900).unread).toContainEqual({ file: 'ns/net', why: 'gone', errno: 'ENOENT' });
      expect(world.unread.processes).toBe(1);
    });

    it('says absent of what the kernel does not have, and does not call the process half-read', () => {
      put(kernel, 900);
      kernel.close('/proc/900/ns/time', 'absent');
      const world = look();
      expect(at(world, 900).unread).toEqual([{ file: 'ns/time', why: 'absent', errno: 'ENOENT' }]);
      expect(world.unread.processes).toBe(1);
      expect(world.unread.files).toContainEqual({ file: 'ns/*', why: 'absent', count: 1 });
    });
  });

  describe('command lines', () => {
    it('travel cut after 4096 bytes, and say so', () => {
      put(kernel, 900, { cmdline: `${'é'.repeat(64 * 1024)}\0` });
      const { cmdline, cmdlineCut } = at(look(), 900);
      expect(cmdlineCut).toBe(true);
      expect(cmdline).toEqual(['é'.repeat(2048)]);
    });

    it('travel whole up to there', () => {
      put(kernel, 900, { cmdline: `${'a'.repeat(4095)}\0` });
      expect(at(look(), 900)).toMatchObject({ cmdlineCut: false, cmdline: ['a'.repeat(4095)] });
    });

    it('are never cut in the middle of a character', () => {
      put(kernel, 900, { cmdline: `a${'é'.repeat(4096)}\0` });
      expect(at(look(), 900).cmdline).toEqual([`a${'é'.repeat(2047)}`]);
    });
  });

  describe('containers', () => {
    it('are joined, and rows stay the same objects while they belong to the same one', () => {
      const id = 'f'.repeat(64);
      put(kernel, 900, { cgroup: `0::/docker/${id}\n` });
      const first = look();
      expect(at(first, 900).container).toBe(id);
      expect(first.containers).toMatchObject([{ id, runtime: 'docker', engine: null, pid: 900 }]);
      expect(at(look(), 900)).toBe(at(first, 900));
    });
  });
});
