import { describe, expect, it } from 'vitest';
import type { Process } from '../../../shared/model.ts';
import { stateWords } from '../../../shared/state-words.ts';

const words = (state: string, threads = 1, frozen: Process['frozen'] = 'thawed'): string =>
  stateWords({ state, threads, frozen });

describe('the words for a state', () => {
  it('are that it is frozen, whatever the letter', () => {
    expect(words('D', 1, 'frozen')).toBe('frozen by its cgroup');
    expect(words('S', 1, 'freezing')).toBe('being frozen by its cgroup');
    expect([words('S'), words('S', 1, null)]).toEqual(['sleeping', 'sleeping']);
  });

  it('tell a process whose first thread ended from one that ended', () => {
    expect(words('Z', 1)).toBe('zombie: ended, not yet collected by its parent');
    expect(words('Z', 2)).toBe('its first thread has ended, another one runs on');
    expect(words('Z', 4)).toBe('its first thread has ended, 3 others run on');
  });

  it('are the letter where nobody knows it', () => {
    expect(words('k')).toBe('k');
  });
});
