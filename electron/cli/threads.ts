/** Threads and owners, which only the text of pstree needs. Read from /proc on request, for the model only counts threads. */
import { statSync } from 'node:fs';
import type { Kernel } from '../host/read/kernel.ts';
import type { Process } from '../../shared/model.ts';
import type { PstreeThread } from '../../shared/pstree-nodes.ts';

/**
 * All threads but the first, in the kernel's order. They have the process's name unless `fullNames` (-t). Empty if the
 * process has ended meanwhile.
 */
export const readThreads = (kernel: Kernel, { pid, comm }: Process, fullNames: boolean): readonly PstreeThread[] => {
  const tids = kernel.list(`/proc/${pid}/task`);
  if (!tids.ok) return [];
  const threads = tids.value.map(Number).filter((tid) => tid !== pid && Number.isSafeInteger(tid));
  if (!fullNames) return threads.map((tid) => ({ tid, comm }));
  return threads.map((tid) => {
    const stat = kernel.text(`/proc/${pid}/task/${tid}/stat`);
    return { tid, comm: (stat.ok ? nameOnFirstLine(stat.value) : null) ?? comm };
  });
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
