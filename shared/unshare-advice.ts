/**
 * What unshare(1) would do that its user may not expect, before it is run. Every sentence was seen to be so with
 * util-linux 2.38 on Linux 6.18; the tests run the commands again.
 */
import type { LookAt } from './launch-paths.ts';
import { visible } from './text.ts';
import { MACHINE_RULES } from './unshare-advice-machine.ts';
import { PATH_RULES } from './unshare-advice-paths.ts';
import { unfixable, withType, type Advice, type Case, type Rule } from './unshare-advice-rule.ts';
import { forks, namespacesMade, unshareOption } from './unshare-argv.ts';
import { USER_RULES } from './unshare-advice-user.ts';
import type { UnshareOptions, UnshareSupport } from './unshare.ts';
import { isBefore } from './util-linux.ts';

export type { Advice } from './unshare-advice-rule.ts';

/** Whether the child of unshare would be the first process of a PID namespace. */
const ownPid1 = ({ options }: Case): boolean => options.namespaces.includes('pid') && forks(options);

/** The option that has a new /proc mounted; unshare(1). */
const mountsProc = (options: UnshareOptions): 'mountProc' | 'mountBinfmt' | 'loadInterp' | null => {
  if (options.mountProc !== false) return 'mountProc';
  // In its usual place binfmt_misc is mounted below a /proc of its own.
  if (options.mountBinfmt === true) return 'mountBinfmt';
  return options.loadInterp !== null && options.mountBinfmt === false ? 'loadInterp' : null;
};

