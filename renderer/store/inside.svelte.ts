/** What is inside the namespace that somebody looks at. */
import { PortholeError } from '../../shared/frames.ts';
import type { NamespaceInside } from '../../shared/inside.ts';
import type { NamespaceId } from '../../shared/model.ts';
import { connection } from './connection.svelte.ts';
import { errorText } from '../../shared/text.ts';

/** It is read again this often, ms: most of it costs a child or a long file each time. */
const AGAIN_MILLIS = 5000;
/** Of a reading that took long, never more than this share of the time is spent on it. */
const SHARE = 0.05;

export class InsideStore {
  id = $state.raw<NamespaceId | null>(null);
  /** The last account that could be had; `null` before the first. */
  current = $state.raw<NamespaceInside | null>(null);
  error = $state.raw<string | null>(null);

  #asking: NamespaceId | null = null;
  #triedAt = 0;

  /** To be called with every look at the machine: reads when it is time. */
  look(id: NamespaceId): void {
    if (id !== this.id) {
      this.id = id;
      this.current = null;
      this.error = null;
      this.#triedAt = 0;
      void this.read();
      return;
    }
    const last = this.current;
    // To look costs a pid namespace a number each time: that is for whoever looks to ask for.
    if (last?.inside.type === 'pid' && this.error === null) return;
    if (Date.now() - this.#triedAt >= Math.max(AGAIN_MILLIS, (last?.millis ?? 0) / SHARE)) void this.read();
  }

  /** Reads now; one reading at a time. */
  async read(): Promise<void> {
    const { id } = this;
    const client = connection.client;
    if (id === null || client === null || this.#asking === id) return;
    this.#asking = id;
    this.#triedAt = Date.now();
    try {
      const inside = await client.call('namespace.inside', { id, of: null });
      if (this.id !== id) return;
      this.current = inside;
      this.error = null;
    } catch (error) {
      if (this.id !== id) return;
      // That it is gone, the inspector says already.
      if (error instanceof PortholeError && error.code === 'not-found') return;
      this.error = errorText(error);
    } finally {
      if (this.#asking === id) this.#asking = null;
    }
  }
}
