/** What the mount of /proc keeps from this reader; man 5 proc, "Mount options". */
import { capabilityBits } from '../../../shared/capabilities.ts';
import type { Process, ProcessStatus, ProcHides } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';
import { parseLoadavgTasks } from '../parse/loadavg.ts';
import type { Mount } from '../parse/mountinfo.ts';
import type { Kernel } from '../read/kernel.ts';

/** Words since Linux 5.8, numbers before. */
const HIDEPID: Readonly<Record<string, ProcHides['hidepid']>> = {
  '1': 'noaccess',
  '2': 'invisible',
  '4': 'ptraceable',
  noaccess: 'noaccess',
  invisible: 'invisible',
  ptraceable: 'ptraceable',
};

/** Bit of man 7 capabilities: whoever holds it sees all the same. */
const CAP_SYS_PTRACE = 19;

/** `null` where nothing is kept from this reader; has_pid_permissions in fs/proc/base.c. */
export const procHides = (
  mounts: readonly Mount[],
  { gids, groups, capabilities }: ProcessStatus,
): ProcHides | null => {
  // Of several, the one that lies uppermost.
  const proc = mounts.findLast(({ type, mountPoint }) => type === 'proc' && mountPoint === '/proc');
  const option = (name: string): string | undefined =>
    proc?.superOptions.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  const hidepid = HIDEPID[option('hidepid') ?? ''];
  if (hidepid === undefined || capabilityBits(capabilities.effective).includes(CAP_SYS_PTRACE)) return null;
  const gid = Number(option('gid') ?? 0);
  // Members of that group see all, but for the strictest form.
  if (hidepid !== 'ptraceable' && (gids[3] === gid || groups.includes(gid))) return null;
  return { hidepid, gid };
};

/** The pid namespace that a machine starts with; include/linux/proc_ns.h. */
const FIRST = 'pid:[4026531836]';

/**
 * How many tasks the kernel counts beyond those of `processes`; not exact, for the two are not asked at the same moment. `null`
 * where it cannot be had: from another pid namespace than the first the count is of tasks that no /proc here would list.
 */
export const tasksUnseen = (kernel: Kernel, processes: readonly Process[]): number | null => {
  const pidNamespace = kernel.link('/proc/self/ns/pid');
  if (!pidNamespace.ok || pidNamespace.value !== FIRST) return null;
  const all = parsed(kernel.text('/proc/loadavg'), parseLoadavgTasks);
  if (!all.ok) return null;
  return Math.max(0, all.value - processes.reduce((sum, { threads }) => sum + threads, 0));
};
