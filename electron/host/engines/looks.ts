/** Looks at containers one by one, a few at a time; one that does not answer holds up no other. */

/** An inspect costs the daemon a lock and some disk; more at once are no quicker. */
export const AT_ONCE = 8;

export class Looks {
  readonly #look: (id: string) => Promise<void>;
  readonly #waiting = new Set<string>();
  readonly #running = new Set<string>();
  #whenIdle: (() => void)[] = [];

  /** `look` never rejects. */
  constructor(look: (id: string) => Promise<void>) {
    this.#look = look;
  }

  /** Looks at it soon; once more if a look is under way, for that one may have begun before the change. */
  want(id: string): void {
    this.#waiting.add(id);
    this.#next();
  }

  /** Whether a look at it is under way. */
  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** Resolves when nothing is left to look at. */
  idle(): Promise<void> {
    if (this.#isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  #next(): void {
    for (const id of this.#waiting) {
      if (this.#running.size >= AT_ONCE) return;
      if (this.#running.has(id)) continue;
      this.#waiting.delete(id);
      this.#running.add(id);
      void this.#look(id).finally(() => {
        this.#running.delete(id);
        this.#next();
        if (this.#isIdle()) for (const resolve of this.#whenIdle.splice(0)) resolve();
      });
    }
  }
}
