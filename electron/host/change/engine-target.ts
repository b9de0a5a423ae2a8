/** A limit of a container changed by its engine's own update call: the engine writes the file, and remembers. */
import { clientArgv, containerRef } from '../../../shared/container-act.ts';
import type { Change } from '../../../shared/change.ts';
import { optionsOf } from '../../../shared/engine-options.ts';
import { withFileNow } from '../../../shared/engine-account.ts';
import { keepsUpdates, type UpdatedEngine } from '../../../shared/engine-keeps.ts';
import { engineUpdate, type EngineUpdateOr, type UpdateBody } from '../../../shared/engine-update.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { commandLine } from '../../../shared/text.ts';
import type { Engines } from '../engines/engines.ts';
import type { Kernel } from '../read/kernel.ts';
import { cgroupPlace } from './cgroup-place.ts';
import { readHeld } from './held-file.ts';
import type { Target } from './targets.ts';

type UpdateChange = Extract<Change, { readonly what: 'update' }>;
export type UpdatingEngines = Pick<Engines, 'current' | 'inspect'> & Partial<Pick<Engines, 'update'>>;

export interface EngineTarget extends Target {
  readonly path: string;
  /** `Docker`. */
  readonly via: string;
  readonly engine: UpdatedEngine;
  /** What would be asked of the engine for this text of the file. Rejects with a PortholeError in the engine's words. */
  plan(
    text: string,
    periodMicros: number | null,
  ): Promise<{ readonly update: EngineUpdateOr; readonly byHand: string }>;
}

/** Throws a PortholeError: `denied` for a file that is not the container's own, `not-found` without such a container. */
export const engineTarget = (kernel: Kernel, change: UpdateChange, engines: UpdatingEngines): EngineTarget => {
  const { engine: engineId, container: id } = change;
  const place = cgroupPlace(kernel, change.path);
  const now = engines.current();
  const engine = now.engines.find((one) => one.id === engineId);
  const container = now.containers.find((one) => one.id === id && one.engine === engineId);
  if (engine === undefined || container === undefined) throw new PortholeError('not-found', 'The engine does not list this container.'); // prettier-ignore
  if (!place.cgroup.slice(place.cgroup.lastIndexOf('/')).includes(id)) {
    throw new PortholeError('denied', `${place.path} is not of this container’s own cgroup.`);
  }
  const send = async (body: UpdateBody): Promise<readonly string[]> => {
    if (engines.update === undefined) throw new PortholeError('failed', 'This engine takes no updates.');
    return engines.update(engineId, id, body);
  };
  let planned: { readonly text: string; readonly update: EngineUpdateOr } | null = null;
  let undo: UpdateBody | null = null;
  const target: EngineTarget = {
    file: place.file,
    path: place.path,
    of: place.cgroup,
    place,
    via: engine.kind === 'docker' ? 'Docker' : 'Podman',
    engine,
    read: () => readHeld(place.path),
    closed: () => Promise.resolve(null),
    plan: async (text, periodMicros) => {
      const told = await engines.inspect(engineId, id);
      const now = keepsUpdates(engine) === false ? withFileNow(told, place.file.name, (await readHeld(place.path)).text) : told; // prettier-ignore
      const update = engineUpdate(place.file, text, periodMicros, now, engine.kind);
      planned = { text, update };
      const options = update.ok ? update.options : [];
      return { update, byHand: commandLine([...clientArgv(engine), 'update', ...options, containerRef(container)]) };
    },
    write: async (text) => {
      if (planned === null || planned.text !== text || !planned.update.ok)
        throw new TypeError('not what was previewed');
      undo = planned.update.undo;
      return send(planned.update.body);
    },
    canUndo: () => undo !== null,
    restoreByHand: () =>
      commandLine([...clientArgv(engine), 'update', ...optionsOf(undo ?? {}, '--restart'), containerRef(container)]),
    restore: async () => {
      if (undo === null) throw new TypeError('there is no way back');
      return send(undo);
    },
  };
  return target;
};
