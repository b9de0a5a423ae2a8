/** The state of a process or thread in words: field 3 of /proc/PID/stat, man 5 proc_pid_stat. */
import { frozenWord } from './freezer-words.ts';
import type { Process } from './model.ts';

export const STATE_WORDS: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for a device, cannot be interrupted',
  Z: 'zombie: ended, not yet collected by its parent',
  T: 'stopped by a signal',
  t: 'stopped by a tracer',
  X: 'dead',
  I: 'idle',
  P: 'parked',
};

/**
 * A process whose first thread ended while others run is Z to the kernel and `Zl` to ps: it has not ended, and nobody can
 * collect it. The one that ended is still counted among its threads; get_nr_threads in include/linux/sched/signal.h.
 */
export const isHeadless = ({ state, threads }: Pick<Process, 'state' | 'threads'>): boolean =>
  state === 'Z' && threads > 1;

export const stateWords = (process: Pick<Process, 'state' | 'threads' | 'frozen'>): string => {
  const frozen = frozenWord(process.frozen);
  if (frozen !== null) return frozen;
  if (isHeadless(process)) {
    const others = process.threads - 1;
    return `its first thread has ended, ${others === 1 ? 'another one runs' : `${others} others run`} on`;
  }
  return STATE_WORDS[process.state] ?? process.state;
};
