import type { Learned, NetInside } from '../../../shared/inside.ts';
import type { NamespaceId, World } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { filesInside, type RunInside } from './inside-child.ts';
import { readInterfaces } from './inside-interfaces.ts';
import { fileOf, learned } from './inside-learned.ts';
import { readRoutes } from './inside-routes.ts';
import { readSockets, SOCKET_FILES } from './inside-sockets.ts';
import { toldBy } from './inside-teller.ts';
import type { Way } from './inside-way.ts';

/** Gives a file of /proc/net by its name. */
export type NetFile = (name: string) => Learned<string>;
/** Reads these of them, all of the same one. */
export type NetFiles = (names: readonly string[]) => Promise<NetFile>;

export const readNet = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  run: RunInside,
): Promise<NetInside> => {
  const files: NetFiles = async (names) => (await fromMember(kernel, way, names)) ?? (await fromChild(way, run, names));
  const inside = new Set(way.members.map(({ pid }) => pid));
  const others = world.processes.filter(({ pid }) => !inside.has(pid));
  // Before any child is waited for: what listens and who holds it are of one moment.
  const sockets = readSockets(kernel, await files(SOCKET_FILES), way.members, others);
  const interfaces = await readInterfaces(kernel, world, id, way, files, run);
  const { partly } = interfaces;
  const noIp = partly !== null && partly.why !== 'malformed' ? partly : null;
  return { type: 'net', ...interfaces, sockets, ...(await readRoutes(way, files, run, noIp)) };
};

/** A member's own files; `null` if there is none to ask. */
const fromMember = async (kernel: Kernel, way: Way, names: readonly string[]): Promise<NetFile | null> => {
  const read = await toldBy(
    kernel,
    way,
    (directory) => new Map(names.map((name) => [name, learned(directory.text(`net/${name}`))])),
  );
  return read === null ? null : (name) => read.get(name) ?? fileOf({ ok: true, value: new Map() }, name);
};

const fromChild = async (way: Way, run: RunInside, names: readonly string[]): Promise<NetFile> => {
  if (!way.spaces.ok) {
    const why = way.spaces;
    return () => why;
  }
  const files = await filesInside(run, way.spaces.value, names.map((name) => `/proc/net/${name}`)); // prettier-ignore
  return (name) => fileOf(files, `/proc/net/${name}`);
};
