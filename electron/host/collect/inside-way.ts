/** How to get at what is in a namespace: a member whose files tell it, and a path by which a child can enter. */
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
}

export interface Way {
  /** The oldest member that is still one, or the one that was asked for; `null` if none can be seen. */
  readonly member: Process | null;
  /** Every member that can be seen, oldest first. */
  readonly members: readonly Process[];
  /** What a child must enter, in order; none for the namespace that this program is in. */
  readonly spaces: Learned<readonly Space[]>;
}

/** Members may have ended or moved since the world was looked at; more than this are not tried. */
const TRIED = 16;

const typeOf = (id: NamespaceId): NamespaceType => id.slice(0, id.indexOf(':')) as NamespaceType;

/** `of`: the member to prefer. */
export const wayInto = (kernel: Kernel, world: World, id: NamespaceId, of: ProcessKey | null = null): Way => {
  const type = typeOf(id);
  const members = membersOf(world, id);
  const preferred = members.filter(({ key }) => key === of);
  const tried = [...preferred, ...members.slice(0, TRIED)];
  const member = tried.find(({ pid }) => isStill(kernel, `/proc/${pid}/ns/${type}`, id)) ?? null;
  return { member, members, spaces: spacesOf(kernel, world, id, member) };
};

/** Oldest first. */
export const membersOf = (world: World, id: NamespaceId): readonly Process[] => {
  const type = typeOf(id);
  return world.processes
    .filter(({ namespaces, state }) => namespaces[type] === id && !isDead(state))
    .sort((a, b) => a.starttime - b.starttime || a.pid - b.pid);
};

const isStill = (kernel: Kernel, path: string, id: NamespaceId): boolean => {
  const link = kernel.link(path);
  return link.ok && link.value === id;
};

const spacesOf = (kernel: Kernel, world: World, id: NamespaceId, member: Process | null): Learned<readonly Space[]> => {
  const type = typeOf(id);
  if (isStill(kernel, `/proc/self/ns/${type}`, id)) return { ok: true, value: [] };
  const facts = new Map(world.namespaces.map((fact) => [fact.id, fact]));
  const may = mayEnter(readerOf(world), id, facts);
  if (may.can === 'no') return { ok: false, why: 'refused', words: enterWords(may, id).sentence };
  const path = member === null ? pathBeside(kernel, world, id) : `/proc/${member.pid}/ns/${type}`;
  if (path === null) return { ok: false, why: 'no-way', words: `Nothing that this session may open leads into ${id}.` };
  const itself: Space = { id, type, path };
  if (may.can !== 'yes' || may.via === null) return { ok: true, value: [itself] };
  const inVia = membersOf(world, may.via)[0];
  if (inVia === undefined)
    return { ok: false, why: 'no-way', words: `${may.via} must be entered first, and no process is in it.` };
  return { ok: true, value: [{ id: may.via, type: 'user', path: `/proc/${inVia.pid}/ns/user` }, itself] };
};

/** Where nobody is in it: an open file, a bind mount, a process whose children will be born into it. */
const pathBeside = (kernel: Kernel, world: World, id: NamespaceId): string | null => {
  const fact = world.namespaces.find((one) => one.id === id);
  for (const { pid, fd } of fact?.fds ?? []) {
    const path = `/proc/${pid}/fd/${fd}`;
    if (isStill(kernel, path, id)) return path;
  }
  for (const { pid, fd } of fact?.sockets ?? []) {
    // Whether the socket is still in it, is asked when it is opened.
    const path = `/proc/${pid}/fd/${fd}`;
    const link = kernel.link(path);
    if (link.ok && link.value.startsWith('socket:[')) return path;
  }
  for (const { pid, path } of fact?.binds ?? []) {
    // Whoever mounted something else on the way could make us wait for ever.
    const mounts = parsed(kernel.text(`/proc/${pid}/mountinfo`), parseMountinfo);
    if (mounts.ok && isLocal(path, mounts.value)) return `/proc/${pid}/root${path}`;
  }
  const type = typeOf(id);
  if (type !== 'pid' && type !== 'time') return null;
  const link = `${type}_for_children` as const;
  const holder = world.processes.find(({ namespaces }) => namespaces[link] === id);
  return holder === undefined ? null : `/proc/${holder.pid}/ns/${link}`;
};
