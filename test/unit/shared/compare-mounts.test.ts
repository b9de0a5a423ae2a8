import { describe, expect, it } from 'vitest';
import { parseMountinfo } from '../../../electron/host/parse/mountinfo.ts';
import { compareMounts } from '../../../shared/compare-mounts.ts';
import type { Reading } from '../../../shared/model.ts';
import type { Mount } from '../../../shared/mounts.ts';

const read = (...lines: string[]): Reading<Mount[]> => ({ ok: true, value: parseMountinfo(lines.join('\n')) });
const denied: Reading<Mount[]> = { ok: false, why: 'denied', call: 'open', errno: 'EACCES' };
const ROOT = '1 0 8:1 / / rw - ext4 /dev/sda1 rw';

describe('mounts of two processes', () => {
  it('are the same where both see the same part of one file system under the same options', () => {
    const a = read(ROOT, '2 1 0:5 / /proc rw,nosuid - proc proc rw', '3 1 8:1 /srv /data rw - ext4 /dev/sda1 rw');
    const b = read(ROOT, '9 1 0:7 / /proc rw,nosuid - proc proc rw', '3 1 8:1 /srv /data ro - ext4 /dev/sda1 rw');
    expect(
      compareMounts(a, b).map(({ name, difference, a: left, b: right }) => [name, difference, left, right]),
    ).toEqual([
      ['/', null, 'ext4 /dev/sda1 8:1 rw', 'ext4 /dev/sda1 8:1 rw'],
      ['/data', 'options', 'ext4 /dev/sda1[/srv] 8:1 rw', 'ext4 /dev/sda1[/srv] 8:1 ro'],
      ['/proc', 'one-each', 'proc proc 0:5 rw,nosuid', 'proc proc 0:7 rw,nosuid'],
    ]);
  });

  it('count only what can be reached', () => {
    const a = read(ROOT, '2 1 0:5 / /mnt rw - tmpfs below rw', '3 2 0:6 / /mnt rw - tmpfs above rw');
    expect(compareMounts(a, read(ROOT))).toEqual([
      expect.objectContaining({ name: '/', same: true }),
      { name: '/mnt', a: 'tmpfs above 0:6 rw', b: null, aRead: true, bRead: true, same: false, difference: 'only-a' },
    ]);
  });

  it('claim nothing of a side that could not be read, and nothing at all before both were', () => {
    expect(compareMounts(read(ROOT), denied)).toEqual([
      { name: '/', a: 'ext4 /dev/sda1 8:1 rw', b: null, aRead: true, bRead: false, same: null, difference: null },
    ]);
    expect(compareMounts(denied, denied)).toEqual([
      expect.objectContaining({ same: null, aRead: false, bRead: false }),
    ]);
    expect(compareMounts(read(ROOT), null)).toEqual([]);
  });
});
