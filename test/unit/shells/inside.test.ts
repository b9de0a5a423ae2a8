import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { findInside, type Namespaces } from '../../../electron/host/shells/inside.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const ARGV = ['unshare', '--fork', '--pid', '--mount-proc', 'bash'];
const UNSHARED = `${ARGV.join('\\0')}\\0\\c`;
const HOST = 'node\\0porthole\\0\\c';
const NAMESPACES: Namespaces = {
  mnt: 'mnt:[1]',
  uts: null,
  ipc: null,
  net: null,
  pid: 'pid:[2]',
  user: null,
  cgroup: null,
  time: null,
};

/** A line of /proc/PID/stat as this machine's kernel writes it, of another process. */
const stat = (pid: number, comm: string, ppid: number, starttime: number, state = 'S'): string => {
  const fields = readFileSync('/proc/self/stat', 'utf8').trim().split(') ')[1]?.split(' ') ?? [];
  fields[0] = state;
  fields[1] = String(ppid);
  fields[19] = String(starttime);
  return `${pid} (${comm}) ${fields.join(' ')}`;
};
const status = (nspid: string): string => `Name:\tx\nUid:\t0\t0\t0\t0\nNSpid:\t${nspid}`;
const one = (pid: number, comm: string, ppid: number, cmdline: string, nspid = String(pid), starttime = 5): string =>
  `== /proc/${pid}/stat\n${stat(pid, comm, ppid, starttime)}\n== /proc/${pid}/status\n${status(nspid)}\n` +
  `== /proc/${pid}/cmdline\n${cmdline}\n`;

const machine = (...parts: string[]): CapturedKernel =>
  new CapturedKernel(`== /proc/self/cmdline\n${HOST}\n${parts.join('')}`);
const children = (pid: number, text: string): string => `== /proc/${pid}/task/${pid}/children\n${text}\n`;

const find = (kernel: CapturedKernel, forks: boolean) =>
  findInside(kernel, { pid: 70, argv: ARGV, forks }, async () => NAMESPACES);

describe('the program of unshare --fork', () => {
  it('is its child, once that has become the program', async () => {
    const kernel = machine(
      one(70, 'unshare', 1, UNSHARED),
      children(70, '71 '),
      one(71, 'bash', 70, 'bash\\0\\c', '71\t1'),
    );
    expect(await find(kernel, true)).toEqual({
      inside: { pid: 71, comm: 'bash', innerPid: 1, namespaces: NAMESPACES },
      starttime: 5,
    });
  });

  it('is found without the kernel’s list of children too', async () => {
    const kernel = machine(
      '!! /proc/70/task/70/children absent\n',
      one(70, 'unshare', 1, UNSHARED),
      one(71, 'bash', 70, 'bash\\0\\c', '71\t1'),
    );
    expect((await find(kernel, true))?.inside.pid).toBe(71);
  });

  it.each<[string, string[]]>([
    ['before it is forked', [children(70, '')]],
    ['before it is executed', [children(70, '71 '), one(71, 'unshare', 70, UNSHARED)]],
    ['once it is gone', [children(70, '71 ')]],
  ])('is not known %s', async (_, parts) => {
    expect(await find(machine(one(70, 'unshare', 1, UNSHARED), ...parts), true)).toBeNull();
  });
});

describe('the program of unshare without --fork', () => {
  it('is the process itself', async () => {
    expect((await find(machine(one(70, 'bash', 1, 'bash\\0\\c')), false))?.inside).toMatchObject({
      pid: 70,
      innerPid: 70,
    });
  });

  it.each([
    ['while it is still the host’s copy', HOST],
    ['while it is still unshare', UNSHARED],
    ['while it has no memory of its own', '\\c'],
  ])('is not known %s', async (_, cmdline) => {
    expect(await find(machine(one(70, 'x', 1, cmdline)), false)).toBeNull();
  });
});

describe('a pid that became another’s while we looked', () => {
  let kernel: CapturedKernel;
  beforeEach(() => (kernel = machine(one(70, 'bash', 1, 'bash\\0\\c'))));

  it('is not taken for the program', async () => {
    const reused = machine(one(70, 'other', 1, 'other\\0\\c', '70', 6));
    const started = { pid: 70, argv: ARGV, forks: false };
    const found = await findInside(kernel, started, async () => {
      kernel.record = (path) => reused.record(path);
      return NAMESPACES;
    });
    expect(found).toBeNull();
  });

  it('nor is one that was gone before its namespaces were read', async () => {
    const empty = machine();
    const found = await findInside(kernel, { pid: 70, argv: ARGV, forks: false }, async () => {
      kernel.record = (path) => empty.record(path);
      return null;
    });
    expect(found).toBeNull();
  });

  it('but one that lives and lets nobody look is: with every namespace unread', async () => {
    const found = await findInside(kernel, { pid: 70, argv: ARGV, forks: false }, async () => null);
    expect(found?.inside).toMatchObject({ pid: 70, comm: 'bash' });
    expect(Object.values(found?.inside.namespaces ?? {})).toEqual(Array.from({ length: 8 }, () => null));
  });
});
