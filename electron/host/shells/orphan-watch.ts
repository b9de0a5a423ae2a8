/**
 * A process beside the host that outlives it, even SIGKILL: it waits until its standard input ends, which the kernel sees to,
 * and then becomes the program that ends what was told last. Until then it is a shell that reads lines, of about 1 MB.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ProcessKey } from '../../../shared/model.ts';

/** What ends the host by a signal to its group is not to end this one: it would be gone before its time. */
const WAIT = `trap '' HUP INT TERM; keys=; while IFS= read -r line; do keys=$line; done; [ "$keys" ] && exec "$@" "$keys"`;

export class OrphanWatch {
  readonly #script: string;
  #child: ChildProcess | null = null;
  #told = '';

  /** @param script the bundled orphans.ts. */
  constructor(script: URL) {
    this.#script = fileURLToPath(script);
  }

  /** From now on these, with all of their kin, must not outlive the host. */
  tell(keys: readonly ProcessKey[]): void {
    const line = keys.join(' ');
    if (line === this.#told) return;
    this.#told = line;
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${line}\n`);
  }

  #start(): ChildProcess {
    const child = spawn('/bin/sh', ['-c', WAIT, 'sh', process.execPath, this.#script], {
      // In a session of its own: no hangup and no Ctrl+C reaches it.
      detached: true,
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      // Electron's own binary is Node with this.
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
    const over = (): void => {
      if (this.#child === child) this.#child = null;
    };
    child.on('error', over);
    child.on('exit', over);
    child.stdin.on('error', over);
    child.unref();
    (child.stdin as unknown as { unref(): void }).unref();
    return child;
  }
}
