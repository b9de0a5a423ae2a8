/** Docker's calls that make a container: create, and fetch its image. Docker Engine API reference; Podman answers the same. */
import { StringDecoder } from 'node:string_decoder';
import type Docker from 'dockerode';
import { PortholeError } from '../../../shared/frames.ts';
import type { LocalImage } from '../../../shared/pull.ts';
import { createBody } from '../../../shared/run-body.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import { podmanSpec } from '../../../shared/run-podman.ts';
import { inEngineWords } from './act.ts';
import type { RegistryAuth } from './credentials.ts';
import { field } from './field.ts';
import { LIBPOD } from './podman.ts';
import { readProfile } from './seccomp-profile.ts';

/** Longer than any line of a pull; one that does not end is not kept. */
const LINE_CHARACTERS = 1024 * 1024;
/** More than anyone reads; a machine that builds images has thousands without a name. */
const MOST_IMAGES = 2000;

export interface Created {
  readonly id: string;
  readonly warnings: readonly string[];
}

/** Podman is asked as its own client asks. Rejects with a PortholeError in the engine's words: `not-found` if the image is not here. */
export async function create(
  docker: Docker,
  options: RunOptions,
  isPodman: boolean,
  signal: AbortSignal,
): Promise<Created> {
  // Podman takes the path, and reads it where the service is.
  const { seccomp } = options;
  const profile = seccomp === null || seccomp === 'unconfined' || isPodman ? null : await readProfile(seccomp);
  const asked = isPodman
    ? { path: `${LIBPOD}/containers/create?`, options: { _query: {}, _body: podmanSpec(options) } }
    : {
        path: '/containers/create?',
        options: { _query: options.name === null ? {} : { name: options.name }, _body: createBody(options, profile) },
      };
  const told = await new Promise<unknown>((resolve, reject) => {
    const statusCodes = { 201: true, 400: 'bad parameter', 404: 'not found', 409: 'conflict', 500: 'server error' };
    docker.modem.dial(
      {
        ...asked,
        method: 'POST',
        abortSignal: signal,
        statusCodes,
      } as Parameters<typeof docker.modem.dial>[0],
      (error: unknown, answer: unknown) => (error ? reject(inEngineWords(error)) : resolve(answer)),
    );
  });
  const id = field(told, 'Id');
  if (typeof id !== 'string') throw new PortholeError('failed', 'The engine did not say what it created.');
  const warnings = field(told, 'Warnings');
  return { id, warnings: Array.isArray(warnings) ? warnings.filter((words) => typeof words === 'string') : [] };
}

/** `name` and `tag` as ImageCreate wants them; without a tag it would fetch all there are. */
export function imageSource(image: string): { fromImage: string; tag: string } {
  const at = image.indexOf('@');
  if (at >= 0) return { fromImage: image.slice(0, at), tag: image.slice(at + 1) };
  const colon = image.lastIndexOf(':');
  // A colon before a slash is that of a registry's port.
  return colon > image.lastIndexOf('/')
    ? { fromImage: image.slice(0, colon), tag: image.slice(colon + 1) }
    : { fromImage: image, tag: 'latest' };
}

/** Fetches an image; `take` gets each line and may throw. Rejects in the engine's words. */
export async function pull(
  docker: Docker,
  image: string,
  auth: RegistryAuth | null,
  take: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const asked = { ...imageSource(image), abortSignal: signal };
  const stream = await docker.createImage(auth ?? undefined, asked).catch((error: unknown) => {
    throw inEngineWords(error);
  });
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const abort = (): void => void (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
  signal.addEventListener('abort', abort);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(chunk)).split('\n');
      rest = lines.pop() ?? '';
      if (rest.length > LINE_CHARACTERS) throw new Error('What the engine tells of the pull is not lines.');
      lines.forEach(take);
    }
    if (rest.trim() !== '') take(rest);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** The images that have a name, by name. */
export async function images(docker: Docker, signal: AbortSignal): Promise<readonly LocalImage[]> {
  const told: unknown = await docker.listImages({ abortSignal: signal } as Docker.ListImagesOptions);
  const named = (Array.isArray(told) ? told : []).flatMap((image: unknown): LocalImage[] => {
    const tags = field(image, 'RepoTags');
    const size = field(image, 'Size');
    return (Array.isArray(tags) ? tags : [])
      .filter((tag): tag is string => typeof tag === 'string' && !tag.startsWith('<none>'))
      .map((name) => ({ name, bytes: typeof size === 'number' ? size : null }));
  });
  return named.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_IMAGES);
}
