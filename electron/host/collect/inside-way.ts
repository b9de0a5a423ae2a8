/** How to get at what is in a namespace: whose files tell it, and paths by which a child can enter. */
import type { NamespaceId, NamespaceType, Process, ProcessKey, World } from '../../../shared/model.ts';
import { mayEnter, readerOf } from '../../../shared/may-enter.ts';
import { enterWords } from '../../../shared/may-enter-words.ts';
import type { Learned } from '../../../shared/inside.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import type { Kernel } from '../read/kernel.ts';
import { isLocal } from './local-mounts.ts';
import { isDead } from './one-process.ts';

/** A namespace to enter, and where its file is. */
export interface Space {
  readonly id: NamespaceId;
  readonly type: NamespaceType;
  readonly path: string;
  /** Where else, should what is at `path` be gone by then. */
  readonly otherwise?: readonly string[];
}

/** Whose files below /proc speak of the namespace: a process in it, or a single thread. */
export interface Teller {
  readonly pid: number;
  readonly tid: number | null;
}

export interface Way {
  readonly id: NamespaceId;
  readonly type: NamespaceType;
  /** The one that was asked for, then the oldest processes, then threads whose process is elsewhere. */
  readonly tellers: readonly Teller[];
  /** Every member that can be seen, oldest first. */
  readonly members: readonly Process[];
  /** What a child must enter, in order; none for the namespace that this program is in. */
  readonly spaces: Learned<readonly Space[]>;
}

/** Members may have ended or moved since the world was looked at; more than this are not tried. */
const TRIED = 16;
/** Of the places where a namespace's file is. */
const PATHS = 4;

export const typeOf = (id: NamespaceId): NamespaceType => id.slice(0, id.indexOf(':')) as NamespaceType;

/** Its directory. */
export const directoryOf = ({ pid, tid }: Teller): string => `/proc/${pid}${tid === null ? '' : `/task/${tid}`}`;

/** `of`: the member to prefer. */
export const wayInto = (kernel: Kernel, world: World, id: NamespaceId, of: ProcessKey | null = null): Way => {
  const type = typeOf(id);
  const members = membersOf(world, id);
  const preferred = members.filter(({ key }) => key === of);
  const tried = [...new Set([...preferred, ...members.slice(0, TRIED)])];
  const tellers = [...tried.map(({ pid }) => ({ pid, tid: null })), ...threadsIn(world, id)];
  return { id, type, tellers, members, spaces: spacesOf(kernel, world, id, tellers) };
};

/** Oldest first. */
export const membersOf = (world: World, id: NamespaceId): readonly Process[] => {
  const type = typeOf(id);
  return world.processes
    .filter(({ namespaces, state }) => namespaces[type] === id && !isDead(state))
    .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid);
};

export const threadsIn = (world: World, id: NamespaceId): readonly Teller[] => {
  const threads = world.namespaces.find((fact) => fact.id === id)?.threads ?? [];
  return threads
    .filter(({ link }) => link === typeOf(id))
    .slice(0, TRIED)
    .map(({ pid, tid }) => ({ pid, tid }));
};

const isStill = (kernel: Kernel, path: string, id: NamespaceId): boolean => {
  const link = kernel.link(path);
  return link.ok && link.value === id;
};

const spacesOf = (
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  tellers: readonly Teller[],
): Learned<readonly Space[]> => {
  const type = typeOf(id);
  if (isStill(kernel, `/proc/self/ns/${type}`, id)) return { ok: true, value: [] };
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  const may = mayEnter(readerOf(world), id, facts);
  if (may.can === 'no') return { ok: false, why: 'refused', words: enterWords(may, id).sentence };
  const itself = spaceOf(kernel, world, id, tellers);
  if (itself === null)
    return { ok: false, why: 'no-way', words: `Nothing that this session may open leads into ${id}.` };
  if (may.can !== 'yes' || may.via === null) return { ok: true, value: [itself] };
  const inVia = membersOf(world, may.via).map(({ pid }) => ({ pid, tid: null }));
  const first = spaceOf(kernel, world, may.via, [...inVia, ...threadsIn(world, may.via)]);
  if (first === null)
    return { ok: false, why: 'no-way', words: `${may.via} must be entered first, and nothing leads into it.` };
  return { ok: true, value: [first, itself] };
};

const spaceOf = (kernel: Kernel, world: World, id: NamespaceId, tellers: readonly Teller[]): Space | null => {
  const type = typeOf(id);
  const paths: string[] = [];
  for (const path of pathsInto(kernel, world, id, tellers)) {
    paths.push(path);
    if (paths.length === PATHS) break;
  }
  const [path, ...otherwise] = paths;
  if (path === undefined) return null;
  return { id, type, path, ...(otherwise.length === 0 ? null : { otherwise }) };
};

/** Every place where its file is: of those in it, else an open file, a bind mount, a process whose children will be. */
export function* pathsInto(
  kernel: Kernel,
  world: World,
  id: NamespaceId,
  tellers: readonly Teller[],
): Generator<string, void> {
  const type = typeOf(id);
  for (const teller of tellers) {
    const path = `${directoryOf(teller)}/ns/${type}`;
    if (isStill(kernel, path, id)) yield path;
  }
  const fact = world.namespaces.find((one) => one.id === id);
  for (const { pid, tid = null, fd } of fact?.fds ?? []) {
    const path = `${directoryOf({ pid, tid })}/fd/${fd}`;
    if (isStill(kernel, path, id)) yield path;
  }
  for (const { pid, tid = null, fd } of fact?.sockets ?? []) {
    // Whether the socket is still in it, is asked when it is opened.
    const path = `${directoryOf({ pid, tid })}/fd/${fd}`;
    const link = kernel.link(path);
    if (link.ok && link.value.startsWith('socket:[')) yield path;
  }
  for (const { pid, path } of fact?.binds ?? []) {
    if (pid === null) continue;
    // Whoever mounted something else on the way could make us wait for ever.
    const mounts = parsed(kernel.text(`/proc/${pid}/mountinfo`), parseMountinfo);
    if (mounts.ok && isLocal(path, mounts.value)) yield `/proc/${pid}/root${path}`;
  }
  for (const { pid, tid, link } of fact?.threads ?? []) {
    const path = `${directoryOf({ pid, tid })}/ns/${link}`;
    if (link !== type && isStill(kernel, path, id)) yield path;
  }
  if (type !== 'pid' && type !== 'time') return;
  const link = `${type}_for_children` as const;
  for (const { pid, namespaces } of world.processes) if (namespaces[link] === id) yield `/proc/${pid}/ns/${link}`;
}
