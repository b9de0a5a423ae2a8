/** Docker Engine API reference, ContainerChanges: a list of paths with 0 modified, 1 added, 2 deleted; or null for none. */
import { DIFF_AT_MOST, type ContainerDiff, type DiffEntry, type DiffKind } from '../../../shared/container-diff.ts';
import { field } from './field.ts';

const KINDS: readonly DiffKind[] = ['changed', 'added', 'deleted'];

export const parseDiff = (told: unknown): ContainerDiff => {
  const entries = (Array.isArray(told) ? told : []).flatMap((one: unknown): DiffEntry[] => {
    const path = field(one, 'Path');
    const kind = KINDS[Number(field(one, 'Kind'))];
    return typeof path === 'string' && kind !== undefined ? [{ path, kind }] : [];
  });
  const sorted = entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { entries: sorted.slice(0, DIFF_AT_MOST), total: sorted.length };
};
