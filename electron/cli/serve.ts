/** porthole serve: the app in a browser. */
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { connect, isIP, type AddressInfo, type ListenOptions } from 'node:net';
import { chmodSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createHost } from '../host/host.ts';
import { version } from '../host/version.ts';
import { createPageServer } from '../transport/serve.ts';
import { openInBrowser } from './open-in-browser.ts';

export const SERVE_USAGE = `porthole serve [--port N] [--host ADDRESS --expose-shells] [--socket PATH] [--open]

Serves the app to a browser. The first line printed is the full address; whoever has it has shells as this user.
  --port N         TCP port on 127.0.0.1; 0, the default, takes a free one
  --socket PATH    listen on a Unix socket instead, for: ssh -L 8080:PATH HOST
  --host ADDRESS   listen on this address; beyond loopback only together with --expose-shells
  --expose-shells  agree that anyone who learns the address, which crosses the network unencrypted,
                   can see every process of this machine and start programs as this user
  --open           open the address in the default browser`;

interface Listening {
  readonly listen: ListenOptions;
  readonly exposed: boolean;
  readonly open: boolean;
}

class Usage extends Error {}

const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

const listening = (args: readonly string[]): Listening => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      socket: { type: 'string' },
      open: { type: 'boolean', default: false },
      'expose-shells': { type: 'boolean', default: false },
    },
  });
  const { port = '0', host = '127.0.0.1', socket, open } = values;
  const exposed = !isLoopback(host);
  if (socket !== undefined) {
    if (values.port !== undefined || values.host !== undefined) throw new Usage('--socket excludes --port and --host');
    if (open) throw new Usage('--open needs a TCP port; a browser cannot open a Unix socket');
    return { listen: { path: socket }, exposed: false, open };
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) throw new Usage('--port takes a number from 0 to 65535');
  if (exposed && !values['expose-shells']) {
    throw new Usage(
      `--host ${host} would give shells of this machine to the network; add --expose-shells if that is meant, ` +
        'or leave --host out and reach it through ssh -L',
    );
  }
  return { listen: { port: Number(port), host }, exposed, open };
};

/** Removes a socket file whose server is gone; one that answers, or is no socket, is left for listen() to complain of. */
const removeStaleSocket = (path: string): Promise<void> =>
  new Promise((resolve) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isSocket()) return resolve();
    const probe = connect(path);
    probe.on('connect', () => {
      probe.destroy();
      resolve();
    });
    probe.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') rmSync(path);
      resolve();
    });
  });

const listen = async (server: Server, options: ListenOptions): Promise<void> => {
  if (options.path !== undefined) await removeStaleSocket(options.path);
  // A socket file is born with the umask's mode; nobody else may reach it even for a moment.
  const umask = process.umask(0o077);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options, () => {
        server.off('error', reject);
        resolve();
      });
    });
    if (options.path !== undefined) chmodSync(options.path, 0o600);
  } finally {
    process.umask(umask);
  }
};

const addressOf = (server: Server, token: string): string => {
  const address = server.address() as AddressInfo | string;
  if (typeof address === 'string') return `unix:${address}#token=${token}`;
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}/#token=${token}`;
};

const stopSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

/** Serves until a signal ends it. Exit codes: 0 stopped, 1 could not listen, 2 wrong usage. */
export const serve = async (args: readonly string[]): Promise<number> => {
  let options: Listening;
  try {
    options = listening(args);
  } catch (error) {
    process.stderr.write(`porthole serve: ${(error as Error).message}\n`);
    return 2;
  }
  // A given token lets a supervisor restart the server under open pages; shells must not inherit it.
  const token = process.env['PORTHOLE_TOKEN'] || randomBytes(32).toString('base64url');
  delete process.env['PORTHOLE_TOKEN'];
  const host = createHost({ samplerScript: new URL('./sampler.js', import.meta.url), version: version() });
  const page = createPageServer({
    root: fileURLToPath(new URL('./page', import.meta.url)),
    token,
    exposed: options.exposed,
    connect: (transport) => host.connect(transport),
  });
  try {
    await listen(page.server, options.listen);
  } catch (error) {
    process.stderr.write(`porthole serve: ${(error as Error).message}\n`);
    await host.close();
    return 1;
  }
  const address = addressOf(page.server, token);
  process.stdout.write(`${address}\n`);
  if (options.listen.path !== undefined) {
    process.stderr.write(
      `Reach it from your machine: ssh -N -L 8080:${options.listen.path} THIS-HOST, then open ` +
        `http://127.0.0.1:8080/#token=${token}\n`,
    );
  }
  if (options.exposed) {
    process.stderr.write('Listening beyond loopback: whoever has the address above has shells as this user.\n');
  }
  const opened = options.open ? openInBrowser(address) : null;
  await stopSignal();
  opened?.forget();
  await Promise.all([page.close(), host.close()]);
  return 0;
};
