/** Who can be compared: the host, containers that run, processes. As text in the view's parameters, as a row to pick. */
import type { Subject } from '../../../shared/compare.ts';
import type { Container, NamespaceId, Process, ProcessKey, World } from '../../../shared/model.ts';
import { visible, wordFilter } from '../../../shared/text.ts';
import { containerName, shortId } from '../containers/order.ts';

export type Ref =
  | { readonly kind: 'host' }
  | { readonly kind: 'container'; readonly id: string }
  | { readonly kind: 'process'; readonly key: ProcessKey };

/** Not to be compared, but to be entered. */
export interface NamespaceRef {
  readonly kind: 'namespace';
  readonly id: NamespaceId;
}

/** A subject without its process's own account, which is asked for apart. */
export type Found = Omit<Subject, 'detail'>;

/** `host`, `container ID`, `process PID@STARTTIME`: the form of `subjectId` of the selection, and the host. */
export const refText = (ref: Ref | NamespaceRef): string =>
  ref.kind === 'host' ? 'host' : ref.kind === 'process' ? `process ${ref.key}` : `${ref.kind} ${ref.id}`;

/** The inverse of {@link refText}; `null` for anything else. */
export const parseRef = (text: string | undefined): Ref | null => {
  if (text === 'host') return { kind: 'host' };
  const [, kind, id] = /^(container|process) (\S+)$/.exec(text ?? '') ?? [];
  if (id === undefined) return null;
  if (kind === 'container') return { kind, id };
  return /^\d+@\d+$/.test(id) ? { kind: 'process', key: id as ProcessKey } : null;
};

/** The process a container is looked at through: the engine's word, else the first that has no parent in it. */
const firstProcess = (world: World, container: Container): Process | undefined => {
  const members = world.processes.filter((process) => process.container === container.id);
  const pids = new Set(members.map(({ pid }) => pid));
  return (
    world.processes.find(({ pid }) => pid === container.pid) ??
    members.find(({ ppid }) => !pids.has(ppid)) ??
    members[0]
  );
};

/** What `ref` is in this look at the machine; `null` if it has no process in it. */
export const findSubject = (world: World, ref: Ref): Found | null => {
  if (ref.kind === 'host') {
    const pid = world.host.namespacesOf === 'pid 1' ? 1 : world.host.pid;
    const process = world.processes.find((process) => process.pid === pid);
    return process ? { kind: 'host', label: world.host.hostname, process, container: null } : null;
  }
  if (ref.kind === 'process') {
    const process = world.processes.find(({ key }) => key === ref.key);
    if (process === undefined) return null;
    const container = world.containers.find(({ id }) => id === process.container) ?? null;
    return { kind: 'process', label: process.comm, process, container };
  }
  const container = world.containers.find(({ id }) => id === ref.id);
  const process = container && firstProcess(world, container);
  return process ? { kind: 'container', label: containerName(container), process, container } : null;
};

/** A row of the picker. All of it is hostile text. */
export interface Choice<R extends Ref | NamespaceRef = Ref> {
  readonly ref: R;
  readonly label: string;
  /** Image of a container, pid of a process. */
  readonly note: string;
  /** Arguments of a process. */
  readonly more: string;
}

/** The host, then containers by name (those that only their cgroup tells of last), then processes by pid. Kernel threads have no namespaces to speak of but the host's. */
export const choicesOf = (world: World): readonly Choice[] => {
  const containers = world.containers
    .filter((container) => firstProcess(world, container) !== undefined)
    .map((container) => ({ container, label: containerName(container) }))
    .sort(
      (a, b) => Number(a.container.name === null) - Number(b.container.name === null) || (a.label < b.label ? -1 : 1),
    )
    .map(({ container, label }) => ({
      ref: { kind: 'container', id: container.id } as const,
      label,
      note: container.image ?? container.runtime ?? '',
      more: '',
    }));
  const processes = world.processes.map((process) => ({
    ref: { kind: 'process', key: process.key } as const,
    label: process.comm,
    note: String(process.pid),
    more: process.cmdline?.slice(1).join(' ') ?? '',
  }));
  return [
    { ref: { kind: 'host' }, label: world.host.hostname, note: 'the host', more: '' },
    ...containers,
    ...processes,
  ];
};

/** Those in which every word of the query occurs. A number alone finds the pid before it finds pieces of other pids. */
export const matching = <R extends Ref | NamespaceRef>(
  choices: readonly Choice<R>[],
  query: string,
): readonly Choice<R>[] => {
  const matches = wordFilter(query);
  const found = choices.filter(({ ref, label, note, more }) =>
    matches(`${label}\n${note}\n${more}\n${ref.kind === 'container' ? ref.id : ''}`),
  );
  const exact = query.trim() === '' ? [] : found.filter(({ note }) => note === query.trim());
  return exact.length === 0 ? found : [...exact, ...found.filter((choice) => !exact.includes(choice))];
};

/** What to begin with when nothing is chosen: the first two running containers, or one and the host. */
export const suggestPair = (
  choices: readonly Choice[],
  chosen: Ref | null = null,
): readonly [Choice, Choice] | null => {
  const isChosen = ({ ref }: Choice): boolean => chosen !== null && refText(ref) === refText(chosen);
  const host = choices.find(({ ref }) => ref.kind === 'host');
  const containers = choices.filter(({ ref }) => ref.kind === 'container');
  const first = chosen === null ? containers[0] : choices.find(isChosen);
  const second = containers.find((choice) => choice !== first) ?? host;
  return first === undefined || second === undefined || first === second ? null : [first, second];
};

/** Why a choice has nothing to compare. */
export const absentWords = (world: World, ref: Ref): string => {
  if (ref.kind === 'host') return 'The host’s first process could not be read.';
  if (ref.kind === 'process') return `Process ${ref.key.split('@')[0]} has ended.`;
  const container = world.containers.find(({ id }) => id === ref.id);
  return container === undefined
    ? `Container ${visible(shortId(ref.id))} is gone.`
    : `${visible(containerName(container))} is not running: it has no process to compare.`;
};
