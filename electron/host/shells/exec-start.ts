/** A start of a program in a container, by its engine. */
import type { Duplex } from 'node:stream';
import { containerRef } from '../../../shared/container-act.ts';
import { execArgv, type ExecOptions } from '../../../shared/exec.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { Engines } from '../engines/engines.ts';
import { field } from '../engines/field.ts';
import type { Kernel } from '../read/kernel.ts';
import { ExecProgram, type ExecHandle } from './exec-program.ts';
import type { NamespacesOf } from './inside.ts';
import type { Launch } from './program.ts';

/** The runtime's own process on its way to becoming the program, by its arguments. */
export const EXEC_PASSING: readonly (readonly string[])[] = [
  ['runc', 'init'],
  ['crun', 'init'],
  ['/proc/self/exe', 'init'],
];

export type ExecEngines = Pick<Engines, 'exec' | 'inspect' | 'current'>;

export interface ExecTarget {
  readonly engine: string;
  readonly id: string;
  readonly options: ExecOptions;
}

/** The command line by hand. Throws a PortholeError `not-found` if the engine or the container is not known. */
export const execLine = (
  { engines, containers }: ReturnType<ExecEngines['current']>,
  target: ExecTarget,
): readonly string[] => {
  const engine = engines.find(({ id }) => id === target.engine);
  const container = containers.find(({ id }) => id === target.id);
  if (engine === undefined) throw new PortholeError('not-found', 'There is no engine at this address.');
  return execArgv(engine, containerRef({ id: target.id, name: container?.name ?? null }), target.options);
};

/** Creates and starts it; what it is launched with must be called, or {@link Prepared.abandon}. */
export interface Prepared {
  readonly launch: Launch;
  abandon(): void;
}

export const prepareExec = async (
  engines: ExecEngines,
  { engine, id, options }: ExecTarget,
  size: { readonly cols: number; readonly rows: number },
  kernel: Kernel,
  namespacesOf: NamespacesOf,
): Promise<Prepared> => {
  const exec = await engines.exec(engine, 'exec', (calls, signal) => calls.create(id, options, signal));
  const stream: Duplex = await engines.exec(engine, 'exec', (calls, signal) => calls.start(exec, options.tty, signal));
  stream.pause();
  stream.on('error', () => undefined);
  const handle: ExecHandle = {
    tty: options.tty,
    stream,
    inspect: () => engines.exec(engine, 'exec inspect', (calls, signal) => calls.inspect(exec, signal)),
    resize: (cols, rows) =>
      engines.exec(engine, 'exec resize', (calls, signal) => calls.resize(exec, cols, rows, signal)),
    isHere: async (pid) => {
      const cgroup = kernel.text(`/proc/${pid}/cgroup`);
      if (cgroup.ok && cgroup.value.includes(id)) return true;
      // Rootless containers may have no cgroup of their own.
      const first = engines.current().containers.find((container) => container.id === id)?.pid ?? null;
      if (first === null) return false;
      const [its, theirs] = await Promise.all([namespacesOf(pid), namespacesOf(first)]);
      return its?.mnt != null && its.mnt === theirs?.mnt;
    },
    containerEnd: async () => {
      try {
        const told = await engines.inspect(engine, id);
        if (field(told, 'State', 'Running') !== false) return null;
        const code = field(told, 'State', 'ExitCode');
        return `The container ended${typeof code === 'number' ? ` with exit code ${code}` : ''}.`;
      } catch (error) {
        if (error instanceof PortholeError && error.code === 'not-found') return 'The container was removed.';
        throw error;
      }
    },
  };
  return {
    launch: (onData, onEnd) => {
      const program = new ExecProgram(handle, onData, onEnd);
      program.resize(size.cols, size.rows);
      stream.resume();
      return program;
    },
    abandon: () => void stream.destroy(),
  };
};
