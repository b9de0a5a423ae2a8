/** Values that only a newer nsenter(1) takes; of options that it has not, its help tells. */
import { nsenterOption } from './nsenter-argv.ts';
import { withoutType, type NsenterAdvice, type NsenterRule } from './nsenter-advice-rule.ts';
import { isBefore } from './util-linux.ts';

export const NEWER_RULES: readonly NsenterRule[] = [
  (options, { support }) =>
    (['setuid', 'setgid'] as const).flatMap((about): NsenterAdvice[] => {
      if (options[about] !== 'follow') return [];
      const fix = { fix: { [about]: null }, fixLabel: `Leave out ${nsenterOption(about)}` };
      if (options.target === null) {
        const text = 'nsenter will refuse: there is nobody to follow.';
        return [{ level: 'error', about, title: `${nsenterOption(about)}=follow without a target`, text, ...fix }];
      }
      if (support === null || support.follows) return [];
      const text = `The installed nsenter (${support.version ?? 'version unknown'}) takes a number only.`;
      return [{ level: 'error', about, title: `${nsenterOption(about)}=follow is not known`, text, ...fix }];
    }),

  // A number in place of a file: as ioctl_nsfs(2) NS_GET_ID tells it.
  (options, { support }) =>
    isBefore(support?.version ?? null, 2, 42)
      ? options.namespaces.flatMap((type): NsenterAdvice[] =>
          options.files[type]?.startsWith(':') === true
            ? [
                {
                  level: 'error',
                  about: type,
                  title: 'a number in place of a file',
                  text: `Only from util-linux 2.42 on does nsenter take the number of a namespace, ${options.files[type]}.`,
                  ...withoutType(options, type),
                },
              ]
            : [],
        )
      : null,
];
