/** What the files that a command of nsenter(1) names have against it. */
import { notADirectory } from './launch-paths.ts';
import { nsenterOption } from './nsenter-argv.ts';
import { withoutType, type NsenterAdvice, type NsenterRule } from './nsenter-advice-rule.ts';
import type { NsenterOptions } from './nsenter.ts';

const isPath = (path: unknown): path is string => typeof path === 'string' && path !== '' && !path.startsWith(':');

/** Every path that is opened before anything is entered. */
export const nsenterPaths = (options: NsenterOptions): readonly string[] => {
  const files = options.namespaces.map((type) => options.files[type]);
  return [...new Set([options.root, options.wd, ...files])].filter(isPath);
};

export const PATH_RULES: readonly NsenterRule[] = [
  (options, { look }) =>
    (['root', 'wd'] as const).flatMap((about): NsenterAdvice[] => {
      const path = options[about];
      const errno = isPath(path) ? notADirectory(look(path)) : null;
      if (errno === null) return [];
      const text = `nsenter will not get there: ${errno}. It is opened before anything is entered.`;
      const fix = { fix: { [about]: true }, fixLabel: 'Take the target’s' };
      return [{ level: 'error', about, title: `${nsenterOption(about)} is no directory`, text, ...fix }];
    }),

  (options, { look }) =>
    options.namespaces.flatMap((type): NsenterAdvice[] => {
      const file = options.files[type];
      const is = isPath(file) ? look(file)?.is : undefined;
      if (is !== 'absent' && is !== 'directory' && is !== 'other') return [];
      const text =
        is === 'absent'
          ? 'nsenter will say “No such file or directory”.'
          : 'The kernel will answer “Invalid argument”: this file stands for no namespace.';
      return [{ level: 'error', about: type, title: 'no namespace to enter by', text, ...withoutType(options, type) }];
    }),
];
