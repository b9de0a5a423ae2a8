/**
 * The kernel as an argument: everything the host knows of the machine comes through here, so that a test can be told
 * "denied" and "gone" even when root runs it.
 */
import fs from 'node:fs';
import type { NamespaceId, Reading } from '../../../shared/model.ts';
import { decode, encode } from './bytes.ts';
import { failed, failedAnyhow, failedWith } from './errno.ts';
import { LinuxHeldFiles, type HeldFiles } from './held-files.ts';
import { errnoName, loadLibc, type Libc } from './libc.ts';
import { NativeDirectory, untilDenied } from './native-directory.ts';
import { listNamespaces, namespaceById } from './listns.ts';
import { mountsInside } from './mounts-inside.ts';
import { askNamespace, type Asked } from './nsfs.ts';
import { loadReadMany, type Answers, type ReadMany, type Wanted } from './read-many.ts';
import { socketNamespaces, type OpenSocket } from './socket-namespace.ts';
import { threadsWithOwnFiles } from './thread-files.ts';
import { unixPeers } from './unix-peers.ts';

/** Files below one directory. Names are relative, as in `ns/net`. */
export interface Directory {
  /** The whole file, or its first `limit` bytes. */
  text(name: string, limit?: number): Reading<string>;
  /** See {@link Kernel.record}. */
  record(name: string, limit?: number): Reading<string>;
  /** Where a symbolic link points. */
  link(name: string): Reading<string>;
  /**
   * Where each of these in one folder points: the folder is looked up once for all of them. Whether we may know is asked of the
   * process, not of the link (proc_ns_readlink, proc_pid_readlink): after one that is denied, the others are not asked.
   */
  links(folder: string, names: readonly string[]): readonly Reading<string>[];
  list(name: string): Reading<readonly string[]>;
  /**
   * A file that the process itself could have put there. Read only if it is a regular file of that very name: no link is
   * followed at `folder` or `name`, no pipe waited for, no device touched.
   */
  regularText(folder: string, name: string, limit: number): Reading<string>;
  close(): void;
}

/** A file that stays open, to be read from its beginning again and again. Of a process that ended it says ESRCH. */
export interface HeldFile {
  /** See {@link Kernel.record}. */
  record(): Reading<string>;
  close(): void;
}

/** Paths are absolute. */
export interface Kernel {
  text(path: string, limit?: number): Reading<string>;
  /**
   * A file that the kernel writes in one piece (single_open in fs/proc: stat, status, schedstat, cgroup; and cmdline, of which
   * proc_pid_cmdline_read gives all there is room for): it needs no second read to learn that it has ended, which is a
   * quarter of the cost of a look. Or its first `limit` bytes.
   */
  record(path: string, limit?: number): Reading<string>;
  bytes(path: string): Reading<Uint8Array>;
  link(path: string): Reading<string>;
  list(path: string): Reading<readonly string[]>;
  /** The directories in a directory, of a file system that links each to its parent, as kernfs and most do. */
  folders(path: string): Reading<readonly string[]>;
  /**
   * Holds a directory open, so that every name below it speaks of the same process: then a process that ended says ESRCH,
   * and ENOENT means that this kernel has no such file. Close it; hold few dozen at most (`ulimit -n`).
   */
  pin(path: string): Reading<Directory>;
  /**
   * Holds a file open: reading it again costs a third of opening it anew, and never reads another process's. Each takes a
   * descriptor and a page of the kernel's memory. Absent where a machine does not change between two reads.
   */
  hold?(path: string): Reading<HeldFile>;
  /** None open yet. Absent as {@link hold} is. */
  holdMany?(): HeldFiles;
  /**
   * Reads these files of many processes, each process's by way of its own directory held open, as {@link pin} does. Hands what
   * each answers to `use`, in their order; it is to be done with when that returns. Of those it hands nothing of that say more
   * than usual, and of all where it takes one call after the other anyway: they are to be pinned.
   */
  ofProcesses?(pids: readonly number[], wanted: Wanted, use: (pid: number, answers: Reading<Answers>) => void): void;
  /** What {@link ofProcesses} took so far of other CPUs than that of its caller, in milliseconds. */
  cpuMillisBeside?(): number;
  /** See {@link askNamespace}. */
  askNamespace(way: string | bigint, id: NamespaceId, known: (id: NamespaceId) => boolean): readonly Asked[];
  /** See {@link unixPeers}. Absent where there is no kernel to ask. */
  unixPeers?(): ReadonlyMap<number, number> | null;
  /** See {@link socketNamespaces}. */
  socketNamespaces(pid: number, sockets: readonly OpenSocket[]): readonly (NamespaceId | null)[];
  /** See {@link threadsWithOwnFiles}. */
  threadsWithOwnFiles(first: number, tids: readonly number[]): readonly number[];
  /** See {@link mountsInside}. */
  mountsInside(
    places: readonly { readonly id: NamespaceId; readonly path: string }[],
  ): ReadonlyMap<NamespaceId, string>;
  /** See {@link listNamespaces}. */
  listNamespaces(): readonly bigint[] | null;
  /** See {@link namespaceById}. */
  namespaceById(id: bigint): NamespaceId | null;
}

