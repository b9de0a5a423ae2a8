/** The images of one engine, and what is looked at of one of them. It outlives the view, and so does a pull. */
import * as v from 'valibot';
import { joined } from '../../../shared/engine-advice.ts';
import { ImageRef, type EngineImage, type ImageRemoved, type ImageStep } from '../../../shared/images.ts';
import type { PullTold } from '../../../shared/pull.ts';
import { connection } from '../../store/connection.svelte.ts';
import { world } from '../../store/world.svelte.ts';
import { pullAdvice } from '../../../shared/registry-name.ts';
import { errorText } from '../../../shared/text.ts';

/** What was asked about one image, and what came of it. */
export interface Asked<T> {
  readonly image: string;
  readonly value: T | null;
  readonly error: string | null;
}

export class ImagesModel {
  engine = $state<string | null>(null);
  /** `null` until the engine has told. */
  images = $state.raw<readonly EngineImage[] | null>(null);
  error = $state<string | null>(null);
  /** The ID of the one that is shown. */
  shown = $state<string | null>(null);
  history = $state.raw<Asked<readonly ImageStep[]> | null>(null);
  inspected = $state.raw<Asked<unknown> | null>(null);

  pulling = $state(false);
  toPull = $state('');
  job = $state<string | null>(null);
  pull = $state.raw<PullTold | null>(null);
  pullProblem = $state<string | null>(null);
  pulled = $state<string | null>(null);
  cancelled = $state(false);
  readonly mayPull = $derived(v.is(ImageRef, this.toPull.trim()));

  use(engine: string | null): void {
    if (engine === this.engine) return;
    this.engine = engine;
    this.images = null;
    this.error = null;
    this.shown = null;
    this.history = null;
    this.inspected = null;
  }

  #asked = 0;
  async load(): Promise<void> {
    const { client } = connection;
    const { engine } = this;
    if (client === null || engine === null) return;
    const mine = ++this.#asked;
    try {
      const images = await client.call('image.all', { engine });
      if (mine !== this.#asked || this.engine !== engine) return;
      this.images = images;
      this.error = null;
    } catch (error) {
      if (mine === this.#asked) this.error = errorText(error);
    }
  }

  async lookAt(what: 'history' | 'inspect', image: string): Promise<void> {
    const { client } = connection;
    const { engine } = this;
    if (client === null || engine === null) return;
    const keep = <T>(asked: Asked<T>): boolean => this.shown === asked.image && this.engine === engine;
    if (what === 'history') {
      const asked = await client.call('image.history', { engine, image }).then(
        (value) => ({ image, value, error: null }),
        (error: unknown) => ({ image, value: null, error: errorText(error) }),
      );
      if (keep(asked)) this.history = asked;
      return;
    }
    const asked = await client.call('image.inspect', { engine, image }).then(
      (value) => ({ image, value, error: null }),
      (error: unknown) => ({ image, value: null, error: errorText(error) }),
    );
    if (keep(asked)) this.inspected = asked;
  }

  /** Rejects in the engine's words. */
  async remove(image: string, force: boolean): Promise<ImageRemoved> {
    if (connection.client === null || this.engine === null) throw new Error('There is no connection.');
    return connection.client.call('image.remove', { engine: this.engine, image, force });
  }

  async startPull(): Promise<void> {
    const { client } = connection;
    const image = this.toPull.trim();
    const { engine } = this;
    if (client === null || engine === null || this.job !== null || !this.mayPull) return;
    const job = crypto.randomUUID();
    this.job = job;
    this.pull = null;
    this.pullProblem = null;
    this.pulled = null;
    this.cancelled = false;
    const stop = client.on('pull', (told) => {
      if (told.job === job) this.pull = told;
    });
    try {
      await client.call('image.pull', { engine, job, image });
      this.pulled = image;
      this.pull = null;
      this.toPull = '';
    } catch (error) {
      this.pullProblem = this.cancelled
        ? 'Cancelled. Layers that were whole are kept by the engine.'
        : joined(errorText(error), pullAdvice(errorText(error), image, world.engines.get(engine)?.kind ?? 'docker'));
    } finally {
      stop();
      this.job = null;
      void this.load();
    }
  }

  async cancelPull(): Promise<void> {
    if (this.job === null || connection.client === null) return;
    this.cancelled = true;
    // Where the connection goes, the pull ends with it.
    await connection.client.call('container.cancelRun', { job: this.job }).catch(() => undefined);
  }
}

export const imagesModel = new ImagesModel();
