import { describe, expect, it } from 'vitest';
import { bornSince, ghostsAfter } from '../../../renderer/views/processes/afterlife.ts';
import { sorted } from '../../../renderer/views/processes/columns.ts';
import { onlyUnread } from '../../../renderer/views/processes/only-unread.ts';
import { argumentsInRow, innerPid } from '../../../renderer/views/processes/row-text.ts';
import { treeAsText } from '../../../renderer/views/processes/tree-as-text.ts';
import { typedAhead } from '../../../renderer/views/processes/type-ahead.ts';
import { aProcess, aWorld } from '../shared/world.ts';

describe('the arguments beside a name', () => {
  it.each([
    ['redis-server', ['redis-server *:6379'], '*:6379'],
    ['nginx', ['nginx: worker process'], 'worker process'],
    ['dockerd', ['/usr/bin/dockerd', '-H', 'fd://'], '-H fd://'],
    ['bash', ['-bash', '-l'], '-l'],
    ['bash', ['bash'], ''],
    ['systemd', ['/sbin/init'], '/sbin/init'],
    ['systemd-journal', ['/lib/systemd/systemd-journald', '-x'], '-x'],
    [
      'containerd-shim',
      ['/usr/bin/containerd-shim-runc-v2', '-namespace', 'moby', '-id', 'ab'.repeat(32)],
      '… -id abababababab',
    ],
    ['kthreadd', [], ''],
  ])('of %s %j are %j', (comm, cmdline, text) => expect(argumentsInRow({ comm, cmdline })).toBe(text));

  it('are not told where they could not be read', () => {
    expect(argumentsInRow({ comm: 'x', cmdline: null })).toBeNull();
  });

  it('are cut, however long a process makes them', () => {
    expect(argumentsInRow({ comm: 'x', cmdline: ['x', 'y'.repeat(100_000)] })!.length).toBeLessThan(1000);
  });
});

it('shows an inner PID only where it is another numbering', () => {
  expect([innerPid({ nspid: [7834, 1] }), innerPid({ nspid: [1] }), innerPid({ nspid: [] })]).toEqual([1, null, null]);
});

describe('births and deaths', () => {
  const init = aProcess({ pid: 1 });
  const sh = aProcess({ pid: 5 });
  const before = aWorld([init, sh], { takenAt: 1000 });
  const after = aWorld([init], { takenAt: 2000 });

  it('keeps what has just ended for two seconds', () => {
    const ghosts = ghostsAfter([], before, after);
    expect(ghosts.map(({ process }) => process.pid)).toEqual([5]);
    expect(ghostsAfter(ghosts, after, { ...after, takenAt: 3900 })).toHaveLength(1);
    expect(ghostsAfter(ghosts, after, { ...after, takenAt: 4000 })).toEqual([]);
  });

  it('has no ghost of a PID that was given anew', () => {
    const reborn = aWorld([init, aProcess({ pid: 5, starttime: 99 })], { takenAt: 2000 });
    expect(ghostsAfter([], before, reborn)).toEqual([]);
    expect([...bornSince(before, reborn)]).toEqual(['5@99']);
  });

  it('calls nothing born or gone at first sight', () => {
    expect(bornSince(null, before).size).toBe(0);
    expect(ghostsAfter([], null, before)).toEqual([]);
  });
});

it('sorts by a column, equal rows by PID, whatever the direction', () => {
  const rows = [9, 3, 5].map((pid) => ({
    process: aProcess({ pid, user: pid === 5 ? 'adm' : 'root' }),
    cpu: null,
    container: null,
  }));
  const pids = (down: boolean) => sorted(rows, { column: 'user', down }).map(({ process }) => process.pid);
  expect(pids(false)).toEqual([5, 3, 9]);
  expect(pids(true)).toEqual([3, 9, 5]);
});

it('keeps the ancestors of what could not be read', () => {
  const unread = [{ file: 'ns/net', why: 'denied', errno: 'EACCES' }] as const;
  const processes = [
    aProcess({ pid: 1 }),
    aProcess({ pid: 2 }),
    aProcess({ pid: 3, ppid: 2, unread }),
    aProcess({ pid: 4, ppid: 2 }),
  ];
  expect(onlyUnread(processes).map(({ pid }) => pid)).toEqual([1, 2, 3]);
});

it('copies the tree as pstree prints it, bytes beyond ASCII in octal', () => {
  const processes = [aProcess({ pid: 1, comm: 'init' }), aProcess({ pid: 7, comm: 'žluť' })];
  expect(treeAsText(processes, 1)).toBe('init(1)---\\305\\276lu\\305\\245(7)\n');
  expect(treeAsText(processes, 99)).toBe('');
});

it('finds the next row by typing, around the end', () => {
  const names = ['init', 'bash', 'nginx', 'bash'];
  expect(typedAhead(names, 1, 'b')).toBe(3);
  expect(typedAhead(names, 3, 'b')).toBe(1);
  expect(typedAhead(names, 1, 'BA')).toBe(1);
  expect(typedAhead(names, 0, 'zsh')).toBe(-1);
});
