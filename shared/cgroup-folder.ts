import type { CgroupHierarchy } from './cgroup-model.ts';

/** The directory of a cgroup in this hierarchy; `null` if it is not below what is mounted. `path` must be normal. */
export const folderOf = (
  { mountPoint, root }: Pick<CgroupHierarchy, 'mountPoint' | 'root'>,
  path: string,
): string | null => {
  if (mountPoint === null) return null;
  if (path === root) return mountPoint;
  const prefix = root === '/' ? '/' : `${root}/`;
  if (!path.startsWith(prefix)) return null;
  return `${mountPoint === '/' ? '' : mountPoint}/${path.slice(prefix.length)}`;
};
