/** One connection to one engine, from hello to its end: the list, then what the engine's events say has changed. */
import { setMaxListeners } from 'node:events';
import { PortholeError } from '../../../shared/frames.ts';
import type { ContainerBook } from './container-book.ts';
import type { Engine, EngineVersion } from './engine.ts';
import { AT_ONCE, Looks } from './looks.ts';
import { NoAnswer, pause, within } from './within.ts';

export interface Timing {
  /** For a question that costs the engine nothing: ping. */
  readonly answerMillis: number;
  /** For the list and the version; a daemon with a thousand containers on a slow disk takes seconds. */
  readonly listMillis: number;
  /** For one inspect; a container that is stuck in the kernel blocks its own. */
  readonly lookMillis: number;
  /** How often the engine shows that it is alive, while somebody watches. */
  readonly aliveMillis: number;
  /**
   * How often its list is compared with what its events have told; a Podman that logs events where it may not read them
   * tells of none. One that was found silent is asked for its list each time that it shows that it is alive.
   */
  readonly compareMillis: number;
  /** `docker run` makes five events in a row; they are one change. */
  readonly coalesceMillis: number;
  /** Between attempts, doubled each time up to the last. */
  readonly firstRetryMillis: number;
  readonly lastRetryMillis: number;
}

export const TIMING: Timing = {
  answerMillis: 3000,
  listMillis: 15_000,
  lookMillis: 5000,
  aliveMillis: 10_000,
  compareMillis: 60_000,
  coalesceMillis: 50,
  firstRetryMillis: 1000,
  lastRetryMillis: 15_000,
};

/** Podman 2.0.3 to 2.0.6 and some 5.x send nothing at all before the first event; then the list is asked for again. */
const OPENING_MILLIS = 500;
/** With more changes at once the whole list is cheaper than a filter. */
const MOST_FILTERED = 50;

export interface SessionListener {
  /** From here on `touch` has a container looked at anew that was changed by asking this engine. */
  following(touch: (id: string) => void): void;
  /** The engine answered and its containers are in the book. */
  up(): void;
  /** Some time after. */
  version(version: EngineVersion): void;
  /** The book changed. */
  changed(): void;
  /** Images came, went or were named. */
  images(): void;
  /** All that can be told has been told for the first time: the version, and a look at every container. */
  looked(): void;
}

/** The events ended although the engine had not been at fault; it is asked again at once. */
export class EventsEnded extends Error {}

/** Follows the engine until it fails or `signal` is aborted. Always rejects, with what ended it. */
export async function followEngine(
  engine: Engine,
  book: ContainerBook,
  timing: Timing,
  listener: SessionListener,
  outer: AbortSignal,
): Promise<never> {
  const over = new AbortController();
  const end = (): void => over.abort(outer.reason);
  outer.addEventListener('abort', end);
  if (outer.aborted) end();
  const { signal } = over;
  // A look each, and the few others below.
  setMaxListeners(AT_ONCE + 10, signal);

  const unanswered = new Set<string>();
  const looks = new Looks(async (id) => {
    try {
      book.look(id, await within(`inspect ${id}`, timing.lookMillis, signal, (s) => engine.look(id, s)));
    } catch (error) {
      // One that does not answer stays as the list tells it, and is asked again at the next sign of life.
      unanswered.add(id);
      if (!(error instanceof PortholeError) || error.code !== 'not-found') return;
      book.remove(id);
    }
    if (!signal.aborted) listener.changed();
  });

  // One list at a time, so that an older answer never comes after a newer one.
  let listing: Promise<unknown> = Promise.resolve();
  const list = (ids: readonly string[] | null): Promise<void> => {
    const listed = listing.then(async () => {
      const answer = await within('the list of containers', timing.listMillis, signal, (s) => engine.list(ids, s));
      const toLook = book.list(answer, ids);
      // After an event a look that is under way may be too old; one that merely takes long is left to itself.
      const wanted = ids === null ? toLook.filter((id) => !looks.has(id)) : answer.map(({ id }) => id);
      for (const id of wanted) looks.want(id);
      listener.changed();
    });
    listing = listed.catch(() => undefined);
    return listed;
  };

  try {
    await within('ping', timing.answerMillis, signal, (s) => engine.ping(s));
    return await new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      const touched = new Set<string>();
      let isSilent = false;
      let garbled = false;
      let timer: NodeJS.Timeout | undefined;
      const soon = (): void => {
        timer ??= setTimeout(() => {
          timer = undefined;
          const ids = garbled || touched.size > MOST_FILTERED ? null : [...touched];
          if (ids === null) for (const id of touched) looks.want(id);
          for (const id of touched) book.touch(id);
          touched.clear();
          garbled = false;
          if (!signal.aborted) list(ids).catch(reject);
        }, timing.coalesceMillis);
      };
      const everything = (): void => {
        garbled = true;
        soon();
      };

      const touch = (id: string): void => {
        touched.add(id);
        soon();
      };
      listener.following(touch);

      let isOpen = false;
      let isListedBefore = false;
      const opened = new Promise<void>((resolve) => {
        const follower = {
          opened: () => {
            isOpen = true;
            resolve();
            if (isListedBefore) everything();
          },
          touched: (id: string) => {
            isSilent = false;
            touch(id);
          },
          images: () => listener.images(),
          garbled: everything,
        };
        const ended = (error?: unknown): void => reject(new EventsEnded('the engine’s events ended', { cause: error }));
        engine.follow(follower, signal).then(() => ended(), ended);
      });

      let isVersionKnown = false;
      const askVersion = async (): Promise<void> => {
        try {
          listener.version(await within('version', timing.listMillis, signal, (s) => engine.version(s)));
          isVersionKnown = true;
        } catch {
          // It is not needed to show the containers, and is asked for again.
        }
      };

      const begin = async (): Promise<void> => {
        await Promise.race([opened, pause(OPENING_MILLIS, signal)]);
        isListedBefore = !isOpen;
        book.doubt();
        await list(null);
        listener.up();
        void Promise.all([looks.idle(), askVersion()]).then(() => listener.looked());
        let comparedAt = performance.now();
        for (;;) {
          await pause(timing.aliveMillis, signal);
          await within('ping', timing.answerMillis, signal, (s) => engine.ping(s));
          for (const id of unanswered) looks.want(id);
          unanswered.clear();
          if (isSilent || performance.now() - comparedAt >= timing.compareMillis) {
            const before = book.outline();
            await list(null);
            comparedAt = performance.now();
            // What an event told while the list was under way, that event says is no silence.
            if (book.outline() !== before) isSilent = touched.size === 0;
          }
          if (!isVersionKnown) void askVersion();
        }
      };
      begin().catch(reject);
    });
  } finally {
    outer.removeEventListener('abort', end);
    over.abort(new NoAnswer('nothing, the session is over', 0));
    engine.close();
  }
}
