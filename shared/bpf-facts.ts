/** What is known of a call's arguments on the way through a filter: the tests it passed, and what follows from them. */
import type { BpfTerm } from './bpf-value.ts';

export interface BpfFact {
  readonly term: BpfTerm;
  readonly test: 'eq' | 'gt' | 'ge';
  readonly than: number;
  readonly holds: boolean;
}

/** The newest first, sharing the older ones. */
export interface Facts {
  readonly fact: BpfFact;
  /** This one and all before it. */
  readonly count: number;
  readonly before: Facts | null;
}

const MAX = 0xffffffff;

interface Range {
  low: number;
  high: number;
  readonly not: Set<number>;
}

const rangeOf = (facts: Facts | null, term: BpfTerm): Range => {
  const masked = term.of === 'and' && typeof term.right === 'number' ? term.right : MAX;
  const boolean = term.of === 'jeq' || term.of === 'jgt' || term.of === 'jge';
  const range: Range = { low: 0, high: boolean ? 1 : masked, not: new Set() };
  for (let at = facts; at !== null; at = at.before) {
    const { fact } = at;
    if (fact.term.key === term.key) narrow(range, fact);
  }
  while (range.low < range.high && range.not.has(range.low)) range.low++;
  while (range.low < range.high && range.not.has(range.high)) range.high--;
  return range;
};

const narrow = (range: Range, { test, than, holds }: BpfFact): void => {
  switch (test) {
    case 'eq':
      if (holds) range.low = range.high = than;
      else range.not.add(than);
      break;
    case 'gt':
      if (holds) range.low = Math.max(range.low, than + 1);
      else range.high = Math.min(range.high, than);
      break;
    case 'ge':
      if (holds) range.low = Math.max(range.low, than);
      else range.high = Math.min(range.high, than - 1);
      break;
  }
};

/** The number it must be; `null` if it may be several. */
export const knownNumber = (facts: Facts | null, term: BpfTerm): number | null => {
  const { low, high } = rangeOf(facts, term);
  return low === high ? low : null;
};

/** What the test must come to; `null` if it may come to either. */
export const decided = (facts: Facts | null, term: BpfTerm, test: BpfFact['test'], than: number): boolean | null => {
  const { low, high, not } = rangeOf(facts, term);
  switch (test) {
    case 'eq':
      if (than < low || than > high || not.has(than)) return false;
      return low === high ? true : null;
    case 'gt':
      return low > than ? true : high <= than ? false : null;
    case 'ge':
      return low >= than ? true : high < than ? false : null;
  }
};

/** Oldest first. */
export const listFacts = (facts: Facts | null): readonly BpfFact[] => {
  const list: BpfFact[] = [];
  for (let at = facts; at !== null; at = at.before) list.push(at.fact);
  return list.reverse();
};
