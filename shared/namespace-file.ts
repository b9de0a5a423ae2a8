/** A file that stands for a namespace, as setns(2) takes it. */
import {
  NAMESPACE_LINKS,
  type NamespaceFd,
  type NamespaceId,
  type NamespaceLink,
  type NamespaceThread,
  type NamespaceType,
  type World,
} from './model.ts';
import { namespacesOf, type NamespaceView } from './namespaces.ts';

/** Threads that share their open files have them in one folder. */
export const fdPath = ({ pid, tid, fd }: NamespaceFd): string =>
  `/proc/${pid}${tid === undefined ? '' : `/task/${tid}`}/fd/${fd}`;

export const threadPath = ({ pid, tid, link }: NamespaceThread): string => `/proc/${pid}/task/${tid}/ns/${link}`;

/** Where no process is in it: its bind mount, a thread's link, a descriptor, or the link of one whose children will be in it. */
export const namespaceFile = (world: World, { id, heldBy, type }: NamespaceView): string | null => {
  const far: string[] = [];
  for (const holder of heldBy) {
    if (holder.kind === 'bind') {
      // To it leads no path from here.
      if (holder.pid === null) continue;
      const process = world.processes.find(({ pid }) => pid === holder.pid);
      // A mount made here is seen in mount namespaces that follow this one, too: by its own path it is found longest.
      if (process?.namespaces.mnt === world.host.namespaces.mnt) return holder.path;
      far.push(`/proc/${holder.pid}/root${holder.path}`);
    } else if (holder.kind === 'thread') far.push(threadPath(holder));
    else if (holder.kind === 'fd') far.push(fdPath(holder));
    else if (holder.kind === 'for-children') {
      const process = world.processes.find(({ pid }) => pid === holder.pid);
      const link = NAMESPACE_LINKS.find((name) => name !== type && process?.namespaces[name] === id);
      if (link !== undefined) far.push(`/proc/${holder.pid}/ns/${link}`);
    }
  }
  return far[0] ?? null;
};

/** A file that stands for the namespace with this id: a member's link, or what else is found of it. */
export const fileOfNamespace = (world: World, id: NamespaceId): string | null => {
  const type = id.slice(0, id.indexOf(':')) as NamespaceType;
  const member = world.processes.find(({ namespaces }) => namespaces[type] === id);
  if (member !== undefined) return `/proc/${member.pid}/ns/${type}`;
  const view = namespacesOf(world).find((view) => view.id === id);
  return view === undefined ? null : namespaceFile(world, view);
};

const isLink = (name: string): name is NamespaceLink => (NAMESPACE_LINKS as readonly string[]).includes(name);

/** The namespace that a file stands for, as far as this look at the machine knows it. */
export const namespaceOfFile = (world: World, path: string): NamespaceId | null => {
  const [, pid, tid, link = '', fd] = /^\/proc\/(\d+)\/(?:task\/(\d+)\/)?(?:ns\/(\w+)|fd\/(\d+))$/.exec(path) ?? [];
  if (pid !== undefined && tid === undefined && fd === undefined) {
    const process = world.processes.find((process) => process.pid === Number(pid));
    return isLink(link) ? (process?.namespaces[link] ?? null) : null;
  }
  const mounted = world.processes.filter(({ namespaces }) => namespaces.mnt === world.host.namespaces.mnt);
  const here = new Set(mounted.map(({ pid }) => pid));
  const found = world.namespaces.find(({ binds, fds, threads = [] }) =>
    pid === undefined
      ? binds.some((bind) => bind.path === path && bind.pid !== null && here.has(bind.pid))
      : fds.some((one) => fdPath(one) === path) || threads.some((one) => threadPath(one) === path),
  );
  return found?.id ?? null;
};
