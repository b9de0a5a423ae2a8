/** Terminals under load, and their end: nothing is queued without bound, nothing is left behind. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_TERMINALS, Terminals } from '../../electron/host/shells/terminals.ts';
import { FLOW, type TerminalInfo } from '../../shared/terminal.ts';
import { NO_UNSHARE } from '../../shared/unshare-presets.ts';
import type { UnshareOptions } from '../../shared/unshare.ts';

const make = (): Terminals => new Terminals({ namespacesOf: async () => null });
let terminals = make();
afterEach(async () => {
  await terminals.shutdown();
  terminals = make();
});

const start = (program: string[], options: Partial<UnshareOptions> = {}): Promise<TerminalInfo> =>
  terminals.unshare({ ...NO_UNSHARE, ...options, program }, 80, 24);

const ended = (id: string): Promise<TerminalInfo> =>
  new Promise((resolve) => {
    const look = (list: readonly TerminalInfo[]): void => {
      const info = list.find((terminal) => terminal.id === id);
      if (info?.ended) resolve(info);
    };
    terminals.onChange(look);
    look(terminals.list());
  });

/** Polls; for what nobody tells of. */
const eventually = async (holds: () => boolean): Promise<void> => {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 500) throw new Error(`never: ${holds}`);
    await sleep(10);
  }
};

/** Command lines of living processes that hold `word`. */
const running = (word: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
        const cmdline = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return state !== 'Z' && cmdline.includes(word) ? [`${pid} ${cmdline}`] : [];
      } catch {
        return [];
      }
    });

const CTRL_C = Uint8Array.of(3);

describe('a flood', () => {
  it('is held up by a viewer that draws slowly, and Ctrl+C ends it at once', async () => {
    const { id, pid } = await start(['yes', 'a flood of words']);
    let behind = 0;
    let mostBehind = 0;
    let drawn = 0;
    terminals.attach('slow', id, (bytes) => {
      behind += bytes.length;
      mostBehind = Math.max(mostBehind, behind);
    });
    const drawing = setInterval(() => {
      const bytes = Math.min(behind, FLOW.ack);
      behind -= bytes;
      drawn += bytes;
      terminals.acknowledge('slow', id, bytes);
    }, 10);
    try {
      await eventually(() => drawn > 3 * FLOW.high);
      // One read of the terminal may pass the mark, and the viewer is given what is left after the end.
      expect(mostBehind).toBeLessThan(FLOW.high + 70_000);
      terminals.input(id, CTRL_C);
      const info = await ended(id);
      expect(info.ended).toMatchObject({ exitCode: 130, signal: 'SIGINT' });
      expect(() => process.kill(-Number(pid), 0)).toThrow('ESRCH');
    } finally {
      clearInterval(drawing);
    }
  });

  it('that nobody watches neither stops nor piles up', async () => {
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    const { id } = await start(['sh', '-c', 'yes "a flood of words" | head -c 20000000; echo; echo done']);
    await ended(id);
    clearInterval(watch);
    expect(most - before).toBeLessThan(100_000_000);
    let text = '';
    terminals.attach('late', id, (bytes) => (text += Buffer.from(bytes).toString()));
    await eventually(() => text !== '');
    expect(text.trimEnd()).toMatch(/words\r\na flood of words\r\n.*\r\ndone$/);
  });
});

describe('the screens of all', () => {
  it('keep no more than they may together: one that nobody looks at loses its oldest lines', async () => {
    terminals = new Terminals({ namespacesOf: async () => null, screenBytes: 6_000_000 });
    const replayOf = (id: string): Promise<string> =>
      new Promise((resolve) => {
        terminals.attach('look', id, (bytes) => {
          terminals.detach('look', id);
          resolve(Buffer.from(bytes).toString());
        });
      });
    const lines = ['sh', '-c', 'seq 1 4500'];
    const { id: unseen } = await start(lines);
    await ended(unseen);
    const { id: seen } = await start(['sh', '-c', 'read line; exec seq 1 4500']);
    terminals.attach('page', seen, (bytes) => terminals.acknowledge('page', seen, bytes.length));
    expect((await replayOf(unseen)).split('\r\n')[0]).toBe('1');
    terminals.input(seen, Uint8Array.of(0x0a));
    await ended(seen);
    let first = '1';
    for (let turn = 0; turn < 500 && first === '1'; turn++) {
      [first = ''] = (await replayOf(unseen)).split('\r\n');
      await sleep(10);
    }
    expect(Number(first)).toBeGreaterThan(2000);
    expect((await replayOf(unseen)).split('\r\n').at(-2)).toBe('4500');
    expect(await replayOf(seen)).toContain('\r\n1\r\n2\r\n');
  });
});

