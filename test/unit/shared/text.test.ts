import { describe, expect, it } from 'vitest';
import { errorText, wordFilter } from '../../../shared/text.ts';

describe('wordFilter', () => {
  it('wants every word, anywhere, in any order and case', () => {
    const matches = wordFilter('  Redis 42\t');
    expect(matches('pid 42\nREDIS-server')).toBe(true);
    expect(matches('redis-server')).toBe(false);
  });

  it('takes everything when nothing was typed', () => {
    expect(wordFilter('')('anything')).toBe(true);
    expect(wordFilter(' \n ')('')).toBe(true);
  });

  it('takes what is typed as text, not as a pattern', () => {
    expect(wordFilter('a.c (')('abc')).toBe(false);
    expect(wordFilter('a.c (')('( a.c')).toBe(true);
  });
});

describe('errorText', () => {
  it('is the message of an error, and anything else as text', () => {
    expect(errorText(new TypeError('no such pipe'))).toBe('no such pipe');
    expect(errorText('gone')).toBe('gone');
    expect(errorText(undefined)).toBe('undefined');
  });
});
