import { describe, expect, it } from 'vitest';
import { parseCgroup } from '../../../electron/host/parse/cgroup.ts';
import { parseCmdline } from '../../../electron/host/parse/cmdline.ts';
import { parseEnviron } from '../../../electron/host/parse/environ.ts';
import { FormatError, parsed } from '../../../electron/host/parse/format-error.ts';
import { parseIdMap } from '../../../electron/host/parse/id-map.ts';
import { parseMountinfo } from '../../../electron/host/parse/mountinfo.ts';
import { namespaceOf, parseNsLink } from '../../../electron/host/parse/ns-link.ts';
import { parsePasswd } from '../../../electron/host/parse/passwd.ts';
import { parseMemTotalBytes, parseSystemStat, parseUptime } from '../../../electron/host/parse/system.ts';
import { ttyName } from '../../../electron/host/parse/tty.ts';

describe('parseCmdline', () => {
  it('splits at NUL, keeping empty arguments', () => {
    expect(parseCmdline('sh\0-c\0\0')).toEqual(['sh', '-c', '']);
    expect(parseCmdline('sh\0-c')).toEqual(['sh', '-c']);
    expect(parseCmdline('\0')).toEqual(['']);
    expect(parseCmdline('')).toEqual([]);
  });

  it('takes NULs behind a title for what is left of the arguments it was written over', () => {
    expect(parseCmdline(`redis-server *:6379${'\0'.repeat(40)}`)).toEqual(['redis-server *:6379']);
  });

  it('keeps empty arguments at the end, however many, behind others', () => {
    expect(parseCmdline('sh\0-c\0true\0\0\0\0')).toEqual(['sh', '-c', 'true', '', '', '']);
    expect(parseCmdline('\0\0\0\0')).toEqual([]);
  });
});

describe('parseEnviron', () => {
  it('keeps order, doubles and entries without a sign', () => {
    expect(parseEnviron('A=1\0B\0A=x=y\0=z\0')).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', value: null },
      { name: 'A', value: 'x=y' },
      { name: '', value: 'z' },
    ]);
  });
});

describe('parseCgroup', () => {
  it('reads v1, named and v2 hierarchies, and colons in paths', () => {
    expect(parseCgroup('2:cpu,cpuacct:/a:b\n1:name=systemd:/\n0::/x.slice\n')).toEqual([
      { hierarchy: 2, controllers: ['cpu', 'cpuacct'], path: '/a:b' },
      { hierarchy: 1, controllers: ['name=systemd'], path: '/' },
      { hierarchy: 0, controllers: [], path: '/x.slice' },
    ]);
  });

  it('calls a line of another form malformed', () => {
    expect(() => parseCgroup('nonsense\n')).toThrow(FormatError);
  });
});

describe('parseIdMap', () => {
  it('reads the columns as the kernel pads them', () => {
    expect(parseIdMap('         0     100000      65536\n')).toEqual([{ inside: 0, outside: 100000, count: 65536 }]);
    expect(parseIdMap('')).toEqual([]);
  });
});

describe('namespace links', () => {
  it('know the eight types and nothing else', () => {
    expect(parseNsLink('time:[4026531834]')).toBe('time:[4026531834]');
    expect(() => parseNsLink('foo:[1]')).toThrow(FormatError);
    expect(namespaceOf('net:[5]')).toEqual({ id: 'net:[5]', type: 'net', inode: 5 });
    expect(namespaceOf('socket:[5]')).toBeNull();
    expect(namespaceOf('/home/net:[5]')).toBeNull();
  });
});

describe('parseMountinfo', () => {
  it('finds what stands behind any number of optional fields, and undoes the escapes', () => {
    const text =
      '36 35 98:0 / /mnt/with\\040space rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue\n' +
      '71 36 0:4 net:[4026532283] /run/netns/blue rw - nsfs nsfs rw\n';
    expect(parseMountinfo(text)).toEqual([
      {
        id: 36,
        parent: 35,
        device: '98:0',
        root: '/',
        mountPoint: '/mnt/with space',
        options: ['rw', 'noatime'],
        shared: 2,
        master: 1,
        propagateFrom: null,
        unbindable: false,
        type: 'ext3',
        source: '/dev/root',
        superOptions: ['rw', 'errors=continue'],
      },
      {
        id: 71,
        parent: 36,
        device: '0:4',
        root: 'net:[4026532283]',
        mountPoint: '/run/netns/blue',
        options: ['rw'],
        shared: null,
        master: null,
        propagateFrom: null,
        unbindable: false,
        type: 'nsfs',
        source: 'nsfs',
        superOptions: ['rw'],
      },
    ]);
  });
});

describe('parsePasswd', () => {
  it('gives the first name of a number and skips what is no entry', () => {
    const names = parsePasswd('root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/:\n+::::::\nbroken\nme:x:1000:1000::/:\n');
    expect([...names]).toEqual([
      [0, 'root'],
      [1000, 'me'],
    ]);
  });
});

describe('files about the whole machine', () => {
  it('give the one number that is wanted', () => {
    expect(parseUptime('350735.47 234388.90\n')).toBe(350735.47);
    expect(parseMemTotalBytes('MemTotal:       16 kB\nMemFree: 1 kB\n')).toBe(16384);
    expect(parseSystemStat('cpu  1 2\ncpu0 1 2\ncpu3 1 2\nbtime 1700000000\n')).toEqual({ btime: 1700000000, cpus: 2 });
  });
});

describe('ttyName', () => {
  it.each([
    [0, null],
    [34817, 'pts/1'],
    // Minor 256 of major 136: its high bits stand above the major.
    [0x00108800, 'pts/256'],
    [1025, 'tty1'],
    [1088, 'ttyS0'],
    [1281, 'console'],
    [0x3005, '48:5'],
  ])('%d is %s', (number, name) => expect(ttyName(number)).toBe(name));
});

describe('parsed', () => {
  it('keeps why a file was not read', () => {
    const denied = { ok: false, why: 'denied', call: 'open("x")', errno: 'EACCES' } as const;
    expect(parsed(denied, parseCgroup)).toBe(denied);
  });

  it('makes of a FormatError a reading that says malformed, and of no other error', () => {
    expect(parsed({ ok: true, value: 'nonsense' }, parseCgroup)).toMatchObject({ ok: false, why: 'malformed' });
    const broken = () => {
      throw new TypeError('a mistake of ours');
    };
    expect(() => parsed({ ok: true, value: '' }, broken)).toThrow(TypeError);
  });
});
