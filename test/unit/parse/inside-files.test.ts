/** The kernel files that tell what is inside a namespace. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFibTrieLocal } from '../../../electron/host/parse/fib-trie.ts';
import { FormatError } from '../../../electron/host/parse/format-error.ts';
import { parseIfInet6 } from '../../../electron/host/parse/if-inet6.ts';
import { ipv4, ipv6, ipv6Words, prefixOf } from '../../../electron/host/parse/inet-address.ts';
import { parseIpAddress, parseNetnsIds } from '../../../electron/host/parse/ip-json.ts';
import { parseIpRoute, parseIpRules } from '../../../electron/host/parse/ip-route-json.ts';
import { parseMountinfo } from '../../../electron/host/parse/mountinfo.ts';
import { parseNetDev } from '../../../electron/host/parse/net-dev.ts';
import { parseNetInet, TCP_LISTEN } from '../../../electron/host/parse/net-inet.ts';
import { parseNetIpv6Route, parseNetRoute } from '../../../electron/host/parse/net-route.ts';
import { parseNetSctpEps } from '../../../electron/host/parse/net-sctp.ts';
import { parseNetUnix } from '../../../electron/host/parse/net-unix.ts';
import { parseSysvipc } from '../../../electron/host/parse/sysvipc.ts';
import { parseTimensOffsets } from '../../../electron/host/parse/timens-offsets.ts';
import { decode } from '../../../electron/host/read/bytes.ts';
import type { Route } from '../../../shared/inside.ts';
import { routeWords } from '../../../shared/route-words.ts';

const PARSERS: Readonly<Record<string, (text: string) => unknown>> = {
  parseFibTrieLocal,
  parseIfInet6,
  parseIpAddress,
  parseNetnsIds,
  parseIpRoute: (text) => parseIpRoute(text, 4),
  parseIpRules: (text) => parseIpRules(text, 6),
  parseMountinfo,
  parseNetDev,
  parseNetInet,
  parseNetSctpEps,
  parseNetRoute,
  parseNetIpv6Route,
  parseNetUnix,
  parseTimensOffsets,
  parseSysvipc: (text) => parseSysvipc(text, 'shm'),
};

const PIECES = ['\n', ' ', '\t', ': ', '0100007F:0016 ', '0A ', '00000000', 'fe80000000000000b4c50ffffe456998 ']
  .concat([
    '|-- 10.0.0.2',
    '/32 host LOCAL',
    'eth0 ',
    'monotonic ',
    '-5 ',
    'boottime ',
    'key shmid perms size\n',
    '644 ',
  ])
  .concat([
    '[{"ifname":"eth0","ifindex":2}]',
    '[',
    '{',
    '}',
    '"',
    'shared:3 ',
    'master:x ',
    ' - ext4 /dev/sda rw',
    '/ ',
  ]);
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => decode(Buffer.from(array)));
const nearly = fc.array(fc.oneof(fc.constantFrom(...PIECES), bytes), { maxLength: 30 }).map((parts) => parts.join(''));

describe.each(Object.entries(PARSERS))('%s', (_, parse) => {
  const answersOrSaysSo = (text: string): void => {
    try {
      parse(text);
    } catch (thrown) {
      if (!(thrown instanceof FormatError)) throw thrown;
    }
  };

  it('answers or says FormatError, whatever it reads', () => {
    fc.assert(fc.property(fc.oneof(bytes, nearly), answersOrSaysSo), { numRuns: 10_000 });
  });

  // One that is quadratic here would take minutes.
  it('comes to an end on long input', { timeout: 60_000 }, () => {
    for (const piece of PIECES) answersOrSaysSo(piece.repeat(50_000));
  });
});

describe('addresses', () => {
  it('are read in the byte order of the machine that wrote them', () => {
    expect(ipv4('0100007F', 'x')).toBe('127.0.0.1');
    expect(ipv4('7F000001', 'x', false)).toBe('127.0.0.1');
    expect(ipv6Words('B80D01200000000067452301EFCDAB89', 'x')).toBe('2001:db8::123:4567:89ab:cdef');
    expect(prefixOf('00F0FFFF', 'x')).toBe(20);
  });

  it('are written as RFC 5952 has it', () => {
    expect(ipv6('00000000000000000000000000000000', 'x')).toBe('::');
    expect(ipv6('00000000000000000000000000000001', 'x')).toBe('::1');
    expect(ipv6('20010db8000000010000000000000000', 'x')).toBe('2001:db8:0:1::');
    expect(ipv6('20010db8000000010001000100010001', 'x')).toBe('2001:db8:0:1:1:1:1:1');
    expect(ipv6('00000000000000000000ffff0a000001', 'x')).toBe('::ffff:10.0.0.1');
  });

  it('mean the same as the browser’s reading of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (raw) => {
        const text = ipv6(Buffer.from(raw).toString('hex'), 'x');
        const groups = Array.from({ length: 8 }, (_, at) => ((raw[at * 2]! << 8) | raw[at * 2 + 1]!).toString(16));
        expect(new URL(`http://[${text}]/`).hostname).toBe(new URL(`http://[${groups.join(':')}]/`).hostname);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('sockets', () => {
  const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

  it('of tcp: where, in which state, whose', () => {
    const line =
      '   0: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 19394 1 0 100\n';
    expect(parseNetInet(HEAD + line)).toEqual([
      {
        address: '127.0.0.1',
        remoteAddress: '0.0.0.0',
        remotePort: 0,
        port: 6379,
        state: TCP_LISTEN,
        uid: 999,
        inode: 19394,
      },
    ]);
  });

  it('of unix: abstract and unbound ones, and a name with a newline in it', () => {
    const text =
      'Num       RefCount Protocol Flags    Type St Inode Path\n' +
      '000000000792f6f6: 00000003 00000000 00000000 0001 03  1158\n' +
      '000000002e804e31: 00000002 00000000 00010000 0001 01 1173251 /run/a\nb c\n' +
      '000000002e804e32: 00000002 00000000 00000000 0002 01 22 @abstract \n';
    expect(parseNetUnix(text)).toEqual([
      { kind: 'stream', listening: false, unconnected: false, inode: 1158, path: null },
      { kind: 'stream', listening: true, unconnected: true, inode: 1173251, path: '/run/a\nb c' },
      { kind: 'dgram', listening: false, unconnected: true, inode: 22, path: '@abstract ' },
    ]);
  });
});

describe('routes of /proc', () => {
  const told = (routes: readonly Route[]) =>
    routes.map(({ destination, type, table, hops, metric }) => [destination, type, table, hops, metric]);
  const by = (gateway: string | null, device: string) => [{ gateway, device, weight: null }];

  it('of IPv4: default, a network, and those without a device, of which the file does not say what they do', () => {
    const text =
      'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n' +
      'eth0\t00000000\t010011AC\t0003\t0\t0\t100\t00000000\t0\t0\t0\n' +
      'eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n' +
      '*\t0000070A\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0\n' +
      '*\t0000090A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n';
    expect(told(parseNetRoute(text))).toEqual([
      ['default', 'unicast', 'main', by('172.17.0.1', 'eth0'), 100],
      ['172.17.0.0/16', 'unicast', 'main', by(null, 'eth0'), null],
      ['10.7.0.0/16', null, 'main', [], null],
      ['10.9.0.0/16', null, 'main', [], null],
    ]);
  });

  it('of IPv6: all but the entry that stands for none; an unreachable default is one that someone made', () => {
    const zero = '0'.repeat(32);
    const text = [
      `fe800000000000000000000000000000 40 ${zero} 00 ${zero} 00000100 00000001 00000000 00000001   eth0`,
      `${zero} 00 ${zero} 00 ${zero} ffffffff 00000001 00000000 00200200       lo`,
      `${zero} 00 ${zero} 00 ${zero} 00000400 00000001 00000000 00200200       lo`,
      `00000000000000000000000000000001 80 ${zero} 00 ${zero} 00000000 00000002 00000000 80200001       lo`,
      `ff000000000000000000000000000000 08 ${zero} 00 ${zero} 00000100 00000002 00000000 00000001   eth0`,
      `${zero} 00 ${zero} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003   eth0`,
    ].join('\n');
    expect(told(parseNetIpv6Route(text))).toEqual([
      ['fe80::/64', 'unicast', null, by(null, 'eth0'), 256],
      ['default', null, null, [], 1024],
      ['::1/128', 'local', 'local', by(null, 'lo'), 0],
      ['ff00::/8', 'multicast', null, by(null, 'eth0'), 256],
      ['default', 'unicast', null, by('fe80::1', 'eth0'), 1024],
    ]);
  });
});

describe('routes of ip', () => {
  /** One row of iproute2 6.1, and what `ip route show table all` printed of the same. */
  const ROWS: readonly (readonly [4 | 6, object, string])[] = [
    [
      4,
      { type: 'blackhole', dst: '10.9.0.0/16', table: 'main', protocol: 'boot', scope: 'global', flags: [] },
      'blackhole 10.9.0.0/16',
    ],
    [
      6,
      {
        ...{ type: 'unreachable', dst: 'default', dev: 'lo', table: 'main', protocol: 'boot', scope: 'global' },
        ...{ metric: 1024, flags: [], pref: 'medium' },
      },
      'unreachable default dev lo metric 1024 pref medium',
    ],
    [
      6,
      {
        ...{ type: 'unicast', dst: 'fd03::/64', gateway: 'fd00:1::2', dev: 'd0', table: '100', protocol: 'boot' },
        ...{ scope: 'global', metric: 1024, flags: ['linkdown'], pref: 'medium' },
      },
      'fd03::/64 via fd00:1::2 dev d0 table 100 metric 1024 pref medium linkdown',
    ],
    [
      4,
      {
        ...{ type: 'unicast', dst: '10.1.0.0/24', dev: 'd0', table: 'main', protocol: 'kernel', scope: 'link' },
        ...{ prefsrc: '10.1.0.1', flags: [], metrics: [{ mtu: 1400 }] },
      },
      '10.1.0.0/24 dev d0 proto kernel scope link src 10.1.0.1 mtu 1400',
    ],
    [
      4,
      {
        ...{ type: 'unicast', dst: 'default', table: 'main', protocol: 'static', scope: 'global', flags: [] },
        nexthops: [
          { gateway: '10.1.0.2', dev: 'd0', weight: 2, flags: [] },
          { gateway: '10.2.0.2', dev: 'd1', weight: 1, flags: [] },
        ],
      },
      'default proto static nexthop via 10.1.0.2 dev d0 weight 2 nexthop via 10.2.0.2 dev d1 weight 1',
    ],
    [
      4,
      {
        ...{ type: 'unicast', dst: '10.4.0.0/16', via: { family: 'inet6', host: 'fd00::9' }, dev: 'd0' },
        ...{ table: 'main', protocol: 'boot', scope: 'global', flags: [] },
      },
      '10.4.0.0/16 via inet6 fd00::9 dev d0',
    ],
  ];

  it.each(ROWS)('are told as ip writes them: IPv%s %j', (family, row, words) => {
    expect(parseIpRoute(JSON.stringify([row]), family).map(routeWords)).toEqual([words]);
  });

  it('keeps where a route leads apart from where its tunnel does, to which ip gives the same name', () => {
    const text =
      '[{"type":"unicast","dst":"10.5.0.0/16","encap":"ip","id":5,"src":"0.0.0.0","dst":"1.2.3.4","ttl":0,"dev":"d0"}]';
    expect(parseIpRoute(text, 4)).toMatchObject([{ destination: '10.5.0.0/16', hops: [{ device: 'd0' }] }]);
    expect(parseIpRoute(text, 4)[0]?.more.join(' ')).toContain('encap ip id 5');
  });

  it('takes rules as lines', () => {
    const [first, ...more] = parseIpRules('0:\tfrom all lookup local\n500:\tfrom 10.1.0.0/24 lookup 100\n', 4);
    expect(first).toEqual({ family: 4, priority: 0, words: 'from all lookup local' });
    expect(more.map(({ priority }) => priority)).toEqual([500]);
  });
});

