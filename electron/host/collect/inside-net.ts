import os from 'node:os';
import type { Learned, NetInside, Route } from '../../../shared/inside.ts';
import type { NamespaceId, World } from '../../../shared/model.ts';
import { parseNetIpv6Route, parseNetRoute } from '../parse/net-route.ts';
import type { Kernel } from '../read/kernel.ts';
import { filesInside, type RunInside } from './inside-child.ts';
import { readInterfaces } from './inside-interfaces.ts';
import { fileOf, learned, understood } from './inside-learned.ts';
import { readSockets } from './inside-sockets.ts';
import type { Way } from './inside-way.ts';

const FILES = ['tcp', 'tcp6', 'udp', 'udp6', 'unix', 'route', 'ipv6_route', 'dev', 'if_inet6', 'fib_trie'];

/** A member's own files, or what a child reads that enters. */
export const readNet = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  run: RunInside,
): Promise<NetInside> => {
  const text = way.member === null ? await fromChild(way, run) : fromMember(kernel, way.member.pid);
  const inside = new Set(way.members.map(({ pid }) => pid));
  const others = world.processes.filter(({ pid }) => !inside.has(pid));
  return {
    type: 'net',
    ...(await readInterfaces(kernel, world, id, way, text, run)),
    sockets: readSockets(kernel, text, way.members, others),
    routes: readRoutes(text),
  };
};

const fromMember =
  (kernel: Kernel, pid: number) =>
  (name: string): Learned<string> =>
    learned(kernel.text(`/proc/${pid}/net/${name}`));

const fromChild = async (way: Way, run: RunInside): Promise<(name: string) => Learned<string>> => {
  if (!way.spaces.ok) {
    const why = way.spaces;
    return () => why;
  }
  const files = await filesInside(run, way.spaces.value, FILES.map((name) => `/proc/net/${name}`)); // prettier-ignore
  return (name) => fileOf(files, `/proc/net/${name}`);
};

const readRoutes = (text: (name: string) => Learned<string>): Learned<readonly Route[]> => {
  const littleEndian = os.endianness() === 'LE';
  const v4 = understood(text('route'), (whole) => parseNetRoute(whole, littleEndian));
  const v6 = understood(text('ipv6_route'), parseNetIpv6Route);
  if (!v4.ok) return v4;
  // A kernel without IPv6 has no such file.
  if (!v6.ok && v6.why !== 'absent') return v6;
  return { ok: true, value: [...v4.value, ...(v6.ok ? v6.value : [])] };
};
