/** No byte of a program's output is lost, however it ends: against real pseudoterminals. */
import { describe, expect, it } from 'vitest';
import { Pty, type PtyEnd } from '../../electron/host/shells/pty.ts';

const RUNS = 200;
const AT_ONCE = 10;
const SIZE = 20_000;
/** So much a pseudoterminal takes from its program though nobody reads: less than the 4096 of the kernel's N_TTY_BUF_SIZE. */
const KERNEL_HOLDS = 4000;

const start = (argv: readonly string[], onData: (bytes: Uint8Array, pty: Pty) => void): Promise<PtyEnd> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
    const pty: Pty = new Pty({ argv, cols: 80, rows: 24, cwd: '/', env }, (bytes) => onData(bytes, pty), resolve);
  });

/** Starts `run` RUNS times, at most AT_ONCE at a time. */
const many = async (run: () => Promise<void>): Promise<void> => {
  let left = RUNS;
  const one = async (): Promise<void> => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
};

const WRITER = ['head', '-c', String(SIZE), '/dev/zero'];

describe('a program that writes 20 KB and exits', () => {
  it(`gives up every byte, ${RUNS} times of ${RUNS}`, async () => {
    const sizes: number[] = [];
    await many(async () => {
      let size = 0;
      await start(WRITER, (bytes) => (size += bytes.length));
      sizes.push(size);
    });
    expect(sizes.filter((size) => size !== SIZE)).toEqual([]);
    expect(sizes).toHaveLength(RUNS);
  });

  it('also when it ends while it is paused and never resumed', async () => {
    const sizes: number[] = [];
    await many(async () => {
      let size = 0;
      await start(WRITER, (bytes, pty) => {
        size += bytes.length;
        if (size >= SIZE - KERNEL_HOLDS) pty.pause();
      });
      sizes.push(size);
    });
    expect(sizes.filter((size) => size !== SIZE)).toEqual([]);
    expect(sizes).toHaveLength(RUNS);
  });

  it('also while the host is busy for longer than node-pty waits', async () => {
    let size = 0;
    const ended = start(WRITER, (bytes) => (size += bytes.length));
    for (let turn = 0; turn < 4; turn++) {
      for (const until = performance.now() + 300; performance.now() < until;);
      await new Promise(setImmediate);
    }
    expect(await ended).toEqual({ exitCode: 0, signal: null });
    expect(size).toBe(SIZE);
  });
});

it('a program may close its terminal and open it again', async () => {
  let text = '';
  const argv = ['sh', '-c', 'exec <&- >&- 2>&-; sleep 0.3; exec >/dev/tty; echo back again'];
  const end = await start(argv, (bytes) => (text += Buffer.from(bytes).toString()));
  expect({ text, end }).toEqual({ text: 'back again\r\n', end: { exitCode: 0, signal: null } });
});

describe('the end of a program', () => {
  it.each([
    [['sh', '-c', 'exit 7'], { exitCode: 7, signal: null }],
    [['sh', '-c', 'kill -9 $$'], { exitCode: 137, signal: 'SIGKILL' }],
    [['sh', '-c', 'kill -HUP $$'], { exitCode: 129, signal: 'SIGHUP' }],
  ])('%j', async (argv, end) => {
    expect(await start(argv, () => {})).toEqual(end);
  });

  it('comes at once, not when node-pty would give up waiting', async () => {
    let ends = Infinity;
    const took: number[] = [];
    for (let run = 0; run < 5; run++) {
      await start(['sh', '-c', 'echo bye'], () => (ends = performance.now()));
      took.push(performance.now() - ends);
    }
    expect(Math.min(...took)).toBeLessThan(150);
  });

  it('comes although a process in the background goes on writing', async () => {
    let size = 0;
    const end = await start(['sh', '-c', '(trap "" HUP; yes) & sleep 0.1; exit 3'], (bytes) => (size += bytes.length));
    expect(end.exitCode).toBe(3);
    expect(size).toBeGreaterThan(0);
  });
});
