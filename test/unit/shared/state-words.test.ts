import { describe, expect, it } from 'vitest';
import { stateWords } from '../../../shared/state-words.ts';

describe('the words for a state', () => {
  it('tell a process whose first thread ended from one that ended', () => {
    expect(stateWords({ state: 'Z', threads: 1 })).toBe('zombie: ended, not yet collected by its parent');
    expect(stateWords({ state: 'Z', threads: 2 })).toBe('its first thread has ended, another one runs on');
    expect(stateWords({ state: 'Z', threads: 4 })).toBe('its first thread has ended, 3 others run on');
  });

  it('are the letter where nobody knows it', () => {
    expect(stateWords({ state: 'k', threads: 1 })).toBe('k');
  });
});
