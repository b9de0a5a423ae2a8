/** A process's cgroups as the inspector lists them. */
import type { CgroupMembership } from '../../../shared/model.ts';

export interface CgroupRow {
  /** `v2`, `cpu,cpuacct`, `name=systemd`. */
  readonly name: string;
  readonly path: string;
}

/** v2 first, then v1 in the kernel's order; hierarchies with the same path share a row. */
export const cgroupRows = (cgroups: readonly CgroupMembership[]): readonly CgroupRow[] => {
  const byPath = new Map<string, string[]>();
  for (const { hierarchy, controllers, path } of [...cgroups].sort((a, b) => rank(a) - rank(b))) {
    const name = hierarchy === 0 ? 'v2' : controllers.join(',');
    byPath.set(path, [...(byPath.get(path) ?? []), name]);
  }
  return [...byPath].map(([path, names]) => ({ name: names.join('  '), path }));
};

const rank = ({ hierarchy }: CgroupMembership): number => (hierarchy === 0 ? -1 : 0);

const LONG_ID = /[0-9a-f]{32,}/g;

/** The last part of the path that limits are most likely set on, with long IDs shortened: `docker-7f3c9a1e54d2….scope`. */
export const cgroupName = (cgroups: readonly CgroupMembership[]): string => {
  const limited =
    cgroups.find(({ controllers }) => controllers.includes('memory')) ??
    cgroups.find(({ hierarchy }) => hierarchy === 0);
  const path = limited?.path ?? '';
  return path.slice(path.lastIndexOf('/', path.length - 2) + 1).replace(LONG_ID, (id) => `${id.slice(0, 12)}…`) || '/';
};
