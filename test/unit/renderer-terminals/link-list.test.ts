import { describe, expect, it } from 'vitest';
import { linksIn, MOST_LINKS } from '../../../renderer/app/dock/link-list.ts';

/** Rows of a screen; `>` begins one that was wrapped. */
const screen = (...rows: string[]) => ({
  length: rows.length,
  getLine: (y: number) => {
    const row = rows[y];
    if (row === undefined) return undefined;
    const isWrapped = row.startsWith('>');
    const text = row.slice(isWrapped ? 1 : 0);
    return { isWrapped, translateToString: (trim?: boolean) => (trim ? text.trimEnd() : text) };
  },
});
const none = (): readonly string[] => [];

describe('the links in a terminal', () => {
  it('are the addresses in its text, the newest line first, each once, without what ends the sentence', () => {
    const rows = ['old http://a.example/x.', 'see https://b.example/?q=1, or (http://c.example)', 'http://a.example/x'];
    expect(linksIn(screen(...rows), none)).toEqual([
      'http://a.example/x',
      'https://b.example/?q=1',
      'http://c.example',
    ]);
  });

  it('are whole where a line was wrapped', () => {
    expect(linksIn(screen('at http://a.exam', '>ple/long/wa', '>y'), none)).toEqual(['http://a.example/long/way']);
  });

  it('are those, too, that a program gave to other words, if they lead to the web', () => {
    const written = (y: number) => (y === 0 ? ['https://hidden.example/', 'file:///etc/passwd', 'javascript:0'] : []);
    expect(linksIn(screen('a word', 'another'), written)).toEqual(['https://hidden.example/']);
  });

  it('are not endless', () => {
    const rows = Array.from({ length: 300 }, (_, n) => `http://a.example/${n}`);
    expect(linksIn(screen(...rows), none)).toHaveLength(MOST_LINKS);
  });
});
