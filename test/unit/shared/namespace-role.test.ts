import { describe, expect, it } from 'vitest';
import type { NamespaceType } from '../../../shared/model.ts';
import { namespaceRole, sharedWith } from '../../../shared/namespace-role.ts';
import { processSentence } from '../../../shared/sentence.ts';
import { aContainer, aDetail, aLimit, aProcess, aWorld } from './world.ts';

const own = { mnt: 101, uts: 102, ipc: 103, pid: 104, cgroup: 105 };
const world = aWorld(
  [
    aProcess({ pid: 1 }),
    aProcess({ pid: 10, container: 'db', comm: 'redis-server', ns: { ...own, net: 200 } }),
    aProcess({ pid: 11, ppid: 10, container: 'db', ns: { ...own, net: 200 } }),
    aProcess({ pid: 20, container: 'web', ns: { mnt: 201, net: 200 } }),
    // An unshared shell with a child, and one that joined it from elsewhere.
    aProcess({ pid: 30, ns: { uts: 300, ipc: 301 } }),
    aProcess({ pid: 31, ppid: 30, ns: { uts: 300, ipc: 301 } }),
    aProcess({ pid: 40, comm: 'ns\u001benter', ns: { ipc: 301 } }),
    aProcess({ pid: 50, ns: { mnt: null } }),
  ],
  { containers: [aContainer('db', { name: 'db' }), aContainer('web', { name: 'web' })] },
);
const process = (pid: number) => world.processes.find((candidate) => candidate.pid === pid)!;

describe('the role of a namespace', () => {
  it.each<[string, number, NamespaceType, string]>([
    ['of the host', 10, 'user', 'host'],
    ['only one container uses', 10, 'mnt', 'own'],
    ['two containers use', 10, 'net', 'shared'],
    ['two containers use, from the other side', 20, 'net', 'shared'],
    ['only a shell and its children use', 30, 'uts', 'own'],
    ['only a shell and its children use, from the child', 31, 'uts', 'own'],
    ['another tree of processes joined', 30, 'ipc', 'shared'],
    ['that could not be read', 50, 'mnt', 'unread'],
  ])('that %s', (_, pid, type, role) => {
    expect(namespaceRole(world, process(pid), type)).toBe(role);
  });

  it('names the others', () => {
    expect(sharedWith(world, process(11), 'net')).toEqual([{ kind: 'container', id: 'web' }]);
    expect(sharedWith(world, process(31), 'ipc')).toEqual([{ kind: 'process', process: process(40) }]);
    expect(sharedWith(world, process(10), 'user')).toEqual([]);
  });
});

describe('a process in one sentence', () => {
  it('says what is its own, what it shares with whom, and its limits', () => {
    const limits = [aLimit('memory', 64 * 1024 * 1024), aLimit('cpu', 0.5), aLimit('pids', 100)];
    expect(processSentence(world, process(10), aDetail(process(10), { limits }))).toBe(
      'Its own mnt, uts, ipc, pid and cgroup. Shares net with web. May use 64 MiB, half a CPU and 100 tasks.',
    );
  });

  it('says so of a process of the host, and nothing of limits that are not there', () => {
    const detail = aDetail(process(1), { limits: [aLimit('memory', 'max')] });
    expect(processSentence(world, process(1), detail)).toBe('In the host’s namespaces.');
  });

  it('claims nothing of what could not be read', () => {
    expect(processSentence(world, process(50))).toBe(
      'In the host’s uts, ipc, net, pid, user, cgroup and time. Its mnt could not be read.',
    );
    const closed = aProcess({
      pid: 60,
      ns: { mnt: null, uts: null, ipc: null, net: null, pid: null, user: null, cgroup: null, time: null },
    });
    expect(processSentence(aWorld([closed]), closed)).toBe('Its namespaces could not be read.');
  });

  it('makes hostile names visible', () => {
    expect(processSentence(world, process(30))).toBe('Its own uts. Shares ipc with ns\\eenter (40).');
  });
});
