import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { pathLooks } from '../../../electron/host/shells/path-looks.ts';

const folder = mkdtempSync(join(tmpdir(), 'porthole-looks-'));
writeFileSync(join(folder, 'file'), '');
symlinkSync('file', join(folder, 'link'));
symlinkSync('nowhere', join(folder, 'dangling'));
afterAll(() => rmSync(folder, { recursive: true }));

it('tells directories, files, namespaces and nothing apart, links followed', async () => {
  const looks = await pathLooks(
    [folder, 'file', 'link', 'dangling', 'none', 'file/below', '/proc/self/ns/net'],
    folder,
  );
  expect(looks.map(({ is }) => is)).toEqual(['directory', 'other', 'other', 'absent', 'absent', 'absent', 'namespace']);
  expect(looks.at(-1)?.inode).toBe(statSync('/proc/self/ns/net').ino);
});
