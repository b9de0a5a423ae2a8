/** Docker Engine, and Podman through the same API, by way of dockerode. */
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { inspect } from 'node:util';
import type Docker from 'dockerode';
import type { ContainerAction } from '../../../shared/container-act.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { LogQuery } from '../../../shared/logs.ts';
import type { LocalImage } from '../../../shared/pull.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import { act } from './act.ts';
import { readDiff, readStats, readTop, update } from './one-container.ts';
import { wordsOf } from './condition.ts';
import { imageCalls, type ImageCalls } from './images.ts';
import { parseEvent, parseListed, parseLooked } from './docker-container.ts';
import { execCalls, type ExecCalls } from './exec.ts';
import type { RegistryAuth } from './credentials.ts';
import { field } from './field.ts';
import { openLogs } from './logs.ts';
import type { Engine, EngineVersion, Follower, Listed, Looked } from './engine.ts';
import type { EngineAccount } from './stats.ts';
import { create, images, pull, type Created } from './run.ts';
import type { EnginePlace, Tls } from './find-sockets.ts';
import { knowsPods, podsOf, updateByPodman } from './podman.ts';

/** Longer than any event; a line that does not end is not kept. */
const LINE_CHARACTERS = 1024 * 1024;

const STRANGER = 'What answers there does not speak Docker’s API.';

const isHere = ({ reach }: EnginePlace): boolean =>
  reach.via === 'unix' || (reach.via === 'tcp' && /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(reach.host));

export class DockerEngine implements Engine {
  readonly #place: EnginePlace;
  #docker: Asked | null = null;
  /** `null` until it was asked. */
  #knowsPods: boolean | null = null;
  #agent: Agent | null = null;
  /** MemTotal of its machine; `null` until it said so. */
  #machineBytes: number | null = null;

  constructor(place: EnginePlace) {
    this.#place = place;
  }

