/** Which cgroup is meant when something else is selected. */
import type { CgroupMembership, Process } from '../../../shared/model.ts';

/** The deepest one, for a process is put there on purpose; of equals the kernel's first. */
export const cgroupOfProcess = ({ cgroups }: Pick<Process, 'cgroups'>): string | null => {
  const depth = ({ path }: CgroupMembership): number => (path === '/' ? 0 : path.split('/').length);
  let found: CgroupMembership | null = null;
  for (const one of cgroups) if (found === null || depth(one) > depth(found)) found = one;
  return found?.path ?? null;
};
