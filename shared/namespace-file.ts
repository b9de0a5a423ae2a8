/** A file that stands for a namespace, as setns(2) takes it. */
import { NAMESPACE_LINKS, type World } from './model.ts';
import type { NamespaceView } from './namespaces.ts';

/** Where no process is in it: its bind mount, a descriptor of it, or the link of one whose children will be in it. */
export const namespaceFile = (world: World, { id, heldBy, type }: NamespaceView): string | null => {
  const far: string[] = [];
  for (const holder of heldBy) {
    if (holder.kind === 'bind') {
      const process = world.processes.find(({ pid }) => pid === holder.pid);
      // A mount made here is seen in mount namespaces that follow this one, too: by its own path it is found longest.
      if (process?.namespaces.mnt === world.host.namespaces.mnt) return holder.path;
      far.push(`/proc/${holder.pid}/root${holder.path}`);
    } else if (holder.kind === 'fd') far.push(`/proc/${holder.pid}/fd/${holder.fd}`);
    else if (holder.kind === 'for-children') {
      const process = world.processes.find(({ pid }) => pid === holder.pid);
      const link = NAMESPACE_LINKS.find((name) => name !== type && process?.namespaces[name] === id);
      if (link !== undefined) far.push(`/proc/${holder.pid}/ns/${link}`);
    }
  }
  return far[0] ?? null;
};
