/** A small real server on a Unix socket that speaks as much of Docker's API as the tests need, and misbehaves on demand. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnginePlace } from '../../../electron/host/engines/find-sockets.ts';

export const idOf = (n: number): string => n.toString(16).padStart(64, '0');

export interface FakeContainer {
  readonly name: string;
  readonly state?: string;
  readonly status?: string;
  readonly pid?: number;
}

export const placeAt = (socketPath: string): EnginePlace => ({
  kind: 'docker',
  address: `unix://${socketPath}`,
  source: 'default socket',
  reach: { via: 'unix', socketPath },
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class FakeDaemon {
  readonly place: EnginePlace;
  readonly containers = new Map<string, FakeContainer>();
  /** Paths asked for, without queries, in order. */
  readonly asked: string[] = [];
  /** Answers instead of the usual, by the beginning of the path. */
  readonly instead = new Map<string, Answer>();
  readonly #streams = new Set<ServerResponse>();
  readonly #server: Server;
  readonly #folder: string;
  readonly #socketPath: string;

  static async start(): Promise<FakeDaemon> {
    const folder = await mkdtemp(join(tmpdir(), 'porthole-fake-'));
    const daemon = new FakeDaemon(folder);
    await daemon.listen();
    return daemon;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.#socketPath = join(folder, 'docker.sock');
    this.place = placeAt(this.#socketPath);
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(this.#socketPath, resolve));
  }

  connections(): Promise<number> {
    return new Promise((resolve) => this.#server.getConnections((_, count) => resolve(count)));
  }

  listsAsked(): number {
    return this.asked.filter((path) => path === '/containers/json').length;
  }

  /** Says this on every open stream of events, as it stands. */
  say(text: string | Buffer): void {
    for (const stream of this.#streams) stream.write(text);
  }

  event(id: string, action: string): void {
    this.say(`${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id } })}\n`);
  }

  endEvents(): void {
    for (const stream of this.#streams) stream.end();
    this.#streams.clear();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://daemon');
    this.asked.push(url.pathname);
    for (const [path, answer] of this.instead) if (url.pathname.startsWith(path)) return answer(request, response);
    const json = (value: unknown, status = 200): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    };
    const id = /^\/containers\/([0-9a-f]+)\/json$/.exec(url.pathname)?.[1];
    if (url.pathname === '/_ping') response.end('OK');
    else if (url.pathname === '/version') json({ Version: '20.10.24', ApiVersion: '1.41' });
    else if (url.pathname === '/info') json({ SecurityOptions: ['name=seccomp,profile=default'] });
    else if (url.pathname === '/events') this.openEvents(response);
    else if (url.pathname === '/containers/json') json(this.#list(url.searchParams.get('filters')));
    else if (id !== undefined && this.containers.has(id)) json(this.#inspect(id));
    else json({ message: `No such container: ${id}` }, 404);
  }

  openEvents(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    this.#streams.add(response);
    response.once('close', () => this.#streams.delete(response));
  }

  #list(filters: string | null): unknown[] {
    const ids = filters === null ? null : (JSON.parse(filters) as { id: string[] }).id;
    return [...this.containers]
      .filter(([id]) => ids === null || ids.includes(id))
      .map(([id, { name, state = 'running', status = 'Up 3 minutes' }]) => ({
        Id: id,
        Names: [`/${name}`],
        Image: 'redis:alpine',
        Command: 'redis-server',
        Created: 1_700_000_000,
        State: state,
        Status: status,
        Labels: {},
        Ports: [],
      }));
  }

  #inspect(id: string): unknown {
    const { state = 'running', pid = 0 } = this.containers.get(id) ?? {};
    const HostConfig = { NetworkMode: 'bridge', PidMode: '', IpcMode: 'private', RestartPolicy: { Name: 'no' } };
    return { Id: id, State: { Status: state, Pid: pid, ExitCode: 3, StartedAt: '2026-01-02T03:04:05.6Z' }, HostConfig };
  }
}
