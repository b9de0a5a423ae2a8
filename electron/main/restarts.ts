/** A crash is answered by a restart; a crash loop is not. */
const MOST = 3;
const WITHIN_MILLIS = 60_000;

export class Restarts {
  #taken: number[] = [];

  /** True if one more restart is allowed at the time `now` (ms); it then counts as taken. */
  take(now: number): boolean {
    this.#taken = this.#taken.filter((then) => now - then < WITHIN_MILLIS);
    if (this.#taken.length >= MOST) return false;
    this.#taken.push(now);
    return true;
  }

  /** Someone asked for it by hand: begin counting anew. */
  forgive(): void {
    this.#taken = [];
  }
}
