/** Which containers are picked for one act: one by one, or from one to another. */
import type { Verb } from '../../../shared/container-act.ts';
import type { Container } from '../../../shared/model.ts';
import { SvelteSet } from 'svelte/reactivity';

export class Picks {
  readonly ids = new SvelteSet<string>();
  /** The act that is asked about or under way; it outlives the picks, which go with what it removes. */
  asked = $state.raw<{ readonly verb: Verb; readonly of: readonly Container[] } | null>(null);
  #from: string | null = null;

  toggle(id: string): void {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.#from = id;
  }

  /** All from where the last one was picked, else from `start`, to this one, in the order of the list. */
  extend(to: string, order: readonly string[], start: string | null): void {
    const from = this.#from !== null && order.includes(this.#from) ? this.#from : start;
    const [a, b] = [order.indexOf(from ?? to), order.indexOf(to)];
    if (b < 0) return;
    for (const id of order.slice(Math.min(a < 0 ? b : a, b), Math.max(a, b) + 1)) this.ids.add(id);
    this.#from = from ?? to;
  }

  all(order: readonly string[]): void {
    for (const id of order) this.ids.add(id);
  }

  /** All of these where one of them is not picked, else none of them. */
  toggleAll(ids: readonly string[]): void {
    if (ids.every((id) => this.ids.has(id))) for (const id of ids) this.ids.delete(id);
    else this.all(ids);
  }

  clear(): void {
    this.ids.clear();
    this.#from = null;
  }

  /** Forgets what is no longer there. */
  keep(known: ReadonlySet<string>): void {
    for (const id of this.ids) if (!known.has(id)) this.ids.delete(id);
  }
}
