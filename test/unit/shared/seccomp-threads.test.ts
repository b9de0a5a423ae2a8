import { describe, expect, it } from 'vitest';
import type { SeccompThread, SeccompThreads } from '../../../shared/seccomp-model.ts';
import { seccompThreadLabel, seccompThreadLines, seccompThreadsSentence } from '../../../shared/seccomp-threads.ts';

const thread = (tid: number, seccomp: number, seccompFilters: number | null, comm = 'worker'): SeccompThread => ({
  tid,
  comm,
  seccomp,
  seccompFilters,
});
const threads = (over: Partial<SeccompThreads>): SeccompThreads => ({
  count: 3,
  first: thread(7, 0, 0, 'main'),
  differing: 0,
  others: [],
  unread: 0,
  ...over,
});

describe('threads with other filters', () => {
  it('are not spoken of where there are none', () => {
    expect(seccompThreadLines(threads({}))).toEqual([]);
  });

  it('are named, after the first', () => {
    expect(seccompThreadLines(threads({ differing: 1, others: [thread(8, 2, 2)] }))).toEqual([
      '1 of its 3 threads has another mode or number of filters than the first.',
      '  7 main: disabled',
      '  8 worker: filter, 2 filters',
    ]);
  });

  it('beyond those that are listed are counted', () => {
    const lines = seccompThreadLines(threads({ count: 300, differing: 250, others: [thread(8, 2, 1)] }));
    expect(lines[0]).toBe('250 of its 300 threads have another mode or number of filters than the first.');
    expect(lines.at(-1)).toBe('  and 249 more');
  });

  it('that may not be read are said to be, not taken for alike', () => {
    expect(seccompThreadsSentence(threads({ unread: 2 }))).toBe('2 of its threads may not be read.');
  });

  it('are shown as text, whatever they call themselves, and without a count where the kernel has none', () => {
    expect(seccompThreadLabel(thread(9, 2, null, 'a\u001b[31m'))).toBe('9 a\\e[31m: filter');
  });
});
