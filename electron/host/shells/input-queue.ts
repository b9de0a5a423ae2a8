/**
 * Keystrokes on their way to a program that may not be reading. node-pty's own queue has no bound and spins on a full
 * terminal; this one waits.
 */
import fs from 'node:fs';

/** Pasted text that no program takes is kept up to here, bytes. */
const MOST_BYTES = 4 * 1024 * 1024;
/** How long to wait for a full terminal, doubling; there is no event to wait for that node would tell us of. */
const FIRST_WAIT_MILLIS = 1;
const LONGEST_WAIT_MILLIS = 100;

interface Waiting {
  readonly bytes: Uint8Array;
  readonly taken: () => void;
}

export class InputQueue {
  readonly #fd: number;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #waitMillis = FIRST_WAIT_MILLIS;
  #closed = false;

  /** @param fd the terminal's controlling end, non-blocking. It must stay open until {@link close}. */
  constructor(fd: number) {
    this.#fd = fd;
  }

  /**
   * In order, whole or not at all: false if the queue is full. Bytes for a terminal that has ended are dropped. `taken` is
   * called when the last of them was written or dropped.
   */
  write(bytes: Uint8Array, taken: () => void = () => {}): boolean {
    if (this.#closed || bytes.length === 0) {
      taken();
      return true;
    }
    if (this.#bytes + bytes.length > MOST_BYTES) return false;
    this.#waiting.push({ bytes, taken });
    this.#bytes += bytes.length;
    // A key goes at once, also while a paste waits: the terminal itself acts on Ctrl+C as soon as it has room.
    if (this.#timer === null) this.#drain();
    return true;
  }

  /** Forgets what was not taken. Nothing is written to the descriptor from here on. */
  close(): void {
    this.#closed = true;
    const dropped = this.#waiting.splice(0);
    this.#bytes = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (const { taken } of dropped) taken();
  }

  #drain(): void {
    this.#timer = null;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      let written: number;
      try {
        written = fs.writeSync(this.#fd, first.bytes);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code === 'EAGAIN') return this.#wait();
        // EIO: hung up. The end is told by the terminal itself.
        return this.close();
      }
      this.#waitMillis = FIRST_WAIT_MILLIS;
      this.#bytes -= written;
      if (written < first.bytes.length) this.#waiting[0] = { ...first, bytes: first.bytes.subarray(written) };
      else this.#waiting.shift()?.taken();
    }
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#drain(), this.#waitMillis);
    this.#waitMillis = Math.min(this.#waitMillis * 2, LONGEST_WAIT_MILLIS);
  }
}
