/** The eight namespace types in words; man 7 namespaces. */
import type { NamespaceType, Relation } from '../../../shared/model.ts';
import type { Holder } from '../../../shared/namespaces.ts';

export const TYPE_NAMES: Readonly<Record<NamespaceType, string>> = {
  mnt: 'Mount namespace',
  uts: 'UTS namespace',
  ipc: 'IPC namespace',
  net: 'Network namespace',
  pid: 'PID namespace',
  user: 'User namespace',
  cgroup: 'Cgroup namespace',
  time: 'Time namespace',
};

export const TYPE_MEANINGS: Readonly<Record<NamespaceType, string>> = {
  mnt: 'Which file systems are mounted, and where.',
  uts: 'Host name and NIS domain name.',
  ipc: 'System V shared memory, semaphores and queues, and POSIX message queues.',
  net: 'Interfaces, addresses, routes, ports and firewall rules.',
  pid: 'Process numbers: its first process is PID 1 in it, and none sees a process outside.',
  user: 'Users, groups and capabilities: who is root, and over what.',
  cgroup: 'Which cgroup looks like the root of the tree.',
  time: 'Offsets of the monotonic and the boot-time clock.',
};

/** Types with a parent: the others have no hierarchy. */
const HIERARCHICAL: readonly NamespaceType[] = ['pid', 'user'];

/** Owner or parent where it is no namespace; `null` where it is one. */
export const relationWords = (relation: Relation, kind: 'owner' | 'parent', type: NamespaceType): string | null => {
  switch (relation) {
    case 'none':
      if (kind === 'parent' && !HIERARCHICAL.includes(type)) return `${type} has no hierarchy`;
      return kind === 'parent' ? 'none: the initial one' : 'none';
    case 'not-allowed':
      return 'outside of what this session may see (EPERM)';
    case 'unknown':
      return 'could not be asked';
    default:
      return null;
  }
};

export interface HolderWords {
  readonly name: string;
  /** Hostile text where it is a path or a name. */
  readonly value: string;
}

/** What keeps a namespace alive, a row each. */
export const holderWords = (holder: Holder): HolderWords => {
  switch (holder.kind) {
    case 'process':
      return { name: 'Processes', value: `${holder.processes}, the oldest ${holder.comm} ${holder.pid}` };
    case 'for-children':
      return { name: 'Next child', value: `of ${holder.comm} ${holder.pid}` };
    case 'bind':
      return { name: 'Bind mount', value: `${holder.path} (seen by ${holder.pid})` };
    case 'fd':
      return { name: 'Open fd', value: `/proc/${holder.pid}/fd/${holder.fd}` };
    case 'child':
      return { name: 'Child', value: holder.id };
    case 'owned':
      return { name: 'Owns', value: holder.id };
  }
};
