import { describe, expect, it } from 'vitest';
import { screenText } from '../../../renderer/app/dock/screen-text.ts';

/** Rows of a screen five cells wide; `>` begins one that was wrapped. */
const screen = (...rows: string[]) => ({
  length: rows.length,
  getLine: (y: number) => {
    const row = rows[y];
    if (row === undefined) return undefined;
    const isWrapped = row.startsWith('>');
    const padded = row.slice(isWrapped ? 1 : 0).padEnd(5);
    return { isWrapped, translateToString: (trim?: boolean) => (trim ? padded.trimEnd() : padded) };
  },
});

describe('screenText', () => {
  it('cuts the blanks that fill a row and the rows that fill the screen', () => {
    expect(screenText(screen('$ ls', '', 'a', '', ''))).toBe('$ ls\n\na\n');
  });

  it('joins what was only wrapped, with the spaces that stood at the edge', () => {
    expect(screenText(screen('abcd ', '>efg'))).toBe('abcd efg\n');
  });

  it('keeps a wrapped row whose beginning has left the scrollback', () => {
    expect(screenText(screen('>tail', 'next'))).toBe('tail\nnext\n');
  });

  it('is empty for an empty screen', () => {
    expect(screenText(screen('', ''))).toBe('');
  });
});
