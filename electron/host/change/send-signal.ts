/**
 * A signal to exactly one process: pidfd_open(2) before its identity is checked, pidfd_send_signal(2) after, so that the
 * number cannot be another's in between. Linux 5.3; on older kernels the check comes just before kill(2).
 */
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { FIRST_REAL_TIME } from '../../../shared/signals.ts';
import { withProcess } from './one-process.ts';

type Syscall = (number: number, a: number, b: number, c: null, d: number) => number;

interface Pidfd {
  /** The descriptor or result; an errno as a negative number. */
  call: Syscall;
  close(fd: number): void;
}

// The same on every architecture; asm-generic/unistd.h, and arch/x86/entry/syscalls/syscall_64.tbl.
const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;

let loaded: Pidfd | null | undefined;

const load = (): Pidfd | null => {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    const native: Syscall = libc.func('long syscall(long, long, long, void *, long)');
    const close: (fd: number) => number = libc.func('int close(int)');
    return {
      call: (...args) => {
        const result = native(...args);
        return result >= 0 ? result : -koffi.errno();
      },
      close: (fd) => void close(fd),
    };
  } catch {
    return null;
  }
};

const nameOf = (errno: number): string =>
  Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;

/** The kernel's number of `TERM`. */
export const signalNumber = (name: string): number => {
  const [realTime, more = 0] = /^RTMIN(?:\+(\d+))?$/.exec(name) ?? [];
  if (realTime !== undefined) return FIRST_REAL_TIME + Number(more);
  const number = (constants.signals as Readonly<Record<string, number>>)[`SIG${name}`];
  if (number === undefined) throw new RangeError(`there is no signal ${name}`);
  return number;
};

/** Throws a PortholeError `not-found` if the process is not (any more) the one of `key`, else an error with `code`. */
export const sendSignal = async (key: string, name: string): Promise<void> => {
  const pid = Number(key.split('@')[0]);
  const pidfd = (loaded ??= load());
  const fd = pidfd?.call(PIDFD_OPEN, pid, 0, null, 0) ?? -constants.errno.ENOSYS;
  if (pidfd === null || fd < 0) return withProcess(key, async () => void process.kill(pid, signalNumber(name)));
  try {
    await withProcess(key, async () => {
      const result = pidfd.call(PIDFD_SEND_SIGNAL, fd, signalNumber(name), null, 0);
      if (result < 0)
        throw Object.assign(new Error(`pidfd_send_signal: ${nameOf(-result)}`), { code: nameOf(-result) });
    });
  } finally {
    pidfd.close(fd);
  }
};
