/**
 * Ends what a host that was killed left running: PID 1 of a PID namespace hears no SIGHUP, others have trapped it. Started
 * by {@link OrphanWatch} once the host is gone, with the processes that were on its terminals as its only argument.
 */
import type { ProcessKey } from '../../../shared/model.ts';
import { LinuxKernel } from '../read/kernel.ts';
import { endKin, withSessions } from './kin.ts';

const KEY = /^\d+@\d+$/;
const kernel = new LinuxKernel();
const keys = (process.argv[2] ?? '').split(' ').filter((word): word is ProcessKey => KEY.test(word));
if (keys.length > 0) await endKin(kernel, withSessions(kernel, keys));
