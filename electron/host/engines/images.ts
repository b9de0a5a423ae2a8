/** An engine's images. Docker Engine API reference, Image; Podman answers the same, but for what is said below. */
import type { EngineImage, ImageRemoved, ImageStep } from '../../../shared/images.ts';
import { inEngineWords } from './act.ts';
import { dial, type Dialled } from './dial.ts';
import { field } from './field.ts';

/** A machine that builds images has thousands without a name; more nobody looks through. */
const MOST_IMAGES = 5000;
/** An image has 127 layers at most (overlay2), and steps that make none. */
const MOST_STEPS = 1000;

/** Every promise rejects with a PortholeError in the engine's words, or when `signal` is aborted. */
export interface ImageCalls {
  /** All images that are no mere step of another, the youngest first. */
  list(signal: AbortSignal): Promise<readonly EngineImage[]>;
  history(ref: string, signal: AbortSignal): Promise<readonly ImageStep[]>;
  /** The engine's own account, unchanged: what `docker image inspect` prints. */
  inspect(ref: string, signal: AbortSignal): Promise<unknown>;
  remove(ref: string, force: boolean, signal: AbortSignal): Promise<ImageRemoved>;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const bytes = (value: unknown): number | null =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const names = (value: unknown): string[] =>
  list(value).filter((name): name is string => typeof name === 'string' && !name.includes('<none>'));
/** Seconds; builders that want the same bytes every time say 0, or year 1, for never. */
const time = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value * 1000 : null;
/** Podman leaves out what Docker puts before an ID. */
const id = (value: unknown): string => (/^[0-9a-f]{64}$/.test(text(value)) ? `sha256:${text(value)}` : text(value));
const ID = /^sha256:[0-9a-f]{64}$/;
/** Slashes part a name; whatever else stands in it must not part the address. */
const inPath = (ref: string): string => ref.split('/').map(encodeURIComponent).join('/');

/** One entry of the image list; `null` without an ID. `sharing`: whether the engine counts what images share. */
export function parseImage(
  entry: unknown,
  users: ReadonlyMap<string, readonly string[]> | null,
  sharing: boolean,
): EngineImage | null {
  const own = id(field(entry, 'Id'));
  if (!ID.test(own)) return null;
  return {
    id: own,
    tags: names(field(entry, 'RepoTags')),
    digests: names(field(entry, 'RepoDigests')),
    bytes: bytes(field(entry, 'Size')),
    // -1: not counted.
    sharedBytes: sharing ? bytes(field(entry, 'SharedSize')) : null,
    createdAt: time(field(entry, 'Created')),
    usedBy: users === null ? null : (users.get(own) ?? []),
  };
}

export function parseStep(entry: unknown): ImageStep {
  const own = id(field(entry, 'Id'));
  return {
    id: ID.test(own) ? own : null,
    createdAt: time(field(entry, 'Created')),
    createdBy: text(field(entry, 'CreatedBy')),
    bytes: bytes(field(entry, 'Size')),
    tags: names(field(entry, 'Tags')),
    comment: text(field(entry, 'Comment')),
  };
}

function usersIn(containers: readonly unknown[]): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, string[]>();
  for (const container of containers) {
    const image = id(field(container, 'ImageID'));
    users.set(image, [...(users.get(image) ?? []), text(field(container, 'Id'))]);
  }
  return users;
}

/** `isPodman`: its API says 0 for what images share, counted or not. */
export function imageCalls(docker: Dialled, isPodman: boolean): ImageCalls {
  const ask = (...args: [method: 'GET' | 'DELETE', path: string, query: Record<string, string>, signal: AbortSignal]) =>
    dial(docker, ...args).catch((error: unknown) => {
      throw inEngineWords(error);
    });
  return {
    list: async (signal) => {
      const [images, containers] = await Promise.all([
        // Counted since API 1.42 (Docker 23); older ones ignore the wish.
        ask('GET', '/images/json', { 'shared-size': '1' }, signal),
        ask('GET', '/containers/json', { all: '1' }, signal).catch(() => null),
      ]);
      const users = Array.isArray(containers) ? usersIn(containers) : null;
      return list(images)
        .map((entry) => parseImage(entry, users, !isPodman))
        .filter((image) => image !== null)
        .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0) || (a.id < b.id ? -1 : 1))
        .slice(0, MOST_IMAGES);
    },
    history: async (ref, signal) => {
      const told = await ask('GET', `/images/${inPath(ref)}/history`, {}, signal);
      return list(told).slice(0, MOST_STEPS).map(parseStep);
    },
    inspect: (ref, signal) => ask('GET', `/images/${inPath(ref)}/json`, {}, signal),
    remove: async (ref, force, signal) => {
      const told = list(await ask('DELETE', `/images/${inPath(ref)}`, force ? { force: '1' } : {}, signal));
      const of = (key: string): string[] => told.map((one) => text(field(one, key))).filter((name) => name !== '');
      return { untagged: of('Untagged'), deleted: of('Deleted') };
    },
  };
}
