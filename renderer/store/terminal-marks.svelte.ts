/** What happened in terminals that nobody looks at: that their programs wrote something, or rang. */
import { SvelteMap } from 'svelte/reactivity';
import type { TerminalInfo } from '../../shared/terminal.ts';

export type TerminalMark = 'wrote' | 'rang';

type Signs = Pick<NonNullable<TerminalInfo['signs']>, 'bells' | 'wrote'>;

const NONE: Signs = { bells: 0, wrote: 0 };

export class TerminalMarks {
  readonly #marks = new SvelteMap<string, TerminalMark>();
  readonly #seen = new Set<string>();
  /** What the host last told of each. */
  #told = new Map<string, Signs>();

  of(id: string): TerminalMark | null {
    return this.#marks.get(id) ?? null;
  }

  see(id: string, seen: boolean): void {
    if (!seen) this.#seen.delete(id);
    else {
      this.#seen.add(id);
      this.#marks.delete(id);
    }
  }

  /** The bell outweighs what was written. */
  add(id: string, mark: TerminalMark): void {
    if (this.#seen.has(id) || (mark === 'wrote' && this.#marks.has(id))) return;
    this.#marks.set(id, mark);
  }

  /**
   * Of a terminal that this page follows it knows by itself, at once; of the others by what the host tells, which comes
   * late. A terminal of which nothing was told before has done nothing unseen.
   */
  listed(list: readonly TerminalInfo[], followed: (id: string) => boolean): void {
    const told = new Map(list.map(({ id, signs = NONE }) => [id, signs]));
    for (const [id, { bells, wrote }] of told) {
      const before = this.#told.get(id);
      if (before === undefined || followed(id)) continue;
      if (bells > before.bells) this.add(id, 'rang');
      else if (wrote > before.wrote) this.add(id, 'wrote');
    }
    this.#told = told;
    for (const id of this.#marks.keys()) if (!told.has(id)) this.#marks.delete(id);
  }
}
