/** One act for several containers: what would be done to each, and which are left out because their state does not allow it. */
import { actArgv, containerRef, offeredIn, type ContainerAction, type Verb } from '../../../shared/container-act.ts';
import type { Container, EngineState } from '../../../shared/model.ts';
import { commandLine } from '../../../shared/text.ts';
import { firstChoice } from './act-words.ts';

/** Those that mean the same to each of several. */
export const MANY_VERBS: readonly Verb[] = ['start', 'unpause', 'pause', 'restart', 'kill', 'stop', 'remove'];

export interface PlannedAct {
  readonly container: Container;
  readonly engine: EngineState;
  readonly action: ContainerAction;
}

export interface ManyPlan {
  readonly does: readonly PlannedAct[];
  readonly leaves: readonly { readonly container: Container; readonly why: string }[];
}

/** What is chosen once for all of them. */
export interface ManyChoice {
  readonly volumes?: boolean;
  readonly signal?: string;
}
const chosen = (action: ContainerAction, { volumes = false, signal = 'TERM' }: ManyChoice): ContainerAction =>
  action.do === 'remove' ? { ...action, volumes } : action.do === 'kill' ? { ...action, signal } : action;

/** Why its engine cannot be asked to keep other limits of it; `null` if it can. */
export const mayUpdate = (container: Container, engines: ReadonlyMap<string, EngineState>): string | null => {
  const engine = container.engine === null ? undefined : engines.get(container.engine);
  if (engine === undefined) return 'no engine knows it';
  if (engine.condition !== 'up') return 'its engine does not answer';
  return ['dead', 'removing', 'unknown'].includes(container.state) ? `it is ${container.state}` : null;
};

export const planMany = (
  verb: Verb,
  containers: readonly Container[],
  engines: ReadonlyMap<string, EngineState>,
  choice: ManyChoice = {},
): ManyPlan => {
  const does: PlannedAct[] = [];
  const leaves: { container: Container; why: string }[] = [];
  for (const container of containers) {
    const engine = container.engine === null ? undefined : engines.get(container.engine);
    if (engine === undefined) leaves.push({ container, why: 'no engine knows it' });
    else if (engine.condition !== 'up') leaves.push({ container, why: 'its engine does not answer' });
    else if (!offeredIn(container.state).includes(verb)) leaves.push({ container, why: `it is ${container.state}` });
    else does.push({ container, engine, action: chosen(firstChoice(verb, container), choice) });
  }
  return { does, leaves };
};

/** One command for all that are asked the same of the same engine: docker and podman take many at once. */
export const manyCommands = (does: readonly PlannedAct[]): string[] => {
  const together = new Map<string, string[]>();
  for (const { container, engine, action } of does) {
    const argv = actArgv(engine, containerRef(container), action);
    const same = JSON.stringify(argv.slice(0, -1));
    together.set(same, [...(together.get(same) ?? argv.slice(0, -1)), argv.at(-1)!]);
  }
  return [...together.values()].map(commandLine);
};
