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
    [-5, '0 s'],
    [420, '0.4 s'],
    [9_960, '10 s'],
    [59_600, '60 s'],
    [125_000, '2 min 5 s'],
    [120_000, '2 min'],
    [3_600_000 * 5 + 60_000 * 7 + 3000, '5 h 7 min'],
    [86_400_000 * 3 + 60_000, '3 d'],
  ])('%i ms is %s', (millis, words) => {
    expect(lastedWords(millis)).toBe(words);
  });
});
