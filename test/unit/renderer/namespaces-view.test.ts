import { describe, expect, it } from 'vitest';
import { membersByContainer } from '../../../renderer/app/inspector/namespace-members.ts';
import { namespaceSentence } from '../../../renderer/app/inspector/namespace-words.ts';
import { sorted, type ListRow } from '../../../renderer/views/namespaces/columns.ts';
import { listMatching } from '../../../renderer/views/namespaces/filter.ts';
import { heldShort } from '../../../renderer/views/namespaces/held-words.ts';
import { layoutOf, rowsBetween } from '../../../renderer/views/namespaces/matrix-layout.ts';
import { matrixGroups } from '../../../shared/namespace-matrix.ts';
import { namespaceRows } from '../../../shared/namespace-rows.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import { aProcess, aWorld, hostNamespace } from '../shared/world.ts';

const world = aWorld([
  aProcess({ pid: 1, comm: 'init' }),
  aProcess({ pid: 30, comm: 'redis', container: 'db', ns: { net: 9, mnt: 12 } }),
  aProcess({ pid: 31, comm: 'nginx', container: 'web', ns: { net: 9 } }),
]);
const rows: readonly ListRow[] = namespacesOf(world).map((view) => ({
  view,
  role: 'own',
  containers: view.containers.map((id) => ({ id, name: id })),
  held: heldShort(view.heldBy),
}));
const ids = (of: readonly ListRow[]) => of.map(({ view }) => view.id);

describe('the list of namespaces', () => {
  it('finds by type, inode, leader and container, each word for itself', () => {
    expect(ids(listMatching(rows, 'net:[9]'))).toEqual(['net:[9]']);
    expect(ids(listMatching(rows, 'web redis'))).toEqual(['net:[9]']);
    expect(ids(listMatching(rows, 'redis'))).toEqual(['mnt:[12]', 'net:[9]']);
    expect(listMatching(rows, '  ')).toBe(rows);
    expect(listMatching(rows, 'nowhere')).toEqual([]);
  });

  it('sorts by any column, equal rows as lsns has them', () => {
    expect(ids(sorted(rows, { column: 'processes', down: false })).slice(0, 2)).toEqual([
      'mnt:[12]',
      hostNamespace('net'),
    ]);
    expect(ids(sorted(rows, { column: 'id', down: false }))[0]).toBe('net:[9]');
    expect(ids(sorted(rows, { column: 'type', down: false }))).toEqual(ids(rows));
    expect(ids(sorted(rows, { column: 'leader', down: true }))[0]).toBe('mnt:[12]');
  });

  it('says on one line what holds it', () => {
    expect(
      heldShort([
        { kind: 'process', pid: 1, comm: 'a', processes: 2 },
        { kind: 'bind', path: '/run/a', pid: 1 },
        { kind: 'bind', path: '/run/b', pid: 1 },
        { kind: 'owned', id: 'net:[1]' },
      ]),
    ).toBe('processes, /run/a +1, owns 1');
  });
});

describe('the layout of the matrix', () => {
  const layout = layoutOf(matrixGroups(namespaceRows(world, namespacesOf(world)), world));

  it('has 40 px a row and headings between the groups', () => {
    expect(layout.rows.map(({ row, top }) => [row.kind, top])).toEqual([
      ['host', 4],
      ['container', 68],
      ['container', 108],
    ]);
    expect(layout.headings.map(({ title, top }) => [title, top])).toEqual([['Containers', 44]]);
    expect(layout.height).toBe(152);
  });

  it('finds the rows in sight', () => {
    const seen = (from: number, to: number) => rowsBetween(layout, from, to).map(({ index }) => index);
    expect(seen(0, 1000)).toEqual([0, 1, 2]);
    expect(seen(0, 60)).toEqual([0]);
    expect(seen(100, 110)).toEqual([1, 2]);
    expect(seen(500, 900)).toEqual([]);
  });
});

describe('the members of a namespace', () => {
  it('stand by container, each container named once, the rest last', () => {
    const members = [
      aProcess({ pid: 1 }),
      aProcess({ pid: 2, container: 'a' }),
      aProcess({ pid: 3, container: 'b' }),
      aProcess({ pid: 4, container: 'a' }),
    ];
    expect(membersByContainer(members).map(({ process, begins }) => [process.pid, begins])).toEqual([
      [2, 'a'],
      [4, null],
      [3, 'b'],
      [1, null],
    ]);
  });
});

describe('a namespace in a sentence', () => {
  const sentence = (of: typeof world, id: string): string => {
    const view = namespacesOf(of).find((each) => each.id === id)!;
    return namespaceSentence(of, view, of.processes.find(({ pid }) => pid === view.leader) ?? null);
  };

  it('names those who share it, or who has it alone', () => {
    expect(sentence(world, 'net:[9]')).toMatch(/Shared by db and web\.$/);
    expect(sentence(world, 'mnt:[12]')).toMatch(/ db has it for itself\.$/);
    expect(sentence(world, hostNamespace('net'))).toMatch(/the host’s own\.$/);
  });

  it('claims nothing of processes that could not be read', () => {
    const partly = aWorld([...world.processes, aProcess({ pid: 99, ns: { mnt: null } })]);
    expect(sentence(partly, 'mnt:[12]')).toMatch(/ db has it for itself, as far as could be read\.$/);
  });
});
