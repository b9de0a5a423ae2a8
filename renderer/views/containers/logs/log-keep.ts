/** The last lines of a log, as many as fit. */
import type { LogLine } from './log-assembler.ts';

/** What is kept at most. Two bytes a character, and what an engine needs for an object. */
export const KEPT_BYTES = 64 * 1024 * 1024;
const PER_LINE_BYTES = 112;
/** More rows than a browser can lay out at 18 px each in 33 million px. */
const MOST_LINES = 500_000;
/** Dropped at once, so that the rest is not moved at each line. */
const SLACK = 0.1;

export class LogKeep {
  #lines: LogLine[] = [];
  #bytes = 0;
  #dropped = 0;
  #errors = 0;
  readonly #most: number;

  constructor(most = KEPT_BYTES) {
    this.#most = most;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /** Lines that were let go of. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Of the lines that are kept, those from stderr. */
  get errors(): number {
    return this.#errors;
  }

  add(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#bytes += costOf(line);
      if (line.stream === 'stderr') this.#errors++;
    }
    if (this.#bytes <= this.#most && this.#lines.length <= MOST_LINES) return;
    let count = 0;
    const target = { bytes: this.#most * (1 - SLACK), lines: MOST_LINES * (1 - SLACK) };
    while (this.#bytes > target.bytes || this.#lines.length - count > target.lines) {
      const line = this.#lines[count];
      if (line === undefined) break;
      this.#bytes -= costOf(line);
      if (line.stream === 'stderr') this.#errors--;
      count++;
    }
    this.#lines = this.#lines.slice(count);
    this.#dropped += count;
  }
}

const costOf = ({ text }: LogLine): number => 2 * text.length + PER_LINE_BYTES;
