/**
 * Classic BPF as seccomp takes it: linux/filter.h, and the checks of seccomp_check_filter() and bpf_check_classic(), which
 * every loaded filter has passed.
 */

/** struct sock_filter: `code` 16 bits, `jt` and `jf` 8, `k` 32. */
export type BpfInstruction = readonly [code: number, jt: number, jf: number, k: number];
export type BpfProgram = readonly BpfInstruction[];

/** sizeof(struct sock_filter). */
export const BPF_INSTRUCTION_BYTES = 8;
/** BPF_MAXINSNS of linux/bpf_common.h. */
export const BPF_MAX_INSTRUCTIONS = 4096;
/** BPF_MEMWORDS. */
export const BPF_MEMORY_WORDS = 16;
/** sizeof(struct seccomp_data). */
export const SECCOMP_DATA_BYTES = 64;

export const ALU_OPERATIONS = ['add', 'sub', 'mul', 'div', 'or', 'and', 'lsh', 'rsh', 'neg', 'mod', 'xor'] as const;
export type AluOperation = (typeof ALU_OPERATIONS)[number];
export const JUMP_TESTS = ['ja', 'jeq', 'jgt', 'jge', 'jset'] as const;

/** What one instruction does. Jumps hold the index of the next instruction, not the distance. */
export type BpfStep =
  | { readonly do: 'load'; readonly to: 'a' | 'x'; readonly value: number }
  /** A word of struct seccomp_data, by its offset. */
  | { readonly do: 'loadData'; readonly offset: number }
  | { readonly do: 'loadMemory'; readonly to: 'a' | 'x'; readonly slot: number }
  | { readonly do: 'store'; readonly from: 'a' | 'x'; readonly slot: number }
  | { readonly do: 'alu'; readonly operation: AluOperation; readonly operand: number | 'x' }
  | { readonly do: 'copy'; readonly to: 'a' | 'x' }
  | {
      readonly do: 'branch';
      readonly test: 'jeq' | 'jgt' | 'jge' | 'jset';
      readonly operand: number | 'x';
      readonly then: number;
      readonly else: number;
    }
  | { readonly do: 'goto'; readonly to: number }
  | { readonly do: 'return'; readonly value: number | 'a' };

/** From the kernel's bytes, little-endian. Bytes that make no whole instruction at the end are left out. */
export const programFromBytes = (bytes: Uint8Array): BpfProgram => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / BPF_INSTRUCTION_BYTES) }, (_, i): BpfInstruction => {
    const at = i * BPF_INSTRUCTION_BYTES;
    return [view.getUint16(at, true), view.getUint8(at + 2), view.getUint8(at + 3), view.getUint32(at + 4, true)];
  });
};

/** `null`: nothing that the kernel lets into a seccomp filter, a jump out of the program, or behind its end. */
export const stepAt = (program: BpfProgram, at: number): BpfStep | null => {
  const instruction = program[at];
  if (instruction === undefined) return null;
  const [code, jt, jf, k] = instruction;
  const inside = (to: number): boolean => to < program.length;
  switch (code) {
    case 0x00:
      return { do: 'load', to: 'a', value: k };
    case 0x01:
      return { do: 'load', to: 'x', value: k };
    case 0x20:
      return k < SECCOMP_DATA_BYTES && k % 4 === 0 ? { do: 'loadData', offset: k } : null;
    // The length of the data, which is always the same.
    case 0x80:
      return { do: 'load', to: 'a', value: SECCOMP_DATA_BYTES };
    case 0x81:
      return { do: 'load', to: 'x', value: SECCOMP_DATA_BYTES };
    case 0x60:
    case 0x61:
      return k < BPF_MEMORY_WORDS ? { do: 'loadMemory', to: code === 0x60 ? 'a' : 'x', slot: k } : null;
    case 0x02:
    case 0x03:
      return k < BPF_MEMORY_WORDS ? { do: 'store', from: code === 0x02 ? 'a' : 'x', slot: k } : null;
    case 0x05:
      return inside(at + 1 + k) ? { do: 'goto', to: at + 1 + k } : null;
    case 0x06:
      return { do: 'return', value: k };
    case 0x16:
      return { do: 'return', value: 'a' };
    case 0x07:
      return { do: 'copy', to: 'x' };
    case 0x87:
      return { do: 'copy', to: 'a' };
  }
  // Neither has a bit above its first byte: linux/bpf_common.h.
  if (code > 0xff) return null;
  const operand = (code & 0x08) === 0 ? k : 'x';
  if ((code & 0x07) === 0x05) {
    const test = JUMP_TESTS[code >> 4];
    if (test === undefined || test === 'ja' || !inside(at + 1 + Math.max(jt, jf))) return null;
    return { do: 'branch', test, operand, then: at + 1 + jt, else: at + 1 + jf };
  }
  if ((code & 0x07) !== 0x04) return null;
  const operation = ALU_OPERATIONS[code >> 4];
  // Of all arithmetic, seccomp_check_filter() leaves out the remainder; a negation has no operand.
  if (operation === undefined || operation === 'mod' || (operation === 'neg' && operand === 'x')) return null;
  if (operation === 'div' && operand === 0) return null;
  if ((operation === 'lsh' || operation === 'rsh') && operand !== 'x' && operand >= 32) return null;
  return { do: 'alu', operation, operand };
};

/** As the kernel computes: 32 bits without sign, shifts by the lower five bits. Division by zero is the caller's. */
export const compute = (operation: AluOperation, a: number, operand: number): number => {
  switch (operation) {
    case 'add':
      return (a + operand) >>> 0;
    case 'sub':
      return (a - operand) >>> 0;
    case 'mul':
      return Math.imul(a, operand) >>> 0;
    case 'div':
      return Math.floor(a / operand);
    case 'mod':
      return a % operand;
    case 'or':
      return (a | operand) >>> 0;
    case 'and':
      return (a & operand) >>> 0;
    case 'xor':
      return (a ^ operand) >>> 0;
    case 'lsh':
      return (a << (operand & 31)) >>> 0;
    case 'rsh':
      return a >>> (operand & 31);
    case 'neg':
      return -a >>> 0;
  }
};
