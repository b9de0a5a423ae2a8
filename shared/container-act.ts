/** What can be done to one container: which of it its state allows, and the command that does the same by hand. */
import * as v from 'valibot';
import type { Container, ContainerState, EngineState } from './model.ts';
import { commandLine } from './text.ts';

/** How long the program is given to end by itself before SIGKILL; `null`: as long as the container says, else 10. */
const seconds = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(3600)));
/** As kill(1) and engines take it: `TERM`, `SIGUSR1`, `RTMIN+3`, `9`. Whether there is such a signal the engine says. */
const signal = v.pipe(v.string(), v.regex(/^(?:[A-Z][A-Z0-9]{1,9}(?:[+-]\d{1,2})?|\d{1,2})$/, 'a signal'));
/** Which names are allowed the engine says, in its own words. */
// eslint-disable-next-line no-control-regex -- NUL cannot be in an argument
const newName = v.pipe(v.string(), v.minLength(1), v.maxLength(255), v.regex(/^[^\u0000]*$/, 'a name without NUL'));

export const ContainerAction = v.variant('do', [
  v.strictObject({ do: v.literal('start') }),
  v.strictObject({ do: v.literal('stop'), seconds }),
  v.strictObject({ do: v.literal('restart'), seconds }),
  v.strictObject({ do: v.literal('pause') }),
  v.strictObject({ do: v.literal('unpause') }),
  v.strictObject({ do: v.literal('kill'), signal }),
  v.strictObject({ do: v.literal('remove'), force: v.boolean(), volumes: v.boolean() }),
  v.strictObject({ do: v.literal('rename'), name: newName }),
]);
export type ContainerAction = v.InferOutput<typeof ContainerAction>;
export type Verb = ContainerAction['do'];

/**
 * What an engine would do in each state (moby daemon: start.go, stop.go, pause.go, kill.go, delete.go). While an engine
 * does not answer, or removes the container already, nothing.
 */
const OFFERED: Readonly<Record<ContainerState, readonly Verb[]>> = {
  created: ['start', 'rename', 'remove'],
  running: ['stop', 'restart', 'pause', 'kill', 'rename', 'remove'],
  paused: ['unpause', 'stop', 'restart', 'kill', 'rename', 'remove'],
  restarting: ['stop', 'restart', 'rename', 'remove'],
  exited: ['start', 'rename', 'remove'],
  dead: ['remove'],
  removing: [],
  unknown: [],
};
export const offeredIn = (state: ContainerState): readonly Verb[] => OFFERED[state];

/** Those that end a program's work, or take away what cannot be had back: they are asked for twice. */
export const isDrastic = (verb: Verb): boolean => verb !== 'start' && verb !== 'pause' && verb !== 'unpause';

/** An engine removes a container that has processes only by force. */
export const needsForce = (state: ContainerState): boolean =>
  state === 'running' || state === 'paused' || state === 'restarting';

/** Common signals first, each with what programs usually make of it; man 7 signal. */
export const SIGNALS: readonly (readonly [name: string, meaning: string])[] = [
  ['TERM', 'asks it to end'],
  ['KILL', 'ends it; it cannot refuse'],
  ['INT', 'as Ctrl+C'],
  ['HUP', 'many servers read their configuration again'],
  ['QUIT', 'ends it, with a core dump or gracefully'],
  ['USR1', 'as the program wishes'],
  ['USR2', 'as the program wishes'],
  ['WINCH', 'the terminal’s size changed; nginx ends its workers'],
  ['STOP', 'halts it; it cannot refuse'],
  ['CONT', 'goes on after STOP'],
  ['ABRT', 'ends it with a core dump'],
  ['ALRM', 'a timer ran out'],
];

/** What takes it back, where something does: names and freezing. `name`: what it was called before. */
export const reverseOf = (action: ContainerAction, name: string | null): ContainerAction | null => {
  if (action.do === 'pause') return { do: 'unpause' };
  if (action.do === 'unpause') return { do: 'pause' };
  return action.do === 'rename' && name !== null ? { do: 'rename', name } : null;
};

export type EnginePlace = Pick<EngineState, 'kind' | 'address' | 'source'>;

/** The client's own name, and the engine's address where the client would not look for it by itself. */
export const clientArgv = ({ kind, address, source }: EnginePlace): readonly string[] =>
  // DOCKER_HOST means nothing to the podman client.
  source === 'default socket' || (source === 'DOCKER_HOST' && kind === 'docker') || address === ''
    ? [kind]
    : kind === 'docker'
      ? ['docker', '-H', address]
      : ['podman', '--url', address];

// What docker itself allows as a name; anything else might be an option, or another container's ID.
const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]+$/;

/** What a command calls the container: its name where that is unmistakable, else its ID. */
export const containerRef = ({ name, id }: Pick<Container, 'name' | 'id'>): string =>
  name !== null && PLAIN_NAME.test(name) ? name : id;

/** The argv that does the same by hand. */
export const actArgv = (place: EnginePlace, ref: string, action: ContainerAction): readonly string[] => {
  const argv = (verb: string, ...rest: string[]): string[] => [...clientArgv(place), verb, ...rest];
  switch (action.do) {
    case 'stop':
    case 'restart':
      return argv(action.do, ...(action.seconds === null ? [] : ['-t', String(action.seconds)]), ref);
    case 'kill':
      return argv('kill', `--signal=${action.signal}`, ref);
    case 'remove':
      return argv('rm', ...(action.force ? ['--force'] : []), ...(action.volumes ? ['--volumes'] : []), ref);
    case 'rename':
      return argv('rename', ...(action.name.startsWith('-') ? ['--'] : []), ref, action.name);
    default:
      return argv(action.do, ref);
  }
};

export const actCommand = (place: EnginePlace, ref: string, action: ContainerAction): string =>
  commandLine(actArgv(place, ref, action));
