/** Every engine that can be found, followed at once: their states and all their containers. */
import type { Readable } from 'node:stream';
import type { ContainerAction } from '../../../shared/container-act.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { LogQuery } from '../../../shared/logs.ts';
import type { LocalImage } from '../../../shared/pull.ts';
import type { RunOptions } from '../../../shared/run-container.ts';
import type { EngineState } from '../../../shared/model.ts';
import type { EngineContainer } from '../collect/containers.ts';
import { patienceMillis } from './act.ts';
import { wordsOf } from './condition.ts';
import { DockerEngine } from './docker.ts';
import type { RegistryAuth } from './credentials.ts';
import type { Engine } from './engine.ts';
import type { ExecCalls } from './exec.ts';
import type { ImageCalls } from './images.ts';
import { findPlaces, type EnginePlace } from './find-sockets.ts';
import type { EngineAccount } from './stats.ts';
import { PlaceFollower } from './place-follower.ts';
import { TIMING, type Timing } from './follow-engine.ts';
import { NoAnswer, within } from './within.ts';

export interface EnginesNow {
  readonly engines: readonly EngineState[];
  readonly containers: readonly EngineContainer[];
}

export interface EnginesOptions {
  readonly timing?: Partial<Timing>;
  readonly connect?: (place: EnginePlace) => Engine;
}

/** A file system for a container takes a slow disk a while. */
const CREATE_MILLIS = 60_000;
/** An engine without overlayfs compares the whole file system with the image's. */
const DIFF_MILLIS = 60_000;
/** A disk full of images, or layers to be deleted from a slow one. */
const IMAGE_MILLIS = 60_000;
/** Several starts of a program, on a machine that is busy. */
const EXEC_MILLIS = 20_000;
/** Large images and slow lines: whoever waits can cancel; this is for whom nobody waits. */
const PULL_MILLIS = 6 * 3_600_000;
/** A thousand containers are looked at in hundreds of small steps; nobody needs to be told of each. */
const TELL_MILLIS = 30;

/** A pull or a build says several things about one image. */
const IMAGES_TELL_MILLIS = 100;

type Listener = (engines: readonly EngineState[], containers: readonly EngineContainer[]) => void;

export class Engines {
  readonly #places: () => readonly EnginePlace[];
  readonly #timing: Timing;
  readonly #connect: (place: EnginePlace) => Engine;
  readonly #listeners = new Set<Listener>();
  readonly #imageListeners = new Set<(engineId: string) => void>();
  #followers = new Map<string, PlaceFollower>();
  #following = false;
  #now: EnginesNow = { engines: [], containers: [] };
  #telling = false;

  /** Without `places` they are looked for anew at each {@link start}: contexts change. */
  constructor(places?: readonly EnginePlace[], options: EnginesOptions = {}) {
    this.#places = places === undefined ? () => findPlaces(process.env) : () => places;
    this.#timing = { ...TIMING, ...options.timing };
    this.#connect = options.connect ?? ((place) => new DockerEngine(place));
  }

