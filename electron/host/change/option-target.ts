/** What an engine keeps of a container, changed by its update call; of one that does not run, too. */
import type { Change } from '../../../shared/change.ts';
import { clientArgv, containerRef } from '../../../shared/container-act.ts';
import { withFileNow } from '../../../shared/engine-account.ts';
import { keepsUpdates, type UpdatedEngine } from '../../../shared/engine-keeps.ts';
import { optionFile, optionsOf, optionUpdate, optionValue, type EngineOption } from '../../../shared/engine-options.ts';
import type { EngineUpdateOr, UpdateBody } from '../../../shared/engine-update.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { Container } from '../../../shared/model.ts';
import { commandLine } from '../../../shared/text.ts';
import type { Kernel } from '../read/kernel.ts';
import type { UpdatingEngines } from './engine-target.ts';
import { optionFileOf, type OptionFile } from './option-file.ts';
import type { Target } from './targets.ts';

type OptionChange = Extract<Change, { readonly what: 'option' }>;

/** How a list and a preview say that nothing was asked for. */
const NOTHING = 'nothing';

export interface OptionTarget extends Target {
  readonly via: string;
  readonly engine: UpdatedEngine;
  readonly option: EngineOption;
  readonly state: Container['state'];
  /** The cgroup's own file for it, read now; `null` where there is none. */
  held(): Promise<OptionFile | null>;
  plan(text: string): Promise<{ readonly update: EngineUpdateOr; readonly byHand: string }>;
}

/** Throws a PortholeError `not-found` without such a container. */
export const optionTarget = (kernel: Kernel, change: OptionChange, engines: UpdatingEngines): OptionTarget => {
  const { engine: engineId, container: id, option } = change;
  const now = engines.current();
  const engine = now.engines.find((one) => one.id === engineId);
  const container = now.containers.find((one) => one.id === id && one.engine === engineId);
  if (engine === undefined || container === undefined)
    throw new PortholeError('not-found', 'The engine does not list this container.');
  const reading = async (): Promise<string> => optionValue(option, await engines.inspect(engineId, id)) ?? NOTHING;
  const byHand = (options: readonly string[]): string =>
    commandLine([...clientArgv(engine), 'update', ...options, containerRef(container)]);
  const send = async (body: UpdateBody): Promise<readonly string[]> => {
    if (engines.update === undefined) throw new PortholeError('failed', 'This engine takes no updates.');
    return engines.update(engineId, id, body);
  };
  const held = (): Promise<OptionFile | null> => optionFileOf(kernel, container, option);
  const leaveOut = option === '--restart' ? null : '--restart';
  let planned: { readonly text: string; readonly update: EngineUpdateOr } | null = null;
  let undo: UpdateBody | null = null;
  return {
    file: optionFile(option),
    path: null,
    of: container.name ?? id,
    container: id,
    place: null,
    via: engine.kind === 'docker' ? 'Docker' : 'Podman',
    engine,
    option,
    state: container.state,
    held,
    beside: async () => {
      const file = await held();
      return file === null ? null : { path: file.place.path, text: file.text };
    },
    read: async () => ({ text: await reading(), identity: id }),
    closed: () => Promise.resolve(null),
    plan: async (text) => {
      const told = await engines.inspect(engineId, id);
      // One that keeps no change goes back to what its cgroup had, not to what the container was made with.
      const file = keepsUpdates(engine) === false ? await held() : null;
      const update = optionUpdate(
        option,
        text,
        file ? withFileNow(told, file.place.file.name, file.text) : told,
        engine,
      );
      planned = { text, update };
      return { update, byHand: byHand(update.ok ? update.options : []) };
    },
    write: async (text) => {
      if (planned === null || planned.text !== text || !planned.update.ok)
        throw new TypeError('not what was previewed');
      undo = planned.update.undo;
      return send(planned.update.body);
    },
    canUndo: () => undo !== null,
    restoreByHand: () => byHand(optionsOf(undo ?? {}, leaveOut)),
    restore: async () => {
      if (undo === null) throw new TypeError('there is no way back');
      return send(undo);
    },
  };
};
