/** Where the open files of a process are listed: one table for all its threads, save for those that have their own. */
import type { Process } from '../../../shared/model.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { isDead } from './one-process.ts';

/** Of a process with more, no others are asked whether they share the first one's. */
const THREADS_ASKED = 1000;

/** A thread whose table it is; `null`: the first one, which most share. */
export type Table = number | null;

export const folderOf = (table: Table): string => (table === null ? 'fd' : `task/${table}/fd`);

/** The first thread of a process may have ended, and with it its table, while others run on; nothing else ends so. */
export const mayHaveFiles = ({
  kernelThread,
  state,
  threads,
}: Pick<Process, 'kernelThread' | 'state' | 'threads'>): boolean => !kernelThread && (!isDead(state) || threads > 1);

/** `directory`: the process's, pinned. */
export const tablesOf = (
  kernel: Kernel,
  directory: Directory,
  { pid, state, threads }: Pick<Process, 'pid' | 'state' | 'threads'>,
): readonly Table[] => {
  if (threads < 2) return [null];
  const names = directory.list('task');
  const tids = names.ok ? names.value.map(Number).filter((tid) => tid !== pid) : [];
  const asked = tids.slice(0, THREADS_ASKED);
  if (!isDead(state)) return [null, ...kernel.threadsWithOwnFiles(pid, asked)];
  const first = tids.find((tid) => directory.list(folderOf(tid)).ok);
  return first === undefined ? [] : [first, ...kernel.threadsWithOwnFiles(first, asked)];
};
