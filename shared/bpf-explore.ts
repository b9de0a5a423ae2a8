/** Every way through a process's filters for one system call whose arguments are not known. */
import { stepAt, type BpfProgram, type BpfStep } from './bpf.ts';
import { decided, knownNumber, listFacts, type BpfFact, type Facts } from './bpf-facts.ts';
import { combine, word, type BpfTerm, type BpfValue } from './bpf-value.ts';
import { stricter } from './seccomp-action.ts';

/** One way through, taken by just those calls for which all facts hold. */
export interface BpfPath {
  /** What the kernel acts on, of all filters together; `null` if that cannot be said. */
  readonly returned: number | null;
  readonly facts: readonly BpfFact[];
}

/** How many instructions may still be looked at; shared by all explorations of one process. */
export interface Budget {
  steps: number;
}

interface State {
  readonly filter: number;
  readonly at: number;
  readonly a: BpfValue;
  readonly x: BpfValue;
  readonly memory: readonly (BpfValue | undefined)[];
  readonly facts: Facts | null;
  /** Of the filters that are through; `undefined` before the first. */
  readonly returned: number | undefined;
}

/** More ways than this through one call are no answer to anybody. */
const PATHS_AT_MOST = 400;

/** offsetof() in struct seccomp_data. */
const NUMBER_OFFSET = 0;
const ARCH_OFFSET = 4;

/**
 * `filters`: the newest first, as the kernel asks them. `null` if the budget or the number of ways did not suffice. The
 * ways shut each other out, and together they are all there are.
 */
export const explore = (
  filters: readonly BpfProgram[],
  arch: number,
  number: number,
  budget: Budget,
): readonly BpfPath[] | null => {
  const paths: BpfPath[] = [];
  const waiting: State[] = [begin(0, null, undefined)];
  const end = (state: State, value: number | null): void => {
    const returned = value === null ? null : state.returned === undefined ? value : stricter(state.returned, value);
    if (returned === null || state.filter + 1 === filters.length)
      paths.push({ returned, facts: listFacts(state.facts) });
    else waiting.push(begin(state.filter + 1, state.facts, returned));
  };
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    for (let now: State | null = state; now !== null;) {
      if (budget.steps-- <= 0 || paths.length > PATHS_AT_MOST) return null;
      const step: BpfStep | null = stepAt(filters[now.filter]!, now.at);
      if (step === null) {
        end(now, null);
        break;
      }
      // What may ask the facts goes through all of them.
      if (step.do === 'branch' || step.do === 'loadData') budget.steps -= now.facts?.count ?? 0;
      now = advance(now, step, { arch, number, end, later: (other) => waiting.push(other) });
    }
  }
  return paths;
};

const begin = (filter: number, facts: Facts | null, returned: number | undefined): State => ({
  filter,
  at: 0,
  a: 0,
  x: 0,
  memory: [],
  facts,
  returned,
});

interface Around {
  readonly arch: number;
  readonly number: number;
  readonly end: (state: State, value: number | null) => void;
  readonly later: (state: State) => void;
}

/** The state after the step, or `null` if this way ended. */
const advance = (state: State, step: BpfStep, around: Around): State | null => {
  const next = { ...state, at: state.at + 1 };
  switch (step.do) {
    case 'load':
      return { ...next, [step.to]: step.value };
    case 'loadData':
      return { ...next, a: dataAt(step.offset, state.facts, around) };
    case 'loadMemory': {
      const held = state.memory[step.slot];
      if (held === undefined) return over(state, null, around);
      return { ...next, [step.to]: held };
    }
    case 'store': {
      const memory = [...state.memory];
      memory[step.slot] = state[step.from];
      return { ...next, memory };
    }
    case 'copy':
      return step.to === 'a' ? { ...next, a: state.x } : { ...next, x: state.a };
    case 'goto':
      return { ...next, at: step.to };
    case 'alu': {
      const operand = step.operand === 'x' ? state.x : step.operand;
      const compute = (from: State): State | null => {
        const a = combine(step.operation, from.a, operand);
        return a === null ? over(from, null, around) : { ...from, a, at: state.at + 1 };
      };
      if (step.operation !== 'div') return compute(state);
      return fork(state, operand, 'eq', 0, around, (zero) => over(zero, 0, around), compute);
    }
    case 'branch':
      return branch(state, step, around);
    case 'return': {
      const value = step.value === 'a' ? state.a : step.value;
      return over(state, typeof value === 'number' ? value : knownNumber(state.facts, value), around);
    }
  }
};

const over = (state: State, value: number | null, { end }: Around): null => {
  end(state, value);
  return null;
};

const dataAt = (offset: number, facts: Facts | null, { arch, number }: Around): BpfValue => {
  if (offset === NUMBER_OFFSET) return number;
  if (offset === ARCH_OFFSET) return arch;
  const term = word(offset);
  return knownNumber(facts, term) ?? term;
};

const branch = (state: State, step: Extract<BpfStep, { do: 'branch' }>, around: Around): State | null => {
  const operand = step.operand === 'x' ? state.x : step.operand;
  const yes = (from: State): State => ({ ...from, at: step.then });
  const no = (from: State): State => ({ ...from, at: step.else });
  if (step.test === 'jset') {
    const common = combine('and', state.a, operand);
    return common === null ? over(state, null, around) : fork(state, common, 'eq', 0, around, no, yes);
  }
  if (typeof operand === 'number') {
    return fork(state, state.a, TESTS[step.test], operand, around, yes, no);
  }
  const compared = combine(step.test, state.a, operand);
  return compared === null ? over(state, null, around) : fork(state, compared, 'eq', 1, around, yes, no);
};

const TESTS = { jeq: 'eq', jgt: 'gt', jge: 'ge' } as const;

/** Goes on where the test leads; where it may lead both ways, one of them waits. */
const fork = (
  state: State,
  value: BpfValue,
  test: BpfFact['test'],
  than: number,
  { later }: Around,
  yes: (state: State) => State | null,
  no: (state: State) => State | null,
): State | null => {
  const sure =
    typeof value === 'number'
      ? test === 'eq'
        ? value === than
        : test === 'gt'
          ? value > than
          : value >= than
      : decided(state.facts, value, test, than);
  if (sure !== null) return sure ? yes(state) : no(state);
  const knowing = (holds: boolean): State => ({
    ...state,
    facts: {
      fact: { term: value as BpfTerm, test, than, holds },
      count: (state.facts?.count ?? 0) + 1,
      before: state.facts,
    },
  });
  const other = no(knowing(false));
  if (other !== null) later(other);
  return yes(knowing(true));
};
