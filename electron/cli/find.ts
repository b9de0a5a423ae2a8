/** What a person may mean by an argument: a pid, a container, a process by name, the host. */
import type { Subject } from '../../shared/compare.ts';
import type { Container, EngineState, Process, World } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';
import { Failure } from './fault.ts';
import { lookAtAll, lookAtKernel, type Look } from './look.ts';

const PID = /^[1-9]\d{0,9}$/;

export const processOf = (world: World, pid: number): Process | null =>
  world.processes.find((process) => process.pid === pid) ?? null;

/** Engines are asked only if an argument needs them: one that is neither the host nor the pid of a process. */
export const lookFor = async (subjects: readonly string[]): Promise<Look> => {
  const look = lookAtKernel();
  const known = (text: string) => text === 'host' || (PID.test(text) && processOf(look.world, Number(text)) !== null);
  return subjects.every(known) ? look : lookAtAll();
};

/** By pid: the process of that number, or `null` if the text is no number or nothing has it. */
export const processByPid = (world: World, text: string): Process | null =>
  PID.test(text) ? processOf(world, Number(text)) : null;

/** By name, full ID or unambiguous beginning of an ID; `null` if there is none. Throws if there are several. */
export const containerBy = (world: World, text: string): Container | null => {
  if (text === '') return null;
  const exact = world.containers.filter(({ id, name }) => id === text || name === text);
  const found = exact.length > 0 ? exact : world.containers.filter(({ id }) => id.startsWith(text));
  if (found.length > 1) {
    const ids = found.map(({ id }) => visible(id.slice(0, 12))).join(', ');
    throw new Failure(`"${visible(text)}" is ambiguous: ${ids}; give more of the ID`);
  }
  return found[0] ?? null;
};

/** The first process of a running container. */
export const processIn = (world: World, container: Container): Process => {
  const first = container.pid === null ? null : processOf(world, container.pid);
  const found = first ?? world.processes.find((process) => process.container === container.id);
  if (found === undefined)
    throw new Failure(`container ${labelOf(container)} is ${container.state}, not running; start it first`);
  return found;
};

export const labelOf = ({ id, name }: Container): string => visible(name ?? id.slice(0, 12));

/** Throws a {@link Failure} that says what was looked for, and which engine did not answer. */
export const subjectBy = ({ world, detail }: Look, text: string): Subject => {
  const process = text === 'host' ? processOf(world, 1) : processByPid(world, text);
  if (text === 'host') {
    if (process === null) throw new Failure('process 1 is hidden from this user; run as root');
    return { kind: 'host', label: world.host.hostname, process, container: null, detail: detail(process) };
  }
  if (process !== null) {
    const container = world.containers.find(({ id }) => id === process.container) ?? null;
    return { kind: 'process', label: process.comm, process, container, detail: detail(process) };
  }
  const container = containerBy(world, text);
  if (container === null) throw notFound(world, `no process or container "${visible(text)}"`, 'porthole snapshot');
  const first = processIn(world, container);
  return {
    kind: 'container',
    label: container.name ?? container.id.slice(0, 12),
    process: first,
    container,
    detail: detail(first),
  };
};

/** An engine that was found or asked for but did not answer may be why a name is unknown. */
export const notFound = (world: World, what: string, list: string): Failure => {
  const silent = world.engines.filter(
    ({ condition, source }) =>
      condition !== 'up' && (condition !== 'absent' || /^DOCKER_HOST|^docker context/.test(source)),
  );
  const why = silent.map(engineWords).join(', ');
  return new Failure(`${what}${why === '' ? '' : ` (${why})`}; "${list}" lists what there is`);
};

const engineWords = ({ kind, address, condition }: EngineState): string =>
  `${kind} at ${visible(address)}: ${condition}`;
