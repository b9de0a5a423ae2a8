import { describe, expect, it } from 'vitest';
import { missingPackages } from '../../../build/system-packages.mjs';
import { NOTHING, plus, tallyOf } from '../../../build/tally.mjs';

const outcome = (state: 'passed' | 'failed' | 'skipped', ...path: string[]) => ({ path, state });

describe('the tally of a test run', () => {
  it('counts', () => {
    const tally = tallyOf([outcome('passed', 'a', 'x'), outcome('passed', 'a', 'y'), outcome('failed', 'b', 'z')]);
    expect(tally).toEqual({ passed: 2, failed: 1, skipped: 0, skips: [] });
    expect(plus(tally, plus(NOTHING, tally))).toEqual({ passed: 4, failed: 2, skipped: 0, skips: [] });
  });

  it('names a suite that did not run once, with the reason in its name', () => {
    const suite = 'the lab (cannot run: it needs root)';
    const tally = tallyOf([
      outcome('skipped', 'lab.test.ts', suite, 'starts'),
      outcome('skipped', 'lab.test.ts', suite, 'stops'),
      outcome('passed', 'lab.test.ts', 'what needs no lab', 'works'),
    ]);
    expect(tally).toMatchObject({ passed: 1, skipped: 2 });
    expect(tally.skips).toEqual([`lab.test.ts > ${suite}: 2 tests skipped: it needs root`]);
  });

  it('names a file of which nothing ran as a whole', () => {
    const tally = tallyOf([
      { ...outcome('skipped', 'electron.test.ts', 'starts'), note: 'no binary' },
      { ...outcome('skipped', 'electron.test.ts', 'ends'), note: 'no binary' },
    ]);
    expect(tally.skips).toEqual(['electron.test.ts: 2 tests skipped: no binary']);
  });

  it('keeps reasons apart, and tells when there is none', () => {
    const tally = tallyOf([
      { ...outcome('skipped', 'a.test.ts', 'suite', 'one'), note: 'no docker' },
      outcome('skipped', 'a.test.ts', 'suite', 'two'),
    ]);
    expect(tally.skips).toEqual([
      'a.test.ts > suite > one: 1 test skipped: no docker',
      'a.test.ts > suite > two: 1 test skipped: no reason was given',
    ]);
  });
});

describe('missing system packages', () => {
  it('are those that dpkg does not call installed', () => {
    expect(missingPackages('')).toContain('docker.io');
    const missing = missingPackages('docker.io installed\nchromium config-files\nredis-server not-installed\n');
    expect(missing).toContain('chromium');
    expect(missing).toContain('redis-server');
    expect(missing).not.toContain('docker.io');
  });
});