describe('closing', () => {
  it('ends programs that are deaf to SIGHUP, those stopped, and those in sessions of their own', async () => {
    const mark = `porthole-test-${process.pid}-${Date.now()}`;
    const script = `trap "" HUP TERM INT; setsid sh -c "trap '' HUP; sleep 1000; : ${mark}" & sh -c "kill -STOP \\$\\$; : ${mark}" & while :; do sleep 1; done; : ${mark}`;
    const { id } = await start(['sh', '-c', script]);
    await eventually(() => running(mark).length >= 3);
    await terminals.close(id);
    expect(running(mark)).toEqual([]);
    expect(terminals.list()).toEqual([]);
  });

  it('ends PID 1 of a PID namespace, which ignores every polite signal', async (test) => {
    try {
      execFileSync('unshare', ['--fork', '--pid', 'true'], { stdio: 'pipe' });
    } catch (error) {
      test.skip(`unshare --fork --pid does not work here: ${String(error)}`);
    }
    const mark = `1000.${process.pid}`;
    await start(['sleep', mark], { namespaces: ['pid'], fork: true });
    await eventually(() => running(`sleep ${mark}`).length >= 2);
    await terminals.shutdown();
    expect(running(`sleep ${mark}`)).toEqual([]);
  });

  it('asked for twice happens once, and afterwards the terminal is unknown', async () => {
    const { id } = await start(['cat']);
    await Promise.all([terminals.close(id), terminals.close(id)]);
    await expect(terminals.close(id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('leaves no descriptor open', async () => {
    await start(['true']).then(({ id }) => ended(id));
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let run = 0; run < 5; run++) await ended((await start(['true'])).id);
    await terminals.close((await start(['cat'])).id);
    expect(open()).toBe(before);
  });

  it('is not held up by a program that something else of the host executed', async () => {
    await start(['cat']);
    const { stdout } = spawnSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8' });
    expect(stdout).toMatch(/fd\n|->/);
    expect(stdout).not.toMatch(/ptmx|\/dev\/pts/);
  });

  it('for good: nothing can be opened after a shutdown', async () => {
    await terminals.shutdown();
    await expect(start(['cat'])).rejects.toThrow('Porthole is closing.');
  });
});

describe('what cannot be', () => {
  it('is said on the screen when unshare itself says it', async () => {
    const { id } = await start(['/no/such/program']);
    expect((await ended(id)).ended?.exitCode).toBe(127);
    let text = '';
    terminals.attach('page', id, (bytes) => (text += Buffer.from(bytes).toString()));
    await eventually(() => text !== '');
    expect(text).toContain('failed to execute /no/such/program: No such file or directory');
  });

  it(`is more than ${MOST_TERMINALS} terminals`, async () => {
    await Promise.all(Array.from({ length: MOST_TERMINALS }, () => start(['sleep', '1000'])));
    await expect(start(['true'])).rejects.toThrow(`There are ${MOST_TERMINALS} terminals already`);
  });

  it('is told when the program’s terminal has what was typed, and when nobody will ever read it', async () => {
    const { id } = await start(['sh', '-c', 'stty raw -echo; echo ready; head -c 100000 >/dev/null; exec sleep 1000']);
    let text = '';
    terminals.attach('page', id, (bytes) => (text += Buffer.from(bytes).toString()));
    await eventually(() => text.includes('ready'));
    const taken: string[] = [];
    const paste = new Uint8Array(100_000).fill(0x61);
    terminals.input(id, paste, () => taken.push('read'));
    await eventually(() => taken.length === 1);
    terminals.input(id, paste, () => taken.push('never read'));
    terminals.input(id, CTRL_C, () => taken.push('key'));
    await sleep(50);
    expect(taken).toEqual(['read']);
    await terminals.close(id);
    expect(taken).toEqual(['read', 'never read', 'key']);
  });

  it('is input without end to a program that does not read', async () => {
    const { id } = await start(['sh', '-c', 'stty raw -echo; echo ready; exec sleep 1000']);
    let text = '';
    terminals.attach('page', id, (bytes) => (text += Buffer.from(bytes).toString()));
    await eventually(() => text.includes('ready'));
    const megabyte = new Uint8Array(1_000_000).fill(0x61);
    const paste = (): void => {
      for (let times = 0; times < 10; times++) terminals.input(id, megabyte);
    };
    expect(paste).toThrow('does not read');
    const before = process.cpuUsage();
    await sleep(500);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(150);
  });
});
