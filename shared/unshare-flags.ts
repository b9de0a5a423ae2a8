/** What each option of unshare(1) does, in a sentence, and what has to be filled in: the rows of its form. */
import type { FlagOption } from './launch-command.ts';
import { hasNewMaps } from './util-linux.ts';
import { PROPAGATIONS, SETGROUPS, type UnshareOptions } from './unshare.ts';

/** Everything in {@link UnshareOptions} that is neither a namespace nor the program. */
export type UnshareFlag = Exclude<keyof UnshareOptions, 'namespaces' | 'files' | 'program'>;

const USERS = 'Users';
const CLOCKS = 'Clocks';

const mapForm = (version: string | null): string => (hasNewMaps(version) ? 'inner:outer:count' : 'outer,inner,count');

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
    text: 'mount a binfmt_misc of its own; implies --user and --mount',
  },
  {
    flag: 'loadInterp',
    option: 'load-interp',
    takes: 'text',
    empty: ':name:type:…',
    text: 'register an interpreter there; implies --mount-binfmt',
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
    text: 'pass SIGTERM and SIGINT on to the child; implies --fork',
  },
  {
    flag: 'propagation',
    option: 'propagation',
    takes: PROPAGATIONS,
    text: 'whether mounts made inside are seen outside',
  },
  { flag: 'root', option: 'root', takes: 'text', text: 'make this directory the root directory' },
  { flag: 'wd', option: 'wd', takes: 'text', text: 'start in this directory' },
  { flag: 'clearEnv', option: 'clear-env', takes: 'tick', text: 'start with no environment variable at all' },
  {
    flag: 'whitelistEnv',
    option: 'whitelist-env',
    takes: 'text',
    empty: 'NAME,NAME',
    text: 'start with these environment variables only',
  },
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
    empty: mapForm,
    text: 'map ranges of users, with blanks between; implies --user',
  },
  {
    flag: 'mapGroups',
    option: 'map-groups',
    takes: 'text',
    group: USERS,
    empty: mapForm,
    text: 'map ranges of groups, with blanks between; implies --user',
  },
  {
    flag: 'owner',
    option: 'owner',
    takes: 'text',
    group: USERS,
    empty: 'uid:gid',
    text: 'who owns the user namespace, and so may enter it; implies --user',
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
