/** Whether the cgroups of a process have stopped it: what `docker pause` does, and what no letter of stat tells. */
import { folderOf } from '../../../shared/cgroup-folder.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { CgroupFreezer, CgroupMembership } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { FormatError, parsed } from '../parse/format-error.ts';
import { readHierarchies, type Hierarchies } from './cgroup-hierarchies.ts';

/** Documentation/admin-guide/cgroup-v1/freezer-subsystem.rst: of the cgroup with all above it. */
export const parseFreezerState = (text: string): 'thawed' | 'freezing' | 'frozen' => {
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

/** One for each hierarchy that can freeze and shows the process's cgroup; none for the root, which cannot be frozen. */
export const readFreezers = (kernel: Kernel, cgroups: readonly CgroupMembership[]): readonly CgroupFreezer[] => {
  const hierarchies = known(kernel);
  return hierarchies.flatMap((hierarchy): CgroupFreezer[] => {
    const { version, controllers } = hierarchy;
    if (version === 1 && !controllers.includes('freezer')) return [];
    const membership = cgroups.find((one) =>
      version === 2 ? one.hierarchy === 0 : one.controllers.includes('freezer'),
    );
    // A path that leads out of our cgroup namespace is no path here.
    if (membership === undefined || membership.path === '/' || membership.path.split('/').includes('..')) return [];
    const folder = folderOf(hierarchy, membership.path);
    if (folder === null) return [];
    const path = `${folder}/${version === 2 ? 'cgroup.events' : 'freezer.state'}`;
    const state = parsed(kernel.text(path), version === 2 ? parseFrozenEvent : parseFreezerState);
    return [{ path, version, state }];
  });
};

const known = (kernel: Kernel): Hierarchies['list'] => {
  try {
    return readHierarchies(kernel).list;
  } catch (error) {
    if (error instanceof PortholeError) return [];
    throw error;
  }
};
