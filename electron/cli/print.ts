import { hiddenWords } from '../../shared/hidden-words.ts';
import type { World } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';

/**
 * Resolves when everything is handed to the kernel, so that the program may end. Where that fails it never does: stdout's
 * own `error` event ends the program (see main.ts).
 */
export const print = (text: string): Promise<void> =>
  new Promise((resolve) => {
    process.stdout.write(text, (error) => {
      if (error == null) resolve();
    });
  });

export const printJson = (value: unknown): Promise<void> => print(`${JSON.stringify(value, null, 2)}\n`);

/** One line on stderr beside the answer. */
export const note = (text: string): void => {
  process.stderr.write(`porthole: ${text}\n`);
};

/** Where the mount of /proc keeps processes from the reader, that is said beside every list of them. */
export const noteHidden = (world: Pick<World, 'host' | 'unread'>): void => {
  const words = hiddenWords(world);
  if (words !== null) note(words);
};

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'right';
  /** May hold text from the machine: it is made visible here. */
  readonly cell: (row: Row) => string;
}

/** Cells side by side, two blanks between, each column as wide as its widest cell; lines have no blanks at their end. */
export const table = <Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string => {
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map(({ cell }) => visible(cell(row)))),
  ];
  const widths = columns.map((_, i) => lines.reduce((widest, line) => Math.max(widest, [...line[i]!].length), 0));
  const padded = (text: string, i: number): string => {
    const blanks = ' '.repeat(widths[i]! - [...text].length);
    return columns[i]!.align === 'right' ? blanks + text : text + blanks;
  };
  return lines.map((line) => `${line.map(padded).join('  ').trimEnd()}\n`).join('');
};
