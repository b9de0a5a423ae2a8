/** Files about the whole machine, of which Porthole needs a number or two each. */
import { decimal, FormatError } from './format-error.ts';

export interface SystemStat {
  /** Seconds since 1970. */
  readonly btime: number;
  /** CPUs that are on. */
  readonly cpus: number;
}

/** /proc/stat; man 5 proc_stat. */
export const parseSystemStat = (text: string): SystemStat => ({
  btime: decimal(/^btime (\S+)$/m.exec(text)?.[1], '/proc/stat'),
  cpus: text.match(/^cpu\d+ /gm)?.length ?? 0,
});

/** /proc/uptime: seconds since boot, to a hundredth; man 5 proc_uptime. */
export const parseUptime = (text: string): number => {
  const found = /^(\d+\.\d+) /.exec(text);
  if (found === null) throw new FormatError('/proc/uptime', text);
  return Number(found[1]);
};

/** MemTotal of /proc/meminfo, bytes; man 5 proc_meminfo. */
export const parseMemTotalBytes = (text: string): number =>
  decimal(/^MemTotal: +(\d+) kB$/m.exec(text)?.[1], '/proc/meminfo') * 1024;

/** First number of /proc/PID/schedstat: nanoseconds on a CPU; Documentation/scheduler/sched-stats.rst. */
export const parseSchedstatRunNanos = (text: string): number => decimal(text.split(/\s/)[0], 'schedstat');
