/** Who holds the namespace that somebody looks at does not wait for its turn to be read. */
import type { NamespaceId, World } from '../../shared/model.ts';
import { connection } from './connection.svelte.ts';

/** What has waited longer is not of this look nor of the one before. */
const OLD_MILLIS = 1500;
/** Every second look. */
const AGAIN_MILLIS = 2000;
/** To read all at once costs up to twice what a look costs: of a machine on which that is much, in so many times that only. */
const LOOKS_BETWEEN = 50;

export class HeldAnew {
  #id: NamespaceId | null = null;
  #askedAt = -Infinity;

  /** To be called with every look: asks at once for another namespace than before, and then whenever something has waited. */
  look(id: NamespaceId, { ages, scanMillis, takenAt }: World): void {
    const late = ages !== undefined && Math.max(ages.binds, ages.fds, ages.threads) > OLD_MILLIS;
    const may = takenAt - this.#askedAt >= Math.max(AGAIN_MILLIS, scanMillis * LOOKS_BETWEEN);
    if (id === this.#id && !(late && may)) return;
    this.#id = id;
    this.#askedAt = takenAt;
    // Without an answer it comes in its turn, and its age is on the screen.
    connection.client?.call('namespace.anew', {}).catch(() => {});
  }
}
