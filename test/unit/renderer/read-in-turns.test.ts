import { describe, expect, it } from 'vitest';
import { processesInTurns, readInTurns } from '../../../renderer/app/inspector/read-in-turns.ts';

const ages = { cgroups: 0, rest: 0, binds: 0, fds: 0, threads: 0 };

describe('what is read in turns', () => {
  it('is told only where it is older than a look', () => {
    expect(readInTurns(undefined)).toBeNull();
    expect(readInTurns({ ...ages, cgroups: 9000, fds: 1200 })).toBeNull();
    expect(readInTurns({ ...ages, fds: 8200 })).toBe('Open files read up to 9 s ago.');
    expect(readInTurns({ ...ages, binds: 2000, threads: 19_000 })).toBe(
      'Bind mounts read up to 2 s ago, threads up to 19 s ago.',
    );
  });

  it('is told of processes that did not run, in words of the table', () => {
    expect(processesInTurns(undefined)).toBeNull();
    expect(processesInTurns({ ...ages, cgroups: 1000, fds: 9000 })).toBeNull();
    expect(processesInTurns({ ...ages, cgroups: 4800, rest: 58_000 })).toBe(
      'Of processes that did not run since: parent, cgroup and memory read up to 5 s ago, title and user up to 58 s ago.',
    );
  });
});
