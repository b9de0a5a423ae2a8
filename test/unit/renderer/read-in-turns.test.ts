import { describe, expect, it } from 'vitest';
import { readInTurns } from '../../../renderer/app/inspector/read-in-turns.ts';

const ages = { cgroups: 0, binds: 0, fds: 0, threads: 0 };

describe('what is read in turns', () => {
  it('is told only where it is older than a look', () => {
    expect(readInTurns(undefined)).toBeNull();
    expect(readInTurns({ ...ages, cgroups: 9000, fds: 1200 })).toBeNull();
    expect(readInTurns({ ...ages, fds: 8200 })).toBe('Open files read up to 9 s ago.');
    expect(readInTurns({ ...ages, binds: 2000, threads: 19_000 })).toBe(
      'Bind mounts read up to 2 s ago, threads up to 19 s ago.',
    );
  });
});
