import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAskedFirst, pasteOf } from '../../../renderer/app/dock/paste.ts';

const ESC = '\u001b';

describe('pasteOf', () => {
  it.each([
    ['ls -l', 0],
    ['', 0],
    ['ls\n', 1],
    ['a\nb', 2],
    ['a\r\nb\r\n', 2],
    ['a\rb\rc', 3],
    ['\n', 1],
  ])('%j runs %i lines in a program that cannot tell pasted from typed, none in one that can', (text, lines) => {
    expect(pasteOf(text, false)).toEqual({ text, removed: 0, lines });
    expect(pasteOf(text, true)).toEqual({ text, removed: 0, lines: 0 });
  });

  it('takes out what would end a bracketed paste and run the rest', () => {
    expect(pasteOf(`echo a${ESC}[201~\rid\r`, true)).toEqual({ text: 'echo a[201~\rid\r', removed: 1, lines: 0 });
    expect(pasteOf('a\u009b201~b', true)).toEqual({ text: 'a201~b', removed: 1, lines: 0 });
  });

  it('keeps tabs, line breaks and every other character', () => {
    expect(pasteOf('\ta\u00a0é\u{1f469}\u200d\u{1f467}\r\n', true).text).toBe('\ta\u00a0é\u{1f469}\u200d\u{1f467}\r\n');
  });

  it('leaves no control character of any text but those, and counts what it took', () => {
    const character = fc.oneof(fc.integer({ min: 0, max: 0xa0 }), fc.integer({ min: 0, max: 0xffff }));
    fc.assert(
      fc.property(fc.array(character), fc.boolean(), (codes, bracketed) => {
        const copied = String.fromCharCode(...codes);
        const { text, removed } = pasteOf(copied, bracketed);
        const left = [...text].map((each) => each.codePointAt(0) ?? 0);
        expect(
          left.filter((code) => (code < 0x20 && ![9, 10, 13].includes(code)) || (code > 0x7e && code < 0xa0)),
        ).toEqual([]);
        expect(text.length + removed).toBe(copied.length);
      }),
    );
  });
});

describe('a paste is asked about first', () => {
  it.each([
    ['of several lines, each of which would run', 'a\nb', false, true],
    ['of a line with a control character', `a${ESC}b`, false, true],
    ['that would have ended its own brackets', `a${ESC}[201~b`, true, true],
    ['but not of a line', 'a', false, false],
    ['nor of several in brackets', 'a\nb\n', true, false],
  ])('%s', (_name, text, bracketed, asked) => {
    expect(isAskedFirst(pasteOf(text, bracketed))).toBe(asked);
  });
});
