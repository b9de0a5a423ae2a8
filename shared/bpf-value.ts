/** A value in a filter whose arguments are not known: a number, or a term over words of struct seccomp_data. */
import { compute, type AluOperation } from './bpf.ts';

export type BpfValue = number | BpfTerm;

export type BpfTerm =
  | { readonly of: 'word'; readonly offset: number; readonly key: string; readonly size: number }
  | {
      readonly of: AluOperation | Comparison;
      readonly left: BpfValue;
      readonly right: BpfValue;
      /** Equal for equal terms. */
      readonly key: string;
      readonly size: number;
    };

/** Two unknowns compared: 1 if so, else 0. */
export type Comparison = 'jeq' | 'jgt' | 'jge';

/** No filter that a person or libseccomp wrote comes near; one made to grow without end must stop somewhere. */
const TERM_SIZE = 24;

export const word = (offset: number): BpfTerm => ({ of: 'word', offset, key: `w${offset}`, size: 1 });

const sizeOf = (value: BpfValue): number => (typeof value === 'number' ? 1 : value.size);
const keyOf = (value: BpfValue): string => (typeof value === 'number' ? String(value) : value.key);

/** Leaves the left as it is: x + 0, x & all ones … */
const isNeutral = (operation: AluOperation | Comparison, right: BpfValue): boolean => {
  switch (operation) {
    case 'add':
    case 'sub':
    case 'or':
    case 'xor':
    case 'lsh':
    case 'rsh':
      return right === 0;
    case 'and':
      return right === 0xffffffff;
    case 'mul':
    case 'div':
      return right === 1;
    default:
      return false;
  }
};

/** `null`: the term would grow too large to be of use. A division by zero is the caller's. */
export const combine = (operation: AluOperation | Comparison, left: BpfValue, right: BpfValue): BpfValue | null => {
  if (typeof left === 'number' && typeof right === 'number') return computed(operation, left, right);
  if (isNeutral(operation, right)) return left;
  if ((operation === 'and' || operation === 'mul') && (left === 0 || right === 0)) return 0;
  const size = sizeOf(left) + sizeOf(right);
  if (size > TERM_SIZE) return null;
  return { of: operation, left, right, key: `(${keyOf(left)} ${operation} ${keyOf(right)})`, size };
};

/** Comparisons are 1 or 0. */
export const computed = (operation: AluOperation | Comparison, left: number, right: number): number => {
  switch (operation) {
    case 'jeq':
      return left === right ? 1 : 0;
    case 'jgt':
      return left > right ? 1 : 0;
    case 'jge':
      return left >= right ? 1 : 0;
    default:
      return compute(operation, left, right);
  }
};
