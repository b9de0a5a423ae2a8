/** nsenter(1): what may be asked for. The argv it becomes: `nsenter-argv.ts`. */
import * as v from 'valibot';
import { NAMESPACE_TYPES } from './model.ts';

const flag = v.optional(v.boolean(), false);
/** A program, argument or path: any bytes a process may be given, so only NUL is impossible. */
// eslint-disable-next-line no-control-regex -- NUL is the one byte execve(2) cannot pass
const argument = v.pipe(v.string(), v.maxLength(32_768), v.regex(/^[^\u0000]*$/, 'an argument without NUL'));
const path = v.pipe(argument, v.minLength(1));
/** uid_t and gid_t hold 32 bits; the last value means "unchanged" and is refused by the kernel. */
const id = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0xfffffffe))), null);
/** `true`: the target's own. */
const place = v.optional(v.nullable(v.union([v.literal(true), path])), null);

/** What the launcher's form holds. */
export const NsenterOptions = v.strictObject({
  /** Whose namespaces are entered, `pid@starttime`; `null`: only those given by a file. */
  target: v.nullable(v.pipe(v.string(), v.regex(/^\d{1,10}@\d{1,20}$/, 'pid@starttime'))),
  /** All that the target has. */
  all: flag,
  namespaces: v.pipe(v.array(v.picklist(NAMESPACE_TYPES)), v.maxLength(NAMESPACE_TYPES.length)),
  /** A file that stands for the namespace, in place of the target's; kept, but not used, while its type is not entered. */
  files: v.optional(v.record(v.picklist(NAMESPACE_TYPES), path), {}),
  setuid: id,
  setgid: id,
  preserveCredentials: flag,
  root: place,
  wd: place,
  wdns: v.optional(v.nullable(path), null),
  noFork: flag,
  followContext: flag,
  /** argv of the program; empty means nsenter's own default, $SHELL. */
  program: v.pipe(v.array(argument), v.maxLength(256)),
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
  readonly shell: string;
}
