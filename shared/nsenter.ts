/** nsenter(1): what may be asked for. The argv it becomes: `nsenter-argv.ts`. */
import * as v from 'valibot';
import { NAMESPACE_TYPES } from './model.ts';
import { Argument, NamedPath, NumericId } from './unshare.ts';

const flag = v.optional(v.boolean(), false);
const id = v.optional(v.nullable(NumericId), null);
const idOrFollow = v.optional(v.nullable(v.union([v.literal('follow'), NumericId])), null);
/** `true`: the target's own. */
const place = v.optional(v.nullable(v.union([v.literal(true), NamedPath])), null);

/** What the launcher's form holds. */
export const NsenterOptions = v.strictObject({
  /** Whose namespaces are entered, `pid@starttime`; `null`: only those given by a file. */
  target: v.nullable(v.pipe(v.string(), v.regex(/^\d{1,10}@\d{1,20}$/, 'pid@starttime'))),
  /** All that the target has. */
  all: flag,
  namespaces: v.pipe(v.array(v.picklist(NAMESPACE_TYPES)), v.maxLength(NAMESPACE_TYPES.length)),
  /** A file that stands for the namespace, in place of the target's; kept, but not used, while its type is not entered. */
  files: v.optional(v.record(v.picklist(NAMESPACE_TYPES), NamedPath), {}),
  /** `follow`: the target's. */
  setuid: idOrFollow,
  setgid: idOrFollow,
  preserveCredentials: flag,
  keepCaps: flag,
  root: place,
  wd: place,
  wdns: v.optional(v.nullable(NamedPath), null),
  /** The target's environment in place of the host's. */
  env: flag,
  noFork: flag,
  followContext: flag,
  /** The user namespace that owns the target's. */
  userParent: flag,
  /** A file descriptor of the target: the network namespace of this socket. */
  netSocket: id,
  /** Moves the program into the target's cgroups before it starts; see `join-cgroups.ts`. No option of nsenter's. */
  joinCgroups: flag,
  /** argv of the program; empty means nsenter's own default, $SHELL. */
  program: v.pipe(v.array(Argument), v.maxLength(256)),
});
export type NsenterOptions = v.InferOutput<typeof NsenterOptions>;

/** What the installed nsenter(1) is and knows. */
export interface NsenterSupport {
  /** Path of nsenter(1); `null` if it is not installed. */
  readonly path: string | null;
  /** `util-linux 2.38.1`. */
  readonly version: string | null;
  /** Long options its --help lists, without dashes; empty if that could not be read. */
  readonly options: readonly string[];
  /** Whether --setuid=follow is understood; no help text tells. */
  readonly follows: boolean;
  readonly shell: string;
}