/** Most files of /proc fit; larger ones make it grow. Not in the stack of each read, for a scan reads thousands. */
const FIRST_BYTES = 64 * 1024;

/** The kernel this program runs on. Synchronous, for /proc answers from memory and threads would only add switches. */
export class LinuxKernel implements Kernel {
  #buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  readonly #libc: Libc | null;
  readonly #many: ReadMany | null;

  /** Without these everything is read by `node:fs` alone, as where their native parts cannot be loaded. */
  constructor(libc: Libc | null = loadLibc(), many: ReadMany | null = loadReadMany()) {
    this.#libc = libc;
    this.#many = many;
  }

  text(path: string, limit = Infinity): Reading<string> {
    const length = this.#fill(path, limit);
    return typeof length === 'number' ? { ok: true, value: decode(this.#buffer, length) } : length;
  }

  record(path: string, limit = Infinity): Reading<string> {
    const length = this.#fill(path, limit, { record: true });
    return typeof length === 'number' ? { ok: true, value: decode(this.#buffer, length) } : length;
  }

  bytes(path: string): Reading<Uint8Array> {
    const length = this.#fill(path, Infinity);
    return typeof length === 'number' ? { ok: true, value: Uint8Array.from(this.#buffer.subarray(0, length)) } : length;
  }

  link(path: string): Reading<string> {
    try {
      const quick = fs.readlinkSync(encode(path));
      if (!quick.includes('\ufffd')) return { ok: true, value: quick };
      return { ok: true, value: decode(fs.readlinkSync(encode(path), 'buffer')) };
    } catch (thrown) {
      return failed(thrown, `readlink("${path}")`);
    }
  }

  list(path: string): Reading<readonly string[]> {
    try {
      const quick = fs.readdirSync(encode(path));
      if (!quick.some((name) => name.includes('\ufffd'))) return { ok: true, value: quick };
      return { ok: true, value: fs.readdirSync(encode(path), 'buffer').map((name) => decode(name)) };
    } catch (thrown) {
      return failed(thrown, `getdents("${path}")`);
    }
  }

  folders(path: string): Reading<readonly string[]> {
    try {
      // A directory is linked from its parent, from itself, and from each one in it: most cgroups have none.
      if (fs.statSync(encode(path)).nlink === 2) return { ok: true, value: [] };
      const entries = fs.readdirSync(encode(path), { withFileTypes: true, encoding: 'buffer' });
      const folders = entries.filter((entry) => entry.isDirectory());
      return { ok: true, value: folders.map(({ name }) => decode(name)) };
    } catch (thrown) {
      return failed(thrown, `getdents("${path}")`);
    }
  }

  pin(path: string): Reading<Directory> {
    if (this.#libc !== null) {
      return NativeDirectory.open(this.#libc, path, (folder, name, limit) => this.regularText(folder, name, limit));
    }
    try {
      const fd = fs.openSync(encode(path), fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
      return { ok: true, value: pinned(this, fd, path) };
    } catch (thrown) {
      return failed(thrown, `open("${path}")`);
    }
  }

  hold(path: string): Reading<HeldFile> {
    try {
      // By Node, which closes what a worker left open when it ends.
      const fd = fs.openSync(encode(path), fs.constants.O_RDONLY);
      const record = (): Reading<string> => {
        const length = this.#pread(fd, path);
        return typeof length === 'number' ? { ok: true, value: decode(this.#buffer, length) } : length;
      };
      return { ok: true, value: { record, close: () => fs.closeSync(fd) } };
    } catch (thrown) {
      return failed(thrown, `open("${path}")`);
    }
  }

  holdMany(): HeldFiles {
    return new LinuxHeldFiles(this.#many);
  }

  ofProcesses(pids: readonly number[], wanted: Wanted, use: (pid: number, answers: Reading<Answers>) => void): void {
    this.#many?.ofProcesses(pids, wanted, use);
  }

  cpuMillisBeside(): number {
    return this.#many?.cpuMillisBeside() ?? 0;
  }

  askNamespace(way: string | bigint, id: NamespaceId, known: (id: NamespaceId) => boolean): readonly Asked[] {
    return askNamespace(way, id, known);
  }

  socketNamespaces(pid: number, sockets: readonly OpenSocket[]): readonly (NamespaceId | null)[] {
    return socketNamespaces(pid, sockets);
  }

  threadsWithOwnFiles(first: number, tids: readonly number[]): readonly number[] {
    return threadsWithOwnFiles(first, tids);
  }

  unixPeers(): ReadonlyMap<number, number> | null {
    return unixPeers();
  }

  mountsInside(
    places: readonly { readonly id: NamespaceId; readonly path: string }[],
  ): ReadonlyMap<NamespaceId, string> {
    return mountsInside(places);
  }

  listNamespaces(): readonly bigint[] | null {
    return listNamespaces();
  }

  namespaceById(id: bigint): NamespaceId | null {
    return namespaceById(id);
  }

  /** See {@link Directory.regularText}; `folder` is a whole path here. */
  regularText(folder: string, name: string, limit: number): Reading<string> {
    const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;
    let held = -1;
    try {
      held = fs.openSync(encode(folder), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      const length = this.#fill(`/proc/self/fd/${held}/${name}`, limit, { regular: true });
      return typeof length === 'number' ? { ok: true, value: decode(this.#buffer, length) } : length;
    } catch (thrown) {
      return failedAnyhow(thrown, `open("${folder}")`);
    } finally {
      if (held >= 0) fs.closeSync(held);
    }
  }

  #pread(fd: number, path: string): number | Reading<never> {
    if (this.#libc !== null) {
      const length = this.#libc.pread(fd, this.#buffer, this.#buffer.length);
      return length < 0 ? failedWith(errnoName(-length), `read("${path}")`) : length;
    }
    try {
      return fs.readSync(fd, this.#buffer, 0, this.#buffer.length, 0);
    } catch (thrown) {
      return failed(thrown, `read("${path}")`);
    }
  }

  /** Reads into the buffer. The number of bytes, or why not. */
  #fill(path: string, limit: number, { record = false, regular = false } = {}): number | Reading<never> {
    // Never waits for the other end of a pipe.
    const flags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | (regular ? fs.constants.O_NOFOLLOW : 0);
    let call = 'open';
    let fd = -1;
    try {
      fd = fs.openSync(encode(path), flags);
      if (regular && !fs.fstatSync(fd).isFile()) {
        return { ok: false, why: 'malformed', call: `open("${path}")`, errno: null };
      }
      call = 'read';
      return this.#drain(fd, limit, record);
    } catch (thrown) {
      return (regular ? failedAnyhow : failed)(thrown, `${call}("${path}")`);
    } finally {
      if (fd >= 0) fs.closeSync(fd);
    }
  }

  #drain(fd: number, limit: number, record: boolean): number {
    let length = 0;
    for (;;) {
      const room = Math.min(this.#buffer.length, limit) - length;
      if (room > 0) {
        const read = fs.readSync(fd, this.#buffer, length, room, null);
        length += read;
        if (read === 0 || (record && read < room)) return length;
      } else if (length >= limit) return length;
      else {
        const larger = Buffer.allocUnsafeSlow(this.#buffer.length * 4);
        this.#buffer.copy(larger, 0, 0, length);
        this.#buffer = larger;
      }
    }
  }
}

/** Names are looked up from the open directory, by way of the reader's own /proc/self/fd. */
const pinned = (kernel: LinuxKernel, fd: number, shown: string): Directory => {
  const prefix = `/proc/self/fd/${fd}/`;
  // The screen names the file, not the road taken to it.
  const named = <T>(reading: Reading<T>): Reading<T> =>
    reading.ok ? reading : { ...reading, call: reading.call.replace(prefix, `${shown}/`) };
  return {
    text: (name, limit) => named(kernel.text(prefix + name, limit)),
    record: (name, limit) => named(kernel.record(prefix + name, limit)),
    link: (name) => named(kernel.link(prefix + name)),
    links: (folder, names) => untilDenied(names, (name) => named(kernel.link(`${prefix}${folder}/${name}`))),
    list: (name) => named(kernel.list(prefix + name)),
    regularText: (folder, name, limit) => named(kernel.regularText(prefix + folder, name, limit)),
    close: () => fs.closeSync(fd),
  };
};
