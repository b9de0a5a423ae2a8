/**
 * What nsenter(1) would do that its user may not expect, before it is run. Every sentence was seen to be so with
 * util-linux 2.38 on Linux 6.18.
 */
import type { MayEnter } from './may-enter.ts';
import type { NamespaceType } from './model.ts';
import { namespacesEntered, nsenterOption, nsenterParts, type Namespaces, type NsenterFlag } from './nsenter-argv.ts';
import type { NsenterOptions, NsenterSupport } from './nsenter.ts';
import { visible } from './text.ts';
import type { Advice } from './unshare-advice-rule.ts';

export interface NsenterAdvice extends Omit<Advice, 'about' | 'fix'> {
  readonly about: NamespaceType | NsenterFlag | 'joinCgroups' | 'program';
  readonly fix: Partial<NsenterOptions> | null;
}

/** What is known besides the form; `null` while it is not. */
export interface NsenterCase {
  readonly support: NsenterSupport | null;
  /** The namespaces of the target, and of the host process that would start nsenter. */
  readonly target: Namespaces | null;
  readonly own: Namespaces | null;
  /** True once the chosen target has ended. */
  readonly gone: boolean;
  /** May the host process enter the target's namespace of this type? */
  readonly may: (type: NamespaceType) => MayEnter | null;
}

type Rule = (options: NsenterOptions, at: NsenterCase) => readonly NsenterAdvice[] | NsenterAdvice | null;

const unfixable = { fix: null, fixLabel: null } as const;

const without = (options: NsenterOptions, type: NamespaceType): Pick<NsenterAdvice, 'fix' | 'fixLabel'> =>
  options.namespaces.includes(type)
    ? {
        fix: { namespaces: options.namespaces.filter((other) => other !== type) },
        fixLabel: `Leave out ${nsenterOption(type)}`,
      }
    : unfixable;

/** Those that come from the target, not from a file. */
const ofTarget = (options: NsenterOptions, at: NsenterCase): readonly NamespaceType[] =>
  [...namespacesEntered(options, at.target, at.own)].filter(
    (type) => !options.namespaces.includes(type) || options.files[type] === undefined,
  );

/** Why the kernel would refuse; `null` where it would not, or nobody knows. */
export const refusalWords = (type: NamespaceType, may: MayEnter | null): string | null => {
  if (may?.can !== 'no') return null;
  if (may.why === 'own-user-namespace') {
    return 'The kernel will answer “Invalid argument”: nobody can enter the user namespace they are in.';
  }
  if (may.why === 'not-below') {
    return 'The kernel will answer “Invalid argument”: only PID namespaces below one’s own can be entered.';
  }
  const wanted = may.missing.map(({ capability }) => capability).join(' and ');
  const over = may.missing[0]?.over;
  const where = over ? ` over ${over}` : ' over a user namespace that is out of sight';
  return `The kernel will answer “Operation not permitted”: entering this ${type} namespace needs ${wanted}${where}.`;
};

const RULES: readonly Rule[] = [
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

  (options, at) =>
    options.target === null || at.gone
      ? null
      : ofTarget(options, at).flatMap((type): NsenterAdvice[] => {
          const title = `${nsenterOption(type)} is refused`;
          const text = refusalWords(type, at.may(type));
          return text === null ? [] : [{ level: 'error', about: type, title, text, ...without(options, type) }];
        }),

  (options, { target, own }) =>
    options.namespaces.flatMap((type): NsenterAdvice[] => {
      if (type === 'user' || options.files[type] !== undefined) return [];
      if (target === null || own === null || target[type] === null || target[type] !== own[type]) return [];
      const text = 'Porthole is in this very namespace: entering it changes nothing.';
      return [{ level: 'hint', about: type, title: 'nothing to enter', text, ...without(options, type) }];
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
    options.namespaces.includes('pid') && !options.namespaces.includes('mnt') && !options.all
      ? {
          level: 'hint',
          about: 'pid',
          title: '--pid without --mount',
          text: 'ps goes on showing the host’s processes, for it reads the host’s /proc.',
          fix: { namespaces: [...options.namespaces, 'mnt'] },
          fixLabel: 'Add --mount',
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
          ...(options.all ? unfixable : without(options, 'mnt')),
        }
      : null,

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
