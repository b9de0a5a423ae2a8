/**
 * The contract between page and host: every call with a schema for its arguments, every event. Both ends and the tests'
 * doubles are derived from it. The page is not trusted; the host parses every argument with the schema before it looks at it.
 */
import * as v from 'valibot';
import type { CgroupDetail, CgroupTree } from './cgroup-model.ts';
import { Change, type ChangePreview, type ChangeRecord } from './change.ts';
import { ContainerAction } from './container-act.ts';
import type { ContainerDiff } from './container-diff.ts';
import type { Mount } from './mounts.ts';
import type { ContainerTop } from './container-top.ts';
import type { ContainerUse, MemoryNow } from './container-use.ts';
import { ExecOptions, type ExecProbe } from './exec.ts';
import { LaunchPaths, type PathLook } from './launch-paths.ts';
import { LogQuery, type LogEnd, type LogStart } from './logs.ts';
import type { HostInfo, ProcessDetail, ProcessKey, Reading } from './model.ts';
import { ImageRef, type EngineImage, type ImageRemoved, type ImageStep } from './images.ts';
import { NamespaceIdArgument, type NamespaceInside } from './inside.ts';
import { normalProcPath, type ProcFile, type ProcListing } from './proc-model.ts';
import { ACCOUNT_PARTS, type Account, type AccountPart, type MachineThreads } from './process-account.ts';
import type { LocalImage, PullTold, RanContainer } from './pull.ts';
import { RunOptions } from './run-container.ts';
import { NsenterOptions, type NsenterSupport } from './nsenter.ts';
import type { SeccompFilters, SeccompThreads } from './seccomp-model.ts';
import type { TerminalInfo, TerminalRemains } from './terminal.ts';
import { Argument, UnshareOptions, type UnshareSupport } from './unshare.ts';

const nothing = v.strictObject({});
const processKey = v.pipe(
  v.string(),
  v.regex(/^\d{1,10}@\d{1,20}$/, 'pid@starttime'),
  v.transform((key) => key as ProcessKey),
);
const pid = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4_194_304));
const containerId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'a container ID'));
const terminalId = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'a terminal id'));
/** Named by the page, for the time of one run. */
const jobId = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'a job id'));
const changeId = v.pipe(v.string(), v.uuid());
const engineId = v.pipe(v.string(), v.maxLength(4096));
/** True of `/` and of `/a/b` without an empty part, `.`, `..` or anything that would end the name early. */
export const normalCgroupPath = (path: string): boolean =>
  path === '/' || /^(?:\/(?!\.{1,2}(?:\/|$))[^/\0\n]+)+$/.test(path);
/** As /proc/PID/cgroup spells it; no longer than PATH_MAX. */
const cgroupPath = v.pipe(v.string(), v.maxLength(4096), v.check(normalCgroupPath, 'an absolute, normal cgroup path'));
/** Relative to /proc/PID; `''` is the directory itself. */
const procPath = v.pipe(v.string(), v.maxLength(4096), v.check(normalProcPath, 'a normal path below /proc/PID'));
/** In bytes. What the kernel writes of a process as text is never as long as this. */
const fileOffset = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 40));
/** Rows and columns that a terminal may have; struct winsize holds 16 bits, no screen needs them. */
const cells = v.pipe(v.number(), v.integer(), v.minValue(2), v.maxValue(2000));
const size = { cols: cells, rows: cells };
const title = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(80));

export interface Hello {
  readonly version: string;
  /** Of this run of the host: another one knows none of its terminals. */
  readonly instance: string;
  readonly host: HostInfo;
  /** The user's own shell: the program of `terminal.shell`. */
  readonly shell: string;
}

/** One call: the schema of its arguments, and the type of its answer (which only types carry). */
interface Method<Args extends v.GenericSchema, Result> {
  readonly args: Args;
  readonly result?: Result;
}
const method =
  <Result>() =>
  <const Args extends v.GenericSchema>(args: Args): Method<Args, Result> => ({ args });

/** At most 2^22 by PID_MAX_LIMIT of linux/threads.h. */
const threadId = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(2 ** 22));

