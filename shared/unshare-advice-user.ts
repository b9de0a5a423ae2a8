/** What the options of unshare(1) about users have against each other; tried with util-linux 2.38. */
import { unfixable, withType, type Rule } from './unshare-advice-rule.ts';
import { implying, isAsked, isMapped, NO_UNSHARE, unshareOption } from './unshare-argv.ts';
import type { UnshareOptions } from './unshare.ts';
import { hasNewMaps, typedMaps } from './util-linux.ts';

const leftOut = (flag: 'keepCaps' | 'setgroups' | 'setuid' | 'setgid') =>
  ({ fix: { [flag]: NO_UNSHARE[flag] }, fixLabel: `Leave out ${unshareOption(flag)}` }) as const;

/** Options that map one user, in the order they are written in: unshare follows the last. */
const ONE_USER = ['mapUser', 'mapRootUser', 'mapCurrentUser'] as const;
/** Options that map one group, and so switch setgroups(2) off. */
const ONE_GROUP = ['mapGroup', 'mapRootUser', 'mapCurrentUser'] as const;
const RANGES = ['mapAuto', 'mapSubids', 'mapUsers', 'mapGroups'] as const;

/** The only user ID that is mapped inside; `null` if there is none, or another, or more. */
const onlyUser = (options: UnshareOptions): number | null => {
  if (options.mapCurrentUser) return null;
  if (options.mapRootUser) return 0;
  return options.mapUser !== null && /^\d+$/.test(options.mapUser) ? Number(options.mapUser) : null;
};

