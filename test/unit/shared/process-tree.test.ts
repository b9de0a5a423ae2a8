import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Process } from '../../../shared/model.ts';
import { buildTree, flatten, guidesOf, namespaceMarks, rowId } from '../../../shared/process-tree.ts';
import { aProcess, aWorld } from './world.ts';

const pids = (processes: readonly { readonly process: Process }[]) => processes.map(({ process }) => process.pid);

describe('the tree', () => {
  it('has pid 1, kthreadd and whatever has a hidden parent as roots, and children in pid order', () => {
    const tree = buildTree([
      aProcess({ pid: 1 }),
      aProcess({ pid: 2, ppid: 0 }),
      aProcess({ pid: 30, ppid: 1 }),
      aProcess({ pid: 9, ppid: 1 }),
      aProcess({ pid: 50, ppid: 49 }),
    ]);
    expect(pids(tree.roots)).toEqual([1, 2, 50]);
    expect(pids(tree.roots[0]!.children)).toEqual([9, 30]);
  });

  it('holds every process exactly once, even where pids were reused during the look', () => {
    const anyProcesses = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 40 })), {
      selector: ([pid]) => pid,
    });
    fc.assert(
      fc.property(anyProcesses, (pairs) => {
        const processes = pairs.map(([pid, ppid]) => aProcess({ pid, ppid }));
        const { rows } = flatten(buildTree(processes));
        expect(pids(rows).sort((a, b) => a - b)).toEqual(pairs.map(([pid]) => pid).sort((a, b) => a - b));
      }),
    );
  });

  it('stands a chain of twenty thousand', () => {
    const chain = Array.from({ length: 20_000 }, (_, i) => aProcess({ pid: i + 1, ppid: i }));
    expect(flatten(buildTree(chain)).rows.at(-1)!.depth).toBe(19_999);
  });
});

describe('the rows', () => {
  const processes = [
    aProcess({ pid: 1, comm: 'init' }),
    aProcess({ pid: 10, ppid: 1, comm: 'shim' }),
    aProcess({ pid: 11, ppid: 10, comm: 'redis-server', container: 'c1', user: 'redis' }),
    aProcess({ pid: 20, ppid: 1, comm: 'sshd', cmdline: ['sshd:', 'Listener'] }),
  ];
  const tree = buildTree(processes);
  const key = (pid: number) => tree.byPid.get(pid)!.process.key;

  it('stand in the order of the drawing, with depth and guides', () => {
    const { rows } = flatten(tree);
    expect(rows.map(({ process, depth, last }) => [process.pid, depth, last])).toEqual([
      [1, 0, true],
      [10, 1, false],
      [11, 2, true],
      [20, 1, true],
    ]);
    expect(rows.map(guidesOf)).toEqual([[], [], [true], []]);
  });

  it('leave out what is below a collapsed one', () => {
    const { rows } = flatten(tree, { collapsed: new Set([key(10)]) });
    expect(pids(rows)).toEqual([1, 10, 20]);
    expect(rows[1]).toMatchObject({ expandable: true, expanded: false });
  });

  it.each([
    ['the name', 'REDIS-s', [11]],
    ['arguments', 'listener', [20]],
    ['the beginning of a pid', '20', [20]],
    ['the user', 'redis', [11]],
    ['the container', 'shop-db', [11]],
    ['every word', 'redis shop', [11]],
    ['nothing', 'redis sshd', []],
  ])('keep what a filter finds by %s, below its ancestors, even if these were collapsed', (_, filter, found) => {
    const containerName = (id: string) => (id === 'c1' ? 'shop-db' : null);
    const { rows, matches } = flatten(tree, { filter, containerName, collapsed: new Set([key(10)]) });
    expect(pids(rows.filter((row) => row.matches))).toEqual(found);
    expect(matches).toBe(found.length);
    const kept = new Set(pids(rows));
    for (const row of rows) expect(row.depth === 0 || kept.has(row.process.ppid)).toBe(true);
    expect(rows.filter((row) => !row.matches).every((row) => row.expandable)).toBe(true);
  });

  it('keep what a cgroup froze, by that word', () => {
    const rows = [
      aProcess({ pid: 1 }),
      aProcess({ pid: 2, frozen: 'frozen' }),
      aProcess({ pid: 3, frozen: 'freezing' }),
    ];
    const found = (filter: string) => pids(flatten(buildTree(rows), { filter }).rows.filter((row) => row.matches));
    expect([found('frozen'), found('freez')]).toEqual([[2], [3]]);
  });

  it('have threads below their process, before its children, closed and found with it', () => {
    const line = (tid: number, comm: string) => ({ tid, innerTid: null, comm, starttime: 1, state: 'S', cpuTicks: 0 });
    const threads = new Map([
      [key(10), [line(12, 'a) R 1 (b')]],
      [key(11), [line(13, 'bio_lazy'), line(14, 'io_thd_1')]],
    ]);
    const ids = (options: Parameters<typeof flatten>[1]) => flatten(tree, { threads, ...options }).rows.map(rowId);
    expect(ids({})).toEqual([
      key(1), key(10), `${key(10)}/12`, key(11), `${key(11)}/13`, `${key(11)}/14`, key(20),
    ]); // prettier-ignore
    expect(flatten(tree, { threads }).rows.map(({ depth, last }) => [depth, last])).toEqual([
      [0, true], [1, false], [2, false], [2, true], [3, false], [3, true], [1, true],
    ]); // prettier-ignore
    expect(ids({ collapsed: new Set([key(11)]) })).toEqual([key(1), key(10), `${key(10)}/12`, key(11), key(20)]);
    expect(ids({ filter: 'io_thd' })).toEqual([key(1), key(10), key(11), `${key(11)}/13`, `${key(11)}/14`]);
    expect(ids({ filter: 'sshd' })).toEqual([key(1), key(20)]);
  });
});

describe('namespace marks', () => {
  const world = aWorld([
    aProcess({ pid: 1 }),
    aProcess({ pid: 2, ppid: 1, ns: { mnt: 7, pid: 8 } }),
    aProcess({ pid: 3, ppid: 2, ns: { mnt: 7, pid: 8, net: 9 } }),
    aProcess({ pid: 4, ppid: 2, ns: { mnt: null, pid: 8 } }),
    aProcess({ pid: 5, ppid: 4, ns: { mnt: 7, pid: 8 } }),
    aProcess({ pid: 6, ppid: 99, ns: { uts: 5 } }),
  ]);
  const tree = buildTree(world.processes);
  it.each([
    ['none for the first process', 1, []],
    ['what differs from the parent', 2, ['mnt', 'pid']],
    ['not again what the parent has too', 3, ['net']],
    ['none where a link could not be read', 4, []],
    ['none where the parent’s could not be read', 5, []],
    ['what differs from the host where the parent is hidden', 6, ['uts']],
  ])('are %s', (_, pid, marks) => {
    expect(namespaceMarks(tree.byPid.get(pid)!, world.host)).toEqual(marks);
  });
});
