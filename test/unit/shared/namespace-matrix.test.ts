import { describe, expect, it } from 'vitest';
import { matrixSentences } from '../../../shared/matrix-sentence.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import { linksOf, matrixGroups, runsOf, sharedIds } from '../../../shared/namespace-matrix.ts';
import type { NamespaceRow, RowNamespaces } from '../../../shared/namespace-rows.ts';
import { aWorld, hostNamespace } from './world.ts';

const world = aWorld([]);
const row = (name: string, own: Partial<Record<NamespaceType, number>> = {}, given: Partial<NamespaceRow> = {}) => {
  const namespaces = Object.fromEntries(
    NAMESPACE_TYPES.map((type) => [type, own[type] === undefined ? hostNamespace(type) : `${type}:[${own[type]}]`]),
  ) as RowNamespaces;
  const row: NamespaceRow = {
    ...{
      key: name,
      kind: 'container',
      project: null,
      name,
      detail: '',
      container: `id of ${name}`,
      leader: null,
      processes: 1,
    },
    namespaces,
    ...given,
  };
  return row;
};
/** All that an engine gives a container: numbers from `at` on. */
const whole = (at: number) => ({ mnt: at, uts: at + 1, ipc: at + 2, net: at + 3, pid: at + 4, cgroup: at + 5 });
const names = (rows: readonly NamespaceRow[]) =>
  matrixGroups(rows, world).map((group) => group.rows.map((r) => r.name));

describe('the order of the matrix', () => {
  it('is the host, containers, projects by name, shells, services, and what no process holds', () => {
    const rows = [
      row('blue', {}, { kind: 'held' }),
      row('udevd', { mnt: 3 }, { kind: 'service' }),
      row('bash', { mnt: 4 }, { kind: 'shell' }),
      row('api', whole(50), { project: 'shop' }),
      row('db', whole(60)),
      row('atlas', {}, { kind: 'host' }),
    ];
    expect(names(rows)).toEqual([['atlas'], ['db'], ['api'], ['bash'], ['udevd'], ['blue']]);
  });

  it('puts together what shares, else goes by name', () => {
    const rows = [
      row('a', whole(10)),
      row('b', { ...whole(20), net: 99 }),
      row('c', whole(30)),
      row('d', { ...whole(40), net: 99 }),
    ];
    const [order] = names(rows) as [string[]];
    expect(Math.abs(order.indexOf('b') - order.indexOf('d'))).toBe(1);
    expect(names(rows.slice(0, 3))).toEqual([['a', 'b', 'c']]);
  });

  it('does not depend on the order in which rows come', () => {
    const rows = [
      row('a', { ...whole(1), ipc: 7 }),
      row('b', whole(20)),
      row('c', { ...whole(30), ipc: 7 }),
      row('d', whole(40)),
    ];
    expect(names(rows)).toEqual(names(rows.toReversed()));
  });

  it('takes thousands of rows', () => {
    const rows = Array.from({ length: 5000 }, (_, n) => row(`c${n}`, { ...whole(n * 10), net: n % 50 }));
    const runs = runsOf(
      matrixGroups(rows, world).flatMap((group) => group.rows),
      'net',
    );
    expect(runs.length).toBeLessThanOrEqual(5000);
  });
});

describe('runs and lines', () => {
  const rows = [
    row('atlas'),
    row('db', whole(10)),
    row('web', { ...whole(20), net: 13 }),
    row('metrics', { ...whole(30), net: undefined as never }),
    row('blue', {}, { namespaces: { ...row('x').namespaces, net: 'none', uts: 'unread' } }),
    row('late', { ...whole(40), net: 13 }),
  ];

  it('are equal inodes in adjacent rows; nothing and unread end them', () => {
    expect(runsOf(rows, 'net').map(({ id, from, to }) => [id, from, to])).toEqual([
      [hostNamespace('net'), 0, 0],
      ['net:[13]', 1, 2],
      [hostNamespace('net'), 3, 3],
      ['net:[13]', 5, 5],
    ]);
    expect(runsOf(rows, 'uts').some(({ from, to }) => from <= 4 && to >= 4)).toBe(false);
  });

  it('join runs that are apart, side by side where they overlap', () => {
    const links = linksOf(runsOf(rows, 'net'), 3);
    expect(links.map(({ id, lane, runs }) => [id, lane, runs.length])).toEqual([
      [hostNamespace('net'), 0, 2],
      ['net:[13]', 1, 2],
    ]);
    expect(linksOf(runsOf(rows, 'net'), 1).map(({ lane }) => lane)).toEqual([0, 0]);
    expect(linksOf(runsOf(rows, 'mnt'), 3)).toMatchObject([{ id: hostNamespace('mnt'), lane: 0 }]);
  });

  it('count as shared what more than one row is in, but for the host’s', () => {
    expect([...sharedIds(rows, world)]).toEqual(['net:[13]']);
  });
});

