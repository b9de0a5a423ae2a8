import type { CgroupMembership } from '../../../shared/model.ts';
import { decimal, FormatError } from './format-error.ts';

/** /proc/PID/cgroup: `hierarchy:controllers:path`; man 7 cgroups. The path may hold colons; a newline the kernel escapes. */
export const parseCgroup = (text: string): CgroupMembership[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const first = line.indexOf(':');
      const second = line.indexOf(':', first + 1);
      if (first < 0 || second < 0) throw new FormatError('cgroup', line);
      const controllers = line.slice(first + 1, second);
      return {
        hierarchy: decimal(line.slice(0, first), 'cgroup'),
        controllers: controllers === '' ? [] : controllers.split(','),
        path: line.slice(second + 1),
      };
    });
