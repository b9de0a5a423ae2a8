/** What a process's filters answer to one system call, whatever its arguments. */
import { explore, type BpfPath, type Budget } from './bpf-explore.ts';
import type { BpfProgram } from './bpf.ts';
import { actionMeaning, actionOf, actionWord, sameAction, stricter, type SeccompAction } from './seccomp-action.ts';
import { conditionsOf, conditionText, subjectText, valueWithName, type SeccompCondition } from './seccomp-condition.ts';
import { syscallsOfAudit } from './syscalls.ts';

/** If every one of `when` holds, `action`. */
export interface SeccompCase {
  readonly action: SeccompAction;
  readonly when: readonly SeccompCondition[];
}

export type SeccompVerdict =
  | { readonly kind: 'action'; readonly action: SeccompAction }
  /** It depends on the arguments: the first case that applies, else `otherwise`. No two apply at a time. */
  | { readonly kind: 'depends'; readonly cases: readonly SeccompCase[]; readonly otherwise: SeccompAction }
  | { readonly kind: 'unknown'; readonly why: string };

/** `filters`: the newest first. Without any, everything is allowed. */
export const verdictOn = (
  filters: readonly BpfProgram[],
  arch: number,
  number: number,
  budget: Budget,
): SeccompVerdict => {
  if (filters.length === 0) return { kind: 'action', action: actionOf(0x7fff0000) };
  const paths = explore(filters, arch, number, budget);
  if (paths === null) return { kind: 'unknown', why: 'the filter has more ways through it than are followed here' };
  const ends: { readonly action: SeccompAction; readonly returned: number; readonly path: BpfPath }[] = [];
  for (const path of paths) {
    if (path.returned === null) {
      return { kind: 'unknown', why: 'the filter computes its answer in a way that is not followed here' };
    }
    ends.push({ action: actionOf(path.returned), returned: path.returned, path });
  }
  const [first] = ends;
  if (first === undefined) return { kind: 'unknown', why: 'the filter has no end' };
  if (ends.every(({ action }) => sameAction(action, first.action))) return { kind: 'action', action: first.action };
  const otherwise = ends.reduce((best, end) => (isMoreGeneral(end, best) ? end : best)).action;
  const call = syscallsOfAudit(arch)?.get(number) ?? null;
  const cases = ends
    .filter(({ action }) => !sameAction(action, otherwise))
    .map(({ action, path }) => ({ action, when: conditionsOf(path.facts, call) }));
  return { kind: 'depends', cases, otherwise };
};

/** The rest is best called by that of which least can be said; of two such, by the stricter. */
const isMoreGeneral = (
  a: { readonly path: BpfPath; readonly returned: number },
  b: { readonly path: BpfPath; readonly returned: number },
): boolean => {
  const positive = ({ facts }: BpfPath) => facts.filter(({ holds }) => holds).length;
  const [inA, inB] = [positive(a.path), positive(b.path)];
  return inA !== inB ? inA < inB : a.returned !== b.returned && stricter(b.returned, a.returned) === a.returned;
};

/** Two verdicts with the same text are the same. */
export const verdictText = (verdict: SeccompVerdict): string => {
  switch (verdict.kind) {
    case 'action':
      return actionWord(verdict.action);
    case 'unknown':
      return `unknown: ${verdict.why}`;
    case 'depends':
      return [...caseTexts(verdict.cases), `otherwise ${actionWord(verdict.otherwise)}`].join('; ');
  }
};

/** `allow if arg0 == 0, 8 or 0x20000`: cases that differ in one value only are told as one. */
export const caseTexts = (cases: readonly SeccompCase[]): readonly string[] => {
  const single = new Map<string, SeccompCondition[]>();
  const texts: string[] = [];
  for (const { action, when } of cases) {
    const [only] = when;
    const word = actionWord(action);
    if (when.length === 1 && only !== undefined && only.relation === '==' && /^(?:\d+|0x[0-9a-f]+)$/.test(only.value)) {
      const key = `${word} if ${subjectText(only)} == `;
      const values = single.get(key);
      if (values === undefined) single.set(key, [only]);
      else values.push(only);
    } else texts.push(`${word} if ${when.map(conditionText).join(' and ')}`);
  }
  return [...[...single].map(([key, values]) => key + alternatives(values)), ...texts];
};

const alternatives = (conditions: readonly SeccompCondition[]): string => {
  const sorted = [...conditions].sort((a, b) => (BigInt(a.value) < BigInt(b.value) ? -1 : 1)).map(valueWithName);
  return sorted.length < 2 ? sorted.join('') : `${sorted.slice(0, -1).join(', ')} or ${sorted.at(-1)}`;
};

/** One plain sentence. */
export const verdictSentence = (verdict: SeccompVerdict): string => {
  switch (verdict.kind) {
    case 'action':
      return `The call ${actionMeaning(verdict.action)}.`;
    case 'unknown':
      return `Not known: ${verdict.why}.`;
    case 'depends':
      return `It depends on the arguments: ${verdictText(verdict)}.`;
  }
};
