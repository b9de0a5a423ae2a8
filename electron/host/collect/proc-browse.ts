/** Looking around in one process's directory under /proc: what is there, what it holds now, and where the kernel says no. */
import { PortholeError } from '../../../shared/frames.ts';
import { processKey, type ProcessKey, type Reading } from '../../../shared/model.ts';
import { glimpsed, neverRead, procFile } from '../../../shared/proc-files.ts';
import {
  joinedProcPath,
  PROC_COUNT_BYTES,
  PROC_ENTRIES,
  PROC_FILE_BYTES,
  PROC_GLIMPSE_BYTES,
  PROC_GLIMPSES,
  type ProcContent,
  type ProcEntry,
  type ProcFile,
  type ProcListing,
} from '../../../shared/proc-model.ts';
import { decode } from '../read/bytes.ts';
import type { ProcessFolder, ProcessFolders } from '../read/process-folder.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStat } from '../parse/stat.ts';

/** stat is one line; its name may be 64 bytes long. */
const STAT_BYTES = 4096;

/** Read now. Throws {@link PortholeError} `not-found` if the process ended or its pid is another's by now. */
export const listProc = (folders: ProcessFolders, key: ProcessKey, path: string): ProcListing =>
  withFolder(folders, key, (folder) => {
    const takenAt = Date.now();
    const listed = folder.list(path, PROC_ENTRIES);
    if (!listed.ok) return { key, path, takenAt, entries: listed, left: 0 };
    const { names, left } = listed.value;
    let glimpses = 0;
    const entries = names.map((name) => {
      const at = joinedProcPath(path, name);
      return entryAt(folder, at, name, () => glimpses++ < PROC_GLIMPSES);
    });
    return { key, path, takenAt, entries: { ok: true, value: entries }, left };
  });

/** Read now: {@link PROC_FILE_BYTES} of the file from `offset` on, or a link's target. Throws as {@link listProc} does. */
export const readProc = (folders: ProcessFolders, key: ProcessKey, path: string, offset = 0): ProcFile =>
  withFolder(folders, key, (folder) => {
    const takenAt = Date.now();
    const attributes = folder.attributes(path);
    return {
      key,
      path,
      takenAt,
      attributes,
      content: attributes.ok ? contentAt(folder, path, attributes.value, offset) : null,
    };
  });

const withFolder = <T>(folders: ProcessFolders, key: ProcessKey, look: (folder: ProcessFolder) => T): T => {
  const pid = Number(key.slice(0, key.indexOf('@')));
  const ended = () => new PortholeError('not-found', `process ${pid} has ended`);
  const opened = folders.open(pid);
  if (!opened.ok) throw opened.why === 'denied' ? new PortholeError('denied', opened.call) : ended();
  const folder = opened.value;
  try {
    const isIt = (): boolean => {
      const stat = parsed(textOf(folder.head('stat', STAT_BYTES, STAT_BYTES)), parseStat);
      if (!stat.ok && stat.why === 'denied') throw new PortholeError('denied', stat.call);
      return stat.ok && processKey(stat.value.pid, stat.value.starttime) === key;
    };
    if (!isIt()) throw ended();
    const seen = look(folder);
    // Several files say ESRCH of a process that lives but has no memory: asked again, stat tells which it was.
    if (!isIt()) throw ended();
    return seen;
  } finally {
    folder.close();
  }
};

const textOf = (head: Reading<{ bytes: Buffer }>): Reading<string> =>
  head.ok ? { ok: true, value: decode(head.value.bytes) } : head;

const entryAt = (folder: ProcessFolder, at: string, name: string, glimpse: () => boolean): ProcEntry => {
  const attributes = folder.attributes(at);
  const entry = (holds: Reading<string> | null, holdsMore = false): ProcEntry => ({
    name,
    attributes,
    holds,
    holdsMore,
  });
  if (!attributes.ok) return entry(null);
  const { type, mode } = attributes.value;
  if (type === 'link') return entry(folder.link(at));
  if (type === 'directory') {
    const listable = folder.listable(at);
    return entry(listable.ok ? null : listable);
  }
  if (type !== 'file' || !isReadable(mode) || !glimpsed(at) || !glimpse()) return entry(null);
  const head = folder.head(at, PROC_GLIMPSE_BYTES, PROC_GLIMPSE_BYTES);
  return entry(textOf(head), head.ok && head.value.wholeBytes === null);
};

/** A file that nobody may read is for writing only; root could open it all the same, and would read nothing. */
const isReadable = (mode: number): boolean => (mode & 0o444) !== 0;

const contentAt = (
  folder: ProcessFolder,
  path: string,
  { type, mode }: { type: string; mode: number },
  offset: number,
): Reading<ProcContent> | null => {
  if (type === 'link') {
    const target = folder.link(path);
    if (!target.ok) return target;
    const bytes = Buffer.byteLength(target.value);
    return { ok: true, value: { text: target.value, offset: 0, bytes, wholeBytes: bytes, cut: false } };
  }
  if (type !== 'file' || !isReadable(mode) || neverRead(path) !== null) return null;
  // What walks all memory of the process to be written is not written to its end only to be counted.
  const count = procFile(path)?.cost === 'asked' ? PROC_FILE_BYTES : PROC_COUNT_BYTES;
  const head = folder.head(path, PROC_FILE_BYTES, count, offset);
  if (!head.ok) return head;
  const { wholeBytes } = head.value;
  const cut = wholeBytes !== offset + head.value.bytes.length;
  const bytes = cut ? toLineEnd(head.value.bytes) : head.value.bytes;
  return { ok: true, value: { text: decode(bytes), offset, bytes: bytes.length, wholeBytes, cut } };
};

/** A line, a string or a character is not torn apart, unless one alone fills it all. */
const toLineEnd = (bytes: Buffer): Buffer => {
  const end = Math.max(bytes.lastIndexOf(10), bytes.lastIndexOf(0)) + 1;
  if (end > 0) return bytes.subarray(0, end);
  // The last character's first byte is at most three before its end.
  const torn = [1, 2, 3].find((back) => bytes.length > back && (bytes[bytes.length - back]! & 0xc0) === 0xc0);
  return torn === undefined ? bytes : bytes.subarray(0, bytes.length - torn);
};
