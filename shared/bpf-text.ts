/** A filter as text: the mnemonics of the kernel's bpf_asm and bpf_dbg, jumps to line numbers, and what they mean here. */
import { ALU_OPERATIONS, JUMP_TESTS, type BpfInstruction, type BpfProgram } from './bpf.ts';
import { actionOf, actionWord } from './seccomp-action.ts';
import { AUDIT_ARCHITECTURES, syscallsOfAudit, X32_SYSCALL_BIT } from './syscalls.ts';

export interface BpfLine {
  readonly index: number;
  /** As four numbers in hex: code, jt, jf, k. */
  readonly raw: string;
  readonly text: string;
  /** `A = nr`, `execve`, `return EPERM`; empty where the text says it all. */
  readonly meaning: string;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** Of any bytes at all: what bpf_asm has no word for is shown as `.word`. `arch`: whose names calls bear if none was asked for. */
export const disassemble = (program: BpfProgram, arch: number): readonly BpfLine[] => {
  const known = trace(program);
  return program.map((instruction, index) => {
    const [code, jt, jf, k] = instruction;
    return {
      index,
      raw: [hex(code), hex(jt), hex(jf), hex(k)].join(' '),
      text: mnemonic(instruction, index),
      meaning: meaning(instruction, known[index] ?? NOTHING, arch),
    };
  });
};

/** As one text, a line each: number, mnemonic, meaning. */
export const disassembly = (program: BpfProgram, arch: number): string => {
  const lines = disassemble(program, arch);
  const width = Math.max(24, ...lines.map(({ text }) => text.length));
  return lines
    .map(({ index, text, meaning: words }) => {
      const line = `l${index}:`.padEnd(7) + text;
      return words === '' ? line : `${line.padEnd(width + 7)}  ; ${words}`;
    })
    .join('\n');
};

const SIZES = ['', 'h', 'b'] as const;

const mnemonic = ([code, jt, jf, k]: BpfInstruction, index: number): string => {
  const strange = `.word ${hex(code)}`;
  if (code > 0xff) return strange;
  const operand = (code & 0x08) === 0 ? `#${hex(k)}` : 'x';
  const to = (distance: number): string => `l${index + 1 + distance}`;
  switch (code & 0x07) {
    case 0x00:
    case 0x01:
      return load(code, k) ?? strange;
    case 0x02:
      return code === 0x02 ? `st M[${k}]` : strange;
    case 0x03:
      return code === 0x03 ? `stx M[${k}]` : strange;
    case 0x04: {
      const operation = ALU_OPERATIONS[code >> 4];
      if (operation === undefined) return strange;
      return operation === 'neg' ? 'neg' : `${operation} ${operand}`;
    }
    case 0x05: {
      const test = JUMP_TESTS[code >> 4];
      if (test === undefined) return strange;
      return test === 'ja' ? `ja ${to(k)}` : `${test} ${operand}, ${to(jt)}, ${to(jf)}`;
    }
    case 0x06:
      return code === 0x06 ? `ret #${hex(k)}` : code === 0x0e ? 'ret x' : code === 0x16 ? 'ret a' : strange;
    default:
      return code === 0x07 ? 'tax' : code === 0x87 ? 'txa' : strange;
  }
};

const load = (code: number, k: number): string | null => {
  const x = (code & 0x07) === 0x01;
  const size = SIZES[(code & 0x18) >> 3];
  if (size === undefined) return null;
  const name = `ld${x ? 'x' : size}`;
  // The index register is loaded with words, but for one form with a byte of its own.
  if (x && size !== '' && code !== 0xb1) return null;
  switch (code & 0xe0) {
    case 0x00:
      return size === '' ? `${name} #${hex(k)}` : null;
    case 0x20:
      return x ? null : `${name} [${k}]`;
    case 0x40:
      return x ? null : `${name} [x + ${k}]`;
    case 0x60:
      return size === '' ? `${name} M[${k}]` : null;
    case 0x80:
      return size === '' ? `${name} #len` : null;
    case 0xa0:
      return code === 0xb1 ? `ldxb 4*([${k}]&0xf)` : null;
    default:
      return null;
  }
};

/** What is in A before an instruction, as far as it is the same whichever way leads there. */
interface Known {
  readonly field: string | null;
  readonly arch: number | null;
}
const NOTHING: Known = { field: null, arch: null };

/** struct seccomp_data, word by word. */
export const fieldName = (offset: number): string | null => {
  if (offset === 0) return 'nr';
  if (offset === 4) return 'arch';
  if (offset % 4 !== 0 || offset < 0 || offset >= 64) return null;
  const half = offset % 8 === 0 ? 'low' : 'high';
  return offset < 16 ? `instruction_pointer ${half} half` : `arg${Math.floor((offset - 16) / 8)} ${half} half`;
};

const trace = (program: BpfProgram): readonly (Known | undefined)[] => {
  const known: (Known | undefined)[] = [NOTHING];
  const flow = (to: number, what: Known): void => {
    if (to >= program.length) return;
    const there = known[to];
    known[to] =
      there === undefined
        ? what
        : {
            field: there.field === what.field ? what.field : null,
            arch: there.arch === what.arch ? what.arch : null,
          };
  };
  for (const [index, [code, jt, jf, k]] of program.entries()) {
    const here = known[index];
    if (here === undefined) continue;
    const next = index + 1;
    if (code === 0x05) flow(next + k, here);
    else if ((code & 0x07) === 0x05) {
      flow(next + jf, here);
      flow(next + jt, code === 0x15 && here.field === 'arch' ? { ...here, arch: k } : here);
    } else if ((code & 0x07) === 0x00) flow(next, { ...here, field: code === 0x20 ? fieldName(k) : null });
    else if ((code & 0x07) === 0x04 || code === 0x87) flow(next, { ...here, field: null });
    else if ((code & 0x07) !== 0x06) flow(next, here);
  }
  return known;
};

const meaning = ([code, , , k]: BpfInstruction, { field, arch }: Known, native: number): string => {
  if (code === 0x06) return `return ${actionWord(actionOf(k))}`;
  if (code === 0x20) {
    const name = fieldName(k);
    return name === null ? '' : `A = ${name}`;
  }
  const compares = (code & 0x0f) === 0x05 && code !== 0x05;
  if (!compares) return '';
  if (field === 'arch') return AUDIT_ARCHITECTURES.get(k) ?? '';
  if (field !== 'nr') return '';
  if (k === X32_SYSCALL_BIT) return 'x32';
  return syscallsOfAudit(arch ?? native)?.get(k) ?? '';
};
