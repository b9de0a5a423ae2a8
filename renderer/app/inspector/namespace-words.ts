/** The eight namespace types in words; man 7 namespaces. */
import type { NamespaceType, Process, Relation, World } from '../../../shared/model.ts';
import { sharedWith } from '../../../shared/namespace-role.ts';
import type { NamespaceView } from '../../../shared/namespaces.ts';
import { containerLabel, listed } from '../../../shared/sentence.ts';
import { visible } from '../../../shared/text.ts';

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

/** More names than this are counted instead. */
const NAMED_AT_MOST = 4;

/** What it separates and who is in it: `Interfaces, … Shared by db and web.` */
export const namespaceSentence = (world: World, view: NamespaceView, leader: Process | null): string => {
  const what = TYPE_MEANINGS[view.type];
  if (view.host) return `${what} This is the host’s own.`;
  // Of a process that could not be read nobody knows whether it is in it.
  const unread = world.processes.some(({ state, namespaces }) => namespaces[view.type] === null && state !== 'Z');
  if (leader === null) return `${what} No process${unread ? ' that could be read' : ''} is in it.`;
  const names = [
    ...view.containers.map((id) => containerLabel(world, id)),
    ...usersOutside(world, view, leader).map(({ comm, pid }) => `${visible(comm)} (${pid})`),
  ];
  if (names.length < 2)
    return `${what} ${names[0] ?? 'One process'} has it for itself${unread ? ', as far as could be read' : ''}.`;
  const named = names.length <= NAMED_AT_MOST ? names : [...names.slice(0, 3), `${names.length - 3} more`];
  return `${what} Shared by ${listed(named)}.`;
};

/** Those outside of containers that one would name as its users: each for itself and what descends from it. */
const usersOutside = (world: World, view: NamespaceView, leader: Process): readonly Process[] => {
  const others = sharedWith(world, leader, view.type).flatMap((user) =>
    user.kind === 'process' ? [user.process] : [],
  );
  return leader.container === null ? [leader, ...others] : others;
};
