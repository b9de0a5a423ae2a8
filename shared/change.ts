/** Changes of the machine as page and host speak of them: each is previewed, confirmed, read back, and listed. */
import * as v from 'valibot';
import { cgroupFile } from './cgroup-files.ts';
import type { CgroupTwin, CgroupVersion } from './cgroup-file.ts';
import { CHANGE_UNITS, type ChangeFile } from './change-files.ts';
import { ENGINE_OPTIONS } from './engine-options.ts';
import type { Reading } from './model.ts';
import { isSignal } from './signals.ts';
import { shellQuoted, visible } from './text.ts';

const processKey = v.pipe(v.string(), v.regex(/^[1-9]\d{0,9}@\d{1,20}$/, 'pid@starttime'));
/** No empty part, no `.` or `..`, nothing that would end the name early; no longer than PATH_MAX. */
const normalPath = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^/\0\n]+)+$/, 'an absolute, normal path'),
);
/** As a person typed it. What will be written of it, the preview says. */
const typed = v.pipe(v.string(), v.maxLength(64));
const unit = v.picklist(CHANGE_UNITS);
const engine = v.pipe(v.string(), v.maxLength(4096));
const container = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, 'a container ID'));

export const Change = v.variant('what', [
  v.strictObject({ what: v.literal('limit'), path: normalPath, typed, unit }),
  /** The same limit, set by the engine that made the container. */
  v.strictObject({
    what: v.literal('update'),
    engine,
    container,
    path: normalPath,
    typed,
    unit,
  }),
  /** What the engine keeps of a container, whether it runs or not. */
  v.strictObject({ what: v.literal('option'), engine, container, option: v.picklist(ENGINE_OPTIONS), typed, unit }),
  v.strictObject({ what: v.literal('oom_score_adj'), process: processKey, typed }),
  v.strictObject({
    what: v.literal('signal'),
    process: processKey,
    signal: v.pipe(v.string(), v.check(isSignal, 'a signal')),
  }),
]);
export type Change = v.InferOutput<typeof Change>;

/** What a change does besides being written. `danger`: it may kill, or hurt the whole machine or Porthole itself. */
export interface ChangeEffect {
  readonly kind: 'ok' | 'warn' | 'danger';
  readonly words: string;
}

/** A disk that a limit can be set for. */
export interface BlockDevice {
  /** `MAJ:MIN`. */
  readonly id: string;
  /** `vda`. */
  readonly name: string;
  readonly bytes: number;
}

/** `twins`: what the other version calls the same thing, or has nearest to it; `[]` if nothing. */
export interface CgroupFileForm {
  readonly version: CgroupVersion;
  readonly name: string;
  readonly twins: readonly CgroupTwin[];
}

export interface ChangePreview {
  /** For `change.apply`, once; `null` if as it stands there is nothing to be done. */
  readonly token: string | null;
  /** What this is the preview of. */
  readonly change: Change;
  /** `Memory limit`. */
  readonly title: string;
  /** Of the file; `null` for a signal, and for what the engine keeps. */
  readonly path: string | null;
  /** Of which version of cgroups the file is, and what the other calls it; `null` for what is in no cgroup. */
  readonly form: CgroupFileForm | null;
  /** The file's text without its newline; of a signal: the process's name and pid. */
  readonly readsNow: Reading<string>;
  /** The exact text; `null` if what was typed is none. */
  readonly writes: string | null;
  /** Predicted; `null` for a signal, and where it is for a runtime to reckon. */
  readonly readsBack: string | null;
  /** The cgroup's own file, where an engine is asked to change what it keeps of a container that has one. */
  readonly file: { readonly path: string; readonly readsNow: string; readonly readsBack: string | null } | null;
  /** µs; `null` where the file is not about CPU time. */
  readonly periodMicros: number | null;
  /** Why what was typed cannot be written; empty if nothing was typed yet. */
  readonly problem: string | null;
  readonly effects: readonly ChangeEffect[];
  /** `Docker` and what it was asked for; `null` where no engine has a say. */
  readonly engine: { readonly name: string; readonly says: string } | null;
  readonly atRestart: string;
  /** The engine that is asked to write it, and by which command; `null` where Porthole writes itself. */
  readonly via: { readonly name: string; readonly command: string } | null;
  readonly canUndo: boolean;
  /** The disks of this machine, where the file is about one; else `null`. */
  readonly devices: readonly BlockDevice[] | null;
}

