/** Strings ended by NUL each; the last may lack it. */
export const splitNul = (text: string): string[] => {
  if (text === '') return [];
  return (text.endsWith('\0') ? text.slice(0, -1) : text).split('\0');
};

/**
 * /proc/PID/cmdline; man 5 proc_pid_cmdline. `[]` for kernel threads and zombies. A program that writes a title over its
 * arguments (setproctitle: redis, nginx, postgres) leaves the rest of them as NULs, which are no arguments: two or more
 * empty ones behind a single text are taken for that, for a title has no NUL in it.
 */
export const parseCmdline = (text: string): string[] => {
  const padding = /^[^\0]*(?=\0{3,}$)/.exec(text);
  return splitNul(padding === null ? text : padding[0]);
};
