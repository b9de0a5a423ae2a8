/** What an engine keeps of a container, changed by its update call; of one that does not run, too. */
import type { Change, ChangeEffect } from '../../../shared/change.ts';
import { effectOf, restartInWords } from '../../../shared/change-effects.ts';
import { textFor } from '../../../shared/change-files.ts';
import { clientArgv, containerRef } from '../../../shared/container-act.ts';
import { optionFile, optionsOf, optionUpdate, optionValue } from '../../../shared/engine-options.ts';
import { keptAtRestart, type EngineUpdateOr, type UpdateBody } from '../../../shared/engine-update.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { Container } from '../../../shared/model.ts';
import { commandLine } from '../../../shared/text.ts';
import type { UpdatingEngines } from './engine-target.ts';
import type { Held } from './held-file.ts';
import type { Draft } from './preview.ts';
import type { Target } from './targets.ts';

type OptionChange = Extract<Change, { readonly what: 'option' }>;

/** How a list and a preview say that nothing was asked for. */
const NOTHING = 'nothing';

export interface OptionTarget extends Target {
  readonly via: string;
  readonly state: Container['state'];
  plan(text: string): Promise<{ readonly update: EngineUpdateOr; readonly byHand: string }>;
}

/** Throws a PortholeError `not-found` without such a container. */
export const optionTarget = (change: OptionChange, engines: UpdatingEngines): OptionTarget => {
  const { engine: engineId, container: id, option } = change;
  const now = engines.current();
  const engine = now.engines.find((one) => one.id === engineId);
  const container = now.containers.find((one) => one.id === id && one.engine === engineId);
  if (engine === undefined || container === undefined)
    throw new PortholeError('not-found', 'The engine does not list this container.');
  const via = engine.kind === 'docker' ? 'Docker' : 'Podman';
  const reading = async (): Promise<string> => optionValue(option, await engines.inspect(engineId, id)) ?? NOTHING;
  const byHand = (options: readonly string[]): string =>
    commandLine([...clientArgv(engine), 'update', ...options, containerRef(container)]);
  const send = async (body: UpdateBody): Promise<void> => {
    if (engines.update === undefined) throw new PortholeError('failed', 'This engine takes no updates.');
    const before = await reading();
    const warnings = await engines.update(engineId, id, body);
    // An engine that cannot set it says so in a warning, and has done nothing.
    if (warnings.length > 0 && (await reading()) === before) throw new PortholeError('failed', warnings.join(' '));
  };
  const leaveOut = option === '--restart' ? null : '--restart';
  let planned: { readonly text: string; readonly update: EngineUpdateOr } | null = null;
  let undo: UpdateBody | null = null;
  return {
    file: optionFile(option),
    path: null,
    of: container.name ?? id,
    container: id,
    place: null,
    via,
    state: container.state,
    read: async () => ({ text: await reading(), identity: id }),
    closed: () => Promise.resolve(null),
    plan: async (text) => {
      const update = optionUpdate(option, text, await engines.inspect(engineId, id), engine.kind);
      planned = { text, update };
      return { update, byHand: byHand(update.ok ? update.options : []) };
    },
    write: async (text) => {
      if (planned === null || planned.text !== text || !planned.update.ok)
        throw new TypeError('not what was previewed');
      undo = planned.update.undo;
      await send(planned.update.body);
    },
    canUndo: () => undo !== null,
    restoreByHand: () => byHand(optionsOf(undo ?? {}, leaveOut)),
    restore: async () => {
      if (undo === null) throw new TypeError('there is no way back');
      await send(undo);
    },
  };
};

const HAS_PROCESSES: ReadonlySet<Container['state']> = new Set(['running', 'paused', 'restarting']);

const effectsOf = ({ file, state, via }: OptionTarget, text: string): ChangeEffect[] => {
  if (file.form === 'restart') return [{ kind: 'ok', words: restartInWords(text) }];
  const effects: ChangeEffect[] = [];
  if (file.form === 'cpus') effects.push(effectOf({ file, writes: text, readsBack: text, used: null, processes: null, periodMicros: null })); // prettier-ignore
  if (!HAS_PROCESSES.has(state)) {
    return [...effects, { kind: 'ok', words: `It is ${state}: it has no cgroup. ${via} sets this when it starts.` }];
  }
  const again = via === 'Podman' ? 'and since 5.1 again at each start' : 'and again at each start';
  effects.push({ kind: 'ok', words: `${via} writes it to the container’s cgroup now, ${again}.` });
  if (file.name === '--memory')
    effects.push({ kind: 'warn', words: 'If more is in use, v1 refuses (EBUSY), and v2 may kill processes (OOM).' });
  return effects;
};

/** `held` is what the engine's account says now. Rejects in the engine's words. */
export const draftOfOption = async (change: OptionChange, target: OptionTarget, held: Held): Promise<Draft> => {
  const { file, via } = target;
  const typed = textFor(file, change.typed, change.unit, 100_000);
  const plan = typed.ok ? await target.plan(typed.text) : null;
  const problem = !typed.ok ? typed.problem : plan?.update.ok === false ? plan.update.problem : null;
  const update = plan?.update.ok ? plan.update : null;
  const effects: ChangeEffect[] = typed.ok && update !== null ? effectsOf(target, typed.text) : [];
  if (update !== null && update.note !== null) effects.push({ kind: 'warn', words: update.note });
  if (update?.undo === null)
    effects.push({ kind: 'warn', words: 'There was none before, and the engine cannot take it away again.' });
  const writes = typed.ok && update !== null ? typed.text : null;
  return {
    change,
    title: file.title,
    path: null,
    readsNow: { ok: true, value: held.text },
    writes,
    readsBack: writes === 'max' ? '-1' : writes,
    periodMicros: null,
    problem,
    effects,
    engine: null,
    atRestart: writes === null ? '' : keptAtRestart(via),
    via: { name: via, command: plan?.byHand ?? '' },
    canUndo: update === null || update.undo !== null,
    devices: null,
  };
};
