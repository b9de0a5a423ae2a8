/** What the panel of system calls lists. */
import { disassemble, type BpfLine } from '../../../shared/bpf-text.ts';
import { actionMeaning, actionWord } from '../../../shared/seccomp-action.ts';
import { callsIn, deniedByAction, type SeccompAnswer, type SyscallAnswer } from '../../../shared/seccomp-answer.ts';
import type { SeccompFilters } from '../../../shared/seccomp-model.ts';
import { caseTexts, type SeccompVerdict } from '../../../shared/seccomp-verdict.ts';
import { architecture } from '../../../shared/syscalls.ts';

export type SeccompTab = 'denied' | 'conditional' | 'logged' | 'allowed' | 'other' | 'filter';

/** Denied calls by what becomes of them, the most frequent first; then what could not be followed. */
export const callsOfTab = (answer: SeccompAnswer, tab: SeccompTab): readonly SyscallAnswer[] => {
  if (tab === 'other' || tab === 'filter') return [];
  if (tab !== 'denied') return callsIn(answer, tab);
  return [...deniedByAction(answer).flatMap(({ calls }) => calls), ...callsIn(answer, 'unknown')];
};

/** By a part of the name, or by the number. */
export const callsNamed = (answer: SeccompAnswer, query: string): readonly SyscallAnswer[] => {
  const wanted = query.trim().toLowerCase();
  return answer.calls.filter(({ name, number }) => name.includes(wanted) || String(number) === wanted);
};

export const verdictWord = (verdict: SeccompVerdict): string =>
  verdict.kind === 'action' ? actionWord(verdict.action) : verdict.kind === 'depends' ? 'depends' : 'not known';

/** What it means, a line each. */
export const verdictLines = (verdict: SeccompVerdict): readonly string[] => {
  switch (verdict.kind) {
    case 'action':
      return [actionMeaning(verdict.action)];
    case 'unknown':
      return [verdict.why];
    case 'depends':
      return [...caseTexts(verdict.cases), `otherwise ${actionWord(verdict.otherwise)}`];
  }
};

export interface FilterLine extends BpfLine {
  readonly key: string;
  /** A heading instead of an instruction. */
  readonly title: string | null;
}

/** All filters one below the other, the newest first. */
export const filterLines = ({ filters, architecture: name }: SeccompFilters): readonly FilterLine[] => {
  const audit = name === null ? 0 : architecture(name).audit;
  return filters.flatMap(({ program, log }, which): FilterLine[] => {
    const order = filters.length === 1 ? 'The filter' : `Filter ${which + 1} of ${filters.length}`;
    const asked = filters.length > 1 && which === 0 ? ', the newest, asked first' : '';
    const title = `${order}${asked}: ${program.length} instructions${log === true ? ', denials are logged' : ''}`;
    return [
      { key: `${which}`, title, index: 0, raw: '', text: '', meaning: '' },
      ...disassemble(program, audit).map((line) => ({ ...line, key: `${which}:${line.index}`, title: null })),
    ];
  });
};
