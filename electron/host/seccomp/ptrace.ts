/** ptrace(2) and waitpid(2), which Node has not: through koffi. Only ever used in a process of its own (tracer.ts). */
import { createRequire } from 'node:module';
import os from 'node:os';

/** linux/ptrace.h */
export const PTRACE = {
  DETACH: 17,
  SEIZE: 0x4206,
  INTERRUPT: 0x4207,
  /** Since Linux 4.4, with CONFIG_CHECKPOINT_RESTORE. */
  SECCOMP_GET_FILTER: 0x420c,
  /** Since Linux 4.15. */
  SECCOMP_GET_METADATA: 0x420d,
} as const;

/** In bits 16 and up of the status of a tracee that is stopped, but not by a signal that is being delivered. */
export const PTRACE_EVENT_STOP = 128;

/** wait(2): do not wait; every kind of child. */
const WNOHANG = 1;
const WALL = 0x40000000;

export interface Ptrace {
  /** The result, or the errno as a negative number. */
  call(request: number, pid: number, address: number, data: Uint8Array | null): number;
  /** Lets go of a stopped tracee, with the signal it was about to get (0: none). */
  detach(pid: number, signal: number): number;
  /** Its status if it changed, `null` if not, or the errno as a negative number. */
  changed(pid: number): number | null;
}

/** Throws what koffi throws where its native part cannot be loaded. */
export const loadPtrace = (): Ptrace => {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
  const libc = koffi.load(null);
  type WithData = (request: number, pid: number, address: number, data: Uint8Array | null) => number;
  type WithNumber = (request: number, pid: number, address: number, data: number) => number;
  const withData: WithData = libc.func('ptrace', 'long', ['long', 'long', 'long', 'void *']);
  const withNumber: WithNumber = libc.func('ptrace', 'long', ['long', 'long', 'long', 'long']);
  const waitpid: (pid: number, status: Int32Array, options: number) => number = libc.func('waitpid', 'int', [
    'int',
    'void *',
    'int',
  ]);
  const status = new Int32Array(1);
  const orErrno = (result: number): number => (result >= 0 ? result : -koffi.errno());
  return {
    call: (...args) => orErrno(withData(...args)),
    detach: (pid, signal) => orErrno(withNumber(PTRACE.DETACH, pid, 0, signal)),
    changed: (pid) => {
      const result = orErrno(waitpid(pid, status, WNOHANG | WALL));
      return result === 0 ? null : result < 0 ? result : (status[0] ?? 0);
    },
  };
};

/** `EPERM`. */
export const errnoWord = (errno: number): string =>
  Object.entries(os.constants.errno).find(([, value]) => value === errno)?.[0] ?? `errno ${errno}`;