  async ping(signal: AbortSignal): Promise<void> {
    const docker = (this.#docker ??= await this.#connect());
    const told = await docker.ping({ abortSignal: signal });
    if (String(told).trim() !== 'OK') throw new Error(STRANGER);
  }

  async version(signal: AbortSignal): Promise<EngineVersion> {
    const docker = this.#connected();
    const told = await docker.version({ abortSignal: signal });
    const version = field(told, 'Version');
    if (typeof version !== 'string') throw new Error(STRANGER);
    const components = field(told, 'Components');
    const names = (Array.isArray(components) ? components : []).map((component: unknown) => field(component, 'Name'));
    const kind = names.includes('Podman Engine') ? 'podman' : 'docker';
    const info = await docker.info({ abortSignal: signal }).catch(() => null);
    const memory = field(info, 'MemTotal');
    if (typeof memory === 'number' && memory > 0) this.#machineBytes = memory;
    const [options, rootless] = [field(info, 'SecurityOptions'), field(info, 'Rootless')];
    // Podman has a field of its own for it, and up to 4.3 nothing among the options.
    if (typeof rootless === 'boolean') return { kind, version, rootless };
    return { kind, version, rootless: Array.isArray(options) ? options.includes('name=rootless') : null };
  }

  async list(ids: readonly string[] | null, signal: AbortSignal): Promise<readonly Listed[]> {
    const filters = ids === null ? {} : { filters: { id: [...ids] } };
    const docker = this.#connected();
    this.#knowsPods ??= await knowsPods(docker, signal);
    const [entries, pods]: [unknown, Awaited<ReturnType<typeof podsOf>>] = await Promise.all([
      docker.listContainers({ all: true, abortSignal: signal, ...filters }),
      this.#knowsPods ? podsOf(docker, ids, signal) : new Map(),
    ]);
    if (!Array.isArray(entries)) throw new Error('The engine’s list of containers is not a list.');
    return entries.map((entry) => parseListed(entry, pods)).filter((listed) => listed !== null);
  }

  async look(id: string, signal: AbortSignal): Promise<Looked> {
    return parseLooked(await this.inspect(id, signal), isHere(this.#place));
  }

  async inspect(id: string, signal: AbortSignal): Promise<unknown> {
    const container = this.#connected().getContainer(encodeURIComponent(id));
    try {
      return await container.inspect({ abortSignal: signal });
    } catch (error) {
      const missing = field(error, 'statusCode') === 404;
      throw new PortholeError(missing ? 'not-found' : 'failed', wordsOf(error));
    }
  }

  async stats(id: string, signal: AbortSignal): Promise<EngineAccount> {
    const [stats, inspected] = await Promise.all([
      readStats(this.#connected(), id, signal),
      this.inspect(id, signal).catch(() => null),
    ]);
    return { stats, inspected, machineBytes: this.#machineBytes };
  }

  top(id: string, signal: AbortSignal): Promise<unknown> {
    return readTop(this.#connected(), id, signal);
  }

  diff(id: string, signal: AbortSignal): Promise<unknown> {
    return readDiff(this.#connected(), id, signal);
  }

  async update(id: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#knowsPods === true) {
      await updateByPodman(this.#connected(), id, body, signal);
      return [];
    }
    return update(this.#connected(), id, body, signal);
  }

  act(id: string, action: ContainerAction, signal: AbortSignal): Promise<void> {
    return act(this.#connected(), id, action, signal);
  }

  imageCalls(): ImageCalls {
    return imageCalls(this.#connected(), this.#knowsPods === true);
  }

  execCalls(): ExecCalls {
    return execCalls(this.#connected() as unknown as Docker);
  }

  logs(id: string, query: LogQuery, signal: AbortSignal): Promise<Readable> {
    return openLogs(this.#connected(), id, query, signal);
  }

  images(signal: AbortSignal): Promise<readonly LocalImage[]> {
    return images(this.#connected() as unknown as Docker, signal);
  }

  pull(image: string, auth: RegistryAuth | null, take: (line: string) => void, signal: AbortSignal): Promise<void> {
    return pull(this.#connected() as unknown as Docker, image, auth, take, signal);
  }

  create(options: RunOptions, signal: AbortSignal): Promise<Created> {
    return create(this.#connected() as unknown as Docker, options, this.#knowsPods === true, signal);
  }

  async follow(follower: Follower, signal: AbortSignal): Promise<void> {
    const stream = await this.#connected().getEvents({
      filters: { type: ['container', 'image', 'network'] },
      abortSignal: signal,
    });
    follower.opened();
    const decoder = new StringDecoder('utf8');
    let rest = '';
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('close', resolve);
      stream.on('end', resolve);
      stream.on('data', (chunk: Buffer) => {
        const lines = (rest + decoder.write(chunk)).split('\n');
        rest = lines.pop() ?? '';
        if (rest.length > LINE_CHARACTERS) return reject(new Error('The engine’s events are not lines.'));
        for (const line of lines) take(line, follower);
      });
    });
  }

  close(): void {
    this.#agent?.destroy();
  }

  #connected(): Asked {
    if (this.#docker === null) throw new Error('not connected');
    return this.#docker;
  }

  async #connect(): Promise<Asked> {
    const { reach } = this.#place;
    if (reach.via === 'none') throw new Error(reach.message);
    // Loading dockerode takes longer than all else; where there is no socket it is not needed.
    if (reach.via === 'unix') await stat(reach.socketPath);
    const { default: Dockerode } = await import('dockerode');
    const tls = reach.via === 'tcp' ? reach.tls : null;
    this.#agent = tls === null ? new Agent({ keepAlive: true }) : new TlsAgent({ keepAlive: true, ...secrets(tls) });
    // docker-modem formats its options whole for a debug line at each request, printed or not; an agent with its sockets
    // took 30 ms each time.
    Object.assign(this.#agent, { [inspect.custom]: () => 'Agent' });
    // Every key is named, for dockerode fills gaps from the environment, which may speak of another place.
    const nothing = { ca: undefined, cert: undefined, key: undefined, username: undefined, timeout: undefined };
    const options = {
      ...nothing,
      agent: this.#agent,
      protocol: tls === null ? 'http' : 'https',
      socketPath: reach.via === 'unix' ? reach.socketPath : undefined,
      host: reach.via === 'tcp' ? `${tls === null ? 'http' : 'https'}://${reach.host}` : undefined,
      port: reach.via === 'tcp' ? reach.port : undefined,
    } as const;
    return withoutDockerHost(() => new Dockerode(options) as unknown as Asked);
  }
}

/** Every call of dockerode takes a signal; its typings know that of some. */
type Told = (options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;
type Asked = Omit<Docker, 'version' | 'info' | 'ping'> & { version: Told; info: Told; ping: Told };

function take(line: string, follower: Follower): void {
  if (line.trim() === '') return;
  try {
    const about = parseEvent(line);
    if (about === 'images') follower.images();
    else if (about !== null) follower.touched(about.container);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    follower.garbled();
  }
}

/** docker-modem throws on a DOCKER_HOST or DOCKER_CERT_PATH it cannot use, whatever options it is given. */
function withoutDockerHost<T>(make: () => T): T {
  const kept = process.env['DOCKER_HOST'];
  delete process.env['DOCKER_HOST'];
  try {
    return make();
  } finally {
    if (kept !== undefined) process.env['DOCKER_HOST'] = kept;
  }
}

/** Certificates as the docker client finds them; each is optional. */
function secrets({ certPath, verify }: Tls): { ca?: Buffer; cert?: Buffer; key?: Buffer; rejectUnauthorized: boolean } {
  const read = (name: string): Buffer | null => {
    try {
      return certPath === null ? null : readFileSync(join(certPath, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  };
  const [ca, cert, key] = [read('ca.pem'), read('cert.pem'), read('key.pem')];
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }), rejectUnauthorized: verify };
}
