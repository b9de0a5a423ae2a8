/** What keeps a namespace alive, in words. */
import type { NamespaceFd } from '../../shared/model.ts';
import type { Holder } from '../../shared/namespaces.ts';

/** The first of each kind by name, the rest counted. May hold text from the machine. */
export const heldInWords = (holders: readonly Holder[]): string => {
  const kinds = new Map<Holder['kind'], Holder[]>();
  for (const holder of holders) kinds.set(holder.kind, [...(kinds.get(holder.kind) ?? []), holder]);
  return [...kinds.values()]
    .map((alike) =>
      alike.length === 1 ? holderInWords(alike[0]!) : `${holderInWords(alike[0]!)} +${alike.length - 1}`,
    )
    .join(', ');
};

const whose = ({ pid, tid }: NamespaceFd): string => (tid === undefined ? String(pid) : `thread ${tid} of ${pid}`);

export const holderInWords = (holder: Holder): string => {
  switch (holder.kind) {
    case 'process':
      return holder.processes === 1 ? 'process' : 'processes';
    case 'for-children':
      return `children of ${holder.pid}`;
    case 'bind':
      return holder.pid === null ? `mount ${holder.path} in ${holder.mnt ?? '?'}` : `mount ${holder.path}`;
    case 'thread':
      return `thread ${holder.tid} of ${holder.pid}`;
    case 'fd':
      return `fd ${holder.fd} of ${whose(holder)}`;
    case 'socket':
      return `socket fd ${holder.fd} of ${whose(holder)}`;
    case 'child':
      return `child ${holder.id}`;
    case 'owned':
      return `owns ${holder.id}`;
  }
};