describe('interfaces', () => {
  it('takes an escape character in a name, which ip writes as it is', () => {
    const [one] = parseIpAddress(
      '[{"ifindex":2,"ifname":"\u001b[31mred","link_type":"ether","address":"aa:bb","flags":[]}]',
    );
    expect(one).toMatchObject({ name: '\u001b[31mred', ifindex: 2, mac: 'aa:bb', peer: null, mtuBytes: null });
  });

  it('knows a pair by the other’s index and the number of its namespace', () => {
    const [one] = parseIpAddress(
      '[{"ifindex":7,"ifname":"eth0","link_index":8,"link_netnsid":0,"linkinfo":{"info_kind":"veth"}}]',
    );
    expect(one).toMatchObject({ kind: 'veth', peer: { ifindex: 8 }, nsid: 0 });
    const [, red] = parseIpAddress(
      '[{"ifindex":2,"ifname":"blue","link":"red"},{"ifindex":3,"ifname":"red","link":"blue"}]',
    );
    expect(red).toMatchObject({ peer: { ifindex: 2 }, nsid: null });
    expect([...parseNetnsIds('[{"nsid":0,"name":"4026531833"},{"nsid":1}]')]).toEqual([[0, '4026531833']]);
  });

  it('takes nothing for none, and says FormatError of what is no list', () => {
    expect(parseIpAddress('')).toEqual([]);
    expect(parseIpAddress('[{},{}]')).toEqual([]);
    for (const text of ['{}', '[1', 'Usage: ip', '[{"ifname":"x"}]'])
      expect(() => parseIpAddress(text), text).toThrow(FormatError);
  });

  it('reads counters and IPv6 addresses from /proc', () => {
    const dev =
      'a\nb\n    lo:       5       1    0    0    0     0          0         0        7       2    0    0    0     0       0          0\n';
    expect(parseNetDev(dev)).toEqual([{ name: 'lo', rxBytes: 5, rxPackets: 1, txBytes: 7, txPackets: 2 }]);
    expect(parseIfInet6('00000000000000000000000000000001 01 80 10 80       lo\n')).toEqual([
      { name: 'lo', ifindex: 1, address: { family: 6, address: '::1', prefix: 128, scope: 'host' } },
    ]);
    expect(
      parseFibTrieLocal('Main:\n  |-- 10.0.0.0\n     /24 link UNICAST\n  |-- 10.0.0.2\n     /32 host LOCAL\n'),
    ).toEqual(['10.0.0.2']);
  });
});

describe('clocks and System V objects', () => {
  it('keeps nanoseconds that a number would not hold', () => {
    expect(parseTimensOffsets('monotonic     -86400         5\nboottime    9223372035 0\n')).toEqual({
      monotonicNanos: '-86399999999995',
      boottimeNanos: '9223372035000000000',
    });
  });

  it('finds the columns by their names', () => {
    const text =
      '       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid\n' +
      '-953552441          0   644                  4096 12676     0      2   999     0     0     0\n';
    expect(parseSysvipc(text, 'shm')).toEqual([
      { key: -953552441, id: 0, uid: 999, perms: '644', size: 4096, used: 2, cpid: 12676 },
    ]);
  });
});
