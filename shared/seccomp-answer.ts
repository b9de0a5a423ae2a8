/** A process's seccomp filters as the list of what it may call. */
import type { Budget } from './bpf-explore.ts';
import type { BpfProgram } from './bpf.ts';
import { actionWord, letsThrough, type SeccompAction } from './seccomp-action.ts';
import { verdictOn, verdictText, type SeccompVerdict } from './seccomp-verdict.ts';
import { architecture, type ArchitectureName } from './syscalls.ts';

export interface SyscallAnswer {
  readonly number: number;
  readonly name: string;
  readonly verdict: SeccompVerdict;
}

/** Numbers, both ends included, to which the filters give the same answer. */
export interface NumbersAnswer {
  readonly from: number;
  readonly to: number;
  readonly verdict: SeccompVerdict;
}

/** What becomes of the calls of a second way into the kernel, counted by answer, the most frequent first. */
export interface ForeignAnswer {
  readonly name: string;
  readonly how: string;
  readonly answers: readonly { readonly text: string; readonly count: number }[];
}

export interface SeccompAnswer {
  readonly architecture: ArchitectureName;
  /** By name. */
  readonly calls: readonly SyscallAnswer[];
  /** Numbers that no system call is known for here. */
  readonly unnamed: readonly NumbersAnswer[];
  readonly foreign: readonly ForeignAnswer[];
}

/** Beyond it lies nothing on either architecture, and will not for long. */
const LAST_NUMBER = 1023;

/** Instructions that may be looked at for a whole answer: a second or two at worst. Docker's profile takes a tenth. */
const BUDGET = 5_000_000;
const BUDGET_A_CALL = 50_000;

/** `filters`: the newest first, as the kernel asks them. */
export const answerOf = (filters: readonly BpfProgram[], name: ArchitectureName): SeccompAnswer => {
  const { audit, syscalls, unfiltered, foreign } = architecture(name);
  let left = BUDGET;
  const verdict = (arch: number, number: number): SeccompVerdict => {
    const given = Math.min(BUDGET_A_CALL, left);
    const budget: Budget = { steps: given };
    const answer = verdictOn(filters, arch, number, budget);
    left -= given - budget.steps;
    return answer;
  };
  const calls = [...syscalls].map(([number, call]) => ({ number, name: call, verdict: verdict(audit, number) }));
  const unnamed: NumbersAnswer[] = [];
  for (let number = 0; number <= LAST_NUMBER; number++) {
    if (syscalls.has(number) || unfiltered.includes(number)) continue;
    const answer = verdict(audit, number);
    const last = unnamed.at(-1);
    if (last !== undefined && last.to === number - 1 && verdictText(last.verdict) === verdictText(answer)) {
      unnamed[unnamed.length - 1] = { ...last, to: number };
    } else unnamed.push({ from: number, to: number, verdict: answer });
  }
  return {
    architecture: name,
    calls: calls.sort((a, b) => (a.name < b.name ? -1 : 1)),
    unnamed,
    foreign: foreign.map(({ name: of, how, audit: arch, numbers }) => ({
      name: of,
      how,
      answers: counted(numbers.map((number) => groupText(verdict(arch, number)))),
    })),
  };
};

const groupText = (verdict: SeccompVerdict): string =>
  verdict.kind === 'action' ? verdictText(verdict) : verdict.kind === 'depends' ? 'depends on arguments' : 'unknown';

const counted = (texts: readonly string[]): ForeignAnswer['answers'] => {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].map(([text, count]) => ({ text, count })).sort((a, b) => b.count - a.count);
};

export type SeccompGroup = 'allowed' | 'logged' | 'conditional' | 'denied' | 'unknown';

/** The list a call belongs to. `logged` is done, and noted in the kernel's log; `denied` is all that the kernel does not do by itself, whatever becomes of the caller. */
export const groupOf = (verdict: SeccompVerdict): SeccompGroup =>
  verdict.kind === 'action'
    ? letsThrough(verdict.action)
      ? verdict.action.name === 'log'
        ? 'logged'
        : 'allowed'
      : 'denied'
    : verdict.kind === 'depends'
      ? 'conditional'
      : 'unknown';

export const callsIn = (answer: SeccompAnswer, group: SeccompGroup): readonly SyscallAnswer[] =>
  answer.calls.filter(({ verdict }) => groupOf(verdict) === group);

/** `312 allowed, 10 by their arguments, 62 denied.` */
export const answerSentence = (answer: SeccompAnswer): string => {
  const count = (group: SeccompGroup) => callsIn(answer, group).length;
  const parts = [
    [count('allowed'), 'allowed'],
    [count('logged'), 'allowed and logged'],
    [count('conditional'), 'by their arguments'],
    [count('denied'), 'denied'],
    [count('unknown'), 'not known'],
  ] as const;
  const said = parts.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`);
  return `Of ${answer.calls.length} system calls of ${answer.architecture}: ${said.join(', ')}.`;
};

/** What is denied, by what becomes of the caller; the largest group first. */
export const deniedByAction = (
  answer: SeccompAnswer,
): readonly { readonly action: SeccompAction; readonly calls: readonly SyscallAnswer[] }[] => {
  const groups = new Map<string, { readonly action: SeccompAction; readonly calls: SyscallAnswer[] }>();
  for (const call of callsIn(answer, 'denied')) {
    if (call.verdict.kind !== 'action') continue;
    const { action } = call.verdict;
    const group = groups.get(actionWord(action));
    if (group === undefined) groups.set(actionWord(action), { action, calls: [call] });
    else group.calls.push(call);
  }
  return [...groups.values()].sort((a, b) => b.calls.length - a.calls.length);
};
