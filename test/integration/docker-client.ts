/** The docker client against a daemon that only listens: what does it ask for? */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface AskedToCreate {
  readonly name: string | null;
  readonly body: unknown;
}

export interface ListeningDaemon {
  /** What `docker ARGV…` asks to be created. Rejects with its words if it asks for nothing. */
  asked(argv: readonly string[]): Promise<AskedToCreate>;
  close(): Promise<void>;
}

export const startListening = async (): Promise<ListeningDaemon> => {
  const folder = await mkdtemp(join(tmpdir(), 'porthole-listening-'));
  const socket = join(folder, 'docker.sock');
  let last: AskedToCreate | null = null;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://daemon');
      response.setHeader('Api-Version', '1.41');
      // The client reads --device by what the daemon runs on.
      response.setHeader('OSType', 'linux');
      if (!url.pathname.endsWith('/containers/create')) return response.end('OK');
      last = { name: url.searchParams.get('name'), body: JSON.parse(body) };
      return response.writeHead(400, { 'content-type': 'application/json' }).end('{"message":"heard"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    asked: async (argv) => {
      last = null;
      const env = { ...process.env, DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: folder };
      const words = await new Promise<string>((resolve) =>
        execFile('docker', [...argv], { env, timeout: 30_000 }, (_, stdout, stderr) => resolve(stdout + stderr)),
      );
      if (last === null) throw new Error(words);
      return last;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
