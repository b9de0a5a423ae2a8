/** Seccomp in words; man 2 seccomp, man 5 proc_pid_status. */
import type { ProcessStatus } from './model.ts';
import { actionOf } from './seccomp-action.ts';
import type { SeccompAnswer } from './seccomp-answer.ts';
import { architecture, type ArchitectureName } from './syscalls.ts';

const MODES = ['disabled', 'strict', 'filter'] as const;

/** The kernel's word for the number after `Seccomp:`; a mode this page does not know keeps its number. */
export const seccompMode = (seccomp: number | null): string =>
  seccomp === null ? 'not in this kernel' : (MODES[seccomp] ?? `mode ${seccomp}`);

/** `filter, 1 filter`, `disabled`, … */
export const seccompWords = ({
  seccomp,
  seccompFilters,
}: Pick<ProcessStatus, 'seccomp' | 'seccompFilters'>): string => {
  const mode = seccompMode(seccomp);
  if (seccomp !== 2 || seccompFilters === null) return mode;
  return `${mode}, ${seccompFilters} filter${seccompFilters === 1 ? '' : 's'}`;
};

/** What the mode means for the process, one sentence. */
export const seccompMeaning = (seccomp: number | null): string => {
  switch (seccomp) {
    case null:
      return 'This kernel was built without seccomp.';
    case 0:
      return 'Every system call reaches the kernel.';
    case 1:
      return 'Only read, write, _exit and sigreturn are let through; anything else kills the process.';
    case 2:
      return 'A program of its own is asked before each system call and may refuse it.';
    default:
      return 'A mode that this program does not know.';
  }
};

/** SECCOMP_MODE_STRICT's list: mode1_syscalls of kernel/seccomp.c. */
const STRICT: ReadonlySet<string> = new Set(['read', 'write', 'exit', 'rt_sigreturn']);

/** The answer for a process in strict mode, which has no filter but the kernel's own list. */
export const strictAnswer = (name: ArchitectureName): SeccompAnswer => {
  const verdict = (allowed: boolean) =>
    ({ kind: 'action', action: actionOf(allowed ? 0x7fff0000 : 0x00000000) }) as const;
  const { syscalls } = architecture(name);
  return {
    architecture: name,
    calls: [...syscalls]
      .map(([number, call]) => ({ number, name: call, verdict: verdict(STRICT.has(call)) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    unnamed: [],
    foreign: [],
  };
};
