/** unshare(1) as data: what each option does in a sentence, the order it is written in, and ready-made choices. */
import { commandParts, optionOf, type CommandPart, type CommandTable } from './launch-command.ts';
import type { NamespaceType } from './model.ts';
import { UNSHARE_FLAGS, type UnshareFlag } from './unshare-flags.ts';
import type { UnshareOptions } from './unshare.ts';
import { typedMaps } from './util-linux.ts';

export { UNSHARE_FLAGS, type UnshareFlag };
export type UnsharePart = CommandPart<UnshareFlag>;

export const UNSHARE: CommandTable<UnshareFlag> = {
  name: 'unshare',
  // In the order of NAMESPACE_TYPES.
  namespaces: [
    { type: 'mnt', option: 'mount', text: 'its own mount table; implied by --mount-proc' },
    { type: 'uts', option: 'uts', text: 'its own hostname and domain name' },
    { type: 'ipc', option: 'ipc', text: 'its own System V and POSIX queues' },
    { type: 'net', option: 'net', text: 'its own interfaces, routes, ports; starts empty' },
    { type: 'pid', option: 'pid', text: 'its own process numbers, from 1' },
    { type: 'user', option: 'user', text: 'its own user IDs; needs no privilege' },
    { type: 'cgroup', option: 'cgroup', text: 'its own view of the cgroup tree' },
    { type: 'time', option: 'time', text: 'its own boot and monotonic clocks' },
  ],
  flags: UNSHARE_FLAGS,
  // User namespace first, for it gives the right to make the others; the /proc mount after what it belongs to.
  order: [
    'user',
    'mapUser',
    'mapGroup',
    'mapRootUser',
    'mapCurrentUser',
    'mapAuto',
    'mapSubids',
    'mapUsers',
    'mapGroups',
    'owner',
    'setgroups',
    'keepCaps',
    'fork',
    'killChild',
    'forwardSignals',
    'mnt',
    'uts',
    'ipc',
    'net',
    'pid',
    'cgroup',
    'time',
    'mountProc',
    'mountBinfmt',
    'loadInterp',
    'propagation',
    'monotonic',
    'boottime',
    'root',
    'wd',
    'setuid',
    'setgid',
    'clearEnv',
    'whitelistEnv',
  ],
};
export const UNSHARE_NAMESPACES = UNSHARE.namespaces;

/** The long option of a namespace or flag, with its dashes: `--mount-proc`. */
export const unshareOption = (about: NamespaceType | UnshareFlag): string => optionOf(UNSHARE, about);

/** The command word by word, for a page that colours it. */
export const unshareParts = (options: UnshareOptions): readonly UnsharePart[] =>
  commandParts(UNSHARE, options, (flag) =>
    flag === 'mapUsers' || flag === 'mapGroups'
      ? typedMaps(options[flag]).map((map) => `${optionOf(UNSHARE, flag)}=${map}`)
      : null,
  );

/** The command as execve(2) takes it. An empty program is left to unshare(1), which starts $SHELL as a login shell. */
export const unshareArgv = (options: UnshareOptions): string[] => unshareParts(options).map(({ text }) => text);

/** Options that say who is who in a new user namespace. */
const MAPPING = [
  'mapUser',
  'mapGroup',
  'mapRootUser',
  'mapCurrentUser',
  'mapAuto',
  'mapSubids',
  'mapUsers',
  'mapGroups',
] as const satisfies readonly UnshareFlag[];

/** Options that make a namespace besides its own; unshare(1). */
export const IMPLYING: Partial<Record<NamespaceType, readonly UnshareFlag[]>> = {
  mnt: ['mountProc', 'mountBinfmt', 'loadInterp'],
  user: [...MAPPING, 'owner', 'mountBinfmt', 'loadInterp'],
};

/** Whether a flag is ticked or filled in. */
export const isAsked = (options: UnshareOptions, flag: UnshareFlag): boolean =>
  options[flag] !== false && options[flag] !== null;

/** Those options that ask for this namespace without naming it. */
export const implying = (options: UnshareOptions, type: NamespaceType): readonly UnshareFlag[] =>
  (IMPLYING[type] ?? []).filter((flag) => isAsked(options, flag));

/** Whether any ID is mapped into the new user namespace. */
export const isMapped = (options: UnshareOptions): boolean => MAPPING.some((flag) => isAsked(options, flag));

/** The namespaces that will be new, those that another option implies included; unshare(1). */
export const namespacesMade = (options: UnshareOptions): ReadonlySet<NamespaceType> => {
  const made = new Set(options.namespaces);
  for (const type of ['mnt', 'user'] as const) if (implying(options, type).length > 0) made.add(type);
  return made;
};

/** Whether the program becomes a child of unshare instead of taking its place. */
export const forks = (options: UnshareOptions): boolean =>
  options.fork || options.killChild !== false || options.forwardSignals;

export { NO_UNSHARE, UNSHARE_PRESETS, type UnsharePreset } from './unshare-presets.ts';
