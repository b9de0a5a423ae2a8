import type { EnvironmentEntry } from '../../../shared/model.ts';
import { splitNul } from './cmdline.ts';

/**
 * /proc/PID/environ; man 5 proc_pid_environ. The environment as it was at exec, and whatever the program has since written
 * over it. In the order of the file.
 */
export const parseEnviron = (text: string): EnvironmentEntry[] =>
  splitNul(text).map((entry) => {
    const equals = entry.indexOf('=');
    return equals < 0 ? { name: entry, value: null } : { name: entry.slice(0, equals), value: entry.slice(equals + 1) };
  });
