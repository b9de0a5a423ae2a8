/** Where a container engine may be listening, in the order in which the docker client and people would look. */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { currentContext, dockerContexts } from './docker-contexts.ts';

export interface Tls {
  /** Folder with ca.pem, cert.pem and key.pem, each optional; `null`: the system's authorities. */
  readonly certPath: string | null;
  /** False: the engine's certificate is not checked (the docker client's `--tls` without `--tlsverify`). */
  readonly verify: boolean;
}

export type Reach =
  | { readonly via: 'unix'; readonly socketPath: string }
  | { readonly via: 'tcp'; readonly host: string; readonly port: number; readonly tls: Tls | null }
  /** Found, but not to be reached; `message` says why. */
  | { readonly via: 'none'; readonly message: string; readonly remedy: string };

export interface EnginePlace {
  readonly kind: 'docker' | 'podman';
  /** Without credentials. Also the engine's id. */
  readonly address: string;
  readonly source: string;
  readonly reach: Reach;
}

export interface Surroundings {
  readonly home: string;
  readonly uid: number;
  /** Follows links; the path itself if it does not exist. */
  readonly realpath: (path: string) => string;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';

/** The folder's links followed; the socket itself may not exist yet. */
function realpath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

/** All places worth trying, each socket once. Reads the docker client's configuration; connects to nothing. */
export function findPlaces(env: NodeJS.ProcessEnv, given: Partial<Surroundings> = {}): readonly EnginePlace[] {
  const around: Surroundings = { home: homedir(), uid: process.getuid?.() ?? 0, realpath, ...given };
  const config = env['DOCKER_CONFIG'] || join(around.home, '.docker');
  const runtimeDir = env['XDG_RUNTIME_DIR'] || `/run/user/${around.uid}`;
  const places: EnginePlace[] = [];

  const host = env['DOCKER_HOST'];
  const contexts = dockerContexts(config);
  const current = currentContext(config, env);
  if (host) {
    // The docker client takes any text for true, "0" too.
    const tls = env['DOCKER_TLS_VERIFY'] || env['DOCKER_TLS'];
    const certPath = env['DOCKER_CERT_PATH'] || config;
    places.push(placeAt(host, 'DOCKER_HOST', tls ? { certPath, verify: Boolean(env['DOCKER_TLS_VERIFY']) } : null));
  } else if (current !== null && !contexts.some(({ name }) => name === current)) {
    places.push(
      nowhere(`docker context ${current}`, 'The docker client has no context of this name.', 'docker context ls'),
    );
  }
  for (const context of contexts.toSorted((a, b) => Number(b.name === current) - Number(a.name === current))) {
    const tls = context.certPath === null ? null : { certPath: context.certPath, verify: context.verify };
    const place = placeAt(context.host, `docker context ${context.name}`, tls);
    // Other machines are asked only if their context is the one in use.
    if (place.reach.via === 'unix' || (context.name === current && !host)) places.push(place);
  }
  places.push(
    socketPlace(DEFAULT_SOCKET, 'default socket'),
    socketPlace(join(runtimeDir, 'docker.sock'), 'rootless socket'),
    socketPlace(join(runtimeDir, 'podman/podman.sock'), 'rootless socket'),
    socketPlace('/run/podman/podman.sock', 'default socket'),
  );

  const seen = new Set<string>();
  return places.filter(({ address, reach }) => {
    const key = reach.via === 'unix' ? `unix://${around.realpath(reach.socketPath)}` : address;
    return !seen.has(key) && seen.add(key);
  });
}

const socketPlace = (socketPath: string, source: string): EnginePlace => ({
  kind: socketPath.includes('podman') ? 'podman' : 'docker',
  address: `unix://${socketPath}`,
  source,
  reach: { via: 'unix', socketPath },
});

const nowhere = (address: string, message: string, remedy: string, source = address): EnginePlace => ({
  kind: 'docker',
  address,
  source,
  reach: { via: 'none', message, remedy },
});

/** What DOCKER_HOST or a context says, as the docker client reads it. */
function placeAt(host: string, source: string, tls: Tls | null): EnginePlace {
  if (host.startsWith('unix://')) return socketPlace(host.slice('unix://'.length) || DEFAULT_SOCKET, source);
  let url: URL;
  try {
    // As http, URL would drop port 80 for being the usual one.
    url = new URL(host.includes('://') ? host.replace(/^https?:/, 'tcp:') : `tcp://${host}`);
  } catch {
    return nowhere(
      source,
      'The address of the engine cannot be understood.',
      'Set it to unix:///PATH or tcp://HOST:PORT.',
    );
  }
  const secure = tls !== null || host.startsWith('https:');
  const port = url.port === '' ? (secure ? 2376 : 2375) : Number(url.port);
  // Whatever stood before the @ is left behind here.
  const address = `${url.protocol}//${url.hostname}${url.protocol === 'ssh:' && url.port === '' ? '' : `:${port}`}`;
  if (url.protocol === 'ssh:') {
    return nowhere(
      address,
      'An engine behind ssh is not followed, for the host key would go unchecked.',
      `Forward its socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, with DOCKER_HOST=unix:///tmp/docker.sock.`,
      source,
    );
  }
  if (url.protocol !== 'tcp:' || url.hostname === '') {
    return nowhere(
      address,
      `An engine at ${url.protocol}// cannot be reached from here.`,
      'Use unix:// or tcp://.',
      source,
    );
  }
  const reach = {
    via: 'tcp',
    host: url.hostname,
    port,
    tls: secure && tls === null ? { certPath: null, verify: true } : tls,
  } as const;
  return { kind: 'docker', address, source, reach };
}
