import { describe, expect, it } from 'vitest';
import type { BpfProgram } from '../../../shared/bpf.ts';
import { actionOf, actionWord, errnoName, stricter } from '../../../shared/seccomp-action.ts';
import { answerOf, answerSentence, callsIn, deniedByAction } from '../../../shared/seccomp-answer.ts';
import { verdictOn, verdictSentence, verdictText } from '../../../shared/seccomp-verdict.ts';
import { strictAnswer } from '../../../shared/seccomp.ts';
import { architecture } from '../../../shared/syscalls.ts';
import { rule } from './any-filter.ts';

const X86_64 = 0xc000003e;
const ALLOW = 0x7fff0000;
const EPERM = 0x50001;
const CLONE = 56;
const SOCKET = 41;

const returning = (value: number): BpfProgram => [[0x06, 0, 0, value]];
const verdict = (filters: readonly BpfProgram[], number: number) =>
  verdictOn(filters, X86_64, number, { steps: 10_000 });
const textOf = (filters: readonly BpfProgram[], number: number) => verdictText(verdict(filters, number));

describe('what a filter returns', () => {
  it.each([
    [0x7fff0000, 'allow'],
    [0x7ffc0000, 'log'],
    [0x7ff00007, 'trace'],
    [0x7fc00000, 'user_notif'],
    [0x0005000d, 'EACCES'],
    [0x00050000, 'errno 0'],
    // MAX_ERRNO is 4095.
    [0x0005ffff, 'errno 4095'],
    [0x00030001, 'trap'],
    [0x00000000, 'kill_thread'],
    [0x80000000, 'kill_process'],
    // An action that the kernel does not know is taken for the strictest.
    [0x12340000, 'kill_process'],
  ])('%i is %s', (returned, word) => {
    expect(actionWord(actionOf(returned))).toBe(word);
  });

  it('is the strictest of all filters, and of equal ones the newest’s', () => {
    expect(stricter(ALLOW, EPERM)).toBe(EPERM);
    expect(stricter(EPERM, ALLOW)).toBe(EPERM);
    expect(stricter(0x50001, 0x50002)).toBe(0x50001);
    expect(stricter(0x00030000, 0x80000000)).toBe(0x80000000);
    expect(stricter(0, 0x80000000)).toBe(0x80000000);
  });

  it('names errnos as the kernel does', () => {
    expect([1, 11, 35, 38, 95, 133, 41, 200].map(errnoName)).toEqual([
      'EPERM',
      'EAGAIN',
      'EDEADLK',
      'ENOSYS',
      'EOPNOTSUPP',
      'EHWPOISON',
      'errno 41',
      'errno 200',
    ]);
  });
});

describe('a verdict', () => {
  it('is allow without a filter', () => {
    expect(textOf([], 0)).toBe('allow');
  });

  it('tells a mask of an argument', () => {
    // As libseccomp writes SCMP_A0(SCMP_CMP_MASKED_EQ, 0x7e020000, 0): the upper half is masked to nothing.
    const filter = rule(CLONE, [
      [0x20, 0, 0, 20],
      [0x54, 0, 0, 0],
      [0x15, 0, 3, 0],
      [0x20, 0, 0, 16],
      [0x54, 0, 0, 0x7e020000],
      [0x15, 1, 0, 0],
      [0x06, 0, 0, EPERM],
      [0x06, 0, 0, ALLOW],
    ]);
    expect(textOf([[...filter, ...returning(ALLOW)]], CLONE)).toBe(
      'allow if arg0 & 0x7e020000 (CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET) == 0; otherwise EPERM',
    );
    expect(verdictSentence(verdict([[...filter, ...returning(ALLOW)]], CLONE))).toMatch(
      /^It depends on the arguments: /,
    );
  });

  it('tells the values of an argument, both halves as one', () => {
    const values = [0, 8, 0x20008];
    const body = values.flatMap((value): BpfProgram => [
      [0x20, 0, 0, 20],
      [0x15, 0, 3, 0],
      [0x20, 0, 0, 16],
      [0x15, 0, 1, value],
      [0x06, 0, 0, ALLOW],
    ]);
    expect(textOf([[...rule(135, body), ...returning(EPERM)]], 135)).toBe(
      'allow if arg0 == 0 (PER_LINUX), 8 (PER_LINUX32) or 0x20008 (UNAME26|PER_LINUX32); otherwise EPERM',
    );
  });

  it('tells an argument of 64 bits, and what is more than another', () => {
    const wide = rule(SOCKET, [
      [0x20, 0, 0, 20],
      [0x15, 0, 3, 1],
      [0x20, 0, 0, 16],
      [0x15, 0, 1, 2],
      [0x06, 0, 0, 0],
    ]);
    expect(textOf([[...wide, ...returning(ALLOW)]], SOCKET)).toBe(
      'kill_thread if arg0 == 0x100000002; otherwise allow',
    );
    const more = rule(SOCKET, [
      [0x20, 0, 0, 36],
      [0x15, 0, 3, 0],
      [0x20, 0, 0, 32],
      [0x25, 0, 1, 100],
      [0x06, 0, 0, EPERM],
    ]);
    expect(textOf([[...more, ...returning(ALLOW)]], SOCKET)).toBe('EPERM if arg2 > 0x64; otherwise allow');
  });

  it('tells half an argument as what it is', () => {
    const half = rule(SOCKET, [
      [0x20, 0, 0, 16],
      [0x15, 0, 1, 40],
      [0x06, 0, 0, EPERM],
    ]);
    expect(textOf([[...half, ...returning(ALLOW)]], SOCKET)).toBe(
      'EPERM if arg0 low half == 0x28 (AF_VSOCK); otherwise allow',
    );
  });

  it('compares two arguments', () => {
    const filter = rule(SOCKET, [
      [0x20, 0, 0, 16],
      [0x07, 0, 0, 0],
      [0x20, 0, 0, 24],
      [0x1d, 0, 1, 0],
      [0x06, 0, 0, EPERM],
    ]);
    expect(textOf([[...filter, ...returning(ALLOW)]], SOCKET)).toBe(
      'EPERM if (arg1 low half) == (arg0 low half); otherwise allow',
    );
  });

  it('follows what one filter learned into the next', () => {
    const newer = rule(SOCKET, [
      [0x20, 0, 0, 16],
      [0x15, 0, 1, 40],
      [0x06, 0, 0, EPERM],
    ]);
    const older = rule(SOCKET, [
      [0x20, 0, 0, 16],
      [0x15, 0, 1, 40],
      [0x06, 0, 0, 0x80000000],
    ]);
    const filters = [newer, older].map((filter) => [...filter, ...returning(ALLOW)]);
    expect(textOf(filters, SOCKET)).toBe('kill_process if arg0 low half == 0x28 (AF_VSOCK); otherwise allow');
  });

  it('says so where it cannot follow', () => {
    expect(verdict([[[0x20, 0, 0, 16], [0x16, 0, 0, 0]]], 0)).toMatchObject({ kind: 'unknown' }); // prettier-ignore
    expect(verdictOn([returning(ALLOW)], X86_64, 0, { steps: 0 })).toMatchObject({ kind: 'unknown' });
  });

  it('knows that a division by zero ends in a kill', () => {
    const filter: BpfProgram = [[0x20, 0, 0, 16], [0x07, 0, 0, 0], [0x00, 0, 0, 8], [0x3c, 0, 0, 0], [0x06, 0, 0, ALLOW]]; // prettier-ignore
    expect(textOf([filter], 0)).toBe('kill_thread if arg0 low half == 0; otherwise allow');
  });
});

