/** Lines as rows of one height: one each, or as many as their text takes at so many columns. */
import type { LogLine } from './log-assembler.ts';
import { rowStarts } from './log-breaks.ts';
import { plainText } from './sgr.ts';

export interface LogRow {
  readonly line: LogLine;
  /** Of the line's shown text. */
  readonly from: number;
  readonly to: number;
}

export class LogLayout {
  readonly #columns: number | null;
  #lines: LogLine[] = [];
  /** For each line the row it begins at; one more for the end. Only where lines are broken. */
  #starts: number[] = [0];

  /** `columns`: characters in a row; `null`: lines are not broken. */
  constructor(columns: number | null) {
    this.#columns = columns === null ? null : Math.max(1, columns);
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get rows(): number {
    return this.#columns === null ? this.#lines.length : (this.#starts.at(-1) ?? 0);
  }

  append(lines: readonly LogLine[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      if (this.#columns !== null) this.#starts.push(this.rows + this.#rowsOf(line, this.#columns));
    }
  }

  /** Lets go of the lines before number `seq`. Returns how many rows they were. */
  dropBefore(seq: number): number {
    let count = 0;
    while ((this.#lines[count]?.seq ?? Infinity) < seq) count++;
    if (count === 0) return 0;
    const dropped = this.#columns === null ? count : (this.#starts[count] ?? 0);
    this.#lines = this.#lines.slice(count);
    if (this.#columns !== null) this.#starts = this.#starts.slice(count).map((start) => start - dropped);
    return dropped;
  }

  /** Rows `[start, end)`. */
  slice(start: number, end: number): readonly LogRow[] {
    const columns = this.#columns;
    if (columns === null) {
      return this.#lines.slice(start, end).map((line) => ({ line, from: 0, to: Infinity }));
    }
    const rows: LogRow[] = [];
    for (let at = this.lineAt(start); at < this.#lines.length && rows.length < end - start; at++) {
      const first = this.#starts[at] ?? 0;
      const next = this.#starts[at + 1] ?? first;
      const line = this.#lines[at];
      const breaks = line ? rowStarts(plainText(line.text), columns) : null;
      for (let row = Math.max(first, start); line && row < Math.min(next, end); row++) {
        const nth = row - first;
        rows.push(
          breaks === null
            ? { line, from: nth * columns, to: (nth + 1) * columns }
            : { line, from: breaks[nth] ?? 0, to: breaks[nth + 1] ?? Infinity },
        );
      }
    }
    return rows;
  }

  /** Index of the line that row `row` is part of. */
  lineAt(row: number): number {
    if (this.#columns === null) return row;
    let [low, high] = [0, this.#lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle + 1] ?? Infinity) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first row of the line with this number; `null` if it is not shown. */
  rowOf(seq: number): number | null {
    let [low, high] = [0, this.#lines.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.seq ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    if (this.#lines[low]?.seq !== seq) return null;
    return this.#columns === null ? low : (this.#starts[low] ?? 0);
  }

  #rowsOf({ text }: LogLine, columns: number): number {
    // Whatever is shown in place of a character is longer than it, but for escapes, which are not shown at all.
    const shown = plainText(text);
    return rowStarts(shown, columns)?.length ?? Math.max(1, Math.ceil(shown.length / columns));
  }
}
