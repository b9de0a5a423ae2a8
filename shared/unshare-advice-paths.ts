/** What the files that a command of unshare(1) names have against it. */
import { notADirectory } from './launch-paths.ts';
import type { NamespaceType } from './model.ts';
import { unfixable, type Advice, type Rule } from './unshare-advice-rule.ts';
import { unshareOption } from './unshare-argv.ts';
import type { UnshareOptions } from './unshare.ts';

/** Where the working directory is looked for: below the new root. */
export const wdPath = ({ root, wd }: Pick<UnshareOptions, 'root' | 'wd'>): string | null =>
  root === null || wd === null ? wd : `${root}/${wd}`;

/** Every path that the command names, as it is looked for. */
export const unsharePaths = (options: UnshareOptions): readonly string[] => {
  const files = options.namespaces.map((type) => options.files[type]);
  return [...new Set([options.root, wdPath(options), ...files])].filter(
    (path) => path != null && path !== '',
  ) as string[];
};

export const PATH_RULES: readonly Rule[] = [
  ({ options, look }) => {
    const places = [
      { about: 'root', path: options.root, said: 'cannot change root directory to' },
      { about: 'wd', path: wdPath(options), said: 'cannot change directory to' },
    ] as const;
    return places.flatMap(({ about, path, said }): Advice[] => {
      const errno = path === null ? null : notADirectory(look(path));
      if (errno === null) return [];
      const fix = { fix: { [about]: null }, fixLabel: `Leave out ${unshareOption(about)}` };
      const text = `unshare will say “${said} ${path}: ${errno}”.`;
      return [{ level: 'error', about, title: `${unshareOption(about)} is no directory`, text, ...fix }];
    });
  },

  ({ options, look }) =>
    options.namespaces.flatMap((type: NamespaceType): Advice[] => {
      const file = options.files[type];
      const is = file === undefined ? null : look(file)?.is;
      if (is !== 'absent' && is !== 'directory') return [];
      const text =
        is === 'absent'
          ? 'unshare will say “No such file or directory”: it mounts the namespace on a file that exists.'
          : 'unshare will say “Not a directory”: it mounts the namespace on a file, not on a directory.';
      return [{ level: 'error', about: type, title: 'no file to keep it by', text, ...unfixable }];
    }),
];
