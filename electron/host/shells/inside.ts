/** Reading back what a terminal's program became: which process it is, and in which namespaces. */
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import type { TerminalInside } from '../../../shared/terminal.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Kernel } from '../read/kernel.ts';
import { livingStat } from './kin.ts';

export type Namespaces = Readonly<Record<NamespaceType, NamespaceId | null>>;
export type NamespacesOf = (pid: number) => Promise<Namespaces | null>;

export interface Started {
  /** The process on the terminal. */
  readonly pid: number;
  readonly argv: readonly string[];
  /** Command lines it has on the way to the program's, besides {@link argv}. */
  readonly passing?: readonly (readonly string[])[];
  /** Whether that process only waits for a child, which is the program. */
  readonly forks: boolean;
}

export interface Found {
  readonly inside: TerminalInside;
  readonly starttime: number;
}

/** Of a process that lives and lets nobody look: another user's, started by an engine. */
const UNREAD = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, null])) as Record<NamespaceType, null>;

/** `null` until the program has been executed, and once it is gone. */
export const findInside = async (
  kernel: Kernel,
  started: Started,
  namespacesOf: NamespacesOf,
): Promise<Found | null> => {
  const pid = started.forks ? childOf(kernel, started.pid) : started.pid;
  if (pid === null) return null;
  const before = livingStat(kernel, pid);
  if (before === null || !hasEntered(kernel, pid, [started.argv, ...(started.passing ?? [])])) return null;
  const namespaces = await namespacesOf(pid);
  const status = parsed(kernel.record(`/proc/${pid}/status`), parseStatusHead);
  const stat = livingStat(kernel, pid);
  // The pid may have become another's while we looked.
  if (!status.ok || stat === null || stat.starttime !== before.starttime) return null;
  // NSpid is as old as Linux 4.1, older than any kernel this program starts on.
  const innerPid = status.value.nspid.at(-1) ?? pid;
  return { inside: { pid, comm: stat.comm, innerPid, namespaces: namespaces ?? UNREAD }, starttime: stat.starttime };
};

/** Before execve(2) a process still has the command line of the one it was forked from: unshare's, or the host's. */
const hasEntered = (kernel: Kernel, pid: number, before: readonly (readonly string[])[]): boolean => {
  const cmdline = kernel.text(`/proc/${pid}/cmdline`);
  if (!cmdline.ok || cmdline.value === '') return false;
  const host = kernel.text('/proc/self/cmdline');
  const isBefore = before.some((argv) => cmdline.value === `${argv.join('\0')}\0`);
  return !isBefore && (!host.ok || cmdline.value !== host.value);
};

/** The first child; unshare(1) has but one. */
const childOf = (kernel: Kernel, pid: number): number | null => {
  // Needs CONFIG_PROC_CHILDREN, which common kernels have; man 5 proc_pid_task.
  const children = kernel.text(`/proc/${pid}/task/${pid}/children`);
  if (children.ok) return Number.parseInt(children.value, 10) || null;
  if (children.why !== 'absent') return null;
  const names = kernel.list('/proc');
  const pids = names.ok ? names.value.filter((name) => /^\d+$/.test(name)).map(Number) : [];
  return pids.find((other) => livingStat(kernel, other)?.ppid === pid) ?? null;
};
