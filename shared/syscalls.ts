/** Which system calls an architecture has, and through which others a process of it can call too. */
import { SYSCALLS_ARM64 } from './syscalls-arm64.ts';
import { SYSCALLS_I386 } from './syscalls-i386.ts';
import { SYSCALLS_X86_64 } from './syscalls-x86-64.ts';

export type ArchitectureName = 'x86_64' | 'aarch64';

/** A second way into the same kernel, with numbers of its own. */
export interface ForeignCalls {
  readonly name: string;
  /** How a process gets there, in a few words. */
  readonly how: string;
  /** What seccomp_data.arch holds then. */
  readonly audit: number;
  readonly numbers: readonly number[];
}

export interface Architecture {
  readonly name: ArchitectureName;
  /** seccomp_data.arch; linux/audit.h. */
  readonly audit: number;
  readonly syscalls: ReadonlyMap<number, string>;
  /** Numbers of which a filter decides nothing, so that its answer would mislead. */
  readonly unfiltered: readonly number[];
  readonly foreign: readonly ForeignCalls[];
}

/** linux/audit.h: the ELF machine, with bits for 64 bit and little-endian. */
export const AUDIT_ARCHITECTURES: ReadonlyMap<number, string> = new Map([
  [0xc000003e, 'x86_64'],
  [0x40000003, 'i386'],
  [0xc00000b7, 'aarch64'],
  [0x40000028, 'arm'],
]);

/** asm/unistd.h: set in the number of a call of the x32 ABI. */
export const X32_SYSCALL_BIT = 0x40000000;
/** asm/unistd_x32.h: calls that x32 numbers for itself. */
const X32_OWN = { from: 512, to: 547 };
const x32Numbers = [
  ...SYSCALLS_X86_64.keys(),
  ...Array.from({ length: X32_OWN.to - X32_OWN.from + 1 }, (_, i) => X32_OWN.from + i),
].map((number) => number + X32_SYSCALL_BIT);

const ARCHITECTURES: Readonly<Record<ArchitectureName, Architecture>> = {
  x86_64: {
    name: 'x86_64',
    audit: 0xc000003e,
    syscalls: SYSCALLS_X86_64,
    // uretprobe and uprobe: the kernel's own, from its trampolines alone; seccomp_uprobe_exception() in kernel/seccomp.c.
    unfiltered: [335, 336],
    foreign: [
      { name: 'i386', how: 'int 0x80', audit: 0x40000003, numbers: [...SYSCALLS_I386.keys()] },
      { name: 'x32', how: 'numbers with bit 30 set', audit: 0xc000003e, numbers: x32Numbers },
    ],
  },
  aarch64: {
    name: 'aarch64',
    audit: 0xc00000b7,
    syscalls: SYSCALLS_ARM64,
    unfiltered: [],
    foreign: [
      // arm's table ends near the number where all tables go on alike.
      { name: 'arm', how: '32-bit programs', audit: 0x40000028, numbers: Array.from({ length: 471 }, (_, i) => i) },
    ],
  },
};

export const architecture = (name: ArchitectureName): Architecture => ARCHITECTURES[name];

/** By Node's `process.arch`; `null` where there is no table of it here. */
export const architectureOfNode = (arch: string): ArchitectureName | null =>
  arch === 'x64' ? 'x86_64' : arch === 'arm64' ? 'aarch64' : null;

/** The table for a value of seccomp_data.arch, where there is one. */
export const syscallsOfAudit = (audit: number): ReadonlyMap<number, string> | null => {
  switch (AUDIT_ARCHITECTURES.get(audit)) {
    case 'x86_64':
      return SYSCALLS_X86_64;
    case 'i386':
      return SYSCALLS_I386;
    case 'aarch64':
      return SYSCALLS_ARM64;
    default:
      return null;
  }
};
