/** The small C programs of the seccomp tests, as static ones that run in any container. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** Why they cannot be made here; `null` if they can. */
export const compilerUnavailable = (): string | null => {
  if (process.arch !== 'x64' && process.arch !== 'arm64')
    return `there is no table of the system calls of ${process.arch}`;
  try {
    execFileSync('gcc', ['--version'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'no C compiler is installed (Debian: gcc and libc6-dev)';
  }
};

/** Returns the path of the program. */
export const compile = (name: 'probe' | 'stacked' | 'threaded', folder: string): string => {
  const source = fileURLToPath(new URL(`./${name}.c`, import.meta.url));
  const program = join(folder, name);
  execFileSync('gcc', ['-static', '-O1', '-o', program, source], { stdio: ['ignore', 'ignore', 'inherit'] });
  return program;
};