describe('the sentences above it', () => {
  const db = row('db', whole(10));
  const web = row('web', { ...whole(20), net: 13 });

  it('say who shares what, types that go together in one', () => {
    const rows = [
      row('atlas', {}, { kind: 'host' }),
      ...[db, web],
      row('api', { ...whole(50), net: 90, ipc: 91 }),
      row('worker', { ...whole(60), net: 90, ipc: 91 }),
      row('metrics', { mnt: 70, uts: 71, ipc: 72, cgroup: 73 }),
    ];
    expect(matrixSentences(rows, world)).toEqual([
      'db and web share net.',
      'api and worker share ipc and net.',
      'metrics runs in the host’s net and pid.',
    ]);
  });

  it('do not wonder at the host’s cgroup namespace where engines leave it, on cgroup v1', () => {
    const own = { mnt: 1, uts: 2, ipc: 3, net: 4, pid: 5 };
    expect(matrixSentences([row('a', own)], world)).toEqual(['a runs in the host’s cgroup.']);
    const hybrid = { ...world, host: { ...world.host, cgroup: 'hybrid' as const } };
    expect(matrixSentences([row('a', own)], hybrid)).toEqual(['No two share a namespace, but for the host’s.']);
  });

  it('claim nothing of what cannot be read', () => {
    const closed = row('closed', {});
    const unread = { ...closed, namespaces: { ...closed.namespaces, net: 'unread' as const } };
    const hybrid = { ...world, host: { ...world.host, cgroup: 'hybrid' as const } };
    const own = row('a', { mnt: 1, uts: 2, ipc: 3, net: 4, pid: 5 });
    expect(matrixSentences([own, { ...unread, kind: 'unread' }], hybrid)).toEqual([
      'Of those that can be read, no two share a namespace, but for the host’s.',
    ]);
    expect(matrixSentences([{ ...unread, kind: 'unread' }], hybrid)).toEqual([
      'Every process that can be read is in the host’s namespaces.',
    ]);
  });

  it('say so where there is nothing to tell, and are few where there is much', () => {
    expect(matrixSentences([row('atlas', {}, { kind: 'host' })], world)).toEqual([
      'Every process is in the host’s namespaces.',
    ]);
    const pairs = Array.from({ length: 20 }, (_, n) => row(`c${n}`, { ...whole(n * 10), net: 1000 + (n >> 1) }));
    expect(matrixSentences(pairs, world)).toHaveLength(6);
    expect(matrixSentences(pairs, world).at(-1)).toBe('And 5 more of the kind.');
  });

  it('begin with those that have a name', () => {
    const known = (name: string) =>
      row(name, { ...whole(name.length * 100), net: name.length }, { container: `${name}…` });
    const rows = [known('aa'), known('ab'), row('y', { ...whole(1), ipc: 7 }), row('z', { ...whole(11), ipc: 7 })];
    expect(matrixSentences(rows, world)[0]).toBe('y and z share ipc.');
  });

  it('show hostile names for what they are', () => {
    const hostile: NamespaceId = 'net:[5]';
    const rows = ['a\u202e', 'b\n'].map((name) =>
      row(name, whole(10), { namespaces: { ...db.namespaces, net: hostile } }),
    );
    expect(matrixSentences(rows, world)[0]).toBe('a\\u{202e} and b\\n share mnt, uts, ipc, net, pid and cgroup.');
  });
});
