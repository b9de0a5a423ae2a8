/** One process's own account, read fresh as long as somebody looks at it, and kept, marked, when the process ends. */
import { PortholeError } from '../../shared/frames.ts';
import type { ProcessDetail, ProcessKey } from '../../shared/model.ts';
import { connection } from './connection.svelte.ts';
import { errorText } from '../../shared/text.ts';

export class Detail {
  /** Whose account it is. */
  key = $state.raw<ProcessKey | null>(null);
  /** The last account that could be had; `null` before the first. */
  current = $state.raw<ProcessDetail | null>(null);
  /** When the process was found to have ended, ms since 1970. */
  goneAt = $state.raw<number | null>(null);
  /** Why the last reading failed, other than by the process's end. */
  error = $state.raw<string | null>(null);

  #asking = false;

  /** Reads the account of this process now; of another one than before, it starts anew. One reading at a time. */
  async read(key: ProcessKey): Promise<void> {
    if (key !== this.key) {
      this.key = key;
      this.current = null;
      this.goneAt = null;
      this.error = null;
      this.#asking = false;
    }
    const client = connection.client;
    if (client === null || this.#asking || this.goneAt !== null) return;
    this.#asking = true;
    try {
      const detail = await client.call('process.detail', { key });
      if (this.key !== key) return;
      this.current = detail;
      this.error = null;
    } catch (error) {
      if (this.key !== key) return;
      if (error instanceof PortholeError && error.code === 'not-found') this.goneAt = Date.now();
      else this.error = errorText(error);
    } finally {
      if (this.key === key) this.#asking = false;
    }
  }

  /** Looks at nothing. */
  clear(): void {
    this.key = null;
    this.current = null;
    this.goneAt = null;
    this.error = null;
    this.#asking = false;
  }
}
