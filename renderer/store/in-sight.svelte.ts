/** Which terminals are in sight together and how they stand, as it is now. */
import type { DockMemory } from './dock-memory.ts';
import { lookingAt, sightOf, withBeside, type Sight } from './sight.ts';

export class InSight {
  /** Of those in sight, by place; as many as were in sight when they were set. */
  shares = $state.raw<readonly number[]>([]);
  /** Whether they stand one above the other, not side by side. */
  stacked = $state(false);
  #sight = $state.raw<Sight>({ ids: [], active: null });
  /** The one that is worked in. */
  readonly active = $derived(this.#sight.active);
  /** From left to right or from top to bottom. */
  readonly ids = $derived(this.#sight.ids);
  readonly #changed: () => void;

  constructor(changed: () => void, { sight, active, shares, stacked }: ReturnType<InSight['memory']>) {
    this.#changed = changed;
    this.#sight = { ids: sight, active };
    this.shares = shares;
    this.stacked = stacked;
  }

  memory(): Pick<DockMemory, 'sight' | 'active' | 'shares' | 'stacked'> {
    const { shares, stacked } = this;
    return { sight: this.#sight.ids, active: this.#sight.active, shares, stacked };
  }

  look(id: string): void {
    this.#set(lookingAt(this.#sight, id));
  }

  beside(id: string): void {
    this.#set(withBeside(this.#sight, id));
  }

  /** Only the active one. */
  alone(): void {
    const { active } = this.#sight;
    this.#set({ ids: active === null ? [] : [active], active });
  }

  listed(before: readonly string[], now: readonly string[]): void {
    const sight = sightOf(this.#sight, before, now);
    if (JSON.stringify(sight) !== JSON.stringify(this.#sight)) this.#set(sight);
  }

  stack(stacked: boolean): void {
    this.stacked = stacked;
    this.#changed();
  }

  share(shares: readonly number[]): void {
    this.shares = shares;
    this.#changed();
  }

  #set(sight: Sight): void {
    this.#sight = sight;
    this.#changed();
  }
}
