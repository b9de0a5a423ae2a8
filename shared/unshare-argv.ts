/** unshare(1) as data: what each option does in a sentence, the order it is written in, and ready-made choices. */
import { commandParts, optionOf, type CommandPart, type CommandTable, type FlagOption } from './launch-command.ts';
import type { NamespaceType } from './model.ts';
import { PROPAGATIONS, SETGROUPS, type UnshareOptions } from './unshare.ts';

/** Everything in {@link UnshareOptions} that is neither a namespace nor the program. */
export type UnshareFlag = Exclude<keyof UnshareOptions, 'namespaces' | 'files' | 'program'>;
export type UnsharePart = CommandPart<UnshareFlag>;

const USERS = 'Users';
const CLOCKS = 'Clocks';

export const UNSHARE_FLAGS: readonly FlagOption<UnshareFlag>[] = [
  {
    flag: 'fork',
    option: 'fork',
    takes: 'tick',
    text: 'start the shell as a child, so that it enters the new PID namespace',
  },
  {
    flag: 'mountProc',
    option: 'mount-proc',
    takes: 'ticked text',
    empty: '/proc',
    text: 'mount a new /proc; without it, ps goes on showing the host’s processes',
  },
  {
    flag: 'mountBinfmt',
    option: 'mount-binfmt',
    takes: 'ticked text',
    empty: '/proc/sys/fs/binfmt_misc',
    text: 'mount a binfmt_misc of its own',
  },
  {
    flag: 'killChild',
    option: 'kill-child',
    takes: 'ticked text',
    empty: 'SIGKILL',
    text: 'end the shell when unshare ends; implies --fork',
  },
  {
    flag: 'forwardSignals',
    option: 'forward-signals',
    takes: 'tick',
    text: 'pass SIGTERM and SIGINT on to the child',
  },
  {
    flag: 'propagation',
    option: 'propagation',
    takes: PROPAGATIONS,
    text: 'whether mounts made inside are seen outside',
  },
  { flag: 'root', option: 'root', takes: 'text', text: 'make this directory the root directory' },
  { flag: 'wd', option: 'wd', takes: 'text', text: 'start in this directory' },
  {
    flag: 'mapRootUser',
    option: 'map-root-user',
    takes: 'tick',
    group: USERS,
    text: 'you are root inside, still yourself outside; implies --user',
  },
  {
    flag: 'mapCurrentUser',
    option: 'map-current-user',
    takes: 'tick',
    group: USERS,
    text: 'you keep your own user ID inside; implies --user',
  },
  {
    flag: 'mapUser',
    option: 'map-user',
    takes: 'text',
    group: USERS,
    empty: 'uid or name',
    text: 'who you are inside; implies --user',
  },
  {
    flag: 'mapGroup',
    option: 'map-group',
    takes: 'text',
    group: USERS,
    empty: 'gid or name',
    text: 'your group inside; implies --user',
  },
  {
    flag: 'mapAuto',
    option: 'map-auto',
    takes: 'tick',
    group: USERS,
    text: 'map the range that /etc/subuid and /etc/subgid give you; implies --user',
  },
  {
    flag: 'mapSubids',
    option: 'map-subids',
    takes: 'tick',
    group: USERS,
    text: 'map that range to itself; implies --user',
  },
  {
    flag: 'mapUsers',
    option: 'map-users',
    takes: 'text',
    group: USERS,
    empty: 'outer,inner,count',
    text: 'map a range of users; implies --user',
  },
  {
    flag: 'mapGroups',
    option: 'map-groups',
    takes: 'text',
    group: USERS,
    empty: 'outer,inner,count',
    text: 'map a range of groups; implies --user',
  },
  {
    flag: 'setgroups',
    option: 'setgroups',
    takes: SETGROUPS,
    group: USERS,
    text: 'whether setgroups(2) works in the user namespace',
  },
  {
    flag: 'keepCaps',
    option: 'keep-caps',
    takes: 'tick',
    group: USERS,
    text: 'keep the capabilities a user namespace gives, also if you are not root inside',
  },
  { flag: 'setuid', option: 'setuid', takes: 'id', group: USERS, text: 'become this user' },
  { flag: 'setgid', option: 'setgid', takes: 'id', group: USERS, text: 'become this group, with no others' },
  {
    flag: 'monotonic',
    option: 'monotonic',
    takes: 'seconds',
    group: CLOCKS,
    text: 'move the monotonic clock; needs --time',
  },
  {
    flag: 'boottime',
    option: 'boottime',
    takes: 'seconds',
    group: CLOCKS,
    text: 'move the time since boot; needs --time',
  },
];

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
    'propagation',
    'monotonic',
    'boottime',
    'root',
    'wd',
    'setuid',
    'setgid',
  ],
};
export const UNSHARE_NAMESPACES = UNSHARE.namespaces;

/** The long option of a namespace or flag, with its dashes: `--mount-proc`. */
export const unshareOption = (about: NamespaceType | UnshareFlag): string => optionOf(UNSHARE, about);

/** The command word by word, for a page that colours it. */
export const unshareParts = (options: UnshareOptions): readonly UnsharePart[] => commandParts(UNSHARE, options);

/** The command as execve(2) takes it. An empty program is left to unshare(1), which starts $SHELL as a login shell. */
export const unshareArgv = (options: UnshareOptions): string[] => unshareParts(options).map(({ text }) => text);

/** Options that make a namespace besides its own; unshare(1). */
export const IMPLYING: Partial<Record<NamespaceType, readonly UnshareFlag[]>> = {
  mnt: ['mountProc', 'mountBinfmt'],
  user: ['mapUser', 'mapGroup', 'mapRootUser', 'mapCurrentUser', 'mapAuto', 'mapSubids', 'mapUsers', 'mapGroups'],
};

/** Whether a flag is ticked or filled in. */
export const isAsked = (options: UnshareOptions, flag: UnshareFlag): boolean =>
  options[flag] !== false && options[flag] !== null;

/** Those options that ask for this namespace without naming it. */
export const implying = (options: UnshareOptions, type: NamespaceType): readonly UnshareFlag[] =>
  (IMPLYING[type] ?? []).filter((flag) => isAsked(options, flag));

/** The namespaces that will be new, those that another option implies included; unshare(1). */
export const namespacesMade = (options: UnshareOptions): ReadonlySet<NamespaceType> => {
  const made = new Set(options.namespaces);
  for (const type of ['mnt', 'user'] as const) if (implying(options, type).length > 0) made.add(type);
  return made;
};

/** Whether the program becomes a child of unshare instead of taking its place. */
export const forks = (options: UnshareOptions): boolean => options.fork || options.killChild !== false;

export { NO_UNSHARE, UNSHARE_PRESETS, type UnsharePreset } from './unshare-presets.ts';
