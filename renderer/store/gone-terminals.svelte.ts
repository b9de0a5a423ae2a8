/** Terminals whose host is no more: only this page has them, as far as it had drawn them, until they are closed. */
import type { TerminalInfo } from '../../shared/terminal.ts';

const BECAUSE = 'Its host was killed, or ended without closing it.';

type List = readonly TerminalInfo[];

export class GoneTerminals {
  #ids = $state.raw<ReadonlySet<string>>(new Set());

  get count(): number {
    return this.#ids.size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** All of these are, from now on; returns how they ended. */
  mourn(list: List): List {
    this.#ids = new Set(list.map(({ id }) => id));
    const ended = { at: Date.now(), exitCode: null, signal: null, because: BECAUSE };
    return list.map((terminal) => (terminal.ended === null ? { ...terminal, ended } : terminal));
  }

  /** Those of `list`, and after them those of the host. */
  before(hosts: List, list: List): List {
    return [...list.filter(({ id }) => this.has(id)), ...hosts];
  }

  /** Forgets those that are not in the list any more. */
  keepTo(list: List): void {
    const kept = list.map(({ id }) => id).filter((id) => this.has(id));
    if (kept.length < this.count) this.#ids = new Set(kept);
  }
}
