/** nsenter(1) as data: what each option does in a sentence, and the order it is written in. */
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from './model.ts';
import type { NsenterOptions } from './nsenter.ts';
import { shellQuoted } from './text.ts';
import type { NamespaceOption } from './unshare-argv.ts';

/** Everything in {@link NsenterOptions} that is neither a namespace nor the program. */
export type NsenterFlag = Exclude<keyof NsenterOptions, 'namespaces' | 'files' | 'program'>;

/** In the order of {@link NAMESPACE_TYPES}. */
export const NSENTER_NAMESPACES: readonly NamespaceOption[] = [
  { type: 'mnt', option: 'mount', text: 'its files, and so its programs' },
  { type: 'uts', option: 'uts', text: 'its hostname and domain name' },
  { type: 'ipc', option: 'ipc', text: 'its System V and POSIX queues' },
  { type: 'net', option: 'net', text: 'its interfaces, routes and ports' },
  { type: 'pid', option: 'pid', text: 'its process numbers' },
  { type: 'user', option: 'user', text: 'its user IDs; you become its root' },
  { type: 'cgroup', option: 'cgroup', text: 'its view of the cgroup tree' },
  { type: 'time', option: 'time', text: 'its boot and monotonic clocks' },
];

export interface NsenterFlagOption {
  readonly flag: Exclude<NsenterFlag, 'target'>;
  /** The long option, without dashes. */
  readonly option: string;
  /** What has to be filled in; a tick needs nothing, a `place` may also be the target's own. */
  readonly takes: 'tick' | 'id' | 'place' | 'path';
  readonly text: string;
}

export const NSENTER_FLAGS: readonly NsenterFlagOption[] = [
  { flag: 'all', option: 'all', takes: 'tick', text: 'enter every namespace of the target' },
  {
    flag: 'noFork',
    option: 'no-fork',
    takes: 'tick',
    text: 'do not start the program as a child; with --pid it then stays outside',
  },
  {
    flag: 'preserveCredentials',
    option: 'preserve-credentials',
    takes: 'tick',
    text: 'keep your user and group IDs on entering a user namespace',
  },
  {
    flag: 'followContext',
    option: 'follow-context',
    takes: 'tick',
    text: 'take the target’s SELinux context; nothing happens where SELinux is off',
  },
  { flag: 'root', option: 'root', takes: 'place', text: 'set the root directory' },
  { flag: 'wd', option: 'wd', takes: 'place', text: 'start in a directory, opened before entering' },
  { flag: 'wdns', option: 'wdns', takes: 'path', text: 'start in this directory as it is called inside' },
  { flag: 'setuid', option: 'setuid', takes: 'id', text: 'become this user' },
  { flag: 'setgid', option: 'setgid', takes: 'id', text: 'become this group, with no others' },
];

/** One word of the command. */
export interface NsenterPart {
  readonly text: string;
  /** As a shell needs it typed. */
  readonly quoted: string;
  /** The namespace that this word enters. */
  readonly namespace: NamespaceType | null;
  /** The option it is; `null` for namespaces, the program and `nsenter` itself. */
  readonly flag: NsenterFlag | null;
}

/** Whose, which, as whom, where, how. nsenter(1) takes them in any order and enters in one of its own. */
const ORDER: readonly (NamespaceType | NsenterFlag)[] = [
  'target',
  'all',
  ...NAMESPACE_TYPES,
  'setuid',
  'setgid',
  'preserveCredentials',
  'root',
  'wd',
  'wdns',
  'noFork',
  'followContext',
];

const isType = (about: NamespaceType | NsenterFlag): about is NamespaceType =>
  (NAMESPACE_TYPES as readonly string[]).includes(about);

/** The long option of a namespace or flag, with its dashes: `--mount`, `--no-fork`. */
export const nsenterOption = (about: NamespaceType | NsenterFlag): string => {
  const found = isType(about)
    ? NSENTER_NAMESPACES.find(({ type }) => type === about)
    : NSENTER_FLAGS.find(({ flag }) => flag === about);
  return `--${found?.option ?? about}`;
};

/** The host's number of the process that is entered; `null` without one. */
export const targetPid = ({ target }: Pick<NsenterOptions, 'target'>): number | null =>
  target === null ? null : Number(target.split('@')[0]);

/** `['--target', '7']`, `['--net=/run/netns/a']`, or none if it is not asked for. */
const words = (options: NsenterOptions, about: NamespaceType | NsenterFlag): readonly string[] => {
  const option = nsenterOption(about);
  if (isType(about)) {
    if (!options.namespaces.includes(about)) return [];
    const file = options.files[about];
    return [file === undefined ? option : `${option}=${file}`];
  }
  if (about === 'target') {
    const pid = targetPid(options);
    return pid === null ? [] : [option, String(pid)];
  }
  const value = options[about];
  if (value === false || value === null) return [];
  return [value === true ? option : `${option}=${value}`];
};

/** The command word by word, for a page that colours it. */
export const nsenterParts = (options: NsenterOptions): readonly NsenterPart[] => {
  const plain = (text: string): NsenterPart => ({ text, quoted: shellQuoted(text), namespace: null, flag: null });
  const parts = [plain('nsenter')];
  for (const about of ORDER) {
    const part = isType(about) ? { namespace: about } : { flag: about };
    for (const text of words(options, about)) parts.push({ ...plain(text), ...part });
  }
  // Otherwise nsenter would take the program's name for an option of its own.
  if (options.program[0]?.startsWith('-')) parts.push(plain('--'));
  return [...parts, ...options.program.map(plain)];
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
