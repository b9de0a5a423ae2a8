/** What one filter, or what was found of it, says of one system call: run step by step, as the kernel does. */
import type { BpfFact } from '../../../shared/bpf-facts.ts';
import { computed, type BpfValue } from '../../../shared/bpf-value.ts';
import { compute, stepAt, type BpfProgram } from '../../../shared/bpf.ts';

/** struct seccomp_data as sixteen words, little-endian: number, architecture, instruction pointer (2), six arguments (2 each). */
export type SeccompWords = readonly number[];

/** What it returns; `null` if it is nothing that the kernel would have let in. Ends, for jumps only go forward. */
export const runFilter = (program: BpfProgram, data: SeccompWords): number | null => {
  const memory: (number | undefined)[] = [];
  let a = 0;
  let x = 0;
  for (let at = 0; ;) {
    const step = stepAt(program, at++);
    if (step === null) return null;
    switch (step.do) {
      case 'load':
        if (step.to === 'a') a = step.value;
        else x = step.value;
        break;
      case 'loadData':
        a = data[step.offset / 4] ?? 0;
        break;
      case 'loadMemory': {
        const held = memory[step.slot];
        if (held === undefined) return null;
        if (step.to === 'a') a = held;
        else x = held;
        break;
      }
      case 'store':
        memory[step.slot] = step.from === 'a' ? a : x;
        break;
      case 'copy':
        if (step.to === 'a') a = x;
        else x = a;
        break;
      case 'alu': {
        const operand = step.operand === 'x' ? x : step.operand;
        // bpf_convert_filter(): a division by zero ends the program with 0.
        if (step.operation === 'div' && operand === 0) return 0;
        a = compute(step.operation, a, operand);
        break;
      }
      case 'goto':
        at = step.to;
        break;
      case 'branch': {
        const operand = step.operand === 'x' ? x : step.operand;
        const holds =
          step.test === 'jeq'
            ? a === operand
            : step.test === 'jgt'
              ? a > operand
              : step.test === 'jge'
                ? a >= operand
                : (a & operand) !== 0;
        at = holds ? step.then : step.else;
        break;
      }
      case 'return':
        return step.value === 'a' ? a : step.value;
    }
  }
};

export const holdsFor = ({ term, test, than, holds }: BpfFact, data: SeccompWords): boolean => {
  const value = valueFor(term, data);
  return (test === 'eq' ? value === than : test === 'gt' ? value > than : value >= than) === holds;
};

const valueFor = (value: BpfValue, data: SeccompWords): number => {
  if (typeof value === 'number') return value;
  if (value.of === 'word') return data[value.offset / 4] ?? 0;
  return computed(value.of, valueFor(value.left, data), valueFor(value.right, data));
};
