/** What is left of a terminal's program that this user may not signal. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Terminal } from '../../../electron/host/shells/terminal.ts';
import type { Launch, Program } from '../../../electron/host/shells/program.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const PID = 4_000_000;
const before = { mnt: null, uts: null, ipc: null, net: null, pid: null, user: null, cgroup: null, time: null };
/** A process as this machine's kernel tells of one. */
const alive = (pid: number, comm: string): string => {
  const fields = readFileSync('/proc/self/stat', 'utf8').trim().split(') ')[1]?.split(' ') ?? [];
  Object.assign(fields, { 0: 'S', 1: '1', 19: '5' });
  return (
    `== /proc/${pid}/stat\n${pid} (${comm}) ${fields.join(' ')}\n` +
    `== /proc/${pid}/status\nName:\t${comm}\nUid:\t0\t0\t0\t0\nNSpid:\t${pid}\t27\n`
  );
};

const make = (kernel: CapturedKernel, some: Partial<Program>): { terminal: Terminal; closed: () => boolean } => {
  let closed = false;
  const program: Program = {
    pid: PID,
    pause: () => {},
    resume: () => {},
    write: () => true,
    resize: () => {},
    ...some,
  };
  let over: Parameters<Launch>[1] = () => {};
  const launch: Launch = (_, onEnd) => {
    over = onEnd;
    return {
      ...program,
      close: () => {
        closed = true;
        over({ exitCode: null, signal: null });
      },
    };
  };
  const start = {
    id: 'a',
    title: 't',
    how: 'exec',
    named: false,
    argv: ['docker'],
    forks: false,
    before,
    cols: 80,
    rows: 24,
  } as const;
  const deps = { kernel, namespacesOf: async () => null, changed: () => {} };
  const terminal = new Terminal({ ...start, cwd: '/', env: {}, launch }, deps);
  return { terminal, closed: () => closed };
};

afterEach(() => void vi.restoreAllMocks());

describe('closing a terminal', () => {
  it('tells at once who lives and may not be signalled, after it was asked to end', async () => {
    vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    const { terminal, closed } = make(new CapturedKernel(alive(PID, 'sh')), {});
    expect(await terminal.close()).toEqual({
      processes: [{ key: `${PID}@5`, comm: 'sh', innerPid: 27 }],
      known: true,
    });
    expect(closed()).toBe(true);
  });

  it.each<[boolean | null, unknown]>([
    [true, { processes: [], known: true }],
    [null, { processes: [], known: false }],
    [false, null],
  ])('asks who runs it where the process is not known: %s', async (outlives, remains) => {
    const { terminal } = make(new CapturedKernel(), { pid: null, outlives: async () => outlives });
    expect(await terminal.close()).toEqual(remains);
  });

  it('tells nothing of one that is gone', async () => {
    const { terminal } = make(new CapturedKernel(), {});
    expect(await terminal.close()).toBeNull();
  });
});
