/** The interfaces of a network namespace: what ip(8) says from inside, and as much as /proc tells where it cannot be asked. */
import type { Learned, NetInterface, Unlearned } from '../../../shared/inside.ts';
import type { NamespaceId, World } from '../../../shared/model.ts';
import { parseFibTrieLocal } from '../parse/fib-trie.ts';
import { parseIfInet6 } from '../parse/if-inet6.ts';
import { parseIpAddress, type IpInterface } from '../parse/ip-json.ts';
import { parseNetDev } from '../parse/net-dev.ts';
import type { Kernel } from '../read/kernel.ts';
import type { RunInside } from './inside-child.ts';
import { understood } from './inside-learned.ts';
import type { NetFiles } from './inside-net.ts';
import { peerNamespaces } from './inside-peers.ts';
import type { Way } from './inside-way.ts';

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
  files: NetFiles,
  run: RunInside,
): Promise<Interfaces> => {
  const asked = way.spaces.ok
    ? await run(way.spaces.value, ['ip', '-json', '-details', '-statistics', 'address', 'show'])
    : way.spaces;
  const told = understood(asked, parseIpAddress);
  if (!told.ok) return { ...(await fromProc(files, told)), partly: told };
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
const fromProc = async (files: NetFiles, why: Unlearned): Promise<Pick<Interfaces, 'interfaces' | 'loose'>> => {
  const text = await files(['dev', 'if_inet6', 'fib_trie']);
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
