/** A program that an engine starts in a running container: what may be asked for, and the command that does the same. */
import * as v from 'valibot';
import { clientArgv } from './container-act.ts';
import type { EngineState } from './model.ts';
import { Argument } from './unshare.ts';

// eslint-disable-next-line no-control-regex -- NUL is the one byte execve(2) cannot pass
const text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096), v.regex(/^[^\u0000]*$/, 'text without NUL'));
/** execve(2) takes any name but one that is empty or holds `=`. */
// eslint-disable-next-line no-control-regex -- as above
const envName = v.pipe(v.string(), v.maxLength(256), v.regex(/^[^\u0000=]+$/, 'a name without ='));

export const ExecOptions = v.strictObject({
  /** argv; the container's PATH finds the first word. */
  command: v.pipe(v.array(Argument), v.minLength(1), v.maxLength(256)),
  /** `NAME|UID[:GROUP|GID]`, by the container's own passwd; `null`: the container's user. */
  user: v.nullable(v.pipe(text, v.maxLength(256))),
  /** Absolute, in the container; `null`: the container's own. */
  workdir: v.nullable(v.pipe(text, v.startsWith('/', 'an absolute path'))),
  /** Added to the container's environment. */
  env: v.pipe(v.array(v.strictObject({ name: envName, value: Argument })), v.maxLength(256)),
  /** A pseudoterminal inside; without one, a pipe each for input, output and errors. */
  tty: v.boolean(),
  /** All capabilities, whatever the container has. */
  privileged: v.boolean(),
});
export type ExecOptions = v.InferOutput<typeof ExecOptions>;

export const plainExec = (...command: string[]): ExecOptions => ({
  command,
  user: null,
  workdir: null,
  env: [],
  tty: true,
  privileged: false,
});

/** Which shell a container has, as its engine answered when it was asked to start one. */
export interface ExecProbe {
  /** The first of {@link SHELLS} that starts; `null` if none does. */
  readonly shell: string | null;
  /** The engine's words about the last one that did not start. */
  readonly message: string | null;
}

/** In the order of preference. The last is where distroless images for debugging have theirs. */
export const SHELLS = ['bash', 'sh', '/busybox/sh'] as const;

/** The argv that does the same by hand. `ref`: name or ID of the container. */
export const execArgv = (
  place: Pick<EngineState, 'kind' | 'address' | 'source'>,
  ref: string,
  options: ExecOptions,
): readonly string[] => [
  ...clientArgv(place),
  'exec',
  options.tty ? '-it' : '-i',
  ...(options.user === null ? [] : ['--user', options.user]),
  ...(options.workdir === null ? [] : ['--workdir', options.workdir]),
  ...options.env.flatMap(({ name, value }) => ['--env', `${name}=${value}`]),
  ...(options.privileged ? ['--privileged'] : []),
  ref,
  ...options.command,
];
