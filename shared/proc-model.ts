/** A process's directory under /proc as the host reads it; paths are relative to /proc/PID, `''` is the directory itself. */
import type { ProcessKey, Reading } from './model.ts';

/** What lstat(2) says it is. `other`: nothing that procfs is known to have. */
export type ProcType = 'file' | 'directory' | 'link' | 'other';

export interface ProcAttributes {
  readonly type: ProcType;
  /** The permission bits, as in 0o444. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** One entry of a directory. Its name is hostile text: network interfaces, for one, name files. */
export interface ProcEntry {
  readonly name: string;
  /** Fails where the entry went away, or may not be looked at, between listing and looking. */
  readonly attributes: Reading<ProcAttributes>;
  /**
   * Of a link its target, of a file its first {@link PROC_GLIMPSE_BYTES}, of a directory that may not be listed why not.
   * `null` where nothing was read: the file is only for writing, costs too much, or stands behind {@link PROC_GLIMPSES}.
   */
  readonly holds: Reading<string> | null;
  /** True if the file holds more than `holds`. */
  readonly holdsMore: boolean;
}

/** How much of each file a listing brings along. */
export const PROC_GLIMPSE_BYTES = 512;
/** How many files of one directory are looked into for a listing. */
export const PROC_GLIMPSES = 256;
/** A process may have a million open files: more entries than this are counted, not listed. */
export const PROC_ENTRIES = 5000;

export interface ProcListing {
  readonly key: ProcessKey;
  readonly path: string;
  readonly takenAt: number;
  /** In the order of ls: by name, numbers by value. */
  readonly entries: Reading<readonly ProcEntry[]>;
  /** How many more there are. */
  readonly left: number;
}

/** At most so much of a file crosses to the page at once; the rest is asked for from where that ended. */
export const PROC_FILE_BYTES = 256 * 1024;
/** What is behind that is counted up to here. */
export const PROC_COUNT_BYTES = 4 * 1024 * 1024;

export interface ProcContent {
  /** Where in the file `text` begins, in bytes. */
  readonly offset: number;
  /** Bytes that are not UTF-8 stand as lone surrogates (shared/text.ts): nothing is lost. */
  readonly text: string;
  /** How many bytes `text` is. */
  readonly bytes: number;
  /** How many bytes the whole file is; `null` if {@link PROC_COUNT_BYTES} more did not reach its end, or it was not counted. */
  readonly wholeBytes: number | null;
  /** True if the file goes on where `text` ends: at the end of a line or a string, where there is one. */
  readonly cut: boolean;
}

export interface ProcFile {
  readonly key: ProcessKey;
  readonly path: string;
  readonly takenAt: number;
  readonly attributes: Reading<ProcAttributes>;
  /** Of a link its target. `null`: not read, by rule ({@link neverRead}), or a directory. */
  readonly content: Reading<ProcContent> | null;
}

/** True of `''` and of `a/b` without an empty part, `.` or `..`: no way out of the directory it starts in. */
export const normalProcPath = (path: string): boolean =>
  path === '' || /^(?!\.{1,2}(?:\/|$))[^/\0]+(?:\/(?!\.{1,2}(?:\/|$))[^/\0]+)*$/.test(path);

export const parentOfProcPath = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const joinedProcPath = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** As ls -l writes it: `-r--r-----`. */
export const modeInLetters = ({ type, mode }: ProcAttributes): string => {
  const kind = { file: '-', directory: 'd', link: 'l', other: '?' }[type];
  const bits = [...'rwxrwxrwx'].map((letter, at) => ((mode >> (8 - at)) & 1 ? letter : '-'));
  if (mode & 0o1000) bits[8] = bits[8] === 'x' ? 't' : 'T';
  return kind + bits.join('');
};
