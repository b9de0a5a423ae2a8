/** A start of nsenter(1): what is run, and the look at its target right before. */
import { PortholeError } from '../../../shared/frames.ts';
import { joiningArgv, joiningOf } from '../../../shared/join-cgroups.ts';
import { nsenterArgv, nsenterForks, targetPid } from '../../../shared/nsenter-argv.ts';
import type { NsenterOptions } from '../../../shared/nsenter.ts';
import { mountsOwnProc } from '../../../shared/own-proc.ts';
import { readHierarchies } from '../collect/cgroup-hierarchies.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parsed } from '../parse/format-error.ts';
import type { Kernel } from '../read/kernel.ts';
import { livingStat } from './kin.ts';

export interface NsenterStart {
  readonly how: 'nsenter';
  readonly argv: readonly string[];
  /** Command lines that the program on the terminal has on its way to being nsenter's. */
  readonly passing: readonly (readonly string[])[];
  readonly forks: boolean;
  /** Throws if the number is another process's by now: nsenter knows its target by number alone. */
  readonly check: (kernel: Kernel) => void;
}

/** Throws a {@link PortholeError} if cgroups are to be joined and the target's cannot be read. */
export const nsenterStart = (options: NsenterOptions, kernel: Kernel): NsenterStart => {
  const argv = nsenterArgv(options);
  const check = (kernel: Kernel): void => {
    const pid = targetPid(options);
    if (pid === null) return;
    const stat = livingStat(kernel, pid);
    if (stat !== null && `${pid}@${stat.starttime}` === options.target) return;
    throw new PortholeError(
      'not-found',
      `Process ${pid} has ended; whatever has its number now is not what was chosen.`,
    );
  };
  const start = { how: 'nsenter', forks: nsenterForks(options), check } as const;
  const before = mountsOwnProc(options.program) ? [options.program] : [];
  if (!options.joinCgroups) return { ...start, argv, passing: before };
  return { ...start, argv: joiningArgv(filesToJoin(kernel, targetPid(options)), argv), passing: [argv, ...before] };
};

const filesToJoin = (kernel: Kernel, pid: number | null): readonly string[] => {
  if (pid === null) throw new PortholeError('failed', 'No target whose cgroups could be joined.');
  const memberships = parsed(kernel.text(`/proc/${pid}/cgroup`), parseCgroup);
  if (!memberships.ok) {
    const gone = memberships.why === 'gone';
    const words = gone ? `Process ${pid} has ended.` : `Its cgroups cannot be read: ${memberships.call}.`;
    throw new PortholeError(gone ? 'not-found' : 'failed', words);
  }
  return joiningOf(memberships.value, readHierarchies(kernel).list).files;
};
