/** Threads and owners, which only the text of pstree needs. Read from /proc on request, for the model only counts threads. */
import { opendirSync, statSync, type Dir } from 'node:fs';
import { failed } from '../host/read/errno.ts';
import type { Kernel } from '../host/read/kernel.ts';
import type { Process } from '../../shared/model.ts';
import type { PstreeThread } from '../../shared/pstree-nodes.ts';

/**
 * All threads but the first, in the kernel's order. They have the process's name unless `fullNames` (-t). Empty if the
 * process has ended meanwhile.
 */
export const readThreads = (
  kernel: Kernel,
  { pid, comm }: Pick<Process, 'pid' | 'comm'>,
  fullNames: boolean,
): readonly PstreeThread[] => {
  const tids = tidsOf(pid).filter((tid) => tid !== pid);
  if (!fullNames) return tids.map((tid) => ({ tid, comm }));
  return tids.map((tid) => {
    const stat = kernel.text(`/proc/${pid}/task/${tid}/stat`);
    return { tid, comm: (stat.ok ? nameOnFirstLine(stat.value) : null) ?? comm };
  });
};

/** Oldest first, as the directory has them; readdir(3) of Node would sort the numbers as text. */
const tidsOf = (pid: number): number[] => {
  const tids: number[] = [];
  let directory: Dir | null = null;
  try {
    directory = opendirSync(`/proc/${pid}/task`);
    for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) tids.push(Number(entry.name));
  } catch (thrown) {
    // A process that ended or is closed has no threads to show; anything else is thrown on.
    failed(thrown, `getdents("/proc/${pid}/task")`);
  } finally {
    directory?.closeSync();
  }
  return tids;
};

/** pstree reads one line of the file: a newline in the name cuts it, and without a `)` before it there is no name. */
const nameOnFirstLine = (stat: string): string | null => {
  const [line = ''] = stat.split('\n', 1);
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  return open < 0 || close < open ? null : line.slice(open + 1, close);
};

/** Owner of /proc/PID: the effective user, or root if the process is not dumpable; man 5 proc. `null` if it has ended. */
export const ownerOf = (pid: number): number | null => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid ?? null;
