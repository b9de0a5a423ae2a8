import { describe, expect, it } from 'vitest';
import { endWords, lastedWords } from '../../../renderer/app/dock/end-words.ts';

describe('how a terminal ended', () => {
  it('is its exit code, and the signal if one ended it', () => {
    expect(endWords({ exitCode: 0, signal: null })).toBe('exit code 0');
    expect(endWords({ exitCode: 137, signal: 'SIGKILL' })).toBe('exit code 137 (SIGKILL)');
  });
});

describe('how long it lasted', () => {
  it.each([
    [-5, '0.0 s'],
    [420, '0.4 s'],
    [9_960, '9 s'],
    [12_900, '12 s'],
    [125_000, '2 min'],
  ])('%i ms is %s', (millis, words) => {
    expect(lastedWords(millis)).toBe(words);
  });
});
