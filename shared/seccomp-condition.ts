/** The tests that a call passed on its way through a filter, in words about its arguments. */
import type { BpfFact } from './bpf-facts.ts';
import type { BpfTerm, BpfValue } from './bpf-value.ts';
import { fieldName } from './bpf-text.ts';
import { argumentName, isNumber, maskName } from './syscall-arguments.ts';

/** One thing that must be so: `arg0 == 0x20008`. */
export interface SeccompCondition {
  readonly subject: string;
  readonly relation: '==' | '!=' | '>' | '<=' | '>=' | '<';
  readonly value: string;
  /** Which argument it speaks of alone, and the mask if only some of its bits are looked at; for what is known of its values. */
  readonly argument: number | null;
  readonly mask: number | null;
  /** What `value` is called there, `AF_ALG`; `null` if it has no name. */
  readonly valueName: string | null;
  /** What the bits of `mask` are called. */
  readonly maskName: string | null;
}

/** As the tests have it, before the call is known whose argument it is. */
type Nameless = Omit<SeccompCondition, 'valueName' | 'maskName'>;

const numberText = (value: number | bigint): string => (value < 10 ? String(value) : `0x${value.toString(16)}`);

const inBrackets = (name: string | null): string => (name === null ? '' : ` (${name})`);

/** The left side: `arg0 & 0x7e020000 (CLONE_NEWNS|…)`. */
export const subjectText = ({ subject, maskName: name }: SeccompCondition): string => subject + inBrackets(name);
/** The right side: `0x26 (AF_ALG)`. */
export const valueWithName = ({ value, valueName }: SeccompCondition): string => value + inBrackets(valueName);

export const conditionText = (condition: SeccompCondition): string =>
  `${subjectText(condition)} ${condition.relation} ${valueWithName(condition)}`;

/** Numbers and names both: a name may be one that came to the kernel later than to this table. */
const withNames = (condition: Nameless, call: string | null): SeccompCondition => {
  const { argument, mask, relation, value } = condition;
  if (call === null || argument === null) return { ...condition, valueName: null, maskName: null };
  // A value beyond 32 bits is none of these, whatever its lower half is.
  const known = Number(value) <= 0xffffffff && (/^[!=]=$/.test(relation) || isNumber(call, argument));
  return {
    ...condition,
    valueName: known ? argumentName(call, argument, Number(value), mask) : null,
    maskName: mask === null ? null : maskName(call, argument, mask),
  };
};

const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  or: '|',
  and: '&',
  xor: '^',
  lsh: '<<',
  rsh: '>>',
  jeq: '==',
  jgt: '>',
  jge: '>=',
};

const valueText = (value: BpfValue): string => {
  if (typeof value === 'number') return numberText(value);
  if (value.of === 'word') return `(${fieldName(value.offset) ?? `data[${value.offset}]`})`;
  if (value.of === 'neg') return `-${valueText(value.left)}`;
  return `(${valueText(value.left)} ${OPERATORS[value.of] ?? value.of} ${valueText(value.right)})`;
};

const RELATIONS = { eq: ['==', '!='], gt: ['>', '<='], ge: ['>=', '<'] } as const;

const ARGUMENTS_AT = 16;
const lowHalfOf = (term: BpfTerm): number | null =>
  term.of === 'word' && term.offset >= ARGUMENTS_AT && term.offset % 8 === 0 ? (term.offset - ARGUMENTS_AT) / 8 : null;

/** Facts that say something which others do not say already. */
const telling = (facts: readonly BpfFact[]): readonly BpfFact[] =>
  facts.filter((fact) => {
    const exact = facts.find(({ term, test, holds }) => term.key === fact.term.key && test === 'eq' && holds);
    return exact === undefined || exact === fact;
  });

/**
 * All that must hold. The two halves of an argument are told as one where what is known of them allows it. `call`: whose
 * arguments they are; `null` if that is no call that is known here.
 */
export const conditionsOf = (all: readonly BpfFact[], call: string | null): readonly SeccompCondition[] =>
  nameless(all).map((condition) => withNames(condition, call));

const nameless = (all: readonly BpfFact[]): readonly Nameless[] => {
  const facts = telling(all);
  const exactly = (offset: number): BpfFact | undefined =>
    facts.find(({ term, test, holds }) => term.of === 'word' && term.offset === offset && test === 'eq' && holds);
  const dropped = new Set<BpfFact>();
  const conditions: Nameless[] = [];
  for (const fact of facts) {
    const argument = lowHalfOf(fact.term);
    if (argument === null) continue;
    const high = exactly(ARGUMENTS_AT + 8 * argument + 4);
    if (high === undefined) continue;
    const exact = fact.test === 'eq' && fact.holds;
    // With an upper half of zero, the lower half is the whole.
    if (!exact && high.than !== 0) continue;
    const value = exact ? (BigInt(high.than) << 32n) | BigInt(fact.than) : BigInt(fact.than);
    const relation = RELATIONS[fact.test][fact.holds ? 0 : 1];
    conditions.push({ subject: `arg${argument}`, relation, value: numberText(value), argument, mask: null });
    dropped.add(fact).add(high);
  }
  for (const fact of facts) {
    if (!dropped.has(fact)) conditions.push(plain(fact));
  }
  return conditions;
};

const plain = ({ term, test, than, holds }: BpfFact): Nameless => {
  const relation = RELATIONS[test][holds ? 0 : 1];
  const value = numberText(than);
  const bare = { relation, value, argument: null, mask: null };
  if (term.of === 'word') {
    const argument = lowHalfOf(term);
    return { ...bare, subject: fieldName(term.offset) ?? `data[${term.offset}]`, argument };
  }
  // A mask of 32 bits takes from the lower half what it would take from the whole.
  if (term.of === 'and' && typeof term.left !== 'number' && typeof term.right === 'number') {
    const argument = lowHalfOf(term.left);
    if (argument !== null)
      return { ...bare, subject: `arg${argument} & ${numberText(term.right)}`, argument, mask: term.right };
  }
  if (term.of === 'jeq' || term.of === 'jgt' || term.of === 'jge') {
    const so = holds === (than === 1);
    const [yes, no] = RELATIONS[({ jeq: 'eq', jgt: 'gt', jge: 'ge' } as const)[term.of]];
    return { ...bare, subject: valueText(term.left), relation: so ? yes : no, value: valueText(term.right) };
  }
  return { ...bare, subject: valueText(term) };
};
