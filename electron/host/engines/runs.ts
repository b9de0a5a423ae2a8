/** The runs that one page has under way: create, fetch the image if it is missing, start. They end with the page. */
import { PortholeError } from '../../../shared/frames.ts';
import type { PullTold, RanContainer } from '../../../shared/pull.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import type { Engines } from './engines.ts';
import { PullProgress } from './pull-progress.ts';

/** Layers report many times a second each; nobody reads that fast. */
const TELL_MILLIS = 200;
/** A page has one form. */
const MOST_RUNS = 8;

export class Runs {
  readonly #engines: Pick<Engines, 'create' | 'pull' | 'act'>;
  readonly #tell: (told: PullTold) => void;
  readonly #running = new Map<string, AbortController>();

  constructor(engines: Pick<Engines, 'create' | 'pull' | 'act'>, tell: (told: PullTold) => void) {
    this.#engines = engines;
    this.#tell = tell;
  }

  /** Rejects with a PortholeError in the engine's words if no container was made. */
  run(engine: string, job: string, options: RunOptions): Promise<RanContainer> {
    return this.#under(job, async (signal) => {
      const { id, warnings } = await this.#create(engine, job, options, signal);
      const notStarted = await this.#engines.act(engine, id, { do: 'start' }).then(
        () => null,
        (error: Error) => error.message,
      );
      return { id, warnings, notStarted };
    });
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
      const missing = error instanceof PortholeError && error.code === 'not-found' && /image/i.test(error.message);
      if (!missing) throw error;
    }
    await this.#pull(engine, job, options.image, signal);
    return this.#engines.create(engine, options);
  }

  async #pull(engine: string, job: string, image: string, signal: AbortSignal): Promise<void> {
    const progress = new PullProgress();
    let timer: NodeJS.Timeout | null = null;
    const tell = (): void => {
      timer = null;
      this.#tell({ job, ...progress.now() });
    };
    tell();
    const take = (line: string): void => {
      progress.take(line);
      timer ??= setTimeout(tell, TELL_MILLIS);
    };
    try {
      await this.#engines.pull(engine, image, take, signal);
    } finally {
      if (timer !== null) clearTimeout(timer);
      tell();
    }
  }
}
