import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../electron/host/read/bytes.ts';

describe('decode', () => {
  it('reads UTF-8 as what it is', () => {
    expect(decode(Buffer.from('naïve ☂ 🐙'))).toBe('naïve ☂ 🐙');
    expect(decode(Buffer.from('a\ufffdb'))).toBe('a\ufffdb');
  });

  it('keeps each other byte as a lone surrogate', () => {
    expect(decode(Buffer.from([0x61, 0xff, 0xc3, 0x28]))).toBe('a\udcff\udcc3(');
  });

  it.each([
    ['overlong', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xb2, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['cut off', [0xe2, 0x98]],
  ])('takes no sequence that is %s', (_, bytes) => {
    expect(decode(Buffer.from(bytes))).toBe(String.fromCharCode(...bytes.map((byte) => 0xdc00 + byte)));
  });

  it('loses nothing: encode gives the bytes back, and so does a journey as JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const text = JSON.parse(JSON.stringify(decode(Buffer.from(bytes)))) as string;
        expect([...Buffer.from(encode(text))]).toEqual([...bytes]);
      }),
      { numRuns: 10_000 },
    );
  });
});
