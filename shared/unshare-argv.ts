/** unshare(1) as data: what each option does in a sentence, the order it is written in, and ready-made choices. */
import { NAMESPACE_TYPES, type NamespaceType } from './model.ts';
import { shellQuoted } from './text.ts';
import type { UnshareOptions } from './unshare.ts';

/** Everything in {@link UnshareOptions} that is neither a namespace nor the program. */
export type UnshareFlag = Exclude<keyof UnshareOptions, 'namespaces' | 'program'>;

export interface NamespaceOption {
  readonly type: NamespaceType;
  /** The long option, without dashes. */
  readonly option: string;
  readonly text: string;
}

/** In the order of {@link NAMESPACE_TYPES}. */
export const UNSHARE_NAMESPACES: readonly NamespaceOption[] = [
  { type: 'mnt', option: 'mount', text: 'its own mount table; implied by --mount-proc' },
  { type: 'uts', option: 'uts', text: 'its own hostname and domain name' },
  { type: 'ipc', option: 'ipc', text: 'its own System V and POSIX queues' },
  { type: 'net', option: 'net', text: 'its own interfaces, routes, ports; starts empty' },
  { type: 'pid', option: 'pid', text: 'its own process numbers, from 1' },
  { type: 'user', option: 'user', text: 'its own user IDs; needs no privilege' },
  { type: 'cgroup', option: 'cgroup', text: 'its own view of the cgroup tree' },
  { type: 'time', option: 'time', text: 'its own boot and monotonic clocks' },
];

export interface FlagOption {
  readonly flag: UnshareFlag;
  /** The long option, without dashes. */
  readonly option: string;
  /** What has to be filled in; a tick needs nothing. */
  readonly takes: 'tick' | 'propagation' | 'seconds' | 'path';
  readonly text: string;
}

export const UNSHARE_FLAGS: readonly FlagOption[] = [
  {
    flag: 'fork',
    option: 'fork',
    takes: 'tick',
    text: 'start the shell as a child, so that it enters the new PID namespace',
  },
  {
    flag: 'mountProc',
    option: 'mount-proc',
    takes: 'tick',
    text: 'mount a new /proc; without it, ps goes on showing the host’s processes',
  },
  {
    flag: 'mapRootUser',
    option: 'map-root-user',
    takes: 'tick',
    text: 'you are root inside, still yourself outside; implies --user',
  },
  {
    flag: 'mapCurrentUser',
    option: 'map-current-user',
    takes: 'tick',
    text: 'you keep your own user ID inside; implies --user',
  },
  { flag: 'killChild', option: 'kill-child', takes: 'tick', text: 'end the shell when unshare ends; implies --fork' },
  {
    flag: 'propagation',
    option: 'propagation',
    takes: 'propagation',
    text: 'whether mounts made inside are seen outside',
  },
  { flag: 'monotonic', option: 'monotonic', takes: 'seconds', text: 'move the monotonic clock; needs --time' },
  { flag: 'boottime', option: 'boottime', takes: 'seconds', text: 'move the time since boot; needs --time' },
  { flag: 'root', option: 'root', takes: 'path', text: 'make this directory the root directory' },
  { flag: 'wd', option: 'wd', takes: 'path', text: 'start in this directory' },
];

/** One word of the command. */
export interface UnsharePart {
  readonly text: string;
  /** As a shell needs it typed. */
  readonly quoted: string;
  /** The namespace that this word makes new. */
  readonly namespace: NamespaceType | null;
  /** The option it is; `null` for namespaces, the program and `unshare` itself. */
  readonly flag: UnshareFlag | null;
}

/**
 * The order of the words: user namespace first, for it gives the right to make the others; the /proc mount after the
 * namespaces it belongs to. unshare(1) itself takes them in any order.
 */
const ORDER: readonly (NamespaceType | UnshareFlag)[] = [
  'user',
  'mapRootUser',
  'mapCurrentUser',
  'fork',
  'killChild',
  'mnt',
  'uts',
  'ipc',
  'net',
  'pid',
  'cgroup',
  'time',
  'mountProc',
  'propagation',
  'monotonic',
  'boottime',
  'root',
  'wd',
];

const isType = (word: NamespaceType | UnshareFlag): word is NamespaceType =>
  (NAMESPACE_TYPES as readonly string[]).includes(word);

/** The long option of a namespace or flag, with its dashes: `--mount-proc`. */
export const unshareOption = (about: NamespaceType | UnshareFlag): string => {
  const found = isType(about)
    ? UNSHARE_NAMESPACES.find(({ type }) => type === about)
    : UNSHARE_FLAGS.find(({ flag }) => flag === about);
  return `--${found?.option ?? about}`;
};

/** `--fork`, `--boottime=86400`, or `null` if it is not asked for. */
const word = (options: UnshareOptions, about: NamespaceType | UnshareFlag): string | null => {
  if (isType(about)) return options.namespaces.includes(about) ? unshareOption(about) : null;
  const value = options[about];
  if (value === false || value === null) return null;
  return value === true ? unshareOption(about) : `${unshareOption(about)}=${value}`;
};

/** The command word by word, for a page that colours it. */
export const unshareParts = (options: UnshareOptions): readonly UnsharePart[] => {
  const plain = (text: string): UnsharePart => ({ text, quoted: shellQuoted(text), namespace: null, flag: null });
  const parts = [plain('unshare')];
  for (const about of ORDER) {
    const text = word(options, about);
    if (text === null) continue;
    parts.push({ ...plain(text), ...(isType(about) ? { namespace: about } : { flag: about }) });
  }
  // Otherwise unshare would take the program's name for an option of its own.
  if (options.program[0]?.startsWith('-')) parts.push(plain('--'));
  return [...parts, ...options.program.map(plain)];
};

/** The command as execve(2) takes it. An empty program is left to unshare(1), which starts $SHELL as a login shell. */
export const unshareArgv = (options: UnshareOptions): string[] => unshareParts(options).map(({ text }) => text);

/** The namespaces that will be new, those that another option implies included; unshare(1). */
export const namespacesMade = (options: UnshareOptions): ReadonlySet<NamespaceType> => {
  const made = new Set(options.namespaces);
  if (options.mountProc) made.add('mnt');
  if (options.mapRootUser || options.mapCurrentUser) made.add('user');
  return made;
};

/** Whether the program becomes a child of unshare instead of taking its place. */
export const forks = (options: UnshareOptions): boolean => options.fork || options.killChild;

export { NO_UNSHARE, UNSHARE_PRESETS, type UnsharePreset } from './unshare-presets.ts';