/** How many lines are kept: far more than a person makes, and still one answer. */
export const CHANGES_AT_MOST = 2000;

/** A file that an engine writes when it is asked. `null`: could not be read. */
export interface ChangedFile {
  readonly path: string;
  readonly from: string | null;
  readonly readBack: string | null;
}

/** A line of the list of changes. Every string but `id` may hold hostile text. */
export interface ChangeRecord {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /**
   * `value`: of a file, or of what an engine keeps. `signal`: to a process. `act`: what an engine was asked to do with a
   * container or an image.
   */
  readonly what: 'value' | 'signal' | 'act';
  /** `memory.max`, `--restart`, `oom_score_adj`, `signal`; of an act its verb: `stop`, `run`, `remove image`. */
  readonly name: string;
  /** The cgroup's path, the process's name and pid, the container's name, or the image. */
  readonly of: string;
  /** Full ID, where an engine was asked about a container; else `null`. */
  readonly container: string | null;
  readonly path: string | null;
  /** Of an act the container's state or name; `null` where there was nothing before. */
  readonly from: string | null;
  /** Of an act what it was asked for with: a signal, a name, an image; empty for nothing. */
  readonly wanted: string;
  /** `null` for a signal, and where it could not be read. Of an act what the engine says then. */
  readonly readBack: string | null;
  /** The cgroup's own file, where an engine was asked to change what it keeps of a container that has one. */
  readonly file: ChangedFile | null;
  /** The kernel's word and the call; `null` if it took the change. */
  readonly error: { readonly errno: string | null; readonly call: string } | null;
  /** What an engine remarked on it; it was done all the same. */
  readonly warnings: readonly string[];
  /** `null`: longer than is kept. */
  readonly byHand: string | null;
  /** `Docker`, if that was asked to; `null` if Porthole wrote itself. */
  readonly via: string | null;
  /** `done`: it was undone. */
  readonly undo: 'possible' | 'done' | 'none';
  /** The change that this one undid. */
  readonly undoes: string | null;
}

export const formOf = ({ name, version }: ChangeFile): CgroupFileForm | null =>
  version === null ? null : { version, name, twins: cgroupFile(name, version)?.twins ?? [] };

/** What a person would type to do the same. */
export const writeByHand = (text: string, path: string): string => `echo ${shellQuoted(text)} > ${shellQuoted(path)}`;
export const signalByHand = (signal: string, pid: number): string => `kill -${signal} ${pid}`;

const COLUMNS: readonly (readonly [title: string, cell: (record: ChangeRecord) => string])[] = [
  ['when', ({ at }) => new Date(at).toISOString()],
  ['what', ({ name }) => name],
  ['where', ({ path, of }) => path ?? of],
  ['from', ({ from }) => from ?? ''],
  ['wanted', ({ wanted }) => wanted],
  ['read back', ({ readBack }) => readBack ?? ''],
  ['file', ({ file }) => (file === null ? '' : `${file.path}: ${file.from ?? '?'} to ${file.readBack ?? '?'}`)],
  ['refused', ({ error }) => (error === null ? '' : `${error.errno ?? ''} ${error.call}`.trim())],
  ['remarks', ({ warnings }) => warnings.join(' ')],
  ['by', ({ via }) => via ?? 'Porthole'],
  ['by hand', ({ byHand }) => byHand ?? ''],
  ['note', ({ undoes, undo }) => (undoes === null ? (undo === 'done' ? 'undone' : '') : `undoes ${undoes}`)],
  ['id', ({ id }) => id],
];

/**
 * The list to keep: a head line, then a line for each change, oldest first; times in UTC; tab-separated, so that any path
 * stays in its column.
 */
export const changesAsText = (records: readonly ChangeRecord[]): string =>
  [
    COLUMNS.map(([title]) => title).join('\t'),
    ...records.map((record) => COLUMNS.map(([, cell]) => visible(cell(record))).join('\t')),
    '',
  ].join('\n');
