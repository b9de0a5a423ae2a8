/** What each thread of a process says of its filters in its own status: no one is stopped for it. */
import { readdir, readFile } from 'node:fs/promises';
import type { ProcessKey } from '../../../shared/model.ts';
import type { SeccompThread, SeccompThreads } from '../../../shared/seccomp-model.ts';
import { withProcess, type HeldProcess } from '../change/one-process.ts';
import { parseStatus } from '../parse/status.ts';
import { decode } from '../read/bytes.ts';

/** Files open at a time: few of those that a host may have open, many enough for a JVM's hundreds of threads. */
const AT_A_TIME = 32;
/** More make a list nobody chooses from; how many there are is told all the same. */
const THREADS_AT_MOST = 100;

export const statusAt = async (folder: string) => parseStatus(decode(await readFile(`${folder}/status`)));

/** Rejects with a PortholeError `not-found` if the process ended. */
export const readSeccompThreads = (key: ProcessKey): Promise<SeccompThreads> => withProcess(key, threadsOf);

/** man 5 proc_pid_task, proc_pid_status. A thread that ends meanwhile is left out; one that may not be read is counted. */
export const threadsOf = async ({ folder, pid }: HeldProcess): Promise<SeccompThreads> => {
  const tids = (await readdir(`${folder}/task`).catch(() => [])).map(Number).sort((a, b) => a - b);
  let first: SeccompThread | null = null;
  const others: SeccompThread[] = [];
  let unread = 0;
  for (let at = 0; at < tids.length; at += AT_A_TIME) {
    for (const one of await Promise.all(tids.slice(at, at + AT_A_TIME).map((tid) => threadAt(folder, tid)))) {
      if (one === 'unread') unread++;
      else if (one?.tid === pid) first = one;
      else if (one !== null) others.push(one);
    }
  }
  const differing = others.filter(
    ({ seccomp, seccompFilters }) =>
      first === null || seccomp !== first.seccomp || seccompFilters !== first.seccompFilters,
  );
  return {
    count: tids.length,
    first,
    differing: differing.length,
    others: differing.slice(0, THREADS_AT_MOST),
    unread,
  };
};

const threadAt = async (folder: string, tid: number): Promise<SeccompThread | 'unread' | null> => {
  const at = `${folder}/task/${tid}`;
  try {
    const { seccomp, seccompFilters } = await statusAt(at);
    const comm = decode(await readFile(`${at}/comm`)).replace(/\n$/, '');
    return { tid, comm, seccomp, seccompFilters };
  } catch (thrown) {
    const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    if (code === 'EACCES' || code === 'EPERM') return 'unread';
    throw thrown;
  }
};
