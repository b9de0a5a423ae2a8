/**
 * What nsenter(1) would do that its user may not expect, before it is run. Every sentence was seen to be so with
 * util-linux 2.38 on Linux 6.18.
 */
import type { NamespaceType } from './model.ts';
import { ENTER_RULES } from './nsenter-advice-enter.ts';
import { PATH_RULES } from './nsenter-advice-paths.ts';
import { NEWER_RULES } from './nsenter-advice-newer.ts';
import {
  unfixable,
  withoutType,
  type NsenterAdvice,
  type NsenterCase,
  type NsenterRule,
} from './nsenter-advice-rule.ts';
import { namespacesEntered, nsenterParts } from './nsenter-argv.ts';
import type { NsenterOptions } from './nsenter.ts';
import { mountsOwnProc, OWN_PROC } from './own-proc.ts';
import { visible } from './text.ts';

export type { NsenterAdvice, NsenterCase } from './nsenter-advice-rule.ts';

/** Those that come from the target, not from a file. */
const ofTarget = (options: NsenterOptions, at: NsenterCase): readonly NamespaceType[] =>
  [...namespacesEntered(options, at.target, at.own)].filter(
    (type) => !options.namespaces.includes(type) || options.files[type] === undefined,
  );

/** The program would be in the target's PID namespace, and see the host's /proc. */
const hostsProc = ({ namespaces, all, noFork }: NsenterOptions): boolean =>
  namespaces.includes('pid') && !namespaces.includes('mnt') && !all && !noFork;

const RULES: readonly NsenterRule[] = [
  (_, { support }) =>
    support !== null && support.path === null
      ? {
          level: 'error',
          about: 'target',
          title: 'nsenter is not installed',
          text: 'No nsenter was found on PATH. It is part of the package util-linux.',
          ...unfixable,
        }
      : null,

  (_, { gone }) =>
    gone
      ? {
          level: 'error',
          about: 'target',
          title: 'the target has ended',
          text: 'Its number may soon be another’s. Choose again.',
          ...unfixable,
        }
      : null,

  (options, at) => {
    if (options.target !== null || at.gone) return null;
    const needs =
      ofTarget(options, at).length > 0 ||
      options.root === true ||
      options.wd === true ||
      options.env ||
      options.followContext ||
      options.userParent ||
      options.netSocket !== null ||
      options.joinCgroups;
    return needs
      ? { level: 'error', about: 'target', title: 'no target', text: 'Choose a container or process.', ...unfixable }
      : null;
  },

  (options, { support }) => {
    if (!support?.path || support.options.length === 0) return null;
    return nsenterParts(options).flatMap(({ text, namespace, flag }) => {
      const about = namespace ?? flag;
      const option = /^--([a-z-]+)/.exec(text)?.[1];
      if (about === null || option === undefined || support.options.includes(option)) return [];
      const why = `The installed nsenter (${support.version ?? 'version unknown'}) has no --${option}.`;
      return [{ level: 'error', about, title: `--${option} is not known`, text: why, ...unfixable } as const];
    });
  },

  ...NEWER_RULES,

  ...PATH_RULES,

  ...ENTER_RULES,

  (options, { target, own }) =>
    options.namespaces.flatMap((type): NsenterAdvice[] => {
      if (type === 'user' || options.files[type] !== undefined) return [];
      if (target === null || own === null || target[type] === null || target[type] !== own[type]) return [];
      const text = 'Porthole is in this very namespace: entering it changes nothing.';
      return [{ level: 'hint', about: type, title: 'nothing to enter', text, ...withoutType(options, type) }];
    }),

  (options) =>
    options.noFork && (options.all || options.namespaces.includes('pid'))
      ? {
          level: 'warning',
          about: 'noFork',
          title: '--pid with --no-fork',
          text: 'The program itself stays in the old PID namespace; only its children are born in the new one.',
          fix: { noFork: false },
          fixLabel: 'Leave out --no-fork',
        }
      : null,

  (options) =>
    hostsProc(options) && !mountsOwnProc(options.program)
      ? {
          level: 'hint',
          about: 'pid',
          title: '--pid without --mount',
          text: 'ps goes on showing the host’s processes, for it reads the host’s /proc.',
          ...(options.program.length > 0
            ? { fix: { program: [...OWN_PROC, ...options.program] }, fixLabel: 'Mount a /proc for it' }
            : { fix: { namespaces: [...options.namespaces, 'mnt'] }, fixLabel: 'Add --mount' }),
        }
      : null,

  (options, { innerPid }) =>
    hostsProc(options) && mountsOwnProc(options.program) && innerPid !== null
      ? {
          level: 'hint',
          about: 'program',
          title: 'the host’s files, the target’s processes',
          text: `ps shows the target’s processes, in a /proc of its own. The target’s files are under /proc/${innerPid}/root.`,
          ...unfixable,
        }
      : null,

  (options, at) =>
    namespacesEntered(options, at.target, at.own).has('mnt')
      ? {
          level: 'hint',
          about: 'program',
          title: 'a program of the target',
          text:
            'With its files come its programs: an image without this one answers “No such file or directory”. ' +
            'Without the mount namespace the host’s tools run in the rest.',
          ...(options.all ? unfixable : withoutType(options, 'mnt')),
        }
      : null,

  (options, { joining }) => {
    if (!options.joinCgroups || joining === null || joining.unmounted.length === 0) return null;
    const names = joining.unmounted.join(', ');
    return joining.files.length === 0
      ? {
          level: 'error',
          about: 'joinCgroups',
          title: 'no cgroup to join',
          text: `None of the target’s hierarchies is mounted here: ${names}.`,
          fix: { joinCgroups: false },
          fixLabel: 'Join none',
        }
      : {
          level: 'warning',
          about: 'joinCgroups',
          title: 'not all of its cgroups',
          text: `Not mounted here, so not joined: ${names}. What these limit, they will not limit for this program.`,
          ...unfixable,
        };
  },

  (options) =>
    options.wd !== null && options.wdns !== null
      ? {
          level: 'error',
          about: 'wdns',
          title: '--wd with --wdns',
          text: 'nsenter refuses: they exclude each other.',
          fix: { wd: null },
          fixLabel: 'Leave out --wd',
        }
      : null,

  (options) =>
    options.namespaces.length === 0 && !options.all && !options.userParent && options.netSocket === null
      ? {
          level: 'warning',
          about: 'target',
          title: 'nothing is entered',
          text: 'No namespace is ticked: the program starts where Porthole is.',
          fix: { all: true },
          fixLabel: 'Add --all',
        }
      : null,

  (options, { support }) =>
    options.program.length === 0
      ? {
          level: 'hint',
          about: 'program',
          title: 'no program',
          text: `nsenter starts your shell${support === null ? '' : `, ${visible(support.shell)},`} as a login shell.`,
          ...unfixable,
        }
      : null,

  (options) =>
    options.program[0] === ''
      ? {
          level: 'error',
          about: 'program',
          title: 'a program without a name',
          text: 'The first word of the program is empty; no file can have that name.',
          ...unfixable,
        }
      : null,
];

const LEVELS = ['error', 'warning', 'hint'] as const;

/** Pure; worst first. */
export const nsenterAdvice = (options: NsenterOptions, at: NsenterCase): readonly NsenterAdvice[] =>
  RULES.flatMap((rule) => rule(options, at) ?? []).sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
