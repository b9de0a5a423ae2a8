import { describe, expect, it } from 'vitest';
import { argumentName, isNumber, maskName } from '../../../shared/syscall-arguments.ts';
import { verdictOn, verdictText } from '../../../shared/seccomp-verdict.ts';
import type { BpfProgram } from '../../../shared/bpf.ts';
import { rule } from './any-filter.ts';

describe('the name of an argument', () => {
  it.each([
    ['clone', 0, 0x10000011, 'CLONE_NEWUSER|SIGCHLD'],
    // To clone, that bit is one of the signal.
    ['clone', 0, 0x20000080, 'CLONE_NEWPID|0x80'],
    ['unshare', 0, 0x20000080, 'CLONE_NEWTIME|CLONE_NEWPID'],
    ['setns', 1, 0x40000000, 'CLONE_NEWNET'],
    ['setns', 1, 0, 'any type'],
    ['socket', 0, 1, 'AF_UNIX'],
    ['socket', 0, 38, 'AF_ALG'],
    ['socket', 0, 40, 'AF_VSOCK'],
    ['socketpair', 0, 16, 'AF_NETLINK'],
    ['socket', 1, 0x80003, 'SOCK_CLOEXEC|SOCK_RAW'],
    ['personality', 0, 0, 'PER_LINUX'],
    ['personality', 0, 0x20008, 'UNAME26|PER_LINUX32'],
    ['personality', 0, 0x40000, 'ADDR_NO_RANDOMIZE'],
    ['personality', 0, 0xffffffff, 'only asks'],
    ['ioctl', 1, 0x5412, 'TIOCSTI'],
    ['ioctl', 1, 0x541c, 'TIOCLINUX'],
    ['prctl', 0, 22, 'PR_SET_SECCOMP'],
    ['prctl', 0, 38, 'PR_SET_NO_NEW_PRIVS'],
    ['mmap', 2, 6, 'PROT_WRITE|PROT_EXEC'],
    ['mmap', 2, 0, 'PROT_NONE'],
    ['mmap', 3, 0x22, 'MAP_ANONYMOUS|MAP_PRIVATE'],
    ['mprotect', 2, 4, 'PROT_EXEC'],
    ['shmat', 2, 0x8000, 'SHM_EXEC'],
    ['ptrace', 0, 0x4206, 'PTRACE_SEIZE'],
    ['seccomp', 0, 1, 'SECCOMP_SET_MODE_FILTER'],
    ['sched_setscheduler', 1, 1, 'SCHED_FIFO'],
    ['fcntl', 1, 1030, 'F_DUPFD_CLOEXEC'],
    // A bit that nobody named is kept.
    ['mprotect', 2, 0x80000004, 'PROT_EXEC|0x80000000'],
    ['personality', 0, 0x20001, 'UNAME26|0x1'],
  ])('%s(arg%i = %i) is %s', (call, position, value, name) => {
    expect(argumentName(call, position, value, null)).toBe(name);
  });

  it('is none where nothing is known of it', () => {
    expect(argumentName('clone', 0, 0, null)).toBe(null);
    expect(argumentName('clone', 1, 0x10000000, null)).toBe(null);
    expect(argumentName('socket', 0, 77, null)).toBe(null);
    expect(argumentName('getpid', 0, 1, null)).toBe(null);
    expect(argumentName('constructor', 0, 1, null)).toBe(null);
  });

  it('under a mask speaks of the bits in it alone', () => {
    expect(maskName('clone', 0, 0x7e020000)).toBe(
      'CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET',
    );
    expect(argumentName('clone', 0, 0, 0x7e020000)).toBe(null);
    expect(argumentName('mmap', 2, 0, 4)).toBe(null);
    expect(argumentName('personality', 0, 0, 0x20000)).toBe(null);
    expect(argumentName('mmap', 2, 6, 6)).toBe('PROT_WRITE|PROT_EXEC');
    expect(argumentName('socket', 1, 3, 0xf)).toBe('SOCK_RAW');
    expect(maskName('socket', 0, 0xff)).toBe(null);
  });

  it('may be greater than another only where it is one number', () => {
    expect([isNumber('socket', 0), isNumber('ioctl', 1), isNumber('clone', 0), isNumber('read', 0)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('a verdict with names', () => {
  const SOCKET = 41;
  const verdict = (body: BpfProgram) =>
    verdictOn([[...rule(SOCKET, body), [0x06, 0, 0, 0x7fff0000]]], 0xc000003e, SOCKET, { steps: 1000 });

  it('keeps the numbers, and has both in its conditions', () => {
    const told = verdict([
      [0x20, 0, 0, 20],
      [0x15, 0, 3, 0],
      [0x20, 0, 0, 16],
      [0x15, 0, 1, 40],
      [0x06, 0, 0, 0x50061],
    ]);
    expect(verdictText(told)).toBe('EAFNOSUPPORT if arg0 == 0x28 (AF_VSOCK); otherwise allow');
    expect(told).toMatchObject({
      cases: [{ when: [{ argument: 0, relation: '==', value: '0x28', valueName: 'AF_VSOCK', mask: null }] }],
    });
  });

  it('names the ends of a range of families, and no half of a number beyond 32 bits', () => {
    const range: BpfProgram = [[0x20, 0, 0, 20], [0x15, 0, 3, 0], [0x20, 0, 0, 16], [0x25, 0, 1, 38], [0x06, 0, 0, 0x50061]]; // prettier-ignore
    expect(verdictText(verdict(range))).toBe('EAFNOSUPPORT if arg0 > 0x26 (AF_ALG); otherwise allow');
    const wide: BpfProgram = [[0x20, 0, 0, 20], [0x15, 0, 3, 1], [0x20, 0, 0, 16], [0x15, 0, 1, 38], [0x06, 0, 0, 0x50061]]; // prettier-ignore
    expect(verdictText(verdict(wide))).toBe('EAFNOSUPPORT if arg0 == 0x100000026; otherwise allow');
  });
});