describe('an answer', () => {
  const denyingGetppid: BpfProgram = [
    [0x20, 0, 0, 4],
    [0x15, 1, 0, X86_64],
    [0x06, 0, 0, 0x80000000],
    [0x20, 0, 0, 0],
    [0x15, 0, 1, 110],
    [0x06, 0, 0, EPERM],
    [0x35, 0, 1, 1000],
    [0x06, 0, 0, 0x50026],
    [0x06, 0, 0, ALLOW],
  ];

  it('lists every call, what is denied and how, unknown numbers, and the other ways in', () => {
    const answer = answerOf([denyingGetppid], 'x86_64');
    expect(answer.calls).toHaveLength(architecture('x86_64').syscalls.size);
    expect(deniedByAction(answer).map(({ action, calls }) => [actionWord(action), calls.map(({ name }) => name)])).toEqual([['EPERM', ['getppid']]]); // prettier-ignore
    expect(answerSentence(answer)).toBe(
      `Of ${answer.calls.length} system calls of x86_64: ${answer.calls.length - 1} allowed, 1 denied.`,
    );
    expect(answer.unnamed.map(({ from, to, verdict: of }) => [from, to, verdictText(of)])).toEqual([
      // uretprobe and uprobe are no filter's business.
      [337, 423, 'allow'],
      [471, 999, 'allow'],
      [1000, 1023, 'ENOSYS'],
    ]);
    const [i386, x32] = answer.foreign;
    expect(i386?.answers.map(({ text }) => text)).toEqual(['kill_process']);
    expect(x32?.answers.map(({ text }) => text)).toEqual(['ENOSYS']);
  });

  it('tells what is allowed and logged apart from what is allowed', () => {
    const loggingGetppid = denyingGetppid.map((step) =>
      step[3] === EPERM ? ([0x06, 0, 0, 0x7ffc0000] as const) : step,
    );
    const answer = answerOf([loggingGetppid], 'x86_64');
    expect(callsIn(answer, 'logged').map(({ name }) => name)).toEqual(['getppid']);
    expect(callsIn(answer, 'allowed').map(({ name }) => name)).not.toContain('getppid');
    expect(answerSentence(answer)).toContain(`${answer.calls.length - 1} allowed, 1 allowed and logged.`);
  });

  it('in strict mode is four calls', () => {
    for (const name of ['x86_64', 'aarch64'] as const) {
      const names = callsIn(strictAnswer(name), 'allowed').map((call) => call.name);
      expect(names).toEqual(['exit', 'read', 'rt_sigreturn', 'write']);
    }
  });

  it('knows the numbers that every Linux has', () => {
    const { syscalls } = architecture('x86_64');
    expect([0, 59, 334, 424, 470].map((number) => syscalls.get(number))).toEqual([
      'read',
      'execve',
      'rseq',
      'pidfd_send_signal',
      'listns',
    ]);
    const arm = architecture('aarch64').syscalls;
    expect([0, 63, 221, 293, 435, 470].map((number) => arm.get(number))).toEqual([
      'io_setup',
      'read',
      'execve',
      'rseq',
      'clone3',
      'listns',
    ]);
  });
});
