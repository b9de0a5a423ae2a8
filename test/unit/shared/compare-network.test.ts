import { describe, expect, it } from 'vitest';
import { compareByHand } from '../../../shared/by-hand-compare.ts';
import { compareNetwork, type NetworkOf } from '../../../shared/compare-network.ts';
import { compare, networksDiffer, type Subject } from '../../../shared/compare.ts';
import type { ListeningSocket, NetInside, NetInterface, Route, Unlearned } from '../../../shared/inside.ts';
import { aDetail, aLimit, aProcess, aWorld } from './world.ts';

const face = (name: string, address: string, more: Partial<NetInterface> = {}): NetInterface => ({
  ...{
    name,
    ifindex: 2,
    kind: 'veth',
    state: 'UP',
    flags: ['UP'],
    mac: '02:42:ac:11:00:02',
    mtuBytes: 1500,
    master: null,
  },
  addresses: [{ family: 4, address, prefix: 16, scope: 'global' }],
  ...{ peer: null, rxBytes: 1, txBytes: 2, rxPackets: 3, txPackets: 4 },
  ...more,
});
const route = (destination: string, gateway: string | null, metric: number | null = null, table = 'main'): Route => ({
  ...{ family: 4, type: 'unicast', destination, table, hops: [{ gateway, device: 'eth0', weight: null }], metric },
  ...{ protocol: 'kernel', scope: 'link', source: '10.1.1.1', more: [] },
});
const socket = (protocol: ListeningSocket['protocol'], address: string, port: number | null): ListeningSocket => ({
  ...{ protocol, address, port, kind: 'stream', uid: 0, inode: 1, holders: [7], moreHolders: 0 },
});
const inside = (interfaces: NetInterface[], routes: Route[], listening: ListeningSocket[]): NetInside => ({
  ...{ type: 'net', interfaces: { ok: true, value: interfaces }, partly: null, loose: [] },
  sockets: { ok: true, value: { listening, left: 0, connections: 0, closedMembers: 0 } },
  ...{ routes: { ok: true, value: routes }, routesLeft: 0, routesPartly: null, rules: { ok: true, value: [] } },
});
const closed: Unlearned = { ok: false, why: 'refused', words: 'no' };
const rows = (a: NetworkOf, b: NetworkOf) => compareNetwork(a, b).map(({ name, a, b, same }) => [name, a, b, same]);

describe('what two network namespaces hold', () => {
  const db = inside(
    [face('lo', '127.0.0.1', { kind: 'loopback', state: 'UNKNOWN' }), face('eth0', '172.17.0.2')],
    [route('default', '172.17.0.1'), route('172.17.0.0/16', null)],
    [socket('tcp', '0.0.0.0', 6379), socket('unix', '/run/x', null)],
  );
  const web = inside(
    [
      face('lo', '127.0.0.1', { kind: 'loopback', state: 'UNKNOWN', ifindex: 1 }),
      face('eth0', '172.17.0.3', { mac: null }),
    ],
    [route('default', '172.17.0.1')],
    [{ ...socket('tcp', '0.0.0.0', 6379), holders: [9], inode: 5 }, socket('tcp6', '::', 80)],
  );

  it('is told thing by thing, and told apart by what they do, not by their numbers', () => {
    expect(rows(db, web)).toEqual([
      ['interface eth0', 'veth up 172.17.0.2/16 mtu 1500', 'veth up 172.17.0.3/16 mtu 1500', false],
      ['interface lo', 'loopback up 127.0.0.1/16 mtu 1500', 'loopback up 127.0.0.1/16 mtu 1500', true],
      ['route 172.17.0.0/16', 'dev eth0', null, false],
      ['route default', 'via 172.17.0.1 dev eth0', 'via 172.17.0.1 dev eth0', true],
      ['listens tcp 0.0.0.0:6379', 'yes', 'yes', true],
      ['listens tcp6 [::]:80', null, 'yes', false],
    ]);
  });

  it('keeps every one of several routes to one place', () => {
    const two = inside([], [route('default', '10.0.0.1'), route('default', '10.0.0.2', 100)], []);
    expect(rows(two, inside([], [], []))).toEqual([
      ['route default', 'via 10.0.0.1 dev eth0; via 10.0.0.2 dev eth0 metric 100', null, false],
    ]);
  });

  it('claims nothing of a side that is closed, and nothing before both were read', () => {
    expect(rows(db, closed).every(([, , , same]) => same === null)).toBe(true);
    expect(rows(closed, closed)).toEqual([
      ['interface', null, null, null],
      ['route', null, null, null],
      ['listens', null, null, null],
    ]);
    expect(rows(db, null)).toEqual([]);
  });

  it('is compared only where the namespaces differ', () => {
    const { host } = aWorld([]);
    const side = (pid: number, net: number, network: NetworkOf): Subject => {
      const process = aProcess({ pid, ns: { net } });
      return { kind: 'process', label: 'x', process, container: null, detail: aDetail(process, {}), network };
    };
    expect(compare(side(5, 50, db), side(6, 60, web), host.namespaces).network).toHaveLength(6);
    expect(compare(side(5, 50, db), side(6, 50, web), host.namespaces).network).toEqual([]);
    expect(networksDiffer(side(5, 50, db), side(6, 60, web), host.namespaces)).toBe(true);
    expect(networksDiffer(side(5, 50, db), side(6, 50, web), host.namespaces)).toBe(false);
  });
});

describe('where the next children will be born', () => {
  it('is told where it is not the process’s own namespace', () => {
    const { host } = aWorld([]);
    const side = (pid: number, born: number): Subject => {
      const process = aProcess({ pid, ns: { pid: 4 } });
      const namespaces = { ...process.namespaces, pid_for_children: `pid:[${born}]` as const };
      return { kind: 'process', label: 'x', process: { ...process, namespaces }, container: null, detail: null };
    };
    expect(compare(side(5, 4), side(6, 4), host.namespaces).children.map(({ name }) => name)).not.toContain(
      'pid_for_children',
    );
    expect(compare(side(5, 4), side(6, 99), host.namespaces).children).toContainEqual({
      ...{ name: 'pid_for_children', a: 'pid:[4]', b: 'pid:[99]', aRead: true, bRead: true, same: false },
    });
  });
});

describe('by hand', () => {
  const a = aProcess({ pid: 7 });
  const b = aProcess({ pid: 8 });
  const [sideA, sideB] = [a, b].map((process) => ({
    process,
    detail: aDetail(process, { limits: [{ ...aLimit('memory', 1), path: '/sys/fs/cgroup/a b/memory.max' }] }),
  }));
  it.each([
    ['namespaces', 'diff <(readlink /proc/7/ns/*) <(readlink /proc/8/ns/*)'],
    ['limits', `grep -H . '/sys/fs/cgroup/a b/memory.max'`],
    ['capabilities', 'diff <(grep ^Cap /proc/7/status) <(grep ^Cap /proc/8/status)'],
    ['environment', `diff <(tr '\\0' '\\n' < /proc/7/environ | sort) <(tr '\\0' '\\n' < /proc/8/environ | sort)`],
  ] as const)('%s', (section, text) => {
    expect(compareByHand(section, sideA!, sideB!).text).toBe(text);
  });

  it('has a command for the rest, which begins with diff', () => {
    for (const section of ['seccomp', 'mounts', 'network'] as const)
      expect(compareByHand(section, sideA!, sideB!).argv.at(-1)).toMatch(/^diff <\(.*\b7\b.*<\(.*\b8\b/s);
  });
});
