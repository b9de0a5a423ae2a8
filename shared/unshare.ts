/** unshare(1): what may be asked for. The argv it becomes: `unshare-argv.ts`. */
import * as v from 'valibot';
import { NAMESPACE_TYPES, type NamespaceType } from './model.ts';

const flag = v.optional(v.boolean(), false);
/** A program or argument: any bytes a process may be given, so only NUL is impossible. */
// eslint-disable-next-line no-control-regex -- NUL is the one byte execve(2) cannot pass
export const Argument = v.pipe(v.string(), v.maxLength(32_768), v.regex(/^[^\u0000]*$/, 'an argument without NUL'));
export const NamedPath = v.pipe(Argument, v.minLength(1));
/** uid_t and gid_t hold 32 bits; the last value means "unchanged" and is refused by the kernel. */
export const NumericId = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xfffffffe));
const seconds = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(-1e9), v.maxValue(1e9))), null);
const text = v.optional(v.nullable(NamedPath), null);
const id = v.optional(v.nullable(NumericId), null);
/** `true`: as unshare does it by itself. */
const flagOrText = v.optional(v.union([v.boolean(), NamedPath]), false);

export const PROPAGATIONS = ['private', 'shared', 'slave', 'unchanged'] as const;
export const SETGROUPS = ['allow', 'deny'] as const;

/** What the launcher's form holds. */
export const UnshareOptions = v.strictObject({
  /** Namespaces to make new. */
  namespaces: v.pipe(v.array(v.picklist(NAMESPACE_TYPES)), v.maxLength(NAMESPACE_TYPES.length)),
  /** Files that keep the new namespaces alive by a bind mount; kept, but not used, while the type is not made new. */
  files: v.optional(v.record(v.picklist(NAMESPACE_TYPES), NamedPath), {}),
  fork: flag,
  /** A signal in place of SIGKILL, by name or number. */
  killChild: flagOrText,
  forwardSignals: flag,
  /** A directory in place of /proc. */
  mountProc: flagOrText,
  mountBinfmt: flagOrText,
  /** `:name:type:offset:magic:mask:interpreter:flags`, as binfmt_misc takes it. */
  loadInterp: text,
  mapRootUser: flag,
  mapCurrentUser: flag,
  /** By number or name. */
  mapUser: text,
  mapGroup: text,
  mapAuto: flag,
  mapSubids: flag,
  /** `OUTER,INNER,COUNT`, or `auto`; from util-linux 2.39 on `INNER:OUTER:COUNT`, and several with blanks between. */
  mapUsers: text,
  mapGroups: text,
  setgroups: v.optional(v.nullable(v.picklist(SETGROUPS)), null),
  /** `UID:GID`: who owns the new user namespace. */
  owner: text,
  keepCaps: flag,
  setuid: id,
  setgid: id,
  propagation: v.optional(v.nullable(v.picklist(PROPAGATIONS)), null),
  /** Offsets of the clocks in a new time namespace, seconds. */
  monotonic: seconds,
  boottime: seconds,
  /** Change the root directory or the working directory first. */
  root: v.optional(v.nullable(Argument), null),
  wd: v.optional(v.nullable(Argument), null),
  clearEnv: flag,
  /** Names of variables that stay, with commas between. */
  whitelistEnv: text,
  /** argv of the program; empty means unshare's own default, $SHELL. */
  program: v.pipe(v.array(Argument), v.maxLength(256)),
});
export type UnshareOptions = v.InferOutput<typeof UnshareOptions>;

/** Whether something may be done here, and what forbids it. */
export interface Allowance {
  readonly allowed: boolean;
  readonly because: string | null;
}

/** What stands between this user and a new namespace, before anything is tried. */
export interface UnshareSupport {
  /** Path of unshare(1); `null` if it is not installed. */
  readonly path: string | null;
  /** `util-linux 2.38.1`. */
  readonly version: string | null;
  /** Long options its --help lists, without dashes: `mount`, `map-root-user`, … */
  readonly options: readonly string[];
  /** Namespace types the running kernel has. */
  readonly types: readonly NamespaceType[];
  /** Whether a user namespace may be made here, and the setting that forbids it. */
  readonly userNamespaces: Allowance;
  /** Whether this user has a range of IDs of their own to map, by newuidmap(1) and subuid(5). */
  readonly subordinateIds: Allowance;
  /** Types of which no namespace may be made here: user.max_…_namespaces is 0; namespaces(7). */
  readonly noneAllowed: readonly NamespaceType[];
  /** The host process's effective user. */
  readonly uid: number;
  /** Whether the host process holds CAP_SETUID, and CAP_SETGID. */
  readonly setIds: { readonly uid: boolean; readonly gid: boolean };
  /** Release of the running kernel; `''` where it could not be read. */
  readonly kernel: string;
  /** Whether the host process holds CAP_SYS_ADMIN, which every type but user needs. */
  readonly sysAdmin: boolean;
  readonly shell: string;
}
