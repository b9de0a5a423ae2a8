import type { Subject } from '../../../shared/compare.ts';
import type { Process, ProcessKey, World } from '../../../shared/model.ts';
import type { NetworkOf } from '../../../shared/compare-network.ts';
import { InsideStore } from '../../store/inside.svelte.ts';
import { Detail } from '../../store/detail.svelte.ts';
import { SideMounts } from './side-mounts.svelte.ts';
import { findSubject, refText, type Found, type Ref } from './subjects.ts';

/** One side of the comparison: who it is, and its own account, kept when the process ends. */
export class CompareSide {
  readonly detail = new Detail();
  readonly #mounts = new SideMounts();
  readonly #network = new InsideStore();
  /** Who it was when last seen, and by which choice. */
  #kept = $state.raw<{ readonly ref: string; readonly found: Found } | null>(null);
  #ref = $state.raw<Ref | null>(null);
  /** The present choice has been looked for. */
  settled = $state(false);
  /** When it was no longer in the list, ms since 1970. */
  endedAt = $state<number | null>(null);

  readonly found = $derived(this.#ref !== null && this.#kept?.ref === refText(this.#ref) ? this.#kept.found : null);
  readonly subject = $derived<Subject | null>(
    this.found === null
      ? null
      : {
          ...this.found,
          detail: this.detail.key === this.found.process.key ? this.detail.current : null,
          mounts: this.#mounts.of(this.found.process.key),
          network: this.#networkOf(this.found.process),
        },
  );

  /** To be called with every look at the machine where the two sides are in different network namespaces. */
  lookAtNetwork(): void {
    const id = this.found?.process.namespaces.net;
    if (id != null && this.endedAt === null) this.#network.look(id);
  }

  #networkOf({ namespaces }: Process): NetworkOf {
    const { id, current, error } = this.#network;
    if (id === null || id !== namespaces.net) return null;
    if (current?.inside.type === 'net') return current.inside;
    return error === null ? null : { ok: false, why: 'failed', words: error };
  }

  /** To be called with every look at the machine. */
  look(world: World, ref: Ref | null): void {
    this.#ref = ref;
    this.settled = true;
    if (ref === null) {
      this.endedAt = null;
      return this.detail.clear();
    }
    const text = refText(ref);
    const found = findSubject(world, ref);
    if (found !== null) {
      this.#kept = { ref: text, found };
      this.endedAt = null;
      void this.detail.read(found.process.key satisfies ProcessKey);
      void this.#mounts.look(found.process.key);
    } else if (this.#kept?.ref === text) this.endedAt ??= world.takenAt;
    else this.endedAt = null;
  }
}
