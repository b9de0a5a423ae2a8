/** A start of nsenter(1): what is run, and the look at its target right before. */
import { PortholeError } from '../../../shared/frames.ts';
import { nsenterArgv, nsenterForks, targetPid } from '../../../shared/nsenter-argv.ts';
import type { NsenterOptions } from '../../../shared/nsenter.ts';
import type { Kernel } from '../read/kernel.ts';
import { livingStat } from './kin.ts';

export interface NsenterStart {
  readonly how: 'nsenter';
  readonly argv: readonly string[];
  readonly forks: boolean;
  /** Throws if the number is another process's by now: nsenter knows its target by number alone. */
  readonly check: (kernel: Kernel) => void;
}

export const nsenterStart = (options: NsenterOptions): NsenterStart => ({
  how: 'nsenter',
  argv: nsenterArgv(options),
  forks: nsenterForks(options),
  check: (kernel) => {
    const pid = targetPid(options);
    if (pid === null) return;
    const stat = livingStat(kernel, pid);
    if (stat !== null && `${pid}@${stat.starttime}` === options.target) return;
    throw new PortholeError(
      'not-found',
      `Process ${pid} has ended; whatever has its number now is not what was chosen.`,
    );
  },
});
