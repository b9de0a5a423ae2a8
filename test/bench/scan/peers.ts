/** What others take for the same: whole commands, the bare loop in C, and htop at one look a second. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { atMost, cpuSecondsOf, median, pause } from './numbers.ts';

/** lsns takes 20 s to look at 20,000 processes: what takes this long is run less often, and once if it takes longer. */
const PATIENCE_MILLIS = 15_000;

export const TOOLS: Readonly<Record<string, readonly string[]>> = {
  lsns: ['lsns'],
  ps: ['ps', '-eo', 'pid,ppid,comm,stat,rss,pcpu,cgroup'],
  pstree: ['pstree', '-p'],
};

export interface Peers {
  /** Milliseconds; `null` where it is not installed. */
  readonly lsns: number | null;
  readonly ps: number | null;
  readonly pstree: number | null;
  /** `null` without a compiler. */
  readonly loop: number | null;
  readonly loopAll: number | null;
  readonly loopCpu: number | null;
  readonly loopAllCpu: number | null;
  readonly htopCpuSecondsPerMinute: number | null;
}

const tool = (name: string, runs: number): number | null => {
  const [command = '', ...args] = TOOLS[name] ?? [];
  const run = (): number => {
    const started = performance.now();
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e9 });
    return performance.now() - started;
  };
  try {
    const first = run();
    return first > PATIENCE_MILLIS ? first : median(atMost(runs, PATIENCE_MILLIS, run));
  } catch {
    return null;
  }
};

const loop = (program: string | null, runs: number, ...which: string[]) => {
  if (program === null) return { millis: null, cpuMillis: null };
  const printed = execFileSync(program, [String(runs + 1), ...which], { encoding: 'utf8' });
  const lines = printed.trim().split('\n').slice(1);
  const column = (at: number) => median(lines.map((line) => Number(line.split(' ')[at])));
  return { millis: column(0), cpuMillis: column(1) };
};

const installed = (command: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** On a terminal of the usual size, for it draws only what fits. */
const htop = async (seconds: number): Promise<number | null> => {
  if (!installed('htop')) return null;
  const { spawn } = await import('node-pty');
  const pty = spawn('htop', ['-d', '10'], { cols: 120, rows: 40, name: 'xterm-256color' });
  pty.onData(() => {});
  const cpu = () => cpuSecondsOf(readFileSync(`/proc/${pty.pid}/stat`, 'utf8'));
  try {
    await pause(2500);
    const before = cpu();
    await pause(seconds * 1000);
    return ((cpu() - before) / seconds) * 60;
  } catch {
    return null;
  } finally {
    pty.kill('SIGKILL');
  }
};

/** `program`: the compiled loop.c. */
export const measurePeers = async (program: string | null, runs: number, seconds: number): Promise<Peers> => {
  const few = loop(program, runs);
  const all = loop(program, runs, 'all');
  return {
    loop: few.millis,
    loopAll: all.millis,
    loopCpu: few.cpuMillis,
    loopAllCpu: all.cpuMillis,
    lsns: tool('lsns', runs),
    ps: tool('ps', runs),
    pstree: tool('pstree', runs),
    htopCpuSecondsPerMinute: await htop(seconds),
  };
};
