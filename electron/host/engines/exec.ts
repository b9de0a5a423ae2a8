/** Programs that an engine starts in a container. Docker Engine API reference, Exec; Podman answers the same. */
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { SHELLS, type ExecOptions, type ExecProbe } from '../../../shared/exec.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { OutputFrames } from '../../../shared/log-frames.ts';
import { inEngineWords } from './act.ts';
import { field } from './field.ts';

export interface ExecState {
  readonly running: boolean;
  /** In the numbering of the engine's machine; `null` if it does not say. */
  readonly pid: number | null;
  /** `null` while it runs. */
  readonly exitCode: number | null;
}

/** All reject in the engine's words. */
export interface ExecCalls {
  /** Resolves with the id of what {@link start} will start. */
  create(container: string, options: ExecOptions, signal: AbortSignal): Promise<string>;
  /** Starts it. The stream is raw with a terminal, in frames without, and whoever got it must destroy it. */
  start(exec: string, tty: boolean, signal: AbortSignal): Promise<Duplex>;
  resize(exec: string, cols: number, rows: number, signal: AbortSignal): Promise<void>;
  inspect(exec: string, signal: AbortSignal): Promise<ExecState>;
}

/**
 * What would make the engine let go of the program. Left out it is Ctrl+P Ctrl+Q, and an empty one means the same: the engine
 * then holds back every Ctrl+P, which in a shell is the command before, until the next key. This is what nobody types; its
 * first key, Ctrl+@, is followed by another in whatever uses it. Docker Engine API reference, Exec, `DetachKeys`.
 */
const DETACH_KEYS = Array.from({ length: 8 }, () => 'ctrl-@,ctrl-^').join(',');

type Loose = { readonly [call: string]: (options: unknown) => Promise<unknown> };

export function execCalls(docker: Pick<Docker, 'getContainer' | 'getExec'>): ExecCalls {
  const ask = async (target: unknown, call: string, options: object): Promise<unknown> => {
    try {
      return await (target as Loose)[call]!(options);
    } catch (error) {
      throw inEngineWords(error);
    }
  };
  // An id from the engine goes into a path.
  const of = (exec: string): unknown => docker.getExec(encodeURIComponent(exec));
  return {
    create: async (container, options, abortSignal) => {
      const made = await ask(docker.getContainer(encodeURIComponent(container)), 'exec', {
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: options.tty,
        DetachKeys: DETACH_KEYS,
        Cmd: options.command,
        Env: options.env.map(({ name, value }) => `${name}=${value}`),
        Privileged: options.privileged,
        ...(options.user === null ? {} : { User: options.user }),
        ...(options.workdir === null ? {} : { WorkingDir: options.workdir }),
        abortSignal,
      });
      const id = field(made, 'id');
      if (typeof id !== 'string' || id === '')
        throw new PortholeError('failed', 'The engine did not say what it made.');
      return id;
    },
    start: (exec, Tty, abortSignal) =>
      ask(of(exec), 'start', { Detach: false, Tty, hijack: true, stdin: true, abortSignal }) as Promise<Duplex>,
    resize: async (exec, w, h, abortSignal) => void (await ask(of(exec), 'resize', { w, h, abortSignal })),
    inspect: async (exec, abortSignal) => {
      const told = await ask(of(exec), 'inspect', { abortSignal });
      const [running, pid, code] = [field(told, 'Running'), field(told, 'Pid'), field(told, 'ExitCode')];
      return {
        running: running === true,
        pid: typeof pid === 'number' && pid > 0 ? pid : null,
        exitCode: running === true || typeof code !== 'number' ? null : code,
      };
    },
  };
}

/** Longer answers to a program that does not start are cut. */
const MOST_WORDS = 2000;
/** How often, and how long apart, an engine is asked for the exit code of what has just ended, ms. */
const ASKED_TIMES = 20;
const ASK_AGAIN_MILLIS = 50;

/** Resolves with the exit code once the program has ended; with `null` if the engine does not say that it has. */
export async function exitCodeOf(calls: ExecCalls, exec: string, signal: AbortSignal): Promise<number | null> {
  for (let asked = 0; asked < ASKED_TIMES; asked++) {
    const { running, exitCode } = await calls.inspect(exec, signal);
    if (!running && exitCode !== null) return exitCode;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MILLIS));
  }
  return null;
}

/**
 * Which shell the container has: each is started with a script that exits at once, for a path alone does not tell whether
 * a program can run. Rejects in the engine's words if the container is not one to start anything in.
 */
export async function probeShells(calls: ExecCalls, container: string, signal: AbortSignal): Promise<ExecProbe> {
  let message: string | null = null;
  const refused = (shell: string, words: string): void => {
    // sh is what everyone expects.
    if (message === null || shell === 'sh') message = words;
  };
  for (const shell of SHELLS) {
    const options = {
      command: [shell, '-c', 'exit 0'],
      user: null,
      workdir: null,
      env: [],
      tty: false,
      privileged: false,
    };
    const exec = await calls.create(container, options, signal);
    try {
      const stream = await calls.start(exec, false, signal);
      const said = await everything(stream, signal);
      const code = await exitCodeOf(calls, exec, signal);
      if (code === 0) return { shell, message: null };
      refused(shell, said.trim() || `${shell} ended with exit code ${code ?? 'unknown'}`);
    } catch (error) {
      if (signal.aborted) throw error;
      // Podman, and Docker since 25, refuse the start of a program that is not there.
      if (!(error instanceof PortholeError)) throw error;
      refused(shell, error.message);
    }
  }
  return { shell: null, message };
}

const everything = (stream: Duplex, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const frames = new OutputFrames();
    let said = '';
    const giveUp = (): void => void stream.destroy();
    signal.addEventListener('abort', giveUp);
    stream.on('data', (chunk: Buffer) => {
      try {
        for (const { bytes } of frames.push(chunk)) if (said.length < MOST_WORDS) said += Buffer.from(bytes).toString();
      } catch {
        said += chunk.toString().slice(0, MOST_WORDS);
      }
    });
    stream.on('error', reject);
    stream.on('close', () => {
      signal.removeEventListener('abort', giveUp);
      resolve(said.slice(0, MOST_WORDS));
    });
    stream.on('end', () => stream.destroy());
  });
