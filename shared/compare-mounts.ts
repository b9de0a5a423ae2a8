/** What two processes see mounted where. */
import type { ValueRow } from './compare-values.ts';
import type { Reading } from './model.ts';
import { mountTree, type Mount } from './mounts.ts';

/** `null`: not asked for, or not read yet. */
export type MountsOf = Reading<readonly Mount[]> | null | undefined;

/**
 * One row a path on which either side has a mount that it can reach, by path. The same is what shows one and the same part of
 * one and the same file system under the same options: two tmpfs are two. Empty until both sides were asked.
 */
export const compareMounts = (a: MountsOf, b: MountsOf): readonly ValueRow[] => {
  if (a == null || b == null) return [];
  if (!a.ok && !b.ok) return [{ name: 'mountinfo', a: null, b: null, aRead: false, bRead: false, same: null }];
  const [inA, inB] = [reachable(a), reachable(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .sort((x, y) => (x < y ? -1 : 1))
    .map((name) => {
      const [there, here] = [inA.get(name) ?? null, inB.get(name) ?? null];
      const same = a.ok && b.ok ? there === here : null;
      return { name, a: there, b: here, aRead: a.ok, bRead: b.ok, same };
    });
};

/** By path, what lies uppermost there. */
const reachable = (mounts: Reading<readonly Mount[]>): ReadonlyMap<string, string> =>
  new Map(
    (mounts.ok ? mountTree(mounts.value) : [])
      .filter(({ hiddenBy }) => hiddenBy === null)
      .map(({ mount }) => [mount.mountPoint, mountWords(mount)]),
  );

/** `tmpfs shm 0:45 rw,nosuid`, with the part of the file system where it is not all of it: `ext4 /dev/sda1[/srv] 8:1 ro`. */
export const mountWords = ({ type, source, root, device, options }: Mount): string =>
  `${type} ${source}${root === '/' ? '' : `[${root}]`} ${device} ${options.join(',')}`;
