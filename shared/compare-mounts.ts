/** What two processes see mounted where. */
import type { ValueRow } from './compare-values.ts';
import type { Reading } from './model.ts';
import { mountTree, type Mount } from './mounts.ts';

/** `null`: not asked for, or not read yet. */
export type MountsOf = Reading<readonly Mount[]> | null | undefined;

/** How the two sides of a row differ; `null` where they do not, or where it is not known. */
export type MountDifference = 'only-a' | 'only-b' | 'one-each' | 'another-part' | 'options' | 'another';

export interface MountRow extends ValueRow {
  readonly difference: MountDifference | null;
}

/**
 * One row a path on which either side has a mount that it can reach, by path. The same is what shows one and the same part of
 * one and the same file system under the same options: two tmpfs are two. Empty until both sides were asked.
 */
export const compareMounts = (a: MountsOf, b: MountsOf): readonly MountRow[] => {
  if (a == null || b == null) return [];
  if (!a.ok && !b.ok)
    return [{ name: 'mountinfo', a: null, b: null, aRead: false, bRead: false, same: null, difference: null }];
  const [inA, inB] = [reachable(a), reachable(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .sort((x, y) => (x < y ? -1 : 1))
    .map((name) => {
      const [there, here] = [inA.get(name) ?? null, inB.get(name) ?? null];
      const difference = a.ok && b.ok ? differenceOf(there, here) : null;
      const same = a.ok && b.ok ? difference === null : null;
      return { name, a: wordsOf(there), b: wordsOf(here), aRead: a.ok, bRead: b.ok, same, difference };
    });
};

/** By path, what lies uppermost there. */
const reachable = (mounts: Reading<readonly Mount[]>): ReadonlyMap<string, Mount> =>
  new Map(
    (mounts.ok ? mountTree(mounts.value) : [])
      .filter(({ hiddenBy }) => hiddenBy === null)
      .map(({ mount }) => [mount.mountPoint, mount]),
  );

const wordsOf = (mount: Mount | null): string | null => (mount === null ? null : mountWords(mount));

const differenceOf = (a: Mount | null, b: Mount | null): MountDifference | null => {
  if (a === null || b === null) return a === null ? 'only-b' : 'only-a';
  if (a.type !== b.type || a.source !== b.source) return 'another';
  if (a.device !== b.device) return 'one-each';
  if (a.root !== b.root) return 'another-part';
  return a.options.join(',') === b.options.join(',') ? null : 'options';
};

/** `tmpfs shm 0:45 rw,nosuid`, with the part of the file system where it is not all of it: `ext4 /dev/sda1[/srv] 8:1 ro`. */
export const mountWords = ({ type, source, root, device, options }: Mount): string =>
  `${type} ${source}${root === '/' ? '' : `[${root}]`} ${device} ${options.join(',')}`;
