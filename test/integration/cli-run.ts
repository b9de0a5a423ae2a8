/** Runs the built porthole command and the tools it is held against. */
import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLI = `${ROOT}dist/cli.js`;

const build = (only: string): void => {
  execFileSync(process.execPath, [`${ROOT}build/build.mjs`, '--only', only], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
};

/** Makes dist/cli.js if it is stale, and the library that it reads by. */
export const buildCli = (): void => build('cli,read-many');

/** As {@link buildCli}, and dist/seccomp-tracer.js with it. */
export const buildTracer = (): void => build('cli,read-many,tracer');

export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One char a byte in `stdout`, so that nothing is lost in comparing. `env` is added to our own, without COLUMNS. */
export const run = (argv: readonly string[], env: Record<string, string | undefined> = {}): Promise<Answer> =>
  new Promise((resolve) => {
    const [program, ...args] = argv;
    const options = {
      env: { ...process.env, COLUMNS: undefined, ...env },
      encoding: 'latin1',
      maxBuffer: 1 << 28,
      timeout: 30_000,
    } as const;
    const child = execFile(program!, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });

export const porthole = (args: readonly string[], env: Record<string, string | undefined> = {}): Promise<Answer> =>
  run([process.execPath, CLI, ...args], env);

export const portholeJson = async (
  args: readonly string[],
  env: Record<string, string | undefined> = {},
): Promise<unknown> => {
  const { code, stdout, stderr } = await porthole([...args, '--json'], env);
  if (code !== 0) throw new Error(`porthole ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(Buffer.from(stdout, 'latin1').toString('utf8'));
};

/** For use in a command line of a shell. */
export const portholeCommand = (args: string): string => `'${process.execPath}' '${CLI}' ${args}`;

/**
 * Other programs start and end while two tools look. Looks again until what `witness` says is the same before and after;
 * throws if the machine is never quiet. A witness that says nothing gave up: lsns 2.38 does when a process ends under it.
 */
export const whileQuiet = async <T>(witness: () => Promise<string>, look: () => Promise<T>): Promise<[string, T]> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const before = await witness();
    const seen = await look();
    if (before !== '' && (await witness()) === before) return [before, seen];
  }
  throw new Error('the machine was never quiet between two looks');
};
