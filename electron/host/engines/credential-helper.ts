/** Programs that keep credentials: `docker-credential-NAME get`. github.com/docker/docker-credential-helpers, "Development". */
import { spawn } from 'node:child_process';
import { field } from './field.ts';

/** A keychain may ask its owner first; longer than this nobody waits for a pull to begin. */
const HELPER_MILLIS = 15_000;
const MOST_BYTES = 64 * 1024;

export interface HelperSecret {
  readonly username: string;
  readonly secret: string;
}

/** `null` if it has none for this server. Rejects with why it could not be asked; its secret is never in the words. */
export function askHelper(
  name: string,
  server: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<HelperSecret | null> {
  const program = `docker-credential-${name}`;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)) return Promise.reject(new Error('the helper’s name is none'));
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${program} ${why}`));
    const child = spawn(program, ['get'], { env, stdio: ['pipe', 'pipe', 'ignore'], signal });
    const timer = setTimeout(() => {
      fail(`did not answer within ${HELPER_MILLIS / 1000} s`);
      child.kill('SIGKILL');
    }, HELPER_MILLIS);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said.length <= MOST_BYTES) said += text;
    });
    // One that does not read what it is asked is no reason to end.
    child.stdin.on('error', () => undefined).end(server);
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      if (signal.aborted) reject(signal.reason as Error);
      else fail(error.code === 'ENOENT' ? 'is not installed' : `could not be started: ${error.code ?? 'unknown'}`);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      // What helpers say on stdout where they have nothing.
      if (/credentials not found/i.test(said)) return resolve(null);
      if (code !== 0) return fail(`ended with exit code ${code ?? 'unknown'}`);
      const told = read(said);
      const [username, secret] = [field(told, 'Username'), field(told, 'Secret')];
      if (typeof username !== 'string' || typeof secret !== 'string') return fail('answered what cannot be read');
      resolve({ username, secret });
    });
  });
}

function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
