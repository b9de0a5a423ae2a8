/** What one process sees mounted: read once for the count, again as long as it is looked at. */
import type { Mount } from '../../../../shared/mounts.ts';
import type { ProcessKey, Reading } from '../../../../shared/model.ts';
import { connection } from '../../../store/connection.svelte.ts';
import { errorText } from '../../../../shared/text.ts';

/** A table of mounts changes seldom and may be long. */
const EVERY_MILLIS = 3000;

export class Mounts {
  current = $state.raw<Reading<readonly Mount[]> | null>(null);
  /** Hostile text. */
  error = $state.raw<string | null>(null);
  key: ProcessKey | null = null;
  #dueAt = 0;

  async read(key: ProcessKey): Promise<void> {
    const { client } = connection;
    const at = performance.now();
    if (client === null || (key === this.key && at < this.#dueAt)) return;
    this.key = key;
    this.#dueAt = at + EVERY_MILLIS;
    try {
      const read = await client.call('process.mounts', { key });
      if (this.key !== key) return;
      this.current = read;
      this.error = null;
    } catch (error) {
      if (this.key === key) this.error = errorText(error);
    }
  }
}
