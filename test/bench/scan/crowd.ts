/** The crowd of idle processes that the benchmark looks at: made by a small program in C, or by a shell without a compiler. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Crowd {
  readonly forked: number;
  /** How many of them are in namespaces of their own. */
  readonly own: number;
  /** Why there are fewer than were asked for. */
  readonly shortfall: string | null;
  /** Ends the oldest, and makes as many new ones. */
  readonly churn: (count: number) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** Compiles one of the benchmark's C programs; `null` without a compiler. */
export const compiled = (folder: string, name: string, into: string): string | null => {
  const program = join(into, name);
  for (const compiler of ['cc', 'gcc', 'clang']) {
    try {
      execFileSync(compiler, ['-O2', '-o', program, join(folder, `${name}.c`)], { stdio: 'pipe' });
      return program;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    }
  }
  return null;
};

/** The same in sh, slower to come, and with no namespaces of their own. */
const SHELL = `
  n=0; while [ $n -lt $1 ]; do sleep 86400 >/dev/null 2>&1 & n=$((n+1)); pids="$pids $!"; done
  echo "ready $n 0 0"
  while read -r _ count; do
    while [ $count -gt 0 ]; do
      set -- $pids; kill -9 $1; wait $1 2>/dev/null; shift
      sleep 86400 >/dev/null 2>&1 & pids="$* $!"; count=$((count-1))
    done
    echo done
  done
  kill -9 $pids`;

const limits = (): string => {
  const read = (path: string) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return 'not readable';
    }
  };
  return `kernel.pid_max is ${read('/proc/sys/kernel/pid_max')}, kernel.threads-max ${read('/proc/sys/kernel/threads-max')}, ${
    /^Max processes +\S+/m.exec(read('/proc/self/limits'))?.[0].replace(/ +/g, ' ') ?? 'ulimit -u unknown'
  }; a pids limit of the cgroup may apply, too`;
};

const errnoName = (number: number): string =>
  Object.entries(constants.errno).find(([, value]) => value === number)?.[0] ?? String(number);

/** `program`: the compiled crowd.c, or `null` for the shell. */
export const gather = async (program: string | null, count: number, own: number): Promise<Crowd> => {
  const child: ChildProcess =
    program === null
      ? spawn('sh', ['-c', SHELL, 'sh', String(count)], { stdio: ['pipe', 'pipe', 'ignore'] })
      : spawn(program, [String(count), String(own)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('the crowd has no pipes');
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => String((await lines.next()).value);
  const [, forked = 0, inOwn = 0, errno = 0] = (await line()).split(' ').map(Number);
  return {
    forked,
    own: inOwn,
    shortfall: forked < count ? `fork: ${errnoName(errno)} (${limits()})` : null,
    churn: async (replaced) => {
      stdin.write(`churn ${replaced}\n`);
      await line();
    },
    end: async () => {
      stdin.end();
      await ended;
    },
  };
};
