/** One place where an engine may be: tried until it answers, followed while it does, tried again when it stops. */
import type { EngineState } from '../../../shared/model.ts';
import type { EngineContainer } from '../collect/containers.ts';
import { troubleOf } from './condition.ts';
import { ContainerBook } from './container-book.ts';
import type { Engine, EngineVersion } from './engine.ts';
import type { EnginePlace } from './find-sockets.ts';
import { EventsEnded, followEngine, type Timing } from './follow-engine.ts';
import { pause } from './within.ts';

/** Events that end this soon may do so each time; without a pause, a longer one each time, that would be a busy loop. */
const SHORT_MILLIS = 1000;

export class PlaceFollower {
  readonly #place: EnginePlace;
  readonly #timing: Timing;
  readonly #connect: (place: EnginePlace) => Engine;
  readonly #changed: () => void;
  readonly #images: () => void;
  readonly #book: ContainerBook;
  #state: EngineState;
  #engine: Engine | null = null;
  #stop: AbortController | null = null;
  #wake: AbortController | null = null;
  #touch: ((id: string) => void) | null = null;
  #settle: () => void = () => undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(
    place: EnginePlace,
    timing: Timing,
    connect: (place: EnginePlace) => Engine,
    changed: () => void,
    images: () => void = () => undefined,
  ) {
    this.#place = place;
    this.#timing = timing;
    this.#connect = connect;
    this.#changed = changed;
    this.#images = images;
    this.#book = new ContainerBook(place.address);
    this.#state = {
      id: place.address,
      kind: place.kind,
      address: place.address,
      source: place.source,
      condition: 'connecting',
      errno: null,
      message: null,
      remedy: null,
      version: null,
      rootless: null,
      triedAt: null,
      retryAt: null,
    };
  }

  get state(): EngineState {
    return this.#state;
  }

  get containers(): readonly EngineContainer[] {
    return this.#book.containers();
  }

  /** The engine, while it is up. */
  get engine(): Engine | null {
    return this.#state.condition === 'up' ? this.#engine : null;
  }

  /** Resolves when the first attempt since {@link start} has either failed or told everything. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** Its container was changed by asking it: not every engine says an event of each change. */
  touch(id: string): void {
    this.#touch?.(id);
  }

  start(): void {
    if (this.#stop !== null) return;
    this.#stop = new AbortController();
    this.#settled = new Promise((resolve) => (this.#settle = resolve));
    this.#set({ condition: 'connecting', errno: null, message: null, remedy: null, retryAt: null });
    void this.#run(this.#stop.signal);
  }

  stop(): void {
    this.#stop?.abort(new Error('no longer followed'));
    this.#stop = null;
    this.#settle();
    this.#book.silence();
  }

  /** Tries now instead of at the next turn. While the engine is up there is nothing to try. */
  retry(): void {
    if (this.#wake === null) return;
    this.#set({ condition: 'connecting', errno: null, message: null, remedy: null, retryAt: null });
    this.#wake.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let delay = this.#timing.firstRetryMillis;
    let short = SHORT_MILLIS;
    while (!signal.aborted) {
      this.#set({ triedAt: Date.now(), retryAt: null });
      const begun = performance.now();
      const error = await this.#attempt(signal);
      if (signal.aborted) return;
      const wasUp = this.#state.condition === 'up';
      if (wasUp) delay = this.#timing.firstRetryMillis;
      if (wasUp && error instanceof EventsEnded) {
        // Engines restart, and some end their events every now and then. Which it was, the next attempt tells.
        if (performance.now() - begun < SHORT_MILLIS) {
          await pause(short, signal);
          short = Math.max(SHORT_MILLIS, Math.min(short * 2, this.#timing.aliveMillis));
        } else short = SHORT_MILLIS;
        continue;
      }
      const { cause } = error instanceof EventsEnded ? error : { cause: error };
      this.#book.silence();
      this.#set({ ...troubleOf(cause ?? error, this.#place), retryAt: Date.now() + delay });
      this.#settle();
      if (await this.#wait(delay, signal)) delay = this.#timing.firstRetryMillis;
      else delay = Math.min(delay * 2, this.#timing.lastRetryMillis);
    }
  }

  /** Resolves with what ended the connection. */
  async #attempt(signal: AbortSignal): Promise<unknown> {
    this.#engine = this.#connect(this.#place);
    const listener = {
      following: (touch: (id: string) => void) => (this.#touch = touch),
      up: () => this.#set({ condition: 'up', errno: null, message: null, remedy: null, retryAt: null }),
      version: (version: EngineVersion) => this.#set(version),
      changed: () => this.#changed(),
      images: () => this.#images(),
      looked: () => this.#settle(),
    };
    return followEngine(this.#engine, this.#book, this.#timing, listener, signal)
      .catch((error: unknown) => error)
      .finally(() => (this.#touch = null));
  }

  /** True if somebody asked to try now. */
  async #wait(millis: number, signal: AbortSignal): Promise<boolean> {
    const wake = new AbortController();
    this.#wake = wake;
    const stop = (): void => wake.abort();
    signal.addEventListener('abort', stop);
    await pause(millis, wake.signal);
    signal.removeEventListener('abort', stop);
    this.#wake = null;
    return wake.signal.aborted;
  }

  #set(change: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed();
  }
}
