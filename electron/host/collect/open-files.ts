/** The open files of processes: one table for all threads of one, save for those that have their own. */
import type { NamespaceId, Process, Reading } from '../../../shared/model.ts';
import { namespaceOf } from '../parse/ns-link.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import type { Target, Wanted } from '../read/read-many.ts';
import { isDead } from './one-process.ts';

/** Of a process with more, no others are asked whether they share the first one's. */
const THREADS_ASKED = 1000;

/** A thread whose table it is; `null`: the first one, which most share. */
type Table = number | null;

const folderOf = (table: Table): string => (table === null ? 'fd' : `task/${table}/fd`);

/** The first thread of a process may have ended, and with it its table, while others run on; nothing else ends so. */
export const mayHaveFiles = ({
  kernelThread,
  state,
  threads,
}: Pick<Process, 'kernelThread' | 'state' | 'threads'>): boolean => !kernelThread && (!isDead(state) || threads > 1);

/** `directory`: the process's, pinned. */
const tablesOf = (
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

/** A table of open files. */
export interface Opened {
  /** A thread whose it is; absent: the first one's. */
  readonly tid?: number;
  /** The network namespace that this one is in. */
  readonly home: NamespaceId | null;
  /** Of each its number and what it is, but for those that have a path. */
  readonly targets: readonly Target[];
}

const WANTED: Wanted = { records: [], targets: folderOf(null) };

/**
 * Hands what each process has open to `use`: of most at once, then of those with several threads one after the other. Of one
 * that has ended it is nothing.
 */
export const eachOpen = (
  kernel: Kernel,
  processes: readonly Process[],
  use: (process: Process, open: Reading<readonly Opened[]>) => void,
): void => {
  const waiting = new Map(processes.filter(mayHaveFiles).map((process) => [process.pid, process]));
  const alone = [...waiting.values()].filter(({ threads }) => threads < 2).map(({ pid }) => pid);
  kernel.ofProcesses?.(alone, WANTED, (pid, files) => {
    const process = waiting.get(pid);
    if (process === undefined) return;
    waiting.delete(pid);
    const targets = files.ok ? files.value.targets(folderOf(null)) : files;
    use(
      process,
      targets.ok
        ? { ok: true, value: [{ home: process.namespaces.net, targets: targets.value }] }
        : unlessGone(targets),
    );
  });
  for (const process of waiting.values()) use(process, openedBy(kernel, process));
};

const NOTHING_OPEN: Reading<readonly Opened[]> = { ok: true, value: [] };
const unlessGone = (reading: Extract<Reading<unknown>, { ok: false }>): Reading<readonly Opened[]> =>
  reading.why === 'denied' ? reading : NOTHING_OPEN;

const openedBy = (kernel: Kernel, process: Process): Reading<readonly Opened[]> => {
  const pinned = kernel.pin(`/proc/${process.pid}`);
  if (!pinned.ok) return unlessGone(pinned);
  const directory = pinned.value;
  try {
    const opened: Opened[] = [];
    for (const table of tablesOf(kernel, directory, process)) {
      const names = directory.list(folderOf(table));
      // Whether we may is asked of the process, not of the table.
      if (!names.ok && names.why === 'denied') return names;
      if (!names.ok) continue;
      const targets = directory.links(folderOf(table), names.value).flatMap((link, index): Target[] => {
        // Most have a path, which is quicker to see than what else they are not.
        return link.ok && !link.value.startsWith('/') ? [[names.value[index] ?? '', link.value]] : [];
      });
      if (table === null) opened.push({ home: process.namespaces.net, targets });
      else opened.push({ tid: table, home: netOf(directory, table), targets });
    }
    return { ok: true, value: opened };
  } finally {
    directory.close();
  }
};

const netOf = (directory: Directory, tid: number): NamespaceId | null => {
  const link = directory.link(`task/${tid}/ns/net`);
  return link.ok ? (namespaceOf(link.value)?.id ?? null) : null;
};
