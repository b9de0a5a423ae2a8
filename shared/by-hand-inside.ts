/** The same by hand: what is inside a namespace. */
import type { ByHand } from './by-hand.ts';
import type { NamespaceType } from './model.ts';
import { fdPath, threadPath } from './namespace-file.ts';
import type { NamespaceView } from './namespaces.ts';
import { NSENTER_NAMESPACES } from './nsenter-argv.ts';
import { commandLine } from './text.ts';

export type InsideTopic =
  | 'interfaces'
  | 'sockets'
  | 'routes'
  | 'mounts'
  | 'names'
  | 'sysv'
  | 'limits'
  | 'numbers'
  | 'users'
  | 'roots'
  | 'clocks';

/** `null`: of nothing that is left can it be asked. */
type Entry = { readonly pid: number } | { readonly path: string } | null;

const entryOf = ({ leader, heldBy, type }: NamespaceView): Entry => {
  if (leader !== null) return { pid: leader };
  // Under /proc a thread is found by its number as well, though no listing names it.
  for (const holder of heldBy) if (holder.kind === 'thread' && holder.link === type) return { pid: holder.tid };
  for (const holder of heldBy) {
    if (holder.kind === 'bind' && holder.pid !== null) return { path: holder.path };
    if (holder.kind === 'fd') return { path: fdPath(holder) };
    if (holder.kind === 'thread') return { path: threadPath(holder) };
  }
  return null;
};

const COMMANDS: Readonly<Partial<Record<InsideTopic, readonly string[]>>> = {
  interfaces: ['ip', '-details', '-statistics', 'address'],
  sockets: ['ss', '--listening', '--tcp', '--udp', '--raw', '--sctp', '--packet', '--unix', '--numeric', '--processes'],
  routes: ['ip', 'route', 'show', 'table', 'all'],
  names: ['uname', '-n', '-r'],
  sysv: ['ipcs', '-a'],
  limits: ['ipcs', '-l'],
  numbers: ['cat', '/proc/sys/kernel/pid_max', '/proc/sys/kernel/ns_last_pid'],
};

/** The command for one section of the inspector; `null` where only a process in it could be asked, and none is. */
export const insideByHand = (view: NamespaceView, topic: InsideTopic): ByHand | null => {
  const entry = entryOf(view);
  const pid = entry !== null && 'pid' in entry ? entry.pid : null;
  const plain = (...argv: string[]): ByHand => ({ argv, text: commandLine(argv) });
  switch (topic) {
    case 'mounts':
      return pid === null
        ? null
        : plain('findmnt', '-N', String(pid), '-o', 'TARGET,SOURCE,FSTYPE,OPTIONS,PROPAGATION');
    case 'users':
      return pid === null
        ? null
        : plain('head', ...['uid_map', 'gid_map', 'setgroups'].map((name) => `/proc/${pid}/${name}`));
    case 'clocks':
      return pid === null ? null : plain('cat', `/proc/${pid}/timens_offsets`);
    case 'roots':
      return pid === null ? null : plain('nsenter', '-t', String(pid), '--cgroup', 'cat', `/proc/${pid}/cgroup`);
    default: {
      const command = COMMANDS[topic] ?? [];
      if (view.host) return plain(...command);
      if (entry === null) return null;
      const option = optionOf(view.type);
      const where = 'pid' in entry ? ['-t', String(entry.pid), `--${option}`] : [`--${option}=${entry.path}`];
      return plain('nsenter', ...where, ...command);
    }
  }
};

const optionOf = (type: NamespaceType): string => NSENTER_NAMESPACES.find((one) => one.type === type)?.option ?? type;
