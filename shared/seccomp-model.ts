/** What the host tells of a process's seccomp filters. */
import type { BpfProgram } from './bpf.ts';
import type { ProcessKey } from './model.ts';
import type { ArchitectureName } from './syscalls.ts';

export interface SeccompFilter {
  readonly program: BpfProgram;
  /** SECCOMP_FILTER_FLAG_LOG: what is denied is noted in the kernel's log. `null` before Linux 4.15. */
  readonly log: boolean | null;
}

/** `Seccomp` and `Seccomp_filters` of one thread's status. */
export interface SeccompThread {
  readonly tid: number;
  /** Hostile text. */
  readonly comm: string;
  /** 0 disabled, 1 strict, 2 filter; `null` if the kernel was built without. */
  readonly seccomp: number | null;
  /** `null` before Linux 5.9. */
  readonly seccompFilters: number | null;
}

/** Filters belong to threads. By their number alone; threads of the same number may still have others, which status does not tell. */
export interface SeccompThreads {
  /** Of the whole process. */
  readonly count: number;
  /** `null` if it could not be read, or has ended before the others. */
  readonly first: SeccompThread | null;
  /** How many have another mode or number of filters than the first. */
  readonly differing: number;
  /** Those, by tid; at most the first hundred. */
  readonly others: readonly SeccompThread[];
  /** Threads whose status may not be read. */
  readonly unread: number;
}

export interface SeccompFilters {
  readonly key: ProcessKey;
  /** The thread that was read; the process's number for its first. */
  readonly tid: number;
  readonly takenAt: number;
  /** 0 disabled, 1 strict, 2 filter; of the thread. */
  readonly mode: number;
  /** `null` where the reader has no table of the machine's system calls. */
  readonly architecture: ArchitectureName | null;
  /** Newest first: the order in which the kernel asks them. */
  readonly filters: readonly SeccompFilter[];
  /** How long the thread stood still, in milliseconds; `null` if it never had to. */
  readonly stoppedMillis: number | null;
  readonly threads: SeccompThreads;
}
