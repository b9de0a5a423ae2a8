/** The signals of Linux by name; man 7 signal. Their numbers differ between architectures, and are the host's to know. */
import { SIGNALS } from './container-act.ts';

type Named = readonly (readonly [name: string, meaning: string])[];
/** What each does to a program that makes nothing of it. */
const OTHERS: Named = [
  ['TSTP', 'halts it, as Ctrl+Z does; it may refuse'],
  ['TTIN', 'halts it: it read from a terminal in the background'],
  ['TTOU', 'halts it: it wrote to a terminal from the background'],
  ['CHLD', 'a child of it changed; ignored by most'],
  ['URG', 'urgent data on a socket; ignored by most'],
  ['PIPE', 'it wrote to a pipe that nobody reads'],
  ['IO', 'input or output became possible'],
  ['PWR', 'the power failed'],
  ['PROF', 'a timer for profiling ran out'],
  ['VTALRM', 'a timer of its own CPU time ran out'],
  ['STKFLT', 'never sent by the kernel'],
  ['XCPU', 'it used up its CPU time; with a core dump'],
  ['XFSZ', 'a file became larger than it may; with a core dump'],
  ['SEGV', 'as after a bad memory access; with a core dump'],
  ['BUS', 'as after a bad memory access; with a core dump'],
  ['FPE', 'as after a bad calculation; with a core dump'],
  ['ILL', 'as after a bad instruction; with a core dump'],
  ['TRAP', 'as at a breakpoint; with a core dump'],
  ['SYS', 'as after a bad system call; with a core dump'],
];
const MEANINGS: ReadonlyMap<string, string> = new Map([...SIGNALS, ...OTHERS]);

/** From 1 on; uapi/asm-generic/signal.h, of x86 and ARM. */
const IN_ORDER = [
  ...[
    'HUP',
    'INT',
    'QUIT',
    'ILL',
    'TRAP',
    'ABRT',
    'BUS',
    'FPE',
    'KILL',
    'USR1',
    'SEGV',
    'USR2',
    'PIPE',
    'ALRM',
    'TERM',
  ],
  ...['STKFLT', 'CHLD', 'CONT', 'STOP', 'TSTP', 'TTIN', 'TTOU', 'URG', 'XCPU', 'XFSZ', 'VTALRM', 'PROF', 'WINCH', 'IO'],
  ...['PWR', 'SYS'],
];

/** As the C library counts them: the kernel's 32 and 33 it keeps for itself. */
export const FIRST_REAL_TIME = 34;
export const LAST_REAL_TIME = 64;

/** `TERM`, `RTMIN`, `RTMIN+3`, as `kill -l` spells them. */
export const isSignal = (name: string): boolean => {
  const [, more] = /^RTMIN(?:\+([1-9]\d?))?$/.exec(name) ?? [];
  if (name.startsWith('RTMIN')) return name === 'RTMIN' || Number(more) <= LAST_REAL_TIME - FIRST_REAL_TIME;
  return MEANINGS.has(name);
};

export const signalMeaning = (name: string): string =>
  MEANINGS.get(name) ?? 'is for the program to give a meaning; without one it ends';

/** Those that leave a program as it is which makes nothing of them. */
export const isHarmless = (name: string): boolean => ['CONT', 'WINCH', 'CHLD', 'URG'].includes(name);

/** Those that halt or end it in any case, or halt what makes nothing of them: all others end that. */
export const endsUnlessHandled = (name: string): boolean =>
  !isHarmless(name) && !['KILL', 'STOP', 'TSTP', 'TTIN', 'TTOU'].includes(name);

/** The name of what a person typed: `sigterm`, `TERM`, `RTMAX-1`, `35`; `null` if there is no such signal. */
export const typedSignal = (typed: string): string | null => {
  const text = typed.trim().toUpperCase().replace(/^SIG/, '');
  const [, less = '0'] = /^RTMAX(?:-(\d{1,2}))?$/.exec(text) ?? [];
  const fromLast = LAST_REAL_TIME - Number(less);
  if (text === 'RTMAX' || /^RTMAX-\d{1,2}$/.test(text)) return fromLast < FIRST_REAL_TIME ? null : numbered(fromLast);
  return /^\d{1,2}$/.test(text) ? numbered(Number(text)) : isSignal(text) ? text : null;
};

const numbered = (number: number): string | null => {
  if (number > LAST_REAL_TIME) return null;
  if (number > FIRST_REAL_TIME) return `RTMIN+${number - FIRST_REAL_TIME}`;
  return number === FIRST_REAL_TIME ? 'RTMIN' : (IN_ORDER[number - 1] ?? null);
};
