/** What a side of the comparison sees mounted, read again now and then. */
import { connection } from '../../store/connection.svelte.ts';
import type { ProcessKey, Reading } from '../../../shared/model.ts';
import type { Mount } from '../../../shared/mounts.ts';
import { errorText } from '../../../shared/text.ts';

/** Mounts seldom change, and a host may have thousands. */
const AGAIN_MILLIS = 5000;

export class SideMounts {
  #key = $state.raw<ProcessKey | null>(null);
  #read = $state.raw<Reading<readonly Mount[]> | null>(null);
  #askedAt = -Infinity;

  /** Of this process as last read; `null` before the first reading. What was read stays when the process has ended. */
  of(key: ProcessKey): Reading<readonly Mount[]> | null {
    return this.#key === key ? this.#read : null;
  }

  /** To be called with every look at the machine. */
  async look(key: ProcessKey): Promise<void> {
    const client = connection.client;
    if (key !== this.#key) {
      this.#key = key;
      this.#read = null;
      this.#askedAt = -Infinity;
    }
    if (client === null || performance.now() - this.#askedAt < AGAIN_MILLIS) return;
    this.#askedAt = performance.now();
    try {
      const read = await client.call('process.mounts', { key });
      if (this.#key === key) this.#read = read;
    } catch (error) {
      const call = errorText(error);
      // What was read before is better than nothing; the view says itself that a process has ended.
      if (this.#key === key) this.#read ??= { ok: false, why: 'gone', call, errno: null };
    }
  }
}
