import { decimal } from './format-error.ts';

/** The tasks that the kernel has, of all pid namespaces: threads of processes and its own; fourth field of /proc/loadavg, man 5 proc_loadavg. */
export const parseLoadavgTasks = (text: string): number =>
  decimal(/^\S+ \S+ \S+ \d+\/(\d+) /.exec(text)?.[1], '/proc/loadavg');