  /** Begins to follow. Does nothing if it was begun. */
  start(): void {
    if (this.#following) return;
    this.#following = true;
    const before = this.#followers;
    this.#followers = new Map(
      this.#places().map((place) => [
        place.address,
        before.get(place.address) ??
          new PlaceFollower(
            place,
            this.#timing,
            this.#connect,
            () => this.#changed(),
            () => this.#imagesChanged(place.address),
          ),
      ]),
    );
    for (const follower of this.#followers.values()) follower.start();
  }

  /** Lets go of every engine. What was told last stays, its states unknown. */
  stop(): void {
    this.#following = false;
    for (const follower of this.#followers.values()) follower.stop();
  }

  /** Tries the engine with this id now. An id that is not followed is ignored: the list may just have changed. */
  retry(id: string): void {
    this.#followers.get(id)?.retry();
  }

  /** Told after each change, several at once being one. Returns the function that stops it. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Engines and containers by id, each once. */
  current(): EnginesNow {
    const followers = [...this.#followers.values()];
    const containers = new Map<string, EngineContainer>();
    // Two addresses may lead to one engine; whichever is up speaks for it.
    for (const follower of followers.toSorted((a, b) => Number(isUp(b)) - Number(isUp(a)))) {
      for (const container of follower.containers) {
        if (!containers.has(container.id)) containers.set(container.id, container);
      }
    }
    return {
      engines: followers.map(({ state }) => state).toSorted(byId),
      containers: [...containers.values()].toSorted(byId),
    };
  }

  /** The engine's own account of a container. Rejects with a PortholeError: `not-found`, `timeout` or `failed`. */
  inspect(engineId: string, id: string): Promise<unknown> {
    return this.#ask(engineId, 'inspect', this.#timing.lookMillis, (engine, signal) => engine.inspect(id, signal));
  }

  /** The engine's own counters of what a container uses. Rejects as {@link inspect} does. */
  stats(engineId: string, id: string): Promise<EngineAccount> {
    return this.#ask(engineId, 'stats', this.#timing.listMillis, (engine, signal) => engine.stats(id, signal));
  }

  /** Its processes as its engine lists them, unchanged. Rejects as {@link inspect} does. */
  top(engineId: string, id: string): Promise<unknown> {
    return this.#ask(engineId, 'top', this.#timing.listMillis, (engine, signal) => engine.top(id, signal));
  }

  /** Every path that differs from the image's, unchanged. Rejects as {@link inspect} does. */
  diff(engineId: string, id: string): Promise<unknown> {
    return this.#ask(engineId, 'diff', DIFF_MILLIS, (engine, signal) => engine.diff(id, signal));
  }

  /** Sets limits of a container; resolves with the engine's warnings. Rejects as {@link inspect} does. */
  async update(engineId: string, id: string, body: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
    const millis = this.#timing.listMillis;
    try {
      return await this.#ask(engineId, 'update', millis, (engine, signal) => engine.update(id, body, signal));
    } finally {
      this.#followers.get(engineId)?.touch(id);
    }
  }

  /** Changes a container; that it did, its events tell. Rejects with a PortholeError in the engine's words. */
  async act(engineId: string, id: string, action: ContainerAction): Promise<void> {
    const inspected = 'seconds' in action && action.seconds === null ? await this.inspect(engineId, id) : null;
    const millis = patienceMillis(action, inspected);
    try {
      await this.#ask(engineId, action.do, millis, (engine, signal) => engine.act(id, action, signal));
    } finally {
      // Refused, it may be told otherwise as well: State.Error says why it did not start.
      this.#followers.get(engineId)?.touch(id);
    }
  }

  images(engineId: string): Promise<readonly LocalImage[]> {
    return this.#ask(engineId, 'the list of images', this.#timing.listMillis, (engine, signal) =>
      engine.images(signal),
    );
  }

  /** Asks about images. Rejects with a PortholeError in the engine's words. */
  image<T>(engineId: string, what: string, call: (images: ImageCalls, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#ask(engineId, what, IMAGE_MILLIS, (engine, signal) => call(engine.imageCalls(), signal));
  }

  /** Told the engine's id when its images changed, several changes at once being one. Returns the function that stops it. */
  onImages(listener: (engineId: string) => void): () => void {
    this.#imageListeners.add(listener);
    return () => this.#imageListeners.delete(listener);
  }

  /** Asks about programs started in containers. Rejects with a PortholeError in the engine's words. */
  exec<T>(engineId: string, what: string, call: (exec: ExecCalls, signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#ask(engineId, what, EXEC_MILLIS, (engine, signal) => call(engine.execCalls(), signal));
  }

  /** A container's log, followed until it is destroyed. Rejects with a PortholeError in the engine's words. */
  logs(engineId: string, id: string, query: LogQuery, signal: AbortSignal): Promise<Readable> {
    return this.#ask(engineId, 'logs', this.#timing.listMillis, (engine, s) => engine.logs(id, query, s), signal);
  }

  /** Rejects with a PortholeError in the engine's words, or when `signal` is aborted, with its reason. */
  pull(
    engineId: string,
    image: string,
    auth: RegistryAuth | null,
    take: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    return this.#ask(engineId, 'pull', PULL_MILLIS, (engine, s) => engine.pull(image, auth, take, s), signal);
  }

  async create(engineId: string, options: RunOptions): ReturnType<Engine['create']> {
    const created = await this.#ask(engineId, 'create', CREATE_MILLIS, (engine, s) => engine.create(options, s));
    this.#followers.get(engineId)?.touch(created.id);
    return created;
  }

  async #ask<T>(
    engineId: string,
    what: string,
    millis: number,
    call: (engine: Engine, signal: AbortSignal) => Promise<T>,
    given: AbortSignal = new AbortController().signal,
  ): Promise<T> {
    const follower = this.#followers.get(engineId);
    if (follower === undefined) throw new PortholeError('not-found', 'There is no engine at this address.');
    const { engine } = follower;
    if (engine === null) throw new PortholeError('failed', follower.state.message ?? 'The engine is not connected.');
    try {
      return await within(what, millis, given, (signal) => call(engine, signal));
    } catch (error) {
      if (error instanceof PortholeError) throw error;
      if (error instanceof NoAnswer) throw new PortholeError('timeout', wordsOf(error));
      // A connection that was lost: what became of the question only the engine knows, and the follower says what it is.
      if (follower.engine !== engine) throw new PortholeError('timeout', `no answer to ${what}: ${wordsOf(error)}`);
      throw new PortholeError('failed', wordsOf(error));
    }
  }

  /** Resolves when every first attempt since {@link start} has failed or told everything. */
  async settled(): Promise<void> {
    await Promise.all([...this.#followers.values()].map(({ settled }) => settled));
  }

  readonly #imagesTold = new Map<string, NodeJS.Timeout>();

  #imagesChanged(engineId: string): void {
    if (this.#imagesTold.has(engineId)) return;
    const tell = (): void => {
      this.#imagesTold.delete(engineId);
      for (const listener of this.#imageListeners) listener(engineId);
    };
    this.#imagesTold.set(engineId, setTimeout(tell, IMAGES_TELL_MILLIS));
  }

  #changed(): void {
    if (this.#telling) return;
    this.#telling = true;
    setTimeout(() => {
      this.#telling = false;
      const now = this.current();
      const same = isSame(now.engines, this.#now.engines) && isSame(now.containers, this.#now.containers);
      this.#now = now;
      if (!same) for (const listener of this.#listeners) listener(now.engines, now.containers);
    }, TELL_MILLIS);
  }
}

const isUp = ({ state }: PlaceFollower): boolean => state.condition === 'up';
const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
const isSame = (a: readonly object[], b: readonly object[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/**
 * One look, for the command line. Resolves at the latest after `timeoutMillis`; an engine that has not answered by then
 * is `hung`. Never rejects, and leaves no connection open.
 */
export async function lookOnce(
  places: readonly EnginePlace[] = findPlaces(process.env),
  timeoutMillis = 2000,
): Promise<EnginesNow> {
  // A little less than the whole, so that what hangs can say so.
  const millis = timeoutMillis * 0.9;
  const engines = new Engines(places, { timing: { answerMillis: millis, listMillis: millis, lookMillis: millis } });
  engines.start();
  const stopped = new AbortController();
  await within('any engine', timeoutMillis, stopped.signal, () => engines.settled()).catch(() => undefined);
  const now = engines.current();
  engines.stop();
  const silent = `no answer within ${timeoutMillis / 1000} s`;
  return {
    ...now,
    engines: now.engines.map((state) =>
      state.condition === 'connecting' ? { ...state, condition: 'hung', message: silent } : state,
    ),
  };
}
