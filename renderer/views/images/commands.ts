/** The same by hand, against the engine that is shown. References are checked by the contract, so none is an option. */
import type { ByHand } from '../../../shared/by-hand.ts';
import { clientArgv } from '../../../shared/container-act.ts';
import type { EngineState } from '../../../shared/model.ts';
import { commandLine } from '../../../shared/text.ts';

const plain = (engine: EngineState | undefined, ...rest: string[]): ByHand => {
  const argv = [...(engine ? clientArgv(engine) : ['docker']), ...rest];
  return { argv, text: commandLine(argv) };
};

export const imageCommand = {
  list: (engine?: EngineState) => plain(engine, 'images', '--no-trunc'),
  history: (engine: EngineState | undefined, ref: string) => plain(engine, 'history', '--no-trunc', ref),
  inspect: (engine: EngineState | undefined, ref: string) => plain(engine, 'image', 'inspect', ref),
  users: (engine: EngineState | undefined, ref: string) => plain(engine, 'ps', '-a', '--filter', `ancestor=${ref}`),
  pull: (engine: EngineState | undefined, ref: string) => plain(engine, 'pull', ref),
  remove: (engine: EngineState | undefined, ref: string, force: boolean) =>
    plain(engine, 'rmi', ...(force ? ['--force'] : []), ref),
} as const;
