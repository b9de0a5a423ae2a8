import { describe, expect, it } from 'vitest';
import {
  callsNamed,
  callsOfTab,
  filterLines,
  verdictLines,
  verdictWord,
} from '../../../renderer/app/inspector/seccomp-rows.ts';
import type { BpfProgram } from '../../../shared/bpf.ts';
import { answerOf } from '../../../shared/seccomp-answer.ts';

/** getppid is denied, personality by its argument, and getsid ends the caller. */
const filter: BpfProgram = [
  [0x20, 0, 0, 0],
  [0x15, 0, 1, 110],
  [0x06, 0, 0, 0x50001],
  [0x15, 0, 1, 124],
  [0x06, 0, 0, 0x80000000],
  [0x15, 0, 1, 39],
  [0x06, 0, 0, 0x50001],
  [0x15, 0, 3, 135],
  [0x20, 0, 0, 16],
  [0x15, 1, 0, 0],
  [0x06, 0, 0, 0x50001],
  [0x06, 0, 0, 0x7fff0000],
];
const answer = answerOf([filter], 'x86_64');

describe('the lists of system calls', () => {
  it('are denied, by what becomes of them, by arguments, and allowed', () => {
    expect(callsOfTab(answer, 'denied').map(({ name, verdict }) => [name, verdictWord(verdict)])).toEqual([
      ['getpid', 'EPERM'],
      ['getppid', 'EPERM'],
      ['getsid', 'kill_process'],
    ]);
    expect(callsOfTab(answer, 'conditional').map(({ verdict }) => verdictLines(verdict))).toEqual([
      ['allow if arg0 low half == 0 (PER_LINUX)', 'otherwise EPERM'],
    ]);
    expect(callsOfTab(answer, 'allowed')).toHaveLength(answer.calls.length - 4);
  });

  it('are searched by name or number, whatever list a call is in', () => {
    expect(callsNamed(answer, ' GETPPID ').map(({ name }) => name)).toEqual(['getppid']);
    expect(callsNamed(answer, '124').map(({ name }) => name)).toEqual(['getsid']);
    expect(callsNamed(answer, 'nosuchcall')).toEqual([]);
  });

  it('say what becomes of a call', () => {
    expect(verdictLines(callsNamed(answer, 'getsid')[0]!.verdict)).toEqual(['ends the process']);
  });
});

describe('the lines of the filters', () => {
  it('have a title each, and a key of their own', () => {
    const told = {
      key: '1@1',
      takenAt: 0,
      mode: 2,
      architecture: 'x86_64',
      filters: [
        { program: filter, log: true },
        { program: filter.slice(-1), log: false },
      ],
      stoppedMillis: 0.3,
      tid: 7,
      threads: { count: 1, first: null, differing: 0, others: [], unread: 0 },
    } as const;
    const lines = filterLines(told);
    expect(lines).toHaveLength(2 + filter.length + 1);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
    expect(lines.flatMap(({ title }) => title ?? [])).toEqual([
      'Filter 1 of 2, the newest, asked first: 12 instructions, denials are logged',
      'Filter 2 of 2: 1 instructions',
    ]);
    expect(lines[2]).toMatchObject({ index: 1, text: 'jeq #0x6e, l2, l3', meaning: 'getppid' });
  });
});
