import type { RunPlaces, RunTimes, Scheduling } from '../../../shared/process-account.ts';
import { decimal, FormatError } from './format-error.ts';

/** Of /proc/PID/stat, how the thread is scheduled; man 5 proc_pid_stat. */
export const parseScheduling = (text: string): Scheduling => {
  const close = text.lastIndexOf(')');
  if (close < 0) throw new FormatError('stat', text);
  const rest = text
    .slice(close + 2)
    .trimEnd()
    .split(' ');
  const field = (n: number): number => decimal(rest[n - 3], 'stat');
  return {
    nice: field(19),
    lastCpu: field(39),
    realtimePriority: field(40),
    policy: field(41),
    minorFaults: field(10),
    majorFaults: field(12),
  };
};

/** /proc/PID/schedstat; Documentation/scheduler/sched-stats.rst. */
export const parseRunTimes = (text: string): RunTimes => {
  const [ran, waited, times, ...more] = text.trimEnd().split(' ');
  if (more.length > 0) throw new FormatError('schedstat', text);
  return {
    ranNanos: decimal(ran, 'schedstat'),
    waitedNanos: decimal(waited, 'schedstat'),
    timesRun: decimal(times, 'schedstat'),
  };
};

const LIST = /^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/;

/** Of /proc/PID/status, where the thread may run and how often it stopped doing so; man 5 proc_pid_status. */
export const parseRunPlaces = (text: string): RunPlaces => {
  const value = (key: string): string | null => new RegExp(`^${key}:[\\t ]*(.*)$`, 'm').exec(text)?.[1] ?? null;
  const count = (key: string): number | null => {
    const found = value(key);
    return found === null ? null : decimal(found, 'status');
  };
  const list = (key: string): string | null => {
    const found = value(key);
    if (found !== null && !LIST.test(found)) throw new FormatError('status', found);
    return found;
  };
  return {
    voluntarySwitches: count('voluntary_ctxt_switches'),
    involuntarySwitches: count('nonvoluntary_ctxt_switches'),
    cpusAllowed: list('Cpus_allowed_list'),
    memoryNodesAllowed: list('Mems_allowed_list'),
  };
};
