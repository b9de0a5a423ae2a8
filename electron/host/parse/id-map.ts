import type { IdMap } from '../../../shared/model.ts';
import { decimal, FormatError } from './format-error.ts';

/** /proc/PID/uid_map and gid_map; man 7 user_namespaces. Empty until someone has written it. */
export const parseIdMap = (text: string): IdMap[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const words = line.trim().split(/\s+/);
      if (words.length !== 3) throw new FormatError('uid_map', line);
      return {
        inside: decimal(words[0], 'uid_map'),
        outside: decimal(words[1], 'uid_map'),
        count: decimal(words[2], 'uid_map'),
      };
    });
