/** A file that stands for a namespace, as setns(2) takes it. */
import { NAMESPACE_LINKS, type NamespaceFd, type NamespaceThread, type World } from './model.ts';
import type { NamespaceView } from './namespaces.ts';

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
