import { decimal, FormatError } from './format-error.ts';

/** One line of /proc/PID/mountinfo; man 5 proc_pid_mountinfo. */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** The part of the file system that is mounted here. For nsfs: `net:[4026532283]`. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  readonly superOptions: readonly string[];
}

/** Space, tab, newline and backslash come as octal; mangle() in fs/proc_namespace.c. */
const unmangled = (text: string): string =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

export const parseMountinfo = (text: string): Mount[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const words = line.split(' ');
      // Optional fields end with a lone hyphen.
      const hyphen = words.indexOf('-', 6);
      const type = words[hyphen + 1];
      if (hyphen < 0 || type === undefined) throw new FormatError('mountinfo', line);
      return {
        id: decimal(words[0], 'mountinfo'),
        parent: decimal(words[1], 'mountinfo'),
        root: unmangled(words[3] ?? ''),
        mountPoint: unmangled(words[4] ?? ''),
        type: unmangled(type),
        superOptions: unmangled(words[hyphen + 3] ?? '').split(','),
      };
    });
