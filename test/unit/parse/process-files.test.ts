import { describe, expect, it } from 'vitest';
import { parseFdinfo } from '../../../electron/host/parse/fdinfo.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { parseProcIo } from '../../../electron/host/parse/proc-io.ts';
import { parseProcLimits } from '../../../electron/host/parse/proc-limits.ts';
import { parseMaps, parseSmapsRollup, parseStatusMemory } from '../../../electron/host/parse/process-memory.ts';
import { parseAuditId, parseProcessNumber, parseWchan } from '../../../electron/host/parse/process-number.ts';
import { parseRunPlaces, parseRunTimes, parseScheduling } from '../../../electron/host/parse/schedule.ts';

describe('io', () => {
  const TEXT =
    'rchar: 10\nwchar: 20\nsyscr: 3\nsyscw: 4\nread_bytes: 4096\nwrite_bytes: 8192\ncancelled_write_bytes: 1\n';

  it('is counters since the process began, and what came later is skipped', () => {
    expect(parseProcIo(`${TEXT}new_counter: x\n`)).toEqual({
      readChars: 10,
      writtenChars: 20,
      readCalls: 3,
      writeCalls: 4,
      readBytes: 4096,
      writtenBytes: 8192,
      cancelledBytes: 1,
    });
  });

  it('is malformed without one of them', () => {
    expect(() => parseProcIo(TEXT.replace('wchar: 20\n', ''))).toThrow(FormatError);
  });
});

describe('scheduling', () => {
  const STAT = `7 (a) R 1 (b) S 1 7 7 0 -1 4194304 111 0 22 0 5 6 0 0 20 5 1 0 900 4096 1 ${Array(13).fill(0).join(' ')} 17 3 40 2 0 0 0 0 0 0\n`;

  it('is found behind whatever name the process gave itself', () => {
    expect(parseScheduling(STAT)).toEqual({
      nice: 5,
      lastCpu: 3,
      realtimePriority: 40,
      policy: 2,
      minorFaults: 111,
      majorFaults: 22,
    });
  });

  it('has the times of schedstat and the places of status', () => {
    expect(parseRunTimes('100 200 3\n')).toEqual({ ranNanos: 100, waitedNanos: 200, timesRun: 3 });
    expect(
      parseRunPlaces(
        'Name:\tx\nCpus_allowed:\tff\nCpus_allowed_list:\t0-3,8\nMems_allowed_list:\t0\nvoluntary_ctxt_switches:\t12\nnonvoluntary_ctxt_switches:\t1\n',
      ),
    ).toEqual({ cpusAllowed: '0-3,8', memoryNodesAllowed: '0', voluntarySwitches: 12, involuntarySwitches: 1 });
    expect(parseRunPlaces('Name:\tx\n').voluntarySwitches).toBeNull();
  });
});

describe('limits', () => {
  it('keep the kernel’s words, units and what a number would not hold', () => {
    const text = [
      'Limit                     Soft Limit           Hard Limit           Units     ',
      'Max cpu time              unlimited            unlimited            seconds   ',
      'Max open files            1024                 18446744073709551614 files     ',
      'Max nice priority         0                    0                    ',
      '',
    ].join('\n');
    expect(parseProcLimits(text)).toEqual([
      { name: 'Max cpu time', soft: 'unlimited', hard: 'unlimited', unit: 'seconds' },
      { name: 'Max open files', soft: 1024, hard: '18446744073709551614', unit: 'files' },
      { name: 'Max nice priority', soft: 0, hard: 0, unit: '' },
    ]);
    expect(() => parseProcLimits(text.replace('1024', 'many'))).toThrow(FormatError);
  });
});

describe('single values', () => {
  it('know what the kernel says for none', () => {
    expect(parseProcessNumber('-1000\n')).toBe(-1000);
    expect(parseAuditId('4294967295')).toBeNull();
    expect(parseAuditId('1000')).toBe(1000);
    expect(parseWchan('0')).toBeNull();
    expect(parseWchan('do_epoll_wait')).toBe('do_epoll_wait');
    expect(() => parseWchan('two words')).toThrow(FormatError);
  });
});

describe('memory', () => {
  it('is in bytes, and null where a kernel thread has none', () => {
    expect(parseStatusMemory('Name:\tx\nVmSize:\t    12 kB\nVmRSS:\t  4 kB\n')).toMatchObject({
      virtualBytes: 12_288,
      residentBytes: 4096,
      swappedBytes: null,
    });
  });

  it('adds what is private and what is shared', () => {
    const text =
      '55d0-7ffe ---p 00000000 00:00 0    [rollup]\nRss: 40 kB\nPss: 20 kB\nPss_Dirty: 1 kB\nShared_Clean: 8 kB\nShared_Dirty: 4 kB\nPrivate_Clean: 16 kB\nPrivate_Dirty: 12 kB\nAnonymous: 12 kB\nSwap: 0 kB\n';
    expect(parseSmapsRollup(text)).toEqual({
      residentBytes: 40_960,
      proportionalBytes: 20_480,
      privateBytes: 28_672,
      sharedBytes: 12_288,
      anonymousBytes: 12_288,
      swappedBytes: 0,
    });
  });

  it('is one group for each file and each kind without one, the largest first', () => {
    const text = [
      '00400000-00401000 r-xp 00000000 08:01 5 /bin/a (deleted)',
      '00401000-00402000 rw-p 00001000 08:01 5 /bin/a (deleted)',
      '01000000-01008000 rw-p 00000000 00:00 0 [heap]',
      '02000000-02004000 rw-p 00000000 00:00 0 ',
      '03000000-03001000 r--s 00000000 00:01 9 /memfd:x (deleted)',
      'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]',
      '',
    ].join('\n');
    expect(
      parseMaps(text).map(({ kind, name, deleted, mappings, bytes }) => [kind, name, deleted, mappings, bytes]),
    ).toEqual([
      ['heap', '[heap]', false, 1, 32_768],
      ['anonymous', '', false, 1, 16_384],
      ['file', '/bin/a', true, 2, 8192],
      ['memfd', '/memfd:x (deleted)', false, 1, 4096],
      ['kernel', '[vsyscall]', false, 1, 4096],
    ]);
    expect(parseMaps(text)[2]).toMatchObject({ executableBytes: 4096, writableBytes: 4096 });
    expect(() => parseMaps('what\n')).toThrow(FormatError);
  });
});

describe('fdinfo', () => {
  it('keeps what only this kind of file tells', () => {
    expect(parseFdinfo('pos:\t12\nflags:\t02004002\nmnt_id:\t15\nino:\t4\neventfd-count:                0\n')).toEqual({
      position: 12,
      flags: 0o2004002,
      more: ['eventfd-count:                0'],
    });
    expect(() => parseFdinfo('pos:\t0\n')).toThrow(FormatError);
  });
});
