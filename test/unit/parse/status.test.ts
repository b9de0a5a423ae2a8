import { describe, expect, it } from 'vitest';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { parseStatus, parseStatusHead } from '../../../electron/host/parse/status.ts';

const TEXT = `Name:	x\\nUid:	9
Uid:	1000	1001	1002	1003
Gid:	5	6	7	8
Groups:	4 24 27 
NSpid:	4711	15	1
VmRSS:	    1784 kB
Threads:	3
CapInh:	0000000000000000
CapPrm:	00000000a80425fb
CapEff:	00000000a80425fb
CapBnd:	000001ffffffffff
CapAmb:	0000000000000000
NoNewPrivs:	1
Seccomp:	2
Seccomp_filters:	1
`;

describe('parseStatus', () => {
  it('reads what is shown in words', () => {
    expect(parseStatus(TEXT)).toEqual({
      uids: [1000, 1001, 1002, 1003],
      gids: [5, 6, 7, 8],
      groups: [4, 24, 27],
      nspid: [4711, 15, 1],
      threads: 3,
      capabilities: {
        inheritable: '0000000000000000',
        permitted: '00000000a80425fb',
        effective: '00000000a80425fb',
        bounding: '000001ffffffffff',
        ambient: '0000000000000000',
      },
      seccomp: 2,
      seccompFilters: 1,
      noNewPrivs: true,
    });
  });

  it('says null of what an old kernel does not tell', () => {
    const old = TEXT.replace(/^(CapAmb|NoNewPrivs|Seccomp|Seccomp_filters|NSpid):.*\n/gm, '');
    expect(parseStatus(old)).toMatchObject({
      nspid: [],
      capabilities: { ambient: null },
      seccomp: null,
      seccompFilters: null,
      noNewPrivs: null,
    });
  });

  it('calls a strange value of a known key malformed', () => {
    expect(() => parseStatus(TEXT.replace('Threads:	3', 'Threads:	many'))).toThrow(FormatError);
    expect(() => parseStatus(TEXT.replace('00000000a80425fb', 'a80425fb'))).toThrow(FormatError);
    expect(() => parseStatusHead('Name:	x\n')).toThrow(FormatError);
  });
});

describe('parseStatusHead', () => {
  it('reads what every row needs', () => {
    expect(parseStatusHead(TEXT)).toEqual({ uid: 1000, euid: 1001, nspid: [4711, 15, 1], residentBytes: 1784 * 1024 });
    expect(parseStatusHead(TEXT.replace(/VmRSS.*\n/, '')).residentBytes).toBeNull();
  });
});
