/** A process's directory under /proc, held open and walked name by name, so that no link is ever followed out of it. */
import fs from 'node:fs';
import type { Reading } from '../../../shared/model.ts';
import type { ProcAttributes, ProcType } from '../../../shared/proc-model.ts';
import { decode, encode } from './bytes.ts';
import { failedAnyhow } from './errno.ts';

/** What was read of a file. `wholeBytes`: from its beginning; `null` if there is more than was counted. */
export interface Head {
  readonly bytes: Buffer;
  readonly wholeBytes: number | null;
}

/** Paths are relative to the process's directory; `''` is itself. Each must be normal (shared/proc-model.ts). */
export interface ProcessFolder {
  attributes(path: string): Reading<ProcAttributes>;
  link(path: string): Reading<string>;
  /** Up to `most` names; `left` counts the others. */
  list(path: string, most: number): Reading<{ readonly names: readonly string[]; readonly left: number }>;
  /** Whether {@link list} would be allowed. */
  listable(path: string): Reading<null>;
  /**
   * `limit` bytes of it from `offset` on, and its length if its end is at most `count` bytes from there. Opens regular files
   * only, and never waits.
   */
  head(path: string, limit: number, count: number, offset?: number): Reading<Head>;
  close(): void;
}

/** The machine's processes as an argument, so that a test can deny what root may read. */
export interface ProcessFolders {
  open(pid: number): Reading<ProcessFolder>;
}

/** Linux's value on every architecture Node runs on; `fs.constants` has it not. */
const O_PATH = 0o10000000;
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

const CHUNK_BYTES = 64 * 1024;
const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);

const typeOf = (stats: fs.Stats): ProcType =>
  stats.isSymbolicLink() ? 'link' : stats.isDirectory() ? 'directory' : stats.isFile() ? 'file' : 'other';

const drained = (fd: number, limit: number, count: number, offset: number): Head => {
  const kept: Buffer[] = [];
  let length = 0;
  for (;;) {
    // One byte more than is wanted tells whether there is more, and asks the kernel for no work beyond it.
    const room = (length < limit ? limit : count + 1) - length;
    // Where it is read from its beginning, it need not be a file that can be read from anywhere.
    const read = fs.readSync(fd, chunk, 0, Math.min(CHUNK_BYTES, room), offset === 0 ? null : offset + length);
    if (read === 0) return { bytes: Buffer.concat(kept), wholeBytes: offset + length };
    if (length < limit) kept.push(Buffer.from(chunk.subarray(0, read)));
    length += read;
    if (length > count) return { bytes: Buffer.concat(kept), wholeBytes: null };
  }
};

class LinuxProcessFolder implements ProcessFolder {
  readonly #fd: number;
  readonly #shown: string;

  constructor(fd: number, shown: string) {
    this.#fd = fd;
    this.#shown = shown;
  }

  attributes(path: string): Reading<ProcAttributes> {
    return this.#at(path, 'lstat', (at) => {
      // With a slash at its end, the descriptor's own link leads to the directory.
      const stats = fs.lstatSync(encode(path === '' ? `${at}/` : at));
      return { type: typeOf(stats), mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
    });
  }

  link(path: string): Reading<string> {
    return this.#at(path, 'readlink', (at) => decode(fs.readlinkSync(encode(at), 'buffer')));
  }

  list(path: string, most: number): Reading<{ names: string[]; left: number }> {
    return this.#inside(path, (at) => {
      const all = fs.readdirSync(at, 'buffer').map((name) => decode(name));
      // Numbers by value: threads and descriptors are looked for by number.
      const numbers = all.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(a) - Number(b));
      const names = all.filter((name) => !/^\d+$/.test(name)).sort();
      return { names: [...numbers, ...names].slice(0, most), left: Math.max(0, all.length - most) };
    });
  }

  listable(path: string): Reading<null> {
    return this.#inside(path, (at) => {
      const open = fs.opendirSync(at);
      try {
        open.readSync();
      } finally {
        open.closeSync();
      }
      return null;
    });
  }

  head(path: string, limit: number, count: number, offset = 0): Reading<Head> {
    return this.#at(path, 'read', (at) => {
      const fd = fs.openSync(encode(at), O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
      try {
        if (!fs.fstatSync(fd).isFile()) throw Object.assign(new Error('not a file'), { code: 'ENXIO' });
        return drained(fd, limit, count, offset);
      } finally {
        fs.closeSync(fd);
      }
    });
  }

  close(): void {
    fs.closeSync(this.#fd);
  }

  /** Does something in the directory at `path`, which no link leads to. */
  #inside<T>(path: string, act: (at: string) => T): Reading<T> {
    return this.#at(path === '' ? '.' : `${path}/.`, 'getdents', act);
  }

  /** Walks to the folder of `path`, one name at a time; acts on the last name. */
  #at<T>(path: string, call: string, act: (at: string) => T): Reading<T> {
    const shown = `${call}("${this.#shown}${path === '' || path === '.' ? '' : `/${path.replace(/\/\.$/, '')}`}")`;
    const names = path.split('/');
    const last = names.pop() ?? '';
    let held = this.#fd;
    try {
      for (const name of names) {
        const next = fs.openSync(encode(`/proc/self/fd/${held}/${name}`), O_PATH | O_DIRECTORY | O_NOFOLLOW);
        if (held !== this.#fd) fs.closeSync(held);
        held = next;
      }
      return { ok: true, value: act(`/proc/self/fd/${held}${last === '' ? '' : `/${last}`}`) };
    } catch (thrown) {
      return failedAnyhow(thrown, shown);
    } finally {
      if (held !== this.#fd) fs.closeSync(held);
    }
  }
}

/** The processes of the machine this program runs on. Close what is opened; hold one at a time. */
export const linuxProcessFolders: ProcessFolders = {
  open(pid) {
    const path = `/proc/${pid}`;
    try {
      return { ok: true, value: new LinuxProcessFolder(fs.openSync(path, O_RDONLY | O_DIRECTORY), path) };
    } catch (thrown) {
      return failedAnyhow(thrown, `open("${path}")`);
    }
  },
};
