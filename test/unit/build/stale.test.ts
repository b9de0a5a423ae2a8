import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, stamp, stamped } from '../../../build/stale.mjs';
import { TARGETS, targetsNamed } from '../../../build/targets.mjs';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'porthole-stale-'));
  mkdirSync(join(base, 'src/deep'), { recursive: true });
  writeFileSync(join(base, 'src/a.ts'), 'a');
  writeFileSync(join(base, 'src/deep/b.ts'), 'b');
  writeFileSync(join(base, 'lock.json'), '{}');
});
afterEach(() => rmSync(base, { recursive: true }));

const hash = (): Promise<string> => hashOf(base, ['src', 'lock.json', 'absent']);

describe('the hash of sources', () => {
  it.each<[string, () => void]>([
    ['a file changes deep down', () => writeFileSync(join(base, 'src/deep/b.ts'), 'c')],
    ['a file is added', () => writeFileSync(join(base, 'src/c.ts'), '')],
    ['a file goes', () => rmSync(join(base, 'src/a.ts'))],
    ['a file is renamed', () => renameSync(join(base, 'src/a.ts'), join(base, 'src/z.ts'))],
    ['a file appears where none was', () => writeFileSync(join(base, 'absent'), '')],
    [
      'content moves from one file to the next',
      () => {
        writeFileSync(join(base, 'src/a.ts'), '');
        writeFileSync(join(base, 'src/deep/b.ts'), 'ab');
      },
    ],
  ])('changes when %s', async (_, change) => {
    const before = await hash();
    change();
    expect(await hash()).not.toBe(before);
  });

  it('does not change with times, which a checkout sets anew', async () => {
    const before = await hash();
    utimesSync(join(base, 'src/a.ts'), 1, 1);
    expect(await hash()).toBe(before);
  });
});

describe('a stamp', () => {
  it('is read as it was written, and null where there is none', async () => {
    const file = join(base, 'stamps/deep/x');
    expect(await stamped(file)).toBeNull();
    await stamp(file, 'said');
    expect(await stamped(file)).toBe('said');
  });
});

describe('the parts of a build', () => {
  it('are all, or those named', () => {
    expect(targetsNamed([])).toBe(TARGETS);
    expect(targetsNamed(['page', 'cli']).map(({ name }) => name)).toEqual(['cli', 'page']);
  });
  it('are no others', () => {
    expect(() => targetsNamed(['cli', 'pages'])).toThrow(/no part named pages; there are cli, host/);
  });
});
