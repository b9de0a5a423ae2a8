import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unfinished } from '../../../electron/host/shells/unfinished.ts';

const ESC = '\u001b';
const NOTHING = new Uint8Array(0);
const rest = (...parts: readonly (string | Buffer)[]): string => {
  const end = parts.reduce<Uint8Array>((before, part) => unfinished(before, Buffer.from(part)), NOTHING);
  return Buffer.from(end).toString('latin1');
};

describe('the unfinished end', () => {
  it.each<[string, string]>([
    ['', ''],
    ['text', ''],
    [`text${ESC}`, ESC],
    [`${ESC}[`, `${ESC}[`],
    [`${ESC}[1;3`, `${ESC}[1;3`],
    [`${ESC}[1;31m`, ''],
    [`${ESC}[?25`, `${ESC}[?25`],
    [`${ESC}[1m${ESC}[2`, `${ESC}[2`],
    [`${ESC}(`, `${ESC}(`],
    [`${ESC}(B`, ''],
    [`${ESC}]0;title`, `${ESC}]0;title`],
    [`${ESC}]0;title\u0007`, ''],
    [`${ESC}]0;title${ESC}`, `${ESC}]0;title${ESC}`],
    [`${ESC}]0;title${ESC}\\`, ''],
    [`${ESC}P+q544e`, `${ESC}P+q544e`],
    [`${ESC}P+q\u0007`, `${ESC}P+q\u0007`],
    [`${ESC}P+q${ESC}\\`, ''],
    [`${ESC}[1\u0018`, ''],
    [`${ESC}]0;broken off\u001a`, ''],
  ])('of %j is %j', (text, end) => expect(rest(text)).toBe(end));

  it('is the begun character of UTF-8', () => {
    const face = Buffer.from('😀');
    for (let length = 1; length < 4; length++) {
      expect(rest(face.subarray(0, length))).toBe(face.subarray(0, length).toString('latin1'));
    }
    expect(rest(face)).toBe('');
    expect(rest(Buffer.from([0x80, 0xff, 0xbf]))).toBe('');
  });

  it('of an endless title is let go', () => {
    expect(rest(`${ESC}]0;`, 'x'.repeat(1_000_000), 'y')).toBe('');
  });

  it('does not depend on how the bytes came in pieces', () => {
    const piece = fc.constantFrom(
      'a',
      'ä',
      '😀',
      ESC,
      `${ESC}[`,
      '1;',
      'm',
      `${ESC}]0;`,
      `${ESC}P`,
      '\u0007',
      '\\',
      '\u0018',
    );
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat({ max: 40 })), (pieces, cuts) => {
        const whole = Buffer.from(pieces.join(''));
        const edges = [0, ...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].toSorted((a, b) => a - b);
        const parts = edges.slice(1).map((edge, at) => whole.subarray(edges[at], edge));
        expect(rest(...parts)).toBe(rest(whole));
      }),
    );
  });
});
