import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explore } from '../../../shared/bpf-explore.ts';
import { disassemble, disassembly } from '../../../shared/bpf-text.ts';
import { programFromBytes, stepAt, type BpfInstruction, type BpfProgram } from '../../../shared/bpf.ts';
import { stricter } from '../../../shared/seccomp-action.ts';
import { answerOf } from '../../../shared/seccomp-answer.ts';
import { anyBytes, anyCall, anyProgram } from './any-filter.ts';
import { holdsFor, runFilter, type SeccompWords } from './bpf-run.ts';

const X86_64 = 0xc000003e;
const RUNS = 10_000;

/** As the kernel does it: every filter is run, the newest first, and the strictest answer counts. */
const runAll = (filters: readonly BpfProgram[], data: SeccompWords): number | null => {
  let returned: number | null = null;
  for (const filter of filters) {
    const answer = runFilter(filter, data);
    if (answer === null) return null;
    returned = returned === null ? answer : stricter(returned, answer);
  }
  return returned;
};

/** What the exploration says of one call: exactly one of its ways is open to it. */
const explored = (filters: readonly BpfProgram[], data: SeccompWords): number | null | 'too many' => {
  const paths = explore(filters, data[1]!, data[0]!, { steps: 20_000 });
  if (paths === null) return 'too many';
  const open = paths.filter(({ facts }) => facts.every((fact) => holdsFor(fact, data)));
  expect(open).toHaveLength(1);
  return open[0]!.returned;
};

describe('a filter', () => {
  it('is disassembled line for line, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const program = programFromBytes(bytes);
        const lines = disassemble(program, X86_64);
        expect(lines).toHaveLength(Math.floor(bytes.length / 8));
        expect(lines.every(({ text }) => text !== '' && !/undefined|NaN/.test(text))).toBe(true);
        // Whatever the kernel would run has a mnemonic.
        for (const { index, text } of lines) if (stepAt(program, index) !== null) expect(text).not.toMatch(/^\.word/);
      }),
      { numRuns: RUNS },
    );
  });

  it('is run and explored to an end, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBytes, anyCall, (bytes, data) => {
        const program = programFromBytes(bytes);
        const answer = runFilter(program, data);
        expect([answer, 'too many']).toContainEqual(explored([program], data));
      }),
      { numRuns: RUNS },
    );
  });

  it('is explored to what running it answers', () => {
    let known = 0;
    fc.assert(
      fc.property(anyProgram, anyCall, (program, data) => {
        const answer = explored([program], data);
        // What cannot be said is said to be so; what is said is right.
        if (answer === null || answer === 'too many') return;
        known++;
        expect(answer).toBe(runFilter(program, data));
      }),
      { numRuns: RUNS },
    );
    expect(known).toBeGreaterThan(RUNS / 3);
  });

  it('is combined with others as the kernel combines them', () => {
    let known = 0;
    fc.assert(
      fc.property(fc.array(anyProgram, { minLength: 2, maxLength: 3 }), anyCall, (filters, data) => {
        const answer = explored(filters, data);
        if (answer === null || answer === 'too many') return;
        known++;
        expect(answer).toBe(runAll(filters, data));
      }),
      { numRuns: 3000 },
    );
    expect(known).toBeGreaterThan(300);
  });

  it('made to have as many ways as it can is given up', { timeout: 20_000 }, () => {
    // Each test of another bit of the arguments doubles the ways, as long as there are bits.
    const doubling: BpfProgram = Array.from({ length: 2000 }, (_, i) => [
      [0x20, 0, 0, 16 + 4 * (i % 12)] as const,
      [0x45, 0, 0, 2 ** (i % 32)] as const,
    ]).flat();
    const { calls } = answerOf([[...doubling, [0x06, 0, 0, 0x7fff0000]]], 'x86_64');
    expect(calls.every(({ verdict }) => verdict.kind !== 'depends')).toBe(true);
  });

  it('made to compute a value without end is not followed', () => {
    // A = A + A, again and again: the value as text would be longer than memory.
    const growing: BpfProgram = Array.from({ length: 1000 }, () => [[0x07, 0, 0, 0] as const, [0x0c, 0, 0, 0] as const]).flat(); // prettier-ignore
    const program: BpfProgram = [[0x20, 0, 0, 16], ...growing, [0x15, 0, 1, 7], [0x06, 0, 0, 0], [0x06, 0, 0, 0x7fff0000]]; // prettier-ignore
    expect(explore([program], X86_64, 0, { steps: 10_000 })).toEqual([{ returned: null, facts: [] }]);
  });
});

describe('the mnemonics', () => {
  const text = (instruction: BpfInstruction) => disassemble([instruction], X86_64)[0]!;
  it.each([
    [[0x20, 0, 0, 4], 'ld [4]', 'A = arch'],
    [[0x20, 0, 0, 16], 'ld [16]', 'A = arg0 low half'],
    [[0x20, 0, 0, 60], 'ld [60]', 'A = arg5 high half'],
    [[0x28, 0, 0, 12], 'ldh [12]', ''],
    [[0x30, 0, 0, 23], 'ldb [23]', ''],
    [[0x40, 0, 0, 2], 'ld [x + 2]', ''],
    [[0xb1, 0, 0, 14], 'ldxb 4*([14]&0xf)', ''],
    [[0x00, 0, 0, 10], 'ld #0xa', ''],
    [[0x01, 0, 0, 10], 'ldx #0xa', ''],
    [[0x80, 0, 0, 0], 'ld #len', ''],
    [[0x61, 0, 0, 3], 'ldx M[3]', ''],
    [[0x02, 0, 0, 3], 'st M[3]', ''],
    [[0x54, 0, 0, 0xff], 'and #0xff', ''],
    [[0x9c, 0, 0, 0], 'mod x', ''],
    [[0x84, 0, 0, 0], 'neg', ''],
    [[0x05, 0, 0, 5], 'ja l6', ''],
    [[0x45, 1, 2, 0x40000000], 'jset #0x40000000, l2, l3', ''],
    [[0x06, 0, 0, 0x50001], 'ret #0x50001', 'return EPERM'],
    [[0x06, 0, 0, 0x80000000], 'ret #0x80000000', 'return kill_process'],
    [[0x16, 0, 0, 0], 'ret a', ''],
    [[0x07, 0, 0, 0], 'tax', ''],
    [[0xffff, 1, 2, 3], '.word 0xffff', ''],
  ] as const)('of %j', (instruction, mnemonic, meaning) => {
    expect(text(instruction)).toMatchObject({ text: mnemonic, meaning });
  });

  it('name calls by the architecture that was asked for', () => {
    const program: BpfProgram = [
      [0x20, 0, 0, 4],
      [0x15, 0, 2, 0x40000003],
      [0x20, 0, 0, 0],
      [0x15, 0, 0, 11],
      [0x20, 0, 0, 0],
      [0x15, 0, 0, 59],
      [0x06, 0, 0, 0x7fff0000],
    ];
    expect(disassembly(program, X86_64).split('\n')).toEqual([
      'l0:    ld [4]                    ; A = arch',
      'l1:    jeq #0x40000003, l2, l4   ; i386',
      'l2:    ld [0]                    ; A = nr',
      'l3:    jeq #0xb, l4, l4          ; execve',
      'l4:    ld [0]                    ; A = nr',
      'l5:    jeq #0x3b, l6, l6         ; execve',
      'l6:    ret #0x7fff0000           ; return allow',
    ]);
  });
});
