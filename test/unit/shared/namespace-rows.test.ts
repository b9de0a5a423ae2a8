import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { NAMESPACE_TYPES, type NamespaceFact, type NamespaceId, type World } from '../../../shared/model.ts';
import { namespaceRows, type NamespaceRow } from '../../../shared/namespace-rows.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import { worldOf } from './any-world.ts';
import { aContainer, aProcess, aWorld, hostNamespace } from './world.ts';

const rowsOf = (world: World, shells?: ReadonlySet<number>): readonly NamespaceRow[] =>
  namespaceRows(world, namespacesOf(world), shells);
const named = (rows: readonly NamespaceRow[]) => rows.map(({ kind, name, detail }) => `${kind}: ${name} | ${detail}`);

const fact = (id: NamespaceId, given: Partial<NamespaceFact>): NamespaceFact => ({
  id,
  type: id.split(':')[0] as NamespaceFact['type'],
  inode: Number(/\d+/.exec(id)?.[0]),
  ...{ owner: 'unknown', parent: 'none', ownerUid: null, binds: [], fds: [] },
  ...given,
});

describe('rows of the matrix', () => {
  it('are the host, and one for all processes that are in the same namespaces', () => {
    const world = aWorld([
      aProcess({ pid: 1, comm: 'systemd' }),
      aProcess({ pid: 2 }),
      aProcess({ pid: 50, comm: 'udevd', ns: { mnt: 9 } }),
      aProcess({ pid: 51, ppid: 50, ns: { mnt: 9 } }),
    ]);
    expect(named(rowsOf(world))).toEqual(['host: atlas | systemd 1', 'service: udevd | pid 50']);
  });

  it('name a container by its first process, and what differs inside it by itself', () => {
    const world = aWorld(
      [
        aProcess({ pid: 1 }),
        aProcess({ pid: 70, comm: 'redis', container: 'c', ns: { mnt: 7, net: 8 } }),
        aProcess({ pid: 71, ppid: 70, container: 'c', ns: { mnt: 7, net: 8 } }),
        aProcess({ pid: 72, ppid: 70, comm: 'inner', container: 'c', ns: { mnt: 77, net: 8 } }),
        aProcess({ pid: 80, comm: 'nginx', container: 'd'.repeat(64), ns: { mnt: 10 } }),
      ],
      { containers: [aContainer('c', { name: 'db', pid: 70, project: 'shop' })] },
    );
    expect(named(rowsOf(world)).slice(1)).toEqual([
      'container: db | redis 70',
      'container: inner | pid 72 in db',
      'container: dddddddddddd | nginx 80',
    ]);
    expect(rowsOf(world)[1]).toMatchObject({ project: 'shop', container: 'c', processes: 2 });
  });

  it('call a shell what has a terminal, its own or this app’s', () => {
    const processes = [
      aProcess({ pid: 1 }),
      aProcess({ pid: 40, comm: 'bash', tty: 'pts/1', ns: { uts: 4 } }),
      aProcess({ pid: 41, ppid: 40, comm: 'sleep', ns: { uts: 5 } }),
      aProcess({ pid: 45, comm: 'sh', ns: { uts: 6 } }),
      aProcess({ pid: 46, comm: 'daemon', ns: { uts: 7 } }),
    ];
    expect(rowsOf(aWorld(processes), new Set([45])).map(({ kind }) => kind)).toEqual([
      'host',
      'shell',
      'shell',
      'shell',
      'service',
    ]);
  });

  it('leave out what only started another that is in all of its namespaces', () => {
    const world = aWorld([
      aProcess({ pid: 1 }),
      aProcess({ pid: 40, comm: 'unshare', tty: 'pts/1', ns: { mnt: 4, pid_for_children: 5 } }),
      aProcess({ pid: 41, ppid: 40, comm: 'bash', tty: 'pts/1', ns: { mnt: 4, pid: 5 } }),
    ]);
    expect(named(rowsOf(world))).toEqual(['host: atlas | p1 1', 'shell: bash | bash 41']);
  });

  it('show a namespace without processes by what holds it, and nothing else in its row', () => {
    const world = aWorld([aProcess({ pid: 1 })], {
      namespaces: [
        fact('net:[5]', { binds: [{ path: '/run/netns/blue', pid: 1 }] }),
        fact('uts:[6]', { fds: [{ pid: 9, fd: 4 }] }),
      ],
    });
    const [, uts, net] = rowsOf(world);
    expect([uts, net]).toMatchObject([
      { kind: 'held', detail: '/proc/9/fd/4' },
      { kind: 'held', name: 'blue', detail: '/run/netns/blue' },
    ]);
    expect(net?.namespaces).toMatchObject({ net: 'net:[5]', mnt: 'none', user: 'none' });
  });

  it('say unread where a link could not be read, and gather those of which nothing could', () => {
    const closed = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, null]));
    const world = aWorld([
      aProcess({ pid: 1 }),
      aProcess({ pid: 5, ns: closed }),
      aProcess({ pid: 6, ns: closed }),
      aProcess({ pid: 7, ns: { net: null } }),
    ]);
    expect(named(rowsOf(world)).slice(1)).toEqual(['unread: 2 processes | p5 5 is the oldest', 'service: p7 | pid 7']);
    expect(rowsOf(world)[2]?.namespaces).toMatchObject({ net: 'unread', mnt: hostNamespace('mnt') });
  });

  it('have none for a zombie, which is in no namespace any more', () => {
    const gone = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, null]));
    expect(rowsOf(aWorld([aProcess({ pid: 1 }), aProcess({ pid: 5, state: 'Z', ns: gone })]))).toHaveLength(1);
  });

  it('hold every namespace that a living process is in, and have keys of their own, whatever the world', () => {
    fc.assert(
      fc.property(worldOf, (world) => {
        const rows = rowsOf(world);
        expect(new Set(rows.map(({ key }) => key)).size).toBe(rows.length);
        const shown = new Set<string>(rows.flatMap(({ namespaces }) => Object.values(namespaces)));
        const hidden = world.processes
          .filter(({ state }) => state !== 'Z')
          .flatMap(({ namespaces }) => NAMESPACE_TYPES.map((type) => namespaces[type]))
          .filter((id) => id !== null && !shown.has(id));
        expect(hidden).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  }, 30_000);
});
