import { decimal, FormatError } from './format-error.ts';

/** /proc/PID/stat; man 5 proc_pid_stat. Units are the kernel's. */
export interface Stat {
  readonly pid: number;
  readonly comm: string;
  readonly state: string;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** Device number of the controlling terminal, 0 without one. */
  readonly ttyNr: number;
  /** PF_* of the kernel's sched.h. */
  readonly flags: number;
  /** Clock ticks. */
  readonly utime: number;
  readonly stime: number;
  readonly numThreads: number;
  /** Clock ticks after boot. */
  readonly starttime: number;
  readonly vsizeBytes: number;
  readonly rssPages: number;
}

const FILE = 'stat';
/** Of those that are taken; there are 52. */
const LAST_FIELD = 24;

/** comm may hold anything, spaces, newlines and `)` too: it ends at the last `)`. */
export const parseStat = (text: string): Stat => {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 2 || close < open) throw new FormatError(FILE, text);
  const rest = text.slice(close + 2).split(' ', LAST_FIELD - 2);
  const field = (n: number): number => decimal(rest[n - 3], FILE);
  const state = rest[0] ?? '';
  if (!/^[A-Za-z]$/.test(state)) throw new FormatError(FILE, text);
  return {
    pid: decimal(text.slice(0, open - 1), FILE),
    comm: text.slice(open + 1, close),
    state,
    ppid: field(4),
    pgrp: field(5),
    session: field(6),
    ttyNr: field(7),
    flags: field(9),
    utime: field(14),
    stime: field(15),
    numThreads: field(20),
    starttime: field(22),
    vsizeBytes: field(23),
    rssPages: field(24),
  };
};

/** PF_KTHREAD of include/linux/sched.h. */
const PF_KTHREAD = 0x00200000;
export const isKernelThread = (stat: Stat): boolean => (stat.flags & PF_KTHREAD) !== 0;
