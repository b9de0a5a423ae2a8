import { describe, expect, it } from 'vitest';
import { memoised } from '../../../electron/host/collect/memoised.ts';

describe('memoised', () => {
  it('answers the same with the same object', () => {
    const split = memoised(
      (text: string) => text,
      (text) => text.split(','),
    );
    expect(split('a,b')).toBe(split('a,b'));
    expect(split('a,c')).toEqual(['a', 'c']);
  });

  it('does not remember what threw, nor more than a bounded number of answers', () => {
    let calls = 0;
    const length = memoised(String, (n: number) => {
      calls++;
      if (n < 0) throw new RangeError('negative');
      return { n };
    });
    expect(() => length(-1)).toThrow(RangeError);
    expect(() => length(-1)).toThrow(RangeError);
    expect(calls).toBe(2);
    const first = length(0);
    for (let n = 1; n < 20_000; n++) length(n);
    expect(length(19_999)).toBe(length(19_999));
    expect(length(0)).not.toBe(first);
  });
});
