/** What is inside the namespace that somebody looks at. */
import { PortholeError } from '../../shared/frames.ts';
import type { NamespaceInside } from '../../shared/inside.ts';
import type { NamespaceId } from '../../shared/model.ts';
import { connection } from './connection.svelte.ts';
import { errorText } from '../../shared/text.ts';

/** What moves is read again this often, ms: interfaces and mounts cost a child or a long file each time. */
const AGAIN_MILLIS = 5000;
/** Of a reading that took long, never more than this share of the time is spent on it. */
const SHARE = 0.05;

export class InsideStore {
  id = $state.raw<NamespaceId | null>(null);
  /** The last account that could be had; `null` before the first. */
  current = $state.raw<NamespaceInside | null>(null);
  error = $state.raw<string | null>(null);

  #asking: NamespaceId | null = null;

  /** To be called with every look at the machine: reads when it is time. */
  look(id: NamespaceId): void {
    if (id !== this.id) {
      this.id = id;
      this.current = null;
      this.error = null;
      void this.read();
      return;
    }
    const last = this.current;
    // The others stand still, or cost what is looked at something: a number in a pid namespace.
    if (last === null || !(last.inside.type === 'net' || last.inside.type === 'mnt')) return;
    if (Date.now() - last.takenAt >= Math.max(AGAIN_MILLIS, last.millis / SHARE)) void this.read();
  }

  /** Reads now; one reading at a time. */
  async read(): Promise<void> {
    const { id } = this;
    const client = connection.client;
    if (id === null || client === null || this.#asking === id) return;
    this.#asking = id;
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
