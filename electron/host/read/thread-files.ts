/**
 * Threads that have a table of open files of their own, after unshare(CLONE_FILES); kcmp(2), since Linux 3.5. It needs
 * CONFIG_KCMP and what ptrace(2) needs; where it does not answer, all threads count as sharing one table, as nearly all do.
 */
import { loadSyscall } from './socket-namespace.ts';

/** arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h. */
const KCMP: Readonly<Partial<Record<string, number>>> = { x64: 312, arm64: 272, riscv64: 272, loong64: 272 };
/** include/uapi/linux/kcmp.h */
const KCMP_FILES = 2;
/** Further tables of one process are left out: each is listed like a process. */
const MOST_TABLES = 16;

/** Of these threads one for each table that is not the one of `first`. */
export const threadsWithOwnFiles = (first: number, tids: readonly number[]): readonly number[] => {
  const number = KCMP[process.arch];
  const syscall = number === undefined ? null : loadSyscall();
  if (number === undefined || syscall === null) return [];
  const own: number[] = [];
  for (const tid of tids) {
    // 0: the same; less: a thread that ended, or may not be asked about.
    const differs = (other: number): boolean => syscall(number, other, tid, KCMP_FILES) > 0;
    if (differs(first) && own.every(differs) && own.length < MOST_TABLES) own.push(tid);
  }
  return own;
};
