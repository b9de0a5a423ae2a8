import type { Mount } from '../../../shared/mounts.ts';
import { decimal, FormatError } from './format-error.ts';

export type { Mount };

/** Space, tab, newline and backslash come as octal; mangle() in fs/proc_namespace.c. */
const unmangled = (text: string): string =>
  text.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

/** A comma within a value is escaped too: split first. */
const list = (text: string | undefined): string[] => (text ?? '').split(',').map(unmangled);

/** The fields between the options and the hyphen; unknown ones are to be skipped. */
const group = (fields: readonly string[], tag: string): number | null => {
  const field = fields.find((text) => text.startsWith(`${tag}:`));
  return field === undefined ? null : decimal(field.slice(tag.length + 1), 'mountinfo');
};

/** /proc/PID/mountinfo; man 5 proc_pid_mountinfo. */
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
      const fields = words.slice(6, hyphen);
      return {
        id: decimal(words[0], 'mountinfo'),
        parent: decimal(words[1], 'mountinfo'),
        device: words[2] ?? '',
        root: unmangled(words[3] ?? ''),
        mountPoint: unmangled(words[4] ?? ''),
        options: list(words[5]),
        shared: group(fields, 'shared'),
        master: group(fields, 'master'),
        propagateFrom: group(fields, 'propagate_from'),
        unbindable: fields.includes('unbindable'),
        type: unmangled(type),
        source: unmangled(words[hyphen + 2] ?? ''),
        superOptions: list(words[hyphen + 3]),
      };
    });
