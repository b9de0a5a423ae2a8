import { describe, expect, it } from 'vitest';
import { bytesInWords, cpusInWords, limitInWords, listed } from '../../../shared/sentence.ts';
import { aLimit } from './world.ts';

describe('words', () => {
  it.each([
    [[], ''],
    [['net'], 'net'],
    [['user', 'time'], 'user and time'],
    [['mnt', 'uts', 'ipc'], 'mnt, uts and ipc'],
  ])('list %j', (words, text) => {
    expect(listed(words)).toBe(text);
  });

  it.each([
    [500, '500 bytes'],
    [64 * 1024 * 1024, '64 MiB'],
    [43_201_331, '41.2 MiB'],
    [7_999_488, '7.6 MiB'],
    [2 ** 63, '8 EiB'],
  ])('of %d bytes', (bytes, text) => {
    expect(bytesInWords(bytes)).toBe(text);
  });

  it.each([
    [0.5, 'half a CPU'],
    [1, 'one CPU'],
    [0.2, '20 % of a CPU'],
    [1.5, '1.5 CPUs'],
  ])('of %d CPUs', (cpus, text) => {
    expect(cpusInWords(cpus)).toBe(text);
  });

  it('of a limit are none where there is none or it could not be read', () => {
    expect(limitInWords(aLimit('pids', 1))).toBe('one task');
    expect(limitInWords(aLimit('pids', 100))).toBe('100 tasks');
    expect(limitInWords(aLimit('memory', 'max'))).toBeNull();
    const unread = { ok: false, why: 'denied', call: 'read', errno: 'EACCES' } as const;
    expect(limitInWords({ ...aLimit('memory', 1), limit: unread })).toBeNull();
  });
});
