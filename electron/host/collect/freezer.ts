/** Whether the cgroups of a process have stopped it: what `docker pause` does, and what no letter of stat tells. */
import { folderOf } from '../../../shared/cgroup-folder.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { CgroupFreezer, CgroupMembership, FreezerState } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { FormatError, parsed } from '../parse/format-error.ts';
import { readHierarchies, type Hierarchies } from './cgroup-hierarchies.ts';

/** Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst: of the cgroup with all above it. */
export const parseFreezerState = (text: string): FreezerState => {
  switch (text.trim()) {
    case 'THAWED':
      return 'thawed';
    case 'FREEZING':
      return 'freezing';
    case 'FROZEN':
      return 'frozen';
    default:
      throw new FormatError('freezer.state', text);
  }
};

/** cgroup.events of v2: `frozen` is 1 once all are stopped, by this cgroup or one above. Since Linux 5.2, thawed before. */
export const parseFrozenEvent = (text: string): 'thawed' | 'frozen' => {
  const value = /^frozen (.*)$/m.exec(text)?.[1];
  if (value === undefined || value === '0') return 'thawed';
  if (value === '1') return 'frozen';
  throw new FormatError('cgroup.events', text);
};

/** A file that says whether the processes of a cgroup are stopped. */
export interface FreezerFile {
  readonly path: string;
  readonly version: 1 | 2;
}

/** One for each hierarchy that can freeze and shows the process's cgroup; none for the root, which cannot be frozen. */
export const freezerFiles = (
  hierarchies: Hierarchies['list'],
  cgroups: readonly CgroupMembership[],
): readonly FreezerFile[] =>
  hierarchies.flatMap((hierarchy): FreezerFile[] => {
    const { version } = hierarchy;
    const membership = membershipIn(hierarchy, cgroups);
    // A path that leads out of our cgroup namespace is no path here.
    if (membership === undefined || membership.path === '/' || membership.path.split('/').includes('..')) return [];
    const folder = folderOf(hierarchy, membership.path);
    return folder === null ? [] : [{ path: `${folder}/${version === 2 ? 'cgroup.events' : 'freezer.state'}`, version }];
  });

/** Its cgroup in a hierarchy that can freeze and is mounted. */
const membershipIn = (
  { version, controllers, mountPoint }: Hierarchies['list'][number],
  cgroups: readonly CgroupMembership[],
): CgroupMembership | undefined => {
  if (mountPoint === null || (version === 1 && !controllers.includes('freezer'))) return undefined;
  return cgroups.find((one) => (version === 2 ? one.hierarchy === 0 : one.controllers.includes('freezer')));
};

/** True of whoever is in the root of every hierarchy that can freeze. */
export const isUnfreezable = (hierarchies: Hierarchies['list'], cgroups: readonly CgroupMembership[]): boolean => {
  const paths = hierarchies.flatMap((hierarchy) => membershipIn(hierarchy, cgroups)?.path ?? []);
  return paths.length > 0 && paths.every((path) => path === '/');
};

export const parseFreezer = (text: string, version: 1 | 2): FreezerState =>
  version === 2 ? parseFrozenEvent(text) : parseFreezerState(text);

export const readFreezers = (kernel: Kernel, cgroups: readonly CgroupMembership[]): readonly CgroupFreezer[] =>
  freezerFiles(knownHierarchies(kernel), cgroups).map(({ path, version }) => ({
    path,
    version,
    state: parsed(kernel.text(path), (text) => parseFreezer(text, version)),
  }));

/** Empty where the kernel closes what names them. */
export const knownHierarchies = (kernel: Kernel): Hierarchies['list'] => {
  try {
    return readHierarchies(kernel).list;
  } catch (error) {
    if (error instanceof PortholeError) return [];
    throw error;
  }
};
