/** Runs a program to its end, without a shell. */
import { execFile } from 'node:child_process';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** Rejects with the program's own words if it fails, is missing, or takes longer than `timeoutMillis`. */
export function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMillis?: number } = {},
): Promise<Ran> {
  const { cwd, env = process.env, timeoutMillis = 60_000 } = options;
  return new Promise((resolve, reject) => {
    const limits = { env, timeout: timeoutMillis, killSignal: 'SIGKILL', maxBuffer: 64 * 1024 * 1024 } as const;
    const child = execFile(command, [...args], cwd === undefined ? limits : { ...limits, cwd }, (error, out, err) => {
      if (error === null) resolve({ stdout: out, stderr: err });
      else reject(new Error(`${[command, ...args].join(' ')}: ${err.trim() || error.message}`, { cause: error }));
    });
    child.stdin?.end();
  });
}
