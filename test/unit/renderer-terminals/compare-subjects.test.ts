import { describe, expect, it } from 'vitest';
import {
  absentWords,
  choicesOf,
  findSubject,
  matching,
  parseRef,
  refText,
  suggestPair,
  type Ref,
} from '../../../renderer/views/compare/subjects.ts';
import { container, process, world } from './machine.ts';

const db = 'd'.repeat(64);
const web = 'e'.repeat(64);
const machine = world({
  processes: [
    process(1, 'systemd'),
    process(10, 'containerd-shim'),
    process(20, 'redis-server', { ppid: 10, container: db, cmdline: ['redis-server', '*:6379'] }),
    process(21, 'redis-child', { ppid: 20, container: db }),
    process(30, 'nginx', { ppid: 10, container: web }),
  ],
  containers: [
    container(web, { name: 'web', image: 'nginx:alpine', pid: 30 }),
    container(db, { name: 'db', image: 'redis:alpine', pid: null }),
    container('f'.repeat(64), { name: 'migrate', state: 'exited', pid: null }),
  ],
});

describe('a choice as text', () => {
  it.each<Ref>([{ kind: 'host' }, { kind: 'container', id: db }, { kind: 'process', key: '12@34' }])(
    '%o comes back',
    (ref) => {
      expect(parseRef(refText(ref))).toEqual(ref);
    },
  );

  it.each([undefined, '', 'process', 'process 12', 'container', 'namespace net:[1]', 'process 1@2 3'])(
    '%j is none',
    (text) => {
      expect(parseRef(text)).toBeNull();
    },
  );
});

describe('findSubject', () => {
  it('looks at a container through the engine’s pid, else through the member whose parent is outside', () => {
    expect(findSubject(machine, { kind: 'container', id: web })?.process.pid).toBe(30);
    expect(findSubject(machine, { kind: 'container', id: db })).toMatchObject({ label: 'db', process: { pid: 20 } });
  });

  it('looks at the host through PID 1, or through the reader where PID 1 is closed to it', () => {
    expect(findSubject(machine, { kind: 'host' })?.process.pid).toBe(1);
    const own = world({ processes: machine.processes, host: { namespacesOf: 'this process', pid: 10 } });
    expect(findSubject(own, { kind: 'host' })?.process.pid).toBe(10);
  });

  it('does not take a reused pid for the process', () => {
    expect(findSubject(machine, { kind: 'process', key: '30@1' })).toBeNull();
  });

  it('says why there is nothing', () => {
    expect(absentWords(machine, { kind: 'process', key: '99@1' })).toBe('Process 99 has ended.');
    expect(absentWords(machine, { kind: 'container', id: 'f'.repeat(64) })).toMatch(/^migrate is not running/);
    expect(absentWords(machine, { kind: 'container', id: '0'.repeat(64) })).toBe('Container 000000000000 is gone.');
  });
});

describe('choices', () => {
  const choices = choicesOf(machine);
  const labels = (found: ReturnType<typeof matching>) => found.map(({ label }) => label);

  it('are the host, the containers with a process by name, the processes by pid', () => {
    expect(labels(choices)).toEqual([
      'atlas',
      'db',
      'web',
      'systemd',
      'containerd-shim',
      'redis-server',
      'redis-child',
      'nginx',
    ]);
  });

  it('are found by every word, in name, image, arguments, pid or ID', () => {
    expect(labels(matching(choices, 'redis'))).toEqual(['db', 'redis-server', 'redis-child']);
    expect(labels(matching(choices, 'REDIS 6379'))).toEqual(['redis-server']);
    expect(labels(matching(choices, db.slice(0, 12)))).toEqual(['db']);
    expect(labels(matching(choices, ' '))).toEqual(labels(choices));
  });

  it('put the pid itself before pids that contain it', () => {
    expect(labels(matching(choices, '1'))[0]).toBe('systemd');
  });

  it('suggest the first two containers, another for the one that is chosen, and the host where there is no other', () => {
    const pairOf = (from: typeof choices, chosen: Ref | null) => suggestPair(from, chosen)?.map(({ label }) => label);
    expect(pairOf(choices, null)).toEqual(['db', 'web']);
    expect(pairOf(choices, { kind: 'container', id: db })).toEqual(['db', 'web']);
    const one = choices.filter(({ label }) => label !== 'web');
    expect(pairOf(one, null)).toEqual(['db', 'atlas']);
    expect(pairOf(one, { kind: 'host' })).toEqual(['atlas', 'db']);
    expect(pairOf([], null)).toBeUndefined();
  });
});
