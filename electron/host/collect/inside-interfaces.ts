/** The interfaces of a network namespace: what ip(8) says from inside, and as much as /proc tells where it cannot be asked. */
import type { Learned, NetInterface, Unlearned } from '../../../shared/inside.ts';
import type { NamespaceId, World } from '../../../shared/model.ts';
import { parseFibTrieLocal } from '../parse/fib-trie.ts';
import { parseIfInet6 } from '../parse/if-inet6.ts';
import { parseIpAddress, parseNetnsIds, type IpInterface } from '../parse/ip-json.ts';
import { parseNetDev } from '../parse/net-dev.ts';
import type { Kernel } from '../read/kernel.ts';
import type { RunInside } from './inside-child.ts';
import { understood } from './inside-learned.ts';
import { membersOf, type Way } from './inside-way.ts';

export interface Interfaces {
  readonly interfaces: Learned<readonly NetInterface[]>;
  readonly partly: Unlearned | null;
  readonly loose: readonly string[];
}

export const readInterfaces = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  text: (name: string) => Learned<string>,
  run: RunInside,
): Promise<Interfaces> => {
  const asked = way.spaces.ok
    ? await run(way.spaces.value, ['ip', '-json', '-details', '-statistics', 'address', 'show'])
    : way.spaces;
  const told = understood(asked, parseIpAddress);
  if (!told.ok) return { ...fromProc(text, told), partly: told };
  const peers = await peerNamespaces(kernel, world, id, way, told.value, run);
  return {
    interfaces: { ok: true, value: told.value.map((one) => withPeer(one, id, peers)) },
    partly: null,
    loose: [],
  };
};

const withPeer = (
  { nsid, peer, ...rest }: IpInterface,
  id: NamespaceId,
  peers: ReadonlyMap<number, NamespaceId>,
): NetInterface => ({
  ...rest,
  peer: peer === null ? null : { ...peer, namespace: nsid === null ? id : (peers.get(nsid) ?? null) },
});

/** Without addresses of IPv4: no file of /proc says of which interface they are. */
const fromProc = (
  text: (name: string) => Learned<string>,
  why: Unlearned,
): Pick<Interfaces, 'interfaces' | 'loose'> => {
  const devices = understood(text('dev'), parseNetDev);
  if (!devices.ok) return { interfaces: why, loose: [] };
  const inet6 = understood(text('if_inet6'), parseIfInet6);
  const own = understood(text('fib_trie'), parseFibTrieLocal);
  return {
    interfaces: {
      ok: true,
      value: devices.value.map(({ name, ...counters }) => {
        const of = inet6.ok ? inet6.value.filter((one) => one.name === name) : [];
        return {
          ...{ name, ifindex: of[0]?.ifindex ?? null, kind: null, state: null, flags: null, mac: null },
          ...{ mtuBytes: null, master: null, addresses: of.map(({ address }) => address), peer: null },
          ...counters,
        };
      }),
    },
    loose: own.ok ? own.value : [],
  };
};

/** More network namespaces than this are not asked for: each is a link that the child makes. */
const CANDIDATES = 256;

/**
 * Makes a folder of names for ip(8) that nobody else sees, in a mount namespace of the child's own, and asks under which
 * number the namespace knows each of them: RTM_GETNSID of rtnetlink(7).
 */
const LIST_IDS = `mount -t tmpfs none /var/run && mkdir /var/run/netns || exit 1
ip=$1; shift
while [ $# -gt 1 ]; do ln -s "$2" "/var/run/netns/$1"; shift 2; done
exec "$ip" -json netns list-id`;

/** The namespaces behind the numbers under which this one knows those that its pairs lead to. */
const peerNamespaces = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  interfaces: readonly IpInterface[],
  run: RunInside,
): Promise<ReadonlyMap<number, NamespaceId>> => {
  const found = new Map<number, NamespaceId>();
  if (!way.spaces.ok || !interfaces.some(({ nsid }) => nsid !== null)) return found;
  const candidates = pathsOf(world, id).slice(0, CANDIDATES);
  const pairs = candidates.flatMap(({ inode, path }) => [inode, path]);
  const script = ['unshare', '--mount', '--', 'sh', '-c', LIST_IDS, 'sh', 'ip', ...pairs];
  const ids = understood(await run(way.spaces.value, script), parseNetnsIds);
  if (!ids.ok) return found;
  for (const [nsid, name] of ids.value) {
    const other: NamespaceId = `net:[${Number(name)}]`;
    const path = candidates.find(({ inode }) => inode === name)?.path;
    // A pid may have been given anew while the child looked.
    const link = path === undefined ? null : kernel.link(path);
    if (link?.ok && link.value === other) found.set(nsid, other);
  }
  return found;
};

/** The other network namespaces, each by a way that does not depend on whose mounts one sees. */
const pathsOf = (world: World, id: NamespaceId): { inode: string; path: string }[] =>
  world.namespaces.flatMap((fact) => {
    if (fact.type !== 'net' || fact.id === id) return [];
    const [member] = membersOf(world, fact.id);
    const [fd] = fact.fds;
    const path =
      member !== undefined ? `/proc/${member.pid}/ns/net` : fd !== undefined ? `/proc/${fd.pid}/fd/${fd.fd}` : null;
    return path === null ? [] : [{ inode: String(fact.inode), path }];
  });
