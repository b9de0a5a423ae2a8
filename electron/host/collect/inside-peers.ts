/** In which namespaces the other ends of a network namespace's pairs are. */
import type { NamespaceId, World } from '../../../shared/model.ts';
import { parseNetnsIds, type IpInterface } from '../parse/ip-json.ts';
import type { Kernel } from '../read/kernel.ts';
import { fdOf, type RunInside } from './inside-child.ts';
import { understood } from './inside-learned.ts';
import { membersOf, pathsInto, threadsIn, type Space, type Way } from './inside-way.ts';

/** More network namespaces than this are not asked for: each is a link that the child makes. */
const CANDIDATES = 256;
/** Of these, how many are opened here for the child to have. */
const OPENED = 64;

/**
 * Makes a folder of names for ip(8) that nobody else sees, in a mount namespace of the child's own, and asks under which
 * number the namespace knows each of them: RTM_GETNSID of rtnetlink(7).
 */
const LIST_IDS = `mount -t tmpfs none /var/run && mkdir /var/run/netns || exit 1
ip=$1; shift
while [ $# -gt 1 ]; do ln -s "$2" "/var/run/netns/$1"; shift 2; done
exec "$ip" -json netns list-id`;

interface Candidate {
  readonly id: NamespaceId;
  readonly path: string;
}

/** The namespaces behind the numbers under which this one knows those that its pairs lead to. */
export const peerNamespaces = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  interfaces: readonly IpInterface[],
  run: RunInside,
): Promise<ReadonlyMap<number, NamespaceId>> => {
  const found = new Map<number, NamespaceId>();
  if (!way.spaces.ok || !interfaces.some(({ nsid }) => nsid !== null)) return found;
  const spaces = way.spaces.value;
  const { linked, opened } = candidatesFor(kernel, world, id);
  const names = [
    ...linked.map(({ id: other, path }) => [inodeOf(other), path]),
    ...opened.map(({ id: other }, at) => [inodeOf(other), `/proc/self/fd/${fdOf(spaces, at)}`]),
  ];
  const script = ['unshare', '--mount', '--', 'sh', '-c', LIST_IDS, 'sh', 'ip', ...names.flat()];
  const ids = understood(await run(spaces, script, opened), parseNetnsIds);
  if (!ids.ok) return found;
  for (const [nsid, name] of ids.value) {
    const other: NamespaceId = `net:[${Number(name)}]`;
    const by = linked.find((one) => one.id === other);
    // What was opened here is what it was. A pid may have been given anew while the child looked.
    const link = by === undefined ? null : kernel.link(by.path);
    if (opened.some((one) => one.id === other) || (link?.ok && link.value === other)) found.set(nsid, other);
  }
  return found;
};

const inodeOf = (id: NamespaceId): string => id.slice(id.indexOf('[') + 1, -1);

/**
 * The other network namespaces: by a link in /proc where there is one, which does not depend on whose mounts one sees; else
 * opened here, at a bind mount or by a socket.
 */
const candidatesFor = (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
): { readonly linked: readonly Candidate[]; readonly opened: readonly Space[] } => {
  const linked: Candidate[] = [];
  const opened: Space[] = [];
  for (const fact of world.namespaces) {
    if (fact.type !== 'net' || fact.id === id || linked.length + opened.length >= CANDIDATES) continue;
    const tellers = [...membersOf(world, fact.id).map(({ pid }) => ({ pid, tid: null })), ...threadsIn(world, fact.id)];
    for (const path of pathsInto(kernel, world, fact.id, tellers)) {
      const link = kernel.link(path);
      if (link.ok && link.value === fact.id) linked.push({ id: fact.id, path });
      else if (opened.length < OPENED) opened.push({ id: fact.id, type: 'net', path });
      break;
    }
  }
  return { linked, opened };
};