export const METHODS = {
  hello: method<Hello>()(nothing),
  /** Frames of the world begin; the first is whole. Calling again starts over with a whole one. */
  'world.watch': method<null>()(nothing),
  'world.unwatch': method<null>()(nothing),
  /** Everything about one process, read now. `not-found` if it ended. */
  'process.detail': method<ProcessDetail>()(v.strictObject({ key: processKey })),
  /**
   * Stops one thread (`null`: the first) of the process for some milliseconds to read its seccomp filters; root only.
   * `not-found` if it ended.
   */
  'seccomp.read': method<SeccompFilters>()(v.strictObject({ key: processKey, tid: v.nullable(threadId) })),
  /** Which threads say of themselves that they have other filters than the first; stops nobody. `not-found` if it ended. */
  'seccomp.threads': method<SeccompThreads>()(v.strictObject({ key: processKey })),
  /** A directory under /proc/PID, read now. `not-found` if the process ended. No link is followed. */
  'proc.list': method<ProcListing>()(v.strictObject({ key: processKey, path: procPath })),
  /** A file under /proc/PID from this byte on, read now. `not-found` if the process ended. */
  'proc.read': method<ProcFile>()(v.strictObject({ key: processKey, path: procPath, offset: fileOffset })),
  /** What is inside a namespace, read now; as the member `of` sees it. `not-found` if there is no such namespace. */
  'namespace.inside': method<NamespaceInside>()(
    v.strictObject({ id: NamespaceIdArgument, of: v.nullable(processKey) }),
  ),
  /** Who holds namespaces is read with the next look, which comes soon, and does not wait for its turn. */
  'namespace.anew': method<null>()(nothing),
  /** Every cgroup of every hierarchy that is mounted, read now. */
  'cgroup.tree': method<CgroupTree>()(nothing),
  /** Every file of one cgroup, read now. `not-found` if there is none of this path. */
  'cgroup.detail': method<CgroupDetail>()(v.strictObject({ path: cgroupPath })),
  /** Try this engine now instead of at its next turn. */
  'engine.retry': method<null>()(v.strictObject({ engine: engineId })),
  /** The engine's own account, unchanged: what `docker inspect` prints. */
  'container.inspect': method<unknown>()(v.strictObject({ engine: engineId, id: containerId })),
  /** What it uses, read now from its cgroup, else from its engine. `failed` where neither tells. */
  'container.use': method<ContainerUse>()(
    v.strictObject({ engine: v.nullable(engineId), id: containerId, pid: v.nullable(pid) }),
  ),
  /** Memory of many at once, from their cgroups alone. */
  'container.memory': method<readonly MemoryNow[]>()(
    v.strictObject({ containers: v.pipe(v.array(v.strictObject({ id: containerId, pid })), v.maxLength(500)) }),
  ),
  /** One part of what a process tells on request, read now. `not-found` if it ended. */
  'process.account': method<Account[AccountPart]>()(
    v.strictObject({ key: processKey, part: v.picklist(ACCOUNT_PARTS) }),
  ),
  /** The threads of every process that has more than one, read now. */
  'process.threads': method<MachineThreads>()(nothing),
  /** Every mount that the process sees, read now. `not-found` if it ended. */
  'process.mounts': method<Reading<readonly Mount[]>>()(v.strictObject({ key: processKey })),
  /** Its processes as its engine lists them: for one whose processes are not on this machine. */
  'container.top': method<ContainerTop>()(v.strictObject({ engine: engineId, id: containerId })),
  /** What was added, changed and deleted since the image; the engine walks its files for it. */
  'container.diff': method<ContainerDiff>()(v.strictObject({ engine: engineId, id: containerId })),
  /** Starts, stops, signals, renames, removes …; answers when the engine has. Its events tell the rest. */
  'container.act': method<null>()(v.strictObject({ engine: engineId, id: containerId, action: ContainerAction })),
  /** Creates and starts a container; a missing image is fetched first, told by `pull` events. Answers when it is up. */
  'container.run': method<RanContainer>()(v.strictObject({ engine: engineId, job: jobId, options: RunOptions })),
  /** Gives up fetching the image of this page's run. */
  'container.cancelRun': method<null>()(v.strictObject({ job: jobId })),
  'image.list': method<readonly LocalImage[]>()(v.strictObject({ engine: engineId })),
  /** Every image, named or not, with the containers made from it; `images` events say when to ask again. */
  'image.all': method<readonly EngineImage[]>()(v.strictObject({ engine: engineId })),
  'image.history': method<readonly ImageStep[]>()(v.strictObject({ engine: engineId, image: ImageRef })),
  /** The engine's own account, unchanged: what `docker image inspect` prints. */
  'image.inspect': method<unknown>()(v.strictObject({ engine: engineId, image: ImageRef })),
  'image.remove': method<ImageRemoved>()(v.strictObject({ engine: engineId, image: ImageRef, force: v.boolean() })),
  /** Fetches an image, told by `pull` events and given up by `container.cancelRun`. Answers when it is here. */
  'image.pull': method<null>()(v.strictObject({ engine: engineId, job: jobId, image: ImageRef })),
  /** What a change would do, with a token to have it done. Nothing is written. */
  'change.preview': method<ChangePreview>()(v.strictObject({ change: Change })),
  /** Does what was previewed, if the value is still the one that was shown. What the kernel refused, the record says. */
  'change.apply': method<ChangeRecord>()(v.strictObject({ token: changeId })),
  /** Writes the former value back, if the file still reads what the change left there. */
  'change.undo': method<ChangeRecord>()(v.strictObject({ id: changeId })),
  /** Every change since the host started, oldest first. */
  'change.list': method<readonly ChangeRecord[]>()(nothing),
  /** What the installed unshare(1) can do, and what would stop it. */
  'unshare.support': method<UnshareSupport>()(nothing),
  /** What the installed nsenter(1) can do. */
  'nsenter.support': method<NsenterSupport>()(nothing),
  /** What the files are that a form names, looked at now. */
  'launch.paths': method<readonly PathLook[]>()(v.strictObject({ paths: LaunchPaths })),
  'terminal.list': method<readonly TerminalInfo[]>()(nothing),
  'terminal.unshare': method<TerminalInfo>()(v.strictObject({ options: UnshareOptions, ...size })),
  /** The user's own shell, in the host's own namespaces. */
  'terminal.shell': method<TerminalInfo>()(v.strictObject(size)),
  /** A program as it is, in no namespaces but the host's own: what a by-hand line says. */
  'terminal.run': method<TerminalInfo>()(
    v.strictObject({ argv: v.pipe(v.array(Argument), v.minLength(1), v.maxLength(256)), program: title, ...size }),
  ),
  /** `name`: what the title calls the target. `not-found` if that has ended. */
  'terminal.nsenter': method<TerminalInfo>()(
    v.strictObject({ options: NsenterOptions, name: v.nullable(v.pipe(v.string(), v.maxLength(80))), ...size }),
  ),
  /** A program in a running container, started by its engine. Rejects in the engine's words. */
  'terminal.exec': method<TerminalInfo>()(
    v.strictObject({
      engine: engineId,
      id: containerId,
      options: ExecOptions,
      name: v.nullable(v.pipe(v.string(), v.maxLength(80))),
      ...size,
    }),
  ),
  /** Which shell a container has; asked by starting each of them for a moment. */
  'exec.probe': method<ExecProbe>()(v.strictObject({ engine: engineId, id: containerId })),
  /** Follows a container's log: its bytes come after the answer, and then `logEnd`. Rejects in the engine's words. */
  'logs.follow': method<LogStart>()(v.strictObject({ log: jobId, engine: engineId, id: containerId, query: LogQuery })),
  'logs.stop': method<null>()(v.strictObject({ log: jobId })),
  /** Replays the screen and scrollback to this connection, then follows. */
  'terminal.attach': method<null>()(v.strictObject({ terminal: terminalId })),
  'terminal.detach': method<null>()(v.strictObject({ terminal: terminalId })),
  'terminal.resize': method<null>()(v.strictObject({ terminal: terminalId, ...size })),
  'terminal.rename': method<null>()(v.strictObject({ terminal: terminalId, title })),
  /** Its place among the terminals, counted from 0; beyond the last is the last. */
  'terminal.move': method<null>()(
    v.strictObject({ terminal: terminalId, to: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) }),
  ),
  /** Forgets all but the line that the cursor is in; `terminalCleared` tells every page to do the same. */
  'terminal.clear': method<null>()(v.strictObject({ terminal: terminalId })),
  /** The same command again, in a new terminal that takes the ended one's place. */
  'terminal.restart': method<TerminalInfo>()(v.strictObject({ terminal: terminalId })),
  /**
   * Ends the program (SIGHUP, then SIGKILL for every process of its session) and forgets the terminal. Tells what could not
   * be ended.
   */
  'terminal.close': method<TerminalRemains | null>()(v.strictObject({ terminal: terminalId })),
} as const;

