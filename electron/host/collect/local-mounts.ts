import type { Mount } from '../parse/mountinfo.ts';

/**
 * File systems that answer by themselves. On any other (FUSE, NFS, 9p, autofs, …) a path may be answered by a program or a
 * machine that never does, and a container may have mounted it there for us to hang on.
 */
const LOCAL: ReadonlySet<string> = new Set([
  ...['bcachefs', 'btrfs', 'erofs', 'ext2', 'ext3', 'ext4', 'f2fs', 'iso9660', 'squashfs', 'vfat', 'xfs', 'zfs'],
  ...['overlay', 'ramfs', 'rootfs', 'tmpfs'],
  ...['cgroup', 'cgroup2', 'devpts', 'devtmpfs', 'nsfs', 'proc', 'sysfs'],
]);

/** True if every mount that the way to `path` can lead through is local. Paths and mounts are of the same process. */
export const isLocal = (path: string, mounts: readonly Mount[]): boolean => {
  const onTheWay = mounts.filter(
    ({ mountPoint }) => mountPoint === '/' || path === mountPoint || path.startsWith(`${mountPoint}/`),
  );
  return onTheWay.length > 0 && onTheWay.every(({ type }) => LOCAL.has(type));
};
