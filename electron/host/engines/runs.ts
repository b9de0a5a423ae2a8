/** The runs that one page has under way: create, fetch the image if it is missing, start. They end with the page. */
import { PortholeError } from '../../../shared/frames.ts';
import type { PullTold, RanContainer } from '../../../shared/pull.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import type { Ulimit } from '../../../shared/run-parts.ts';
import { credentialsFor } from './credentials.ts';
import type { Engines } from './engines.ts';
import { PullProgress } from './pull-progress.ts';
import { isAboutLimits, ownHardLimits, settableLimits } from './ulimits.ts';

/** Layers report many times a second each; nobody reads that fast. */
const TELL_MILLIS = 200;
/** A page has one form. */
const MOST_RUNS = 8;

type Asked = Pick<Engines, 'create' | 'pull' | 'act' | 'inspect' | 'current'>;

export class Runs {
  readonly #engines: Asked;
  readonly #tell: (told: PullTold) => void;
  readonly #running = new Map<string, AbortController>();

  readonly #credentials: typeof credentialsFor;

  constructor(engines: Asked, tell: (told: PullTold) => void, credentials = credentialsFor) {
    this.#engines = engines;
    this.#credentials = credentials;
    this.#tell = tell;
  }

  /** Rejects with a PortholeError in the engine's words if no container was made. */
  run(engine: string, job: string, options: RunOptions): Promise<RanContainer> {
    return this.#under(job, async (signal) => {
      const { id, warnings } = await this.#create(engine, job, options, signal);
      const notStarted = await this.#start(engine, id);
      const ulimits = notStarted === null ? [] : await this.#otherLimits(engine, id, options, notStarted);
      if (ulimits.length === 0) return this.#ran(engine, { id, warnings, notStarted, ulimits });
      // The name is free again only when the first is gone.
      await this.#engines.act(engine, id, { do: 'remove', force: true, volumes: true });
      const again = await this.#engines.create(engine, { ...options, ulimits });
      return this.#ran(engine, { ...again, notStarted: await this.#start(engine, again.id), ulimits });
    });
  }

  async #ran(engine: string, ran: Omit<RanContainer, 'left'>): Promise<RanContainer> {
    if (ran.notStarted === null) return { ...ran, left: true };
    const gone = await this.#engines.inspect(engine, ran.id).then(
      () => false,
      (error: unknown) => error instanceof PortholeError && error.code === 'not-found',
    );
    return { ...ran, left: !gone };
  }

  #start(engine: string, id: string): Promise<string | null> {
    return this.#engines.act(engine, id, { do: 'start' }).then(
      () => null,
      (error: Error) => error.message,
    );
  }

  /** What can be set instead of the engine's own resource limits; none where others were asked for, or nothing is known better. */
  async #otherLimits(engine: string, id: string, { ulimits }: RunOptions, refusal: string): Promise<Ulimit[]> {
    if (ulimits.length > 0 || !isAboutLimits(refusal)) return [];
    const inspected = await this.#engines.inspect(engine, id).catch(() => null);
    return settableLimits(inspected, ownHardLimits());
  }

  /** Fetches an image and no more. Rejects with a PortholeError in the engine's words. */
  pull(engine: string, job: string, image: string): Promise<void> {
    return this.#under(job, (signal) => this.#pull(engine, job, image, signal));
  }

  async #under<T>(job: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running.has(job) || this.#running.size >= MOST_RUNS) {
      throw new PortholeError('bad-request', 'Such a run is under way.');
    }
    const cancel = new AbortController();
    this.#running.set(job, cancel);
    try {
      return await work(cancel.signal);
    } finally {
      this.#running.delete(job);
    }
  }

  /** Gives up fetching the image. A container that is being created is not taken back. */
  cancel(job: string): void {
    this.#running.get(job)?.abort(new PortholeError('failed', 'Cancelled.'));
  }

  close(): void {
    for (const job of this.#running.keys()) this.cancel(job);
  }

  async #create(engine: string, job: string, options: RunOptions, signal: AbortSignal): ReturnType<Engines['create']> {
    try {
      return await this.#engines.create(engine, options);
    } catch (error) {
      // A container to share with may be missing as well.
      const { code, message } = error instanceof PortholeError ? error : { code: null, message: '' };
      // Podman answers 500 with these words.
      const missing = code === 'not-found' ? /image/i.test(message) : /: image not known$/.test(message);
      if (!missing) throw error;
    }
    await this.#pull(engine, job, options.image, signal);
    return this.#engines.create(engine, options);
  }

  async #pull(engine: string, job: string, image: string, signal: AbortSignal): Promise<void> {
    const progress = new PullProgress();
    const kind = this.#engines.current().engines.find(({ id }) => id === engine)?.kind ?? 'docker';
    const { auth, words } = await this.#credentials(image, kind, signal);
    let timer: NodeJS.Timeout | null = null;
    const tell = (): void => {
      timer = null;
      this.#tell({ job, ...progress.now(), credentials: words });
    };
    tell();
    const take = (line: string): void => {
      progress.take(line);
      timer ??= setTimeout(tell, TELL_MILLIS);
    };
    try {
      await this.#engines.pull(engine, image, auth, take, signal);
    } finally {
      if (timer !== null) clearTimeout(timer);
      tell();
    }
  }
}
