/** What an act on a container takes from others, and what goes with the container where it was made with `--rm`. */
import type { ContainerAction } from './container-act.ts';
import type { Container, Process, World } from './model.ts';
import { sharedWith } from './namespace-role.ts';
import { containerLabel, listed } from './sentence.ts';
import { visible } from './text.ts';

const MODES = { net: 'networkMode', pid: 'pidMode', ipc: 'ipcMode' } as const;
type Joined = keyof typeof MODES;
const TYPES = Object.keys(MODES) as Joined[];
const NAMES: Readonly<Record<Joined, string>> = { net: 'network', pid: 'PID', ipc: 'IPC' };

const joins = (other: Container, type: Joined, { id, name }: Container): boolean => {
  const mode = other[MODES[type]];
  return mode === `container:${id}` || (name !== null && mode === `container:${name}`);
};

const isUp = ({ state }: Container): boolean => state === 'running' || state === 'paused' || state === 'restarting';

/** Who else is in its namespace of this type, where that is the container's own to begin with. */
const othersIn = (world: World, type: Joined, container: Container, first: Process | null): string[] => {
  if (container[MODES[type]]?.startsWith('container:')) return [];
  const seen = first === null ? [] : sharedWith(world, first, type);
  const ids = new Set([
    ...world.containers.filter((other) => isUp(other) && joins(other, type, container)).map(({ id }) => id),
    ...seen.flatMap((user) => (user.kind === 'container' ? [user.id] : [])),
  ]);
  const processes = type === 'pid' ? seen.flatMap((user) => (user.kind === 'process' ? [user.process] : [])) : [];
  return [
    ...[...ids].map((id) => containerLabel(world, id)),
    ...processes.map(({ comm, pid }) => `${visible(comm)} (${pid})`),
  ];
};

/** An engine takes back what it plugged into the namespace; the namespace itself lasts as long as somebody is in it. */
const lossWords = (type: Joined, container: Container, others: readonly string[]): string => {
  const many = others.length > 1;
  const who = `${listed(others)} ${many ? 'are' : 'is'} in its ${NAMES[type]} namespace`;
  const until = `until ${many ? 'they are' : 'it is'} restarted after this one`;
  if (type === 'pid') return `${who}: the kernel kills ${many ? 'them' : 'it'} when its first process ends.`;
  if (type === 'net' && container.networkMode !== 'none')
    return `${who}, and ${many ? 'lose their' : 'loses its'} interfaces ${until}.`;
  return `${who}, and ${many ? 'stay' : 'stays'} in the old one ${until}.`;
};

/** Those made to join a namespace of it: an engine starts them only while it is there and runs. */
const orphanWords = (world: World, container: Container): string[] => {
  const orphans = world.containers.filter((other) => TYPES.some((type) => joins(other, type, container)));
  if (orphans.length === 0) return [];
  const names = listed(orphans.map(({ id }) => containerLabel(world, id)));
  return [`${names} ${orphans.length > 1 ? 'were' : 'was'} made to join its namespaces, and cannot be started again without it.`]; // prettier-ignore
};

/** Sentences, `[]` for nothing. `first`: its first process. */
export const harmWords = (
  world: World,
  container: Container,
  first: Process | null,
  action: ContainerAction,
): string[] => {
  if (!['stop', 'restart', 'kill', 'remove'].includes(action.do)) return [];
  const shared = isUp(container)
    ? TYPES.flatMap((type) => {
        const others = othersIn(world, type, container, first);
        return others.length === 0 ? [] : [lossWords(type, container, others)];
      })
    : [];
  // An engine that restarts a container does not remove it in between (moby daemon/restart.go).
  const removed = container.autoRemove === true && (action.do === 'stop' || action.do === 'kill');
  return [
    ...(removed
      ? ['It was made with --rm: when it ends it is removed, with all it wrote and its unnamed volumes.']
      : []),
    ...(action.do === 'kill' && shared.length > 0 ? ['If the signal ends it:'] : []),
    ...shared,
    ...(action.do === 'remove' ? orphanWords(world, container) : []),
  ];
};
