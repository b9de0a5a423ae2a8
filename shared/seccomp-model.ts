/** What the host tells of a process's seccomp filters. */
import type { BpfProgram } from './bpf.ts';
import type { ProcessKey } from './model.ts';
import type { ArchitectureName } from './syscalls.ts';

export interface SeccompFilter {
  readonly program: BpfProgram;
  /** SECCOMP_FILTER_FLAG_LOG: what is denied is noted in the kernel's log. `null` before Linux 4.15. */
  readonly log: boolean | null;
}

export interface SeccompFilters {
  readonly key: ProcessKey;
  readonly takenAt: number;
  /** 0 disabled, 1 strict, 2 filter; of the process's first thread. */
  readonly mode: number;
  /** `null` where the reader has no table of the machine's system calls. */
  readonly architecture: ArchitectureName | null;
  /** Newest first: the order in which the kernel asks them. */
  readonly filters: readonly SeccompFilter[];
  /** How long its first thread stood still, in milliseconds; `null` if it never had to. */
  readonly stoppedMillis: number | null;
  /** Threads whose mode or number of filters is another than the first thread's: filters belong to threads. */
  readonly otherThreads: number;
}
