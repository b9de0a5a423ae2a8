/** nsenter(1) as data: what each option does in a sentence, and the order it is written in. */
import { commandParts, optionOf, type CommandPart, type CommandTable, type FlagOption } from './launch-command.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from './model.ts';
import type { NsenterOptions } from './nsenter.ts';

/** What is written into the command besides namespaces and the program. */
export type NsenterFlag = Exclude<keyof NsenterOptions, 'namespaces' | 'files' | 'program' | 'joinCgroups'>;
export type NsenterPart = CommandPart<NsenterFlag>;

const USERS = 'Users';

export const NSENTER_FLAGS: readonly FlagOption<Exclude<NsenterFlag, 'target'>>[] = [
  { flag: 'all', option: 'all', takes: 'tick', text: 'enter every namespace of the target' },
  {
    flag: 'userParent',
    option: 'user-parent',
    takes: 'tick',
    text: 'enter the user namespace above the target’s',
  },
  {
    flag: 'netSocket',
    option: 'net-socket',
    takes: 'id',
    empty: 'fd',
    text: 'enter the network namespace of this socket of the target',
  },
  { flag: 'root', option: 'root', takes: 'ticked text', empty: 'the target’s', text: 'set the root directory' },
  {
    flag: 'wd',
    option: 'wd',
    takes: 'ticked text',
    empty: 'the target’s',
    text: 'start in a directory, opened before entering',
  },
  { flag: 'wdns', option: 'wdns', takes: 'text', text: 'start in this directory as it is called inside' },
  { flag: 'env', option: 'env', takes: 'tick', text: 'take the target’s environment variables' },
  {
    flag: 'noFork',
    option: 'no-fork',
    takes: 'tick',
    text: 'do not start the program as a child; with --pid it then stays outside',
  },
  {
    flag: 'followContext',
    option: 'follow-context',
    takes: 'tick',
    text: 'take the target’s SELinux context; nothing happens where SELinux is off',
  },
  {
    flag: 'setuid',
    option: 'setuid',
    takes: 'id or follow',
    group: USERS,
    text: 'become this user; follow: the target’s',
  },
  {
    flag: 'setgid',
    option: 'setgid',
    takes: 'id or follow',
    group: USERS,
    text: 'become this group, with no others; follow: the target’s',
  },
  {
    flag: 'preserveCredentials',
    option: 'preserve-credentials',
    takes: 'tick',
    group: USERS,
    text: 'keep your user and group IDs on entering a user namespace',
  },
  {
    flag: 'keepCaps',
    option: 'keep-caps',
    takes: 'tick',
    group: USERS,
    text: 'keep the capabilities that entering a user namespace gives',
  },
];

const NSENTER: CommandTable<NsenterFlag> = {
  name: 'nsenter',
  // In the order of NAMESPACE_TYPES.
  namespaces: [
    { type: 'mnt', option: 'mount', text: 'its files, and so its programs' },
    { type: 'uts', option: 'uts', text: 'its hostname and domain name' },
    { type: 'ipc', option: 'ipc', text: 'its System V and POSIX queues' },
    { type: 'net', option: 'net', text: 'its interfaces, routes and ports' },
    { type: 'pid', option: 'pid', text: 'its process numbers' },
    { type: 'user', option: 'user', text: 'its user IDs; you become its root' },
    { type: 'cgroup', option: 'cgroup', text: 'its view of the cgroup tree' },
    { type: 'time', option: 'time', text: 'its boot and monotonic clocks' },
  ],
  flags: NSENTER_FLAGS,
  // Whose, which, as whom, where, how; nsenter(1) enters in an order of its own.
  order: [
    'target',
    'all',
    ...NAMESPACE_TYPES,
    'userParent',
    'netSocket',
    'setuid',
    'setgid',
    'preserveCredentials',
    'keepCaps',
    'root',
    'wd',
    'wdns',
    'env',
    'noFork',
    'followContext',
  ],
};
export const NSENTER_NAMESPACES = NSENTER.namespaces;

/** The long option of a namespace or flag, with its dashes: `--mount`, `--no-fork`. */
export const nsenterOption = (about: NamespaceType | NsenterFlag): string => optionOf(NSENTER, about);

/** The host's number of the process that is entered; `null` without one. */
export const targetPid = ({ target }: Pick<NsenterOptions, 'target'>): number | null =>
  target === null ? null : Number(target.split('@')[0]);

/** The command word by word, for a page that colours it. */
export const nsenterParts = (options: NsenterOptions): readonly NsenterPart[] => {
  const pid = targetPid(options);
  const target = pid === null ? [] : ['--target', String(pid)];
  return commandParts(NSENTER, options, (flag) => (flag === 'target' ? target : null));
};

/** The command as execve(2) takes it. An empty program is left to nsenter(1), which starts $SHELL as a login shell. */
export const nsenterArgv = (options: NsenterOptions): string[] => nsenterParts(options).map(({ text }) => text);

/** `null` where it could not be read. */
export type Namespaces = Readonly<Record<NamespaceType, NamespaceId | null>>;

/** The types that will be entered: with --all every one but the user namespace one is in already; nsenter(1). */
export const namespacesEntered = (
  options: NsenterOptions,
  target: Namespaces | null,
  own: Namespaces | null,
): ReadonlySet<NamespaceType> => {
  const entered = new Set(options.namespaces);
  if (!options.all) return entered;
  for (const type of NAMESPACE_TYPES) {
    const same = target !== null && own !== null && target[type] !== null && target[type] === own[type];
    if (type !== 'user' || !same) entered.add(type);
  }
  return entered;
};

/** Whether the program becomes a child of nsenter instead of taking its place: whenever a pid namespace is entered. */
export const nsenterForks = (options: NsenterOptions): boolean =>
  !options.noFork && (options.all || options.namespaces.includes('pid'));