export type MethodName = keyof typeof METHODS;
export type ArgsOf<M extends MethodName> = v.InferOutput<(typeof METHODS)[M]['args']>;
export type ResultOf<M extends MethodName> = Exclude<(typeof METHODS)[M]['result'], undefined>;

/** What the host does for each call. Derived; a method missing here does not compile. */
export type Handlers = { readonly [M in MethodName]: (args: ArgsOf<M>) => ResultOf<M> | Promise<ResultOf<M>> };

/** What the host tells without being asked. */
export interface Events {
  /** All terminals, after any of them changed. */
  terminals: readonly TerminalInfo[];
  /** Somebody cleared this terminal: all but the line that the cursor is in is to be forgotten. */
  terminalCleared: { readonly terminal: string };
  /** This page follows the terminal no more: it had acknowledged nothing for too long. Attached again it gets a replay. */
  terminalLeftBehind: { readonly terminal: string };
  /** Bytes that this page typed were dropped, for the program does not read and no more is kept. */
  terminalRefused: { readonly terminal: string; readonly bytes: number };
  /** All changes, after each one. */
  changes: readonly ChangeRecord[];
  /** How far the image of one of this page's runs is. */
  pull: PullTold;
  /** One of this page's logs has ended. */
  logEnd: LogEnd;
  /** The engine with this id said that its images changed. */
  images: { readonly engine: string };
}
export type EventName = keyof Events;

/** The headers a page may send, checked like any argument. */
export const ToHostSchema = v.variant('k', [
  v.strictObject({ k: v.literal('call'), id: v.pipe(v.number(), v.integer()), method: v.string(), args: v.unknown() }),
  v.strictObject({ k: v.literal('world-ack'), seq: v.pipe(v.number(), v.integer()) }),
  v.strictObject({ k: v.literal('term-in'), terminal: terminalId }),
  v.strictObject({
    k: v.literal('term-ack'),
    terminal: terminalId,
    bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  }),
  v.strictObject({ k: v.literal('log-ack'), log: jobId, bytes: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
]);
