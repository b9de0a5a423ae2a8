/**
 * Credentials that the user has for a registry already, found where docker and podman keep them. docs.docker.com, docker
 * login, "Credential stores"; man 5 containers-auth.json. They go to the engine and nowhere else.
 */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorText } from '../../../shared/text.ts';
import { DOCKER_HUB, registryOf } from '../../../shared/registry-name.ts';
import { askHelper } from './credential-helper.ts';
import { field } from './field.ts';

/** What X-Registry-Auth carries. Docker Engine API reference, "Authentication". */
export type RegistryAuth =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

export interface FoundCredentials {
  readonly auth: RegistryAuth | null;
  /** `with the credentials for HOST of FILE`, or without any, and why. */
  readonly words: string;
}

export interface CredentialPlaces {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
}

/** Docker's own name for its hub, older than the hub's. */
const HUB_KEY = 'https://index.docker.io/v1/';

/** In the order in which each client looks. */
export function credentialFiles(kind: 'docker' | 'podman', { env, home }: CredentialPlaces): readonly string[] {
  const docker = join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json');
  if (kind === 'docker') return [docker];
  if (env['REGISTRY_AUTH_FILE']) return [env['REGISTRY_AUTH_FILE']];
  const runtime = env['XDG_RUNTIME_DIR'] ? [join(env['XDG_RUNTIME_DIR'], 'containers/auth.json')] : [];
  return [...runtime, join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers/auth.json'), docker];
}

/** Never rejects, but when `signal` is aborted: without credentials an image may be had all the same. */
export async function credentialsFor(
  image: string,
  kind: 'docker' | 'podman',
  signal: AbortSignal,
  places: CredentialPlaces = { env: process.env, home: homedir() },
): Promise<FoundCredentials> {
  const host = registryOf(image);
  const troubles: string[] = [];
  for (const file of credentialFiles(kind, places)) {
    try {
      const text = await readFile(file, { encoding: 'utf8', signal }).catch(unlessAbsent);
      if (text === null) continue;
      const auth = await inFile(parsed(text), image, places.env, signal);
      if (auth !== null) return { auth, words: `with the credentials for ${host} of ${file}` };
    } catch (error) {
      if (signal.aborted) throw error;
      troubles.push(`${file}: ${errorText(error)}`);
    }
  }
  return { auth: null, words: ['without credentials', ...troubles].join('; ') };
}

function unlessAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's words quote what it read.
    throw new Error('not JSON');
  }
}

/** The keys under which the image's registry may stand, the most particular first: podman's may name a repository. */
export function keysFor(image: string): readonly string[] {
  const host = registryOf(image);
  const path = (image.startsWith(`${host}/`) ? image.slice(host.length + 1) : image).replace(/@.*$|:[^/:]*$/g, '');
  const parts = path.split('/');
  const below = parts.map((_, index) => [host, ...parts.slice(0, parts.length - index)].join('/'));
  return [...below, host, ...(host === DOCKER_HUB ? [HUB_KEY, 'index.docker.io'] : [])];
}

const own = (value: unknown): value is string => typeof value === 'string' && value !== '';

async function inFile(
  config: unknown,
  image: string,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<RegistryAuth | null> {
  const host = registryOf(image);
  const server = host === DOCKER_HUB ? HUB_KEY : host;
  const helpers = [server, host].map((key) => field(config, 'credHelpers', key));
  const helper = [...helpers, field(config, 'credsStore')].find(own);
  if (helper !== undefined) {
    const told = await askHelper(helper, server, env, signal);
    // https://github.com/docker/docker-credential-helpers: this name says that the secret is a token.
    if (told !== null)
      return told.username === '<token>'
        ? { identitytoken: told.secret, serveraddress: server }
        : { username: told.username, password: told.secret, serveraddress: server };
  }
  const auths = field(config, 'auths');
  for (const key of keysFor(image)) {
    const auth = authOf(
      field(auths, key) ?? field(auths, `https://${key}`) ?? field(auths, `https://${key}/v1/`),
      server,
    );
    if (auth !== null) return auth;
  }
  return null;
}

/** `auth` is `NAME:PASSWORD` in base64; a credential store leaves an empty object behind. */
function authOf(entry: unknown, serveraddress: string): RegistryAuth | null {
  const token = field(entry, 'identitytoken');
  if (own(token)) return { identitytoken: token, serveraddress };
  const packed = field(entry, 'auth');
  const text = own(packed) ? Buffer.from(packed, 'base64').toString('utf8').replace(/\0+$/, '') : '';
  const colon = text.indexOf(':');
  if (colon > 0) return { username: text.slice(0, colon), password: text.slice(colon + 1), serveraddress };
  const [username, password] = [field(entry, 'username'), field(entry, 'password')];
  return own(username) && own(password) ? { username, password, serveraddress } : null;
}
