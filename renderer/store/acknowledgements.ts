import { FLOW } from '../../shared/terminal.ts';

/** After output pauses for this long the rest is acknowledged too, so that a quiet terminal owes nothing. */
export const IDLE_MILLIS = 100;

/** Counts the bytes one terminal has drawn and tells the host in portions, not at every write. */
export class Acknowledgements {
  readonly #send: (bytes: number) => void;
  #owed = 0;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(send: (bytes: number) => void) {
    this.#send = send;
  }

  /** Call when `bytes` bytes are on the screen, not when they arrive: a slow screen must slow the program. */
  drawn(bytes: number): void {
    if (this.#stopped) return;
    this.#owed += bytes;
    if (this.#owed >= FLOW.ack) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), IDLE_MILLIS);
  }

  /** Nothing is sent after this, whatever is drawn still. */
  stop(): void {
    this.#stopped = true;
    this.#clear();
  }

  #flush(): void {
    this.#clear();
    if (this.#owed > 0) this.#send(this.#owed);
    this.#owed = 0;
  }

  #clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
