/** Who holds the namespace that somebody looks at does not wait for its turn to be read. */
import type { NamespaceId, World } from '../../shared/model.ts';
import { connection } from './connection.svelte.ts';

/** What has waited longer is not of this look nor of the one before. */
const OLD_MILLIS = 1500;
/** All open files cost a few looks at once: never more than this share of the time is spent on them. */
const LOOKS_BETWEEN = 20;

export class HeldAnew {
  #id: NamespaceId | null = null;
  #askedAt = -Infinity;

  /** To be called with every look: asks at once for another namespace than before, and then whenever something has waited. */
  look(id: NamespaceId, { ages, scanMillis, takenAt }: World): void {
    const late = ages !== undefined && Math.max(ages.binds, ages.fds, ages.threads) > OLD_MILLIS;
    const may = takenAt - this.#askedAt >= Math.max(OLD_MILLIS, scanMillis * LOOKS_BETWEEN);
    if (id === this.#id && !(late && may)) return;
    this.#id = id;
    this.#askedAt = takenAt;
    // Without an answer it comes in its turn, and its age is on the screen.
    connection.client?.call('namespace.anew', {}).catch(() => {});
  }
}
