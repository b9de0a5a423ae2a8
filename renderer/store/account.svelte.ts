/** A part of a process's account, read as long as somebody looks at it. */
import { SvelteSet } from 'svelte/reactivity';
import { PortholeError } from '../../shared/frames.ts';
import type { ProcessKey } from '../../shared/model.ts';
import type { Account, AccountPart } from '../../shared/process-account.ts';
import { errorText } from '../../shared/text.ts';
import { connection } from './connection.svelte.ts';

/** Of a reading that took long, never more than this share of the time is spent on it. */
const SHARE = 0.05;

export class AccountStore<P extends AccountPart> {
  current = $state.raw<Account[P] | null>(null);
  /** The reading before, of the same process: what rates are made with. */
  previous = $state.raw<Account[P] | null>(null);
  /** Hostile text. */
  error = $state.raw<string | null>(null);

  readonly #part: P;
  #key: ProcessKey | null = null;
  #asking: ProcessKey | null = null;

  constructor(part: P) {
    this.#part = part;
  }

  /** To be called with every look at the machine: reads when it is time. */
  look(key: ProcessKey): void {
    if (key !== this.#key) {
      this.#key = key;
      this.current = null;
      this.previous = null;
      this.error = null;
    }
    const last = this.current;
    if (last === null || Date.now() - last.takenAt >= last.millis / SHARE) void this.#read(key);
  }

  async #read(key: ProcessKey): Promise<void> {
    const { client } = connection;
    if (client === null || this.#asking === key) return;
    this.#asking = key;
    try {
      const read = (await client.call('process.account', { key, part: this.#part })) as Account[P];
      if (this.#key !== key) return;
      this.previous = this.current;
      this.current = read;
      this.error = null;
    } catch (error) {
      if (this.#key !== key) return;
      // That it ended, the inspector says already.
      if (!(error instanceof PortholeError && error.code === 'not-found')) this.error = errorText(error);
    } finally {
      if (this.#asking === key) this.#asking = null;
    }
  }
}

/** The titles of the sections that are unfolded: whoever compares processes wants the same ones of each. */
export const unfolded = new SvelteSet<string>();
