/** Which trees of cgroups there are, and where they are mounted: from /proc, never guessed. man 7 cgroups. */
import { folderOf } from '../../../shared/cgroup-folder.ts';
import type { CgroupHierarchy } from '../../../shared/cgroup-model.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { CgroupMembership } from '../../../shared/model.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parseWords } from '../parse/cgroup-list.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo, type Mount } from '../parse/mountinfo.ts';
import type { Kernel } from '../read/kernel.ts';

export interface Hierarchies {
  /** v2 first, then by id. */
  readonly list: readonly CgroupHierarchy[];
  readonly mounts: readonly Mount[];
}

/** Throws a {@link PortholeError} `denied` where the kernel closes even these two files. */
export const readHierarchies = (kernel: Kernel): Hierarchies => {
  const memberships = parsed(kernel.text('/proc/self/cgroup'), parseCgroup);
  if (!memberships.ok) {
    if (memberships.why === 'absent') return { list: [], mounts: [] };
    throw new PortholeError(memberships.why === 'denied' ? 'denied' : 'failed', memberships.call);
  }
  const mounts = parsed(kernel.text('/proc/self/mountinfo'), parseMountinfo);
  if (!mounts.ok) throw new PortholeError(mounts.why === 'denied' ? 'denied' : 'failed', mounts.call);
  const all = memberships.value.map((membership) => hierarchyOf(kernel, membership, mounts.value));
  // Every kernel that knows v2 counts it as hierarchy 0, also where nobody has ever mounted it.
  const used = all.filter(({ version, mountPoint }) => version === 1 || mountPoint !== null || all.length === 1);
  return { list: used.sort(inOrder), mounts: mounts.value };
};

const inOrder = (a: CgroupHierarchy, b: CgroupHierarchy): number =>
  b.version - a.version || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const hierarchyOf = (kernel: Kernel, membership: CgroupMembership, mounts: readonly Mount[]): CgroupHierarchy => {
  const { hierarchy, controllers } = membership;
  const version = hierarchy === 0 ? 2 : 1;
  const mount = widest(mountsOf(membership, mounts));
  const mountPoint = mount?.mountPoint ?? null;
  const local = (['memory', 'pids'] as const).filter((one) => mount?.superOptions.includes(`${one}_localevents`));
  return {
    id: version === 2 ? 'v2' : controllers.join(','),
    version,
    controllers: version === 2 && mountPoint !== null ? controllersOfV2(kernel, mountPoint) : controllers,
    mountPoint,
    root: mount?.root ?? '/',
    ...(local.length === 0 ? {} : { localEvents: local }),
  };
};

/** Where the mounts that can be seen show this hierarchy, whole or in part. */
const mountsOf = (membership: CgroupMembership, mounts: readonly Mount[]): Mount[] =>
  mounts.filter((at) => shows(at, membership) && !hidden(at, mounts));

const shows = ({ type, superOptions, root }: Mount, { hierarchy, controllers }: CgroupMembership): boolean => {
  // Mounted from outside of our cgroup namespace: no path in it can be said in our own words.
  if (root.split('/').includes('..')) return false;
  return hierarchy === 0
    ? type === 'cgroup2'
    : type === 'cgroup' && controllers.every((controller) => superOptions.includes(controller));
};

/** A later mount on the same point lies over it. */
const hidden = (mount: Mount, mounts: readonly Mount[]): boolean =>
  mounts.some((other) => other.parent === mount.id && other.mountPoint === mount.mountPoint);

const widest = (mounts: readonly Mount[]): Mount | null =>
  mounts.reduce<Mount | null>(
    (best, mount) => (best === null || mount.root.length < best.root.length ? mount : best),
    null,
  );

export interface CgroupLevel {
  /** As in /proc/PID/cgroup. */
  readonly cgroup: string;
  readonly folder: string;
}

/** A cgroup and all above it, its own directory first, by the mount that shows most of them; `null` if none shows it. */
export const levelsAbove = (membership: CgroupMembership, mounts: readonly Mount[]): readonly CgroupLevel[] | null => {
  const { path } = membership;
  const showing = mountsOf(membership, mounts).filter((mount) => folderOf(mount, path) !== null);
  const mount = path.split('/').includes('..') ? null : widest(showing);
  if (mount === null) return null;
  const levels: CgroupLevel[] = [];
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/')) || '/') {
    const folder = folderOf(mount, at);
    if (folder === null) return levels;
    levels.push({ cgroup: at, folder });
    if (at === '/') return levels;
  }
};

const controllersOfV2 = (kernel: Kernel, mountPoint: string): readonly string[] => {
  const words = parsed(kernel.text(`${mountPoint}/cgroup.controllers`), (text) =>
    parseWords(text, 'cgroup.controllers'),
  );
  return words.ok ? words.value : [];
};

export { folderOf };
