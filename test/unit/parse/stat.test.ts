import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { isKernelThread, parseStat } from '../../../electron/host/parse/stat.ts';

const line = (comm: string) =>
  `42 (${comm}) S 7 8 9 34817 10 4194304 1 2 3 4 55 66 5 6 20 0 3 0 987654 1048576 256 18446744073709551615 1 2 3\n`;

describe('parseStat', () => {
  it('takes each field from the place the man page gives it', () => {
    expect(parseStat(line('bash'))).toEqual({
      pid: 42,
      comm: 'bash',
      state: 'S',
      ppid: 7,
      pgrp: 8,
      session: 9,
      ttyNr: 34817,
      flags: 4194304,
      utime: 55,
      stime: 66,
      numThreads: 3,
      starttime: 987654,
      vsizeBytes: 1048576,
      rssPages: 256,
    });
  });

  it('keeps a name that pretends to be the rest of the line', () => {
    expect(parseStat(line('x) R 1 (y'))).toMatchObject({ comm: 'x) R 1 (y', state: 'S', ppid: 7 });
    expect(parseStat(line('a\nb) Z 0 '))).toMatchObject({ comm: 'a\nb) Z 0 ', ppid: 7 });
    expect(parseStat(line(''))).toMatchObject({ comm: '', ppid: 7 });
  });

  it('keeps any name at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (comm) => {
        expect(parseStat(line(comm))).toMatchObject({ comm, pid: 42, ppid: 7, starttime: 987654 });
      }),
    );
  });

  it('calls a line that ends early malformed', () => {
    expect(() => parseStat('42 (bash) S 7 8')).toThrow(FormatError);
    expect(() => parseStat('')).toThrow(FormatError);
  });

  it('tells kernel threads by their flag', () => {
    const kthreadd = '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 1 0 0 0';
    expect(isKernelThread(parseStat(kthreadd))).toBe(true);
    expect(isKernelThread(parseStat(line('bash')))).toBe(false);
  });
});
