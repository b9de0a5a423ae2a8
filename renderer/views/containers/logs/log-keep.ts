/** The last lines of a log, as many as fit; searched by their text. */
import type { LogLine } from './log-assembler.ts';
import { plainText } from './sgr.ts';

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

  add(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#bytes += costOf(line);
    }
    if (this.#bytes <= this.#most && this.#lines.length <= MOST_LINES) return;
    let count = 0;
    const target = { bytes: this.#most * (1 - SLACK), lines: MOST_LINES * (1 - SLACK) };
    while (this.#bytes > target.bytes || this.#lines.length - count > target.lines) {
      const line = this.#lines[count];
      if (line === undefined) break;
      this.#bytes -= costOf(line);
      count++;
    }
    this.#lines = this.#lines.slice(count);
    this.#dropped += count;
  }
}

const costOf = ({ text }: LogLine): number => 2 * text.length + PER_LINE_BYTES;

/** Lower-case; `''` finds nothing. Numbers of the lines in which it occurs. */
export const linesWith = (lines: readonly LogLine[], query: string): number[] => {
  if (query === '') return [];
  return lines.filter(({ text }) => plainText(text).toLowerCase().includes(query)).map(({ seq }) => seq);
};

/** `text` in turns: what is not found, what is, and so on; odd ones are found. */
export const foundPieces = (text: string, query: string): readonly string[] => {
  if (query === '') return [text];
  const lower = text.toLowerCase();
  // Some letters change their length in lower case: then places do not agree, and nothing is marked.
  if (lower.length !== text.length) return [text];
  const pieces: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(query); at >= 0; at = lower.indexOf(query, from)) {
    pieces.push(text.slice(from, at), text.slice(at, at + query.length));
    from = at + query.length;
  }
  pieces.push(text.slice(from));
  return pieces;
};
