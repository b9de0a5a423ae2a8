/** What this machine and its user's rights have against a command of unshare(1). */
import type { NamespaceType } from './model.ts';
import { unfixable, withType, type Advice, type Rule } from './unshare-advice-rule.ts';
import { implying, NO_UNSHARE, unshareOption, unshareParts } from './unshare-argv.ts';
import type { UnshareOptions } from './unshare.ts';
import { hasNewMaps, typedMaps } from './util-linux.ts';

const leftOut = (options: UnshareOptions, type: NamespaceType): Pick<Advice, 'fix' | 'fixLabel'> => {
  const flags = implying(options, type);
  const own = options.namespaces.includes(type) ? [type] : [];
  return {
    fix: {
      namespaces: options.namespaces.filter((other) => other !== type),
      ...Object.fromEntries(flags.map((flag) => [flag, NO_UNSHARE[flag]])),
    },
    fixLabel: `Leave out ${[...own, ...flags].map(unshareOption).join(' ')}`,
  };
};

export const MACHINE_RULES: readonly Rule[] = [
  ({ support }) =>
    support !== null && support.path === null
      ? {
          level: 'error',
          about: 'program',
          title: 'unshare is not installed',
          text: 'No unshare was found on PATH. It is part of the package util-linux.',
          ...unfixable,
        }
      : null,

  ({ options, support, made }) => {
    if (!support?.path) return null;
    const lacking: Advice[] = [];
    for (const type of made) {
      // An empty list is one that could not be read.
      if (support.types.length === 0 || support.types.includes(type)) continue;
      lacking.push({
        level: 'error',
        about: type,
        title: `no ${type} namespaces here`,
        text: `The running kernel has no ${type} namespaces.`,
        ...leftOut(options, type),
      });
    }
    for (const { text, namespace, flag } of unshareParts(options)) {
      const about = namespace ?? flag;
      const option = /^--([a-z-]+)/.exec(text)?.[1];
      if (about === null || option === undefined) continue;
      if (support.options.length === 0 || support.options.includes(option)) continue;
      lacking.push({
        level: 'error',
        about,
        title: `--${option} is not known`,
        text: `The installed unshare (${support.version ?? 'version unknown'}) has no --${option}.`,
        ...unfixable,
      });
    }
    return lacking;
  },

  ({ support, made }) =>
    support !== null && made.has('user') && !support.userNamespaces.allowed
      ? {
          level: 'error',
          about: 'user',
          title: 'a user namespace is not allowed here',
          text: support.userNamespaces.because ?? 'This machine forbids new user namespaces.',
          ...unfixable,
        }
      : null,

  ({ options, support, made }) => {
    // Of user namespaces the rule above speaks.
    const [about] = [...made].filter((type) => type !== 'user' && support?.noneAllowed.includes(type));
    if (about === undefined) return null;
    return {
      level: 'error',
      about,
      title: `no ${about} namespace may be made here`,
      text: `The kernel will answer “No space left on device”: user.max_${about}_namespaces is 0.`,
      ...leftOut(options, about),
    };
  },

  ({ options, support }) => {
    if (support === null || support.subordinateIds.allowed) return null;
    // From util-linux 2.39 on root writes the map itself; only what stands in subuid(5) is still looked up there.
    const byRoot = support.uid === 0 && hasNewMaps(support.version);
    const needs = (flag: 'mapAuto' | 'mapSubids' | 'mapUsers' | 'mapGroups'): boolean =>
      flag === 'mapAuto' || flag === 'mapSubids'
        ? options[flag]
        : typedMaps(options[flag]).some((map) => !byRoot || map === 'auto' || map === 'subids');
    const about = (['mapAuto', 'mapSubids', 'mapUsers', 'mapGroups'] as const).find(needs);
    if (about === undefined) return null;
    return {
      level: 'error',
      about,
      title: `${unshareOption(about)} without a range to map`,
      text: support.subordinateIds.because ?? 'This user has no subordinate IDs.',
      fix: { [about]: NO_UNSHARE[about] },
      fixLabel: `Leave out ${unshareOption(about)}`,
    };
  },

  // The user namespace is made first and lends its capabilities to the rest; man 7 user_namespaces.
  ({ options, support, made }) => {
    if (support === null || support.sysAdmin || made.has('user')) return null;
    const [first] = made;
    const about = first ?? (options.root === null ? null : 'root');
    if (about === null) return null;
    const mendable = support.userNamespaces.allowed;
    return {
      level: 'error',
      about,
      title: `${unshareOption(about)} without privilege`,
      text:
        `The kernel will answer “Operation not permitted”: this needs ` +
        (first === undefined ? 'CAP_SYS_CHROOT' : 'CAP_SYS_ADMIN') +
        ', which Porthole does not hold here.' +
        (mendable ? ' In a user namespace of its own the shell has it.' : ''),
      fix: mendable ? { ...withType(options, 'user'), mapRootUser: true } : null,
      fixLabel: mendable ? 'Add --user --map-root-user' : null,
    };
  },
];
