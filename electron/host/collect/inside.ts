/** What is inside one namespace, read now. */
import { PortholeError } from '../../../shared/frames.ts';
import { MOST_ROWS, type Inside, type MntInside, type NamespaceInside } from '../../../shared/inside.ts';
import type { NamespaceId, ProcessKey, World } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import type { Kernel } from '../read/kernel.ts';
import { runInside, type RunInside } from './inside-child.ts';
import { readIpc } from './inside-ipc.ts';
import { learned, NO_MEMBER } from './inside-learned.ts';
import { readNet } from './inside-net.ts';
import { readCgroupRoots, readPid, readTime, readUser, readUts } from './inside-own.ts';
import { toldBy } from './inside-teller.ts';
import { typeOf, wayInto, type Way } from './inside-way.ts';

/**
 * `world`: a recent look; what it says of members is asked again. `of`: as this member sees it, which matters to mounts.
 * Throws {@link PortholeError} `not-found` if the world has no such namespace.
 */
export const readInside = async (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  of: ProcessKey | null = null,
  run: RunInside = runInside,
): Promise<NamespaceInside> => {
  const known =
    world.namespaces.some((fact) => fact.id === id) ||
    world.processes.some(({ namespaces }) => Object.values(namespaces).includes(id));
  if (!known) throw new PortholeError('not-found', `there is no ${id}`);
  const takenAt = Date.now();
  const startedAt = performance.now();
  const inside = await insideOf(kernel, world, id, wayInto(kernel, world, id, of), run);
  return { id, takenAt, millis: performance.now() - startedAt, inside };
};

const insideOf = (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  run: RunInside,
): Promise<Inside> | Inside => {
  switch (typeOf(id)) {
    case 'net':
      return readNet(kernel, world, id, way, run);
    case 'mnt':
      return readMounts(kernel, way);
    case 'uts':
      return readUts(way, run);
    case 'ipc':
      return readIpc(way, run);
    case 'pid':
      return readPid(way, run);
    case 'user':
      return readUser(kernel, way);
    case 'cgroup':
      return readCgroupRoots(kernel, way, run);
    case 'time':
      return readTime(kernel, world, id);
  }
};

/** Only of a member: to read the table from inside, a program of that namespace would have to be run. */
const readMounts = async (kernel: Kernel, way: Way): Promise<MntInside> => {
  const told = await toldBy(kernel, way, (directory, teller) => ({
    teller,
    mounts: learned(parsed(directory.text('mountinfo'), parseMountinfo)),
  }));
  if (told === null) return { type: 'mnt', pid: null, mounts: NO_MEMBER, left: 0 };
  const { mounts, teller } = told;
  const { pid, tid } = teller;
  const from = { type: 'mnt' as const, pid, ...(tid === null ? null : { tid }) };
  if (!mounts.ok) return { ...from, mounts, left: 0 };
  const left = Math.max(0, mounts.value.length - MOST_ROWS);
  return { ...from, mounts: { ok: true, value: mounts.value.slice(0, MOST_ROWS) }, left };
};