const isKernelBefore = (release: string, major: number, minor: number): boolean => {
  const [, itsMajor, itsMinor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (itsMajor === undefined) return false;
  return Number(itsMajor) < major || (Number(itsMajor) === major && Number(itsMinor) < minor);
};

/** What the options have against each other. */
const OPTION_RULES: readonly Rule[] = [
  ({ options, made }) => {
    if (made.has('time')) return null;
    const about = options.boottime !== null ? 'boottime' : options.monotonic !== null ? 'monotonic' : null;
    if (about === null) return null;
    return {
      level: 'error',
      about,
      title: `${unshareOption(about)} without --time`,
      text: 'unshare refuses: a clock can be moved only in a time namespace of its own.',
      fix: withType(options, 'time'),
      fixLabel: 'Add --time',
    };
  },

  (at) => {
    const about = at.made.has('user') && !ownPid1(at) ? mountsProc(at.options) : null;
    return about === null
      ? null
      : {
          level: 'error',
          about,
          title: `${unshareOption(about)} in a user namespace`,
          text:
            'The kernel will answer “mount /proc failed: Operation not permitted”: from a new user namespace, /proc ' +
            'can be mounted only by a process of a new PID namespace.',
          fix: { ...withType(at.options, 'pid'), fork: true },
          fixLabel: 'Add --fork --pid',
        };
  },

  ({ options }) =>
    options.loadInterp !== null && !options.mapRootUser && options.mapUser !== '0'
      ? {
          level: 'error',
          about: 'loadInterp',
          title: '--load-interp without root inside',
          text: 'The kernel will answer “Permission denied”: only root of the user namespace may register an interpreter.',
          fix: { mapRootUser: true },
          fixLabel: 'Add --map-root-user',
        }
      : null,

  ({ options, support, name }) =>
    options.namespaces.includes('time') && !forks(options) && isKernelBefore(support?.kernel ?? '', 6, 2)
      ? {
          level: 'warning',
          about: 'time',
          title: '--time without --fork',
          text: `Before Linux 6.2 ${name} itself stays in the old time namespace; only its children are born in the new one.`,
          fix: { fork: true },
          fixLabel: 'Add --fork',
        }
      : null,

  ({ options, name }) =>
    options.namespaces.includes('pid') && !forks(options)
      ? {
          level: 'warning',
          about: 'pid',
          title: '--pid without --fork',
          text:
            `${name} would stay in the old PID namespace. Its first child becomes PID 1, and once that ends every ` +
            'further command fails with “fork: Cannot allocate memory”.',
          fix: { fork: true },
          fixLabel: 'Add --fork',
        }
      : null,

  ({ options, made }) =>
    options.mountProc !== false && !options.namespaces.includes('pid') && !made.has('user')
      ? {
          level: 'hint',
          about: 'mountProc',
          title: '--mount-proc without --pid',
          text: 'The new /proc shows the same processes as before, for it belongs to the old PID namespace.',
          fix: { ...withType(options, 'pid'), fork: true },
          fixLabel: 'Add --fork --pid',
        }
      : null,

  (at) =>
    ownPid1(at) && mountsProc(at.options) === null
      ? {
          level: 'hint',
          about: 'mountProc',
          title: '--pid without --mount-proc',
          text: 'ps goes on showing the host’s processes, for it reads the old /proc.',
          fix: { mountProc: true },
          fixLabel: 'Add --mount-proc',
        }
      : null,

  ({ options }) =>
    options.killChild !== false && !options.fork
      ? {
          level: 'hint',
          about: 'killChild',
          title: '--kill-child implies --fork',
          text: 'The program becomes a child of unshare.',
          fix: { fork: true },
          fixLabel: 'Add --fork',
        }
      : null,

  ({ options }) =>
    options.forwardSignals && !options.fork
      ? {
          level: 'hint',
          about: 'forwardSignals',
          title: '--forward-signals implies --fork',
          text: 'The program becomes a child of unshare.',
          fix: { fork: true },
          fixLabel: 'Add --fork',
        }
      : null,

  (at) =>
    at.options.namespaces.includes('pid') && at.options.files.pid !== undefined && !forks(at.options)
      ? {
          level: 'error',
          about: 'pid',
          title: '--pid with a file, without --fork',
          text: 'unshare refuses: a PID namespace can be kept by a file only once it has its first process.',
          fix: { fork: true },
          fixLabel: 'Add --fork',
        }
      : null,

  ({ options, support, made }) => {
    const about = made.has('user') ? options.namespaces.find((type) => options.files[type] !== undefined) : undefined;
    // A child mounts it that has stayed outside: for a mount namespace always, else from util-linux 2.42 on.
    const byChild = made.has('mnt') || !isBefore(support?.version ?? null, 2, 42);
    if (about === undefined || (byChild && support?.sysAdmin !== false)) return null;
    return {
      level: 'error',
      about,
      title: 'a file in a user namespace',
      text:
        'The kernel will answer “Operation not permitted”: ' +
        (byChild
          ? 'mounting on a file of the host needs CAP_SYS_ADMIN.'
          : 'from inside a new user namespace nothing can be mounted on a file of the host.'),
      fix: { files: {} },
      fixLabel: 'Leave out the file',
    };
  },

  ({ options, made }) =>
    options.propagation !== null && !made.has('mnt')
      ? {
          level: 'warning',
          about: 'propagation',
          title: '--propagation without --mount',
          text: 'It has no effect: there is no mount namespace whose mounts it could be about.',
          fix: withType(options, 'mnt'),
          fixLabel: 'Add --mount',
        }
      : null,

  ({ options, support }) =>
    options.program.length === 0
      ? {
          level: 'hint',
          about: 'program',
          title: 'no program',
          text: `unshare starts your shell${support === null ? '' : `, ${visible(support.shell)},`} as a login shell.`,
          ...unfixable,
        }
      : null,

  ({ options }) =>
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

/** Pure; worst first. Pass `null` for `support` while it is not known: then nothing is said about this machine. */
export const unshareAdvice = (
  options: UnshareOptions,
  support: UnshareSupport | null,
  look: LookAt = () => null,
): readonly Advice[] => {
  const [program = support?.shell ?? 'the shell'] = options.program;
  const name = visible(program.slice(program.lastIndexOf('/') + 1));
  const at: Case = { options, support, made: namespacesMade(options), look, name };
  const advice = [...MACHINE_RULES, ...PATH_RULES, ...USER_RULES, ...OPTION_RULES].flatMap((rule) => rule(at) ?? []);
  return advice.sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
};
