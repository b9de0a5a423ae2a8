/** A process's own directory, held open while it is read, and only if it is still that process's. */
import { PortholeError } from '../../../shared/frames.ts';
import { processKey, type ProcessKey } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStat } from '../parse/stat.ts';
import type { Directory, Kernel } from '../read/kernel.ts';

export const pidOf = (key: ProcessKey): number => Number(key.slice(0, key.indexOf('@')));

/**
 * Throws {@link PortholeError} `not-found` if the process ended, before `read` or meanwhile, or its pid is another's by now;
 * `denied` if it is closed to this session (hidepid). What is read of a process that ends is empty or cut short.
 */
export const ofProcess = <T>(kernel: Kernel, key: ProcessKey, read: (directory: Directory) => T): T => {
  const pid = pidOf(key);
  const ended = () => new PortholeError('not-found', `process ${pid} has ended`);
  const pinned = kernel.pin(`/proc/${pid}`);
  if (!pinned.ok) throw pinned.why === 'denied' ? new PortholeError('denied', pinned.call) : ended();
  const directory = pinned.value;
  try {
    const stat = parsed(directory.text('stat'), parseStat);
    if (!stat.ok && stat.why === 'denied') throw new PortholeError('denied', stat.call);
    if (!stat.ok || processKey(stat.value.pid, stat.value.starttime) !== key) throw ended();
    const answer = read(directory);
    const after = parsed(directory.text('stat'), parseStat);
    if (!after.ok || (isDefunct(after.value) && !isDefunct(stat.value))) throw ended();
    return answer;
  } finally {
    directory.close();
  }
};

const isDefunct = ({ state }: { readonly state: string }): boolean => state === 'Z' || state === 'X';
