/** What is inside one namespace, read now. */
import { PortholeError } from '../../../shared/frames.ts';
import { MOST_ROWS, type Inside, type MntInside, type NamespaceInside } from '../../../shared/inside.ts';
import type { NamespaceId, ProcessKey, World } from '../../../shared/model.ts';
import { FormatError, parsed } from '../parse/format-error.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { mountsArgv, mountsTold } from '../read/mounts-inside.ts';
import { fdOf, runInside, type RunInside } from './inside-child.ts';
import { readIpc } from './inside-ipc.ts';
import { learned, NO_MEMBER, understood } from './inside-learned.ts';
import { readNet } from './inside-net.ts';
import { readCgroupRoots, readPid, readTime, readUser, readUts } from './inside-own.ts';
import { toldBy } from './inside-teller.ts';
import { directoryOf, typeOf, wayInto, type Teller, type Way } from './inside-way.ts';

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
  const inside = await insideOf(kernel, world, id, wayInto(kernel, world, id, of), run, of);
  return { id, takenAt, millis: performance.now() - startedAt, inside };
};

const insideOf = (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  way: Way,
  run: RunInside,
  of: ProcessKey | null,
): Promise<Inside> | Inside => {
  switch (typeOf(id)) {
    case 'net':
      return readNet(kernel, world, id, way, run);
    case 'mnt':
      return readMounts(kernel, way, run, of);
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
      return readTime(kernel, world, id, way, run);
  }
};

/** As a member sees it; where there is none, as a child of ours does that goes in and runs nothing there. */
const readMounts = async (kernel: Kernel, way: Way, run: RunInside, of: ProcessKey | null): Promise<MntInside> => {
  const told = await toldBy(kernel, { ...way, tellers: freeFirst(kernel, way, of) }, (directory, teller) => ({
    teller,
    root: rootOf(directory),
    mounts: learned(parsed(directory.text('mountinfo'), parseMountinfo)),
  }));
  const mounts = told?.mounts ?? (await mountsBy(way, run));
  const { pid, tid } = told?.teller ?? { pid: null, tid: null };
  const root = told?.root ?? null;
  const from = {
    type: 'mnt' as const,
    pid,
    ...(tid === null ? null : { tid }),
    ...(root === null || root === '/' ? null : { root }),
  };
  if (!mounts.ok) return { ...from, mounts, left: 0 };
  const left = Math.max(0, mounts.value.length - MOST_ROWS);
  return { ...from, mounts: { ok: true, value: mounts.value.slice(0, MOST_ROWS) }, left };
};

const rootOf = (directory: Pick<Directory, 'link'>): string | null => {
  const root = directory.link('root');
  return root.ok ? root.value : null;
};

/** Unless one was asked for: those first who see all, for of a process with another root only what is below it is shown. */
const freeFirst = (kernel: Kernel, { tellers }: Way, of: ProcessKey | null): readonly Teller[] => {
  if (of !== null) return tellers;
  const confined = (teller: Teller): number => {
    const root = kernel.link(`${directoryOf(teller)}/root`);
    return root.ok && root.value !== '/' ? 1 : 0;
  };
  return tellers
    .map((teller) => [confined(teller), teller] as const)
    .sort(([a], [b]) => a - b)
    .map(([, teller]) => teller);
};

const mountsBy = async ({ spaces }: Way, run: RunInside): Promise<MntInside['mounts']> => {
  if (!spaces.ok) return spaces;
  const before = spaces.value.slice(0, -1);
  const argv = mountsArgv([fdOf(before, 0)]);
  if (argv === null) return NO_MEMBER;
  return understood(await run(before, argv, spaces.value.slice(-1)), (output) => {
    const [table] = mountsTold(output);
    if (table == null) throw new FormatError('mountinfo', output);
    return parseMountinfo(table);
  });
};
