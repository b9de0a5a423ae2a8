/** What the numbers in a call's arguments are called, as far as filters ask for them. By call, and by position from 0. */
import {
  FCNTL_COMMANDS,
  IOCTL_REQUESTS,
  PRCTL_OPTIONS,
  PTRACE_REQUESTS,
  SECCOMP_OPERATIONS,
} from './syscall-requests.ts';
import {
  ADDRESS_FAMILIES,
  CLONE_FLAGS,
  MAP_FLAGS,
  PERSONALITY_FLAGS,
  PROT_FLAGS,
  SCHEDULERS,
  SHM_FLAGS,
  SOCK_FLAGS,
  SOCK_TYPES,
} from './syscall-words.ts';

interface Argument {
  /** The bits that are a number of their own; the others stand for themselves. */
  readonly number: number;
  readonly numbers: Readonly<Record<number, string>>;
  readonly flags: Readonly<Record<number, string>>;
  /** What all bits together say. */
  readonly whole?: Readonly<Record<number, string>>;
}

const ALL = 0xffffffff;
const number = (numbers: Argument['numbers']): Argument => ({ number: ALL, numbers, flags: {} });
const flags = (of: Argument['flags'], whole: Argument['numbers'] = {}): Argument => ({ number: 0, numbers: {}, flags: of, whole }); // prettier-ignore

/** CSIGNAL of linux/sched.h: what the parent is sent when the child ends. */
const CLONE: Argument = { number: 0xff, numbers: { 17: 'SIGCHLD' }, flags: CLONE_FLAGS };
/** linux/sched.h: not for clone, to which the bit is one of the signal. */
const NAMESPACE_FLAGS = { 0x80: 'CLONE_NEWTIME', ...CLONE_FLAGS };
const PROT = flags(PROT_FLAGS, { 0: 'PROT_NONE' });
const FAMILY = number(ADDRESS_FAMILIES);
/** SOCK_TYPE_MASK of linux/net.h. */
const TYPE: Argument = { number: 0xf, numbers: SOCK_TYPES, flags: SOCK_FLAGS };
const SOCKET = { 0: FAMILY, 1: TYPE };

/** As man 2 of each call has them; of the raw calls where glibc differs, as for clone. x86-64 and arm64 agree on all. */
const ARGUMENTS = new Map<string, Readonly<Record<number, Argument>>>([
  ['clone', { 0: CLONE }],
  ['fcntl', { 1: number(FCNTL_COMMANDS) }],
  ['ioctl', { 1: number(IOCTL_REQUESTS) }],
  // MAP_TYPE of linux/mman.h.
  ['mmap', { 2: PROT, 3: { number: 0xf, numbers: { 1: 'MAP_SHARED', 2: 'MAP_PRIVATE', 3: 'MAP_SHARED_VALIDATE' }, flags: MAP_FLAGS } }], // prettier-ignore
  ['mprotect', { 2: PROT }],
  // PER_MASK of linux/personality.h; man 2 personality on 0xffffffff.
  ['personality', { 0: { number: 0xff, numbers: { 0: 'PER_LINUX', 8: 'PER_LINUX32' }, flags: PERSONALITY_FLAGS, whole: { [ALL]: 'only asks' } } }], // prettier-ignore
  ['pkey_mprotect', { 2: PROT }],
  ['prctl', { 0: number(PRCTL_OPTIONS) }],
  ['ptrace', { 0: number(PTRACE_REQUESTS) }],
  ['sched_setscheduler', { 1: { number: 0x3fffffff, numbers: SCHEDULERS, flags: { 0x40000000: 'SCHED_RESET_ON_FORK' } } }], // prettier-ignore
  ['seccomp', { 0: number(SECCOMP_OPERATIONS) }],
  ['setns', { 1: flags(NAMESPACE_FLAGS, { 0: 'any type' }) }],
  ['shmat', { 2: flags(SHM_FLAGS) }],
  ['socket', SOCKET],
  ['socketpair', SOCKET],
  ['unshare', { 0: flags(NAMESPACE_FLAGS) }],
]);

const hex = (value: number): string => `0x${value.toString(16)}`;

const flagNames = (value: number, of: Argument['flags']): { readonly names: string[]; readonly rest: number } => {
  const names: string[] = [];
  let rest = value;
  for (const [key, name] of Object.entries(of)) {
    const bit = Number(key);
    if ((value & bit) >>> 0 !== bit) continue;
    names.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  return { names, rest };
};

const joined = (names: readonly string[], rest: number): string | null =>
  names.length === 0 ? null : [...names, ...(rest === 0 ? [] : [hex(rest)])].join('|');

/**
 * `AF_ALG`; `CLONE_NEWNS|CLONE_NEWPID`, with the bits that have no name in hex at the end. `mask`: the bits of the argument
 * that are known to be these, all if `null`. `null` if nothing here has a name. Names are those of the kernel's uapi headers.
 */
export const argumentName = (call: string, position: number, value: number, mask: number | null): string | null => {
  const argument = ARGUMENTS.get(call)?.[position];
  if (argument === undefined) return null;
  const within = mask ?? ALL;
  const whole = within === ALL ? argument.whole?.[value] : undefined;
  if (whole !== undefined) return whole;
  const covered = argument.number !== 0 && (within & argument.number) >>> 0 === argument.number;
  const part = covered ? (value & argument.number) >>> 0 : 0;
  // Beside flags, a number of 0 says nothing that is not the rule.
  const name = covered && (part !== 0 || value === 0) ? argument.numbers[part] : undefined;
  const { names, rest } = flagNames(value, argument.flags);
  return joined(name === undefined ? names : [...names, name], name === undefined ? rest : (rest & ~part) >>> 0);
};

/** The names of the bits that are looked at: `CLONE_NEWNS|CLONE_NEWPID`. `null` if none has one. */
export const maskName = (call: string, position: number, mask: number): string | null => {
  const argument = ARGUMENTS.get(call)?.[position];
  if (argument === undefined || argument.number === ALL) return null;
  const { names, rest } = flagNames(mask, argument.flags);
  return joined(names, rest);
};

/** Whether greater and less mean something: of a plain number they do, of a set of bits they do not. */
export const isNumber = (call: string, position: number): boolean => ARGUMENTS.get(call)?.[position]?.number === ALL;