export const USER_RULES: readonly Rule[] = [
  ({ options }) => {
    const maps = ONE_USER.filter((flag) => isAsked(options, flag));
    const others = maps.slice(1);
    const last = others.at(-1);
    if (last === undefined) return null;
    const fate = last === 'mapRootUser' ? 'you will be root inside' : 'you will not be root inside';
    return {
      level: 'warning',
      about: last,
      title: 'two maps for one user',
      text: `unshare follows only the last of them, ${unshareOption(last)}: ${fate}.`,
      fix: Object.fromEntries(others.map((flag) => [flag, NO_UNSHARE[flag]])),
      fixLabel: `Leave out ${others.map(unshareOption).join(' ')}`,
    };
  },

  ({ options, name }) =>
    options.namespaces.includes('user') && !isMapped(options)
      ? {
          level: 'hint',
          about: 'user',
          title: '--user without a map',
          text: options.keepCaps
            ? 'No user ID is mapped: inside you are 65534, nobody.'
            : `No user ID is mapped: inside you are 65534, nobody, and ${name} starts without any capability.`,
          fix: { mapRootUser: true },
          fixLabel: 'Add --map-root-user',
        }
      : null,

  ({ options }) => {
    const [about] = implying(options, 'user');
    if (about === undefined || options.namespaces.includes('user')) return null;
    return {
      level: 'hint',
      about,
      title: `${unshareOption(about)} implies --user`,
      text: 'A user namespace is made too.',
      fix: withType(options, 'user'),
      fixLabel: 'Add --user',
    };
  },

  ({ options, made }) => {
    if (options.setgroups === null) return null;
    if (!made.has('user')) {
      return {
        level: 'error',
        about: 'setgroups',
        title: '--setgroups without --user',
        text: 'The kernel will answer “Operation not permitted”: it can be set in a new user namespace only.',
        ...leftOut('setgroups'),
      };
    }
    const group = ONE_GROUP.find((flag) => isAsked(options, flag));
    return options.setgroups === 'allow' && group !== undefined
      ? {
          level: 'error',
          about: 'setgroups',
          title: `--setgroups=allow with ${unshareOption(group)}`,
          text: 'unshare refuses: who maps a single group has to give up setgroups(2) first; man 7 user_namespaces.',
          ...leftOut('setgroups'),
        }
      : null;
  },

  ({ options, made }) =>
    options.keepCaps && !made.has('user')
      ? {
          level: 'warning',
          about: 'keepCaps',
          title: '--keep-caps without --user',
          text: 'It has no effect: without a new user namespace there are no capabilities to keep.',
          ...leftOut('keepCaps'),
        }
      : null,

  ({ options, made }) => {
    if (!made.has('user') || RANGES.some((flag) => isAsked(options, flag))) return null;
    if (options.setgid !== null) {
      return {
        level: 'error',
        about: 'setgid',
        title: '--setgid with a single group',
        text: 'The kernel will answer “setgroups failed: Operation not permitted”. It takes a range: --map-auto.',
        ...leftOut('setgid'),
      };
    }
    const only = onlyUser(options);
    const unmapped = !ONE_USER.some((flag) => isAsked(options, flag)) || (only !== null && only !== options.setuid);
    return options.setuid !== null && unmapped
      ? {
          level: 'error',
          about: 'setuid',
          title: `uid ${options.setuid} is not mapped`,
          text: 'The kernel will answer “setuid failed: Invalid argument”: nobody inside has this number.',
          ...leftOut('setuid'),
        }
      : null;
  },

  ({ options }) =>
    options.owner !== null && !/^\d+:\d+$/.test(options.owner)
      ? {
          level: 'error',
          about: 'owner',
          title: '--owner takes two numbers',
          text: 'unshare will refuse this. It takes uid:gid; names are not looked up.',
          ...unfixable,
        }
      : null,

  ({ options, support }) => {
    const isNew = hasNewMaps(support?.version ?? null);
    const form = isNew ? /^(auto|subids|all|\d+([,:])\d+\2\d+)$/ : /^(auto|\d+,\d+,\d+)$/;
    const about = (['mapUsers', 'mapGroups'] as const).find((flag) => {
      const maps = typedMaps(options[flag]);
      return maps.some((map) => !form.test(map)) || (!isNew && maps.length > 1);
    });
    if (about === undefined) return null;
    return {
      level: 'error',
      about,
      title: `${unshareOption(about)} takes ${isNew ? 'ranges' : 'one range'} of three numbers`,
      text: isNew
        ? 'unshare will refuse this. It takes inner:outer:count, auto, subids or all, and several with blanks between.'
        : 'unshare will refuse this. It takes outer,inner,count, or auto; several ranges, and inner:outer:count, from ' +
          'util-linux 2.39 on.',
      ...unfixable,
    };
  },

  ({ options, support }) =>
    options.owner !== null &&
    options.mapRootUser &&
    options.setuid === null &&
    support !== null &&
    /^\d+:\d+$/.test(options.owner) &&
    Number.parseInt(options.owner, 10) !== support.uid
      ? {
          level: 'warning',
          about: 'owner',
          title: '--owner is who you will be',
          text: 'The program runs as the owner, but the map is for you: inside it is nobody, 65534, until it becomes root.',
          fix: { setuid: 0 },
          fixLabel: 'Add --setuid=0',
        }
      : null,

  // It changes to the owner before it makes the namespace.
  ({ options, support }) =>
    options.owner !== null && support !== null && !(support.setIds.uid && support.setIds.gid)
      ? {
          level: 'error',
          about: 'owner',
          title: '--owner without privilege',
          text:
            'The kernel will answer “setgroups failed: Operation not permitted”: giving the namespace to another user ' +
            'needs CAP_SETUID and CAP_SETGID.',
          fix: { owner: null },
          fixLabel: 'Leave out --owner',
        }
      : null,

  ({ options, support, made }) => {
    if (support === null || made.has('user')) return null;
    if (options.setgid !== null && !support.setIds.gid) {
      return {
        level: 'error',
        about: 'setgid',
        title: '--setgid without privilege',
        text: 'The kernel will answer “setgroups failed: Operation not permitted”: this needs CAP_SETGID.',
        ...leftOut('setgid'),
      };
    }
    return options.setuid !== null && !support.setIds.uid && options.setuid !== support.uid
      ? {
          level: 'error',
          about: 'setuid',
          title: '--setuid without privilege',
          text: 'The kernel will answer “setuid failed: Operation not permitted”: this needs CAP_SETUID.',
          ...leftOut('setuid'),
        }
      : null;
  },
];
