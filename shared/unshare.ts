/** unshare(1): what may be asked for, and the argv it becomes. */
import * as v from 'valibot';
import { NAMESPACE_TYPES, type NamespaceType } from './model.ts';

const flag = v.optional(v.boolean(), false);
/** A program or argument: any bytes a process may be given, so only NUL is impossible. */
// eslint-disable-next-line no-control-regex -- NUL is the one byte execve(2) cannot pass
export const Argument = v.pipe(v.string(), v.maxLength(32_768), v.regex(/^[^\u0000]*$/, 'an argument without NUL'));
const seconds = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(-1e9), v.maxValue(1e9))), null);

export const PROPAGATIONS = ['private', 'shared', 'slave', 'unchanged'] as const;

/** What the launcher's form holds. */
export const UnshareOptions = v.strictObject({
  /** Namespaces to make new. */
  namespaces: v.pipe(v.array(v.picklist(NAMESPACE_TYPES)), v.maxLength(NAMESPACE_TYPES.length)),
  fork: flag,
  killChild: flag,
  mountProc: flag,
  mapRootUser: flag,
  mapCurrentUser: flag,
  propagation: v.optional(v.nullable(v.picklist(PROPAGATIONS)), null),
  /** Offsets of the clocks in a new time namespace, seconds. */
  monotonic: seconds,
  boottime: seconds,
  /** Change the root directory or the working directory first. */
  root: v.optional(v.nullable(Argument), null),
  wd: v.optional(v.nullable(Argument), null),
  /** argv of the program; empty means unshare's own default, $SHELL. */
  program: v.pipe(v.array(Argument), v.maxLength(256)),
});
export type UnshareOptions = v.InferOutput<typeof UnshareOptions>;

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
  readonly userNamespaces: { readonly allowed: boolean; readonly because: string | null };
  /** Whether the host process holds CAP_SYS_ADMIN, which every type but user needs. */
  readonly sysAdmin: boolean;
  readonly shell: string;
}
