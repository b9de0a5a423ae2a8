/** A directory held open, and its files by calls relative to it; see {@link Libc}. */
import fs from 'node:fs';
import type { Reading } from '../../../shared/model.ts';
import { decode, encode } from './bytes.ts';
import { failedWith } from './errno.ts';
import type { Directory } from './kernel.ts';
import { errnoName, type Libc } from './libc.ts';

const { O_RDONLY, O_NONBLOCK, O_DIRECTORY } = fs.constants;
/** Linux's values on every architecture Node runs on; `fs.constants` has them not. */
const O_PATH = 0o10000000;
const O_CLOEXEC = 0o2000000;
const AT_FDCWD = -100;

/** Most files of /proc fit; larger ones make it grow. One for all, for nothing is read while something is read. */
let buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** A look asks every process for the same few names. What a hostile machine could make many of is not kept. */
const NAMES_AT_MOST = 4096;
const names = new Map<string, Buffer>();
const named = (name: string): Buffer => {
  const known = names.get(name);
  if (known !== undefined) return known;
  const bytes = Buffer.concat([Buffer.from(encode(name)), Buffer.alloc(1)]);
  if (names.size < NAMES_AT_MOST) names.set(name, bytes);
  return bytes;
};

/** What `ask` answers of each; once that is "denied" it is the answer of all that follow. */
export const untilDenied = (
  names: readonly string[],
  ask: (name: string) => Reading<string>,
): readonly Reading<string>[] => {
  let denied: Reading<string> | null = null;
  return names.map((name) => {
    const reading = denied ?? ask(name);
    if (!reading.ok && reading.why === 'denied') denied = reading;
    return reading;
  });
};

export class NativeDirectory implements Directory {
  readonly #libc: Libc;
  readonly #fd: number;
  /** By which the screen names it. */
  readonly #path: string;
  readonly #regularText: Directory['regularText'];

  /** `regularText`: how such a file is read below the path given to it; it is no matter of speed. */
  static open(libc: Libc, path: string, regularText: Directory['regularText']): Reading<Directory> {
    const place = Buffer.concat([Buffer.from(encode(path)), Buffer.alloc(1)]);
    const fd = libc.openat(AT_FDCWD, place, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return failedWith(errnoName(-fd), `open("${path}")`);
    return { ok: true, value: new NativeDirectory(libc, fd, path, regularText) };
  }

  private constructor(libc: Libc, fd: number, path: string, regularText: Directory['regularText']) {
    this.#libc = libc;
    this.#fd = fd;
    this.#path = path;
    this.#regularText = regularText;
  }

  text(name: string, limit = Infinity): Reading<string> {
    return this.#file(name, limit, false);
  }

  record(name: string, limit = Infinity): Reading<string> {
    return this.#file(name, limit, true);
  }

  link(name: string): Reading<string> {
    const length = this.#libc.readlinkat(this.#fd, named(name), buffer, buffer.length);
    return length < 0 ? this.#failed(length, 'readlink', name) : { ok: true, value: decode(buffer, length) };
  }

  links(folder: string, names: readonly string[]): readonly Reading<string>[] {
    const fd = this.#libc.openat(this.#fd, named(folder), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return names.map((name) => this.link(`${folder}/${name}`));
    try {
      return untilDenied(names, (name) => {
        const length = this.#libc.readlinkat(fd, named(name), buffer, buffer.length);
        if (length < 0) return this.#failed(length, 'readlink', `${folder}/${name}`);
        return { ok: true, value: decode(buffer, length) };
      });
    } finally {
      this.#libc.close(fd);
    }
  }

  list(name: string): Reading<readonly string[]> {
    const fd = this.#libc.openat(this.#fd, named(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return this.#failed(fd, 'getdents', name);
    try {
      const found: string[] = [];
      for (;;) {
        const length = this.#libc.getdents64(fd, buffer, buffer.length);
        if (length < 0) return this.#failed(length, 'getdents', name);
        if (length === 0) return { ok: true, value: found };
        // struct linux_dirent64: inode and offset of 8 bytes, the record's length of 2, a type, the name.
        for (let at = 0; at < length; at += buffer.readUInt16LE(at + 16)) {
          const entry = decode(buffer.subarray(at + 19, buffer.indexOf(0, at + 19)));
          if (entry !== '.' && entry !== '..') found.push(entry);
        }
      }
    } finally {
      this.#libc.close(fd);
    }
  }

  regularText(folder: string, name: string, limit: number): Reading<string> {
    const prefix = `/proc/self/fd/${this.#fd}/`;
    const reading = this.#regularText(prefix + folder, name, limit);
    // The screen names the file, not the road taken to it.
    return reading.ok ? reading : { ...reading, call: reading.call.replace(prefix, `${this.#path}/`) };
  }

  close(): void {
    this.#libc.close(this.#fd);
  }

  #file(name: string, limit: number, record: boolean): Reading<string> {
    // Never waits for the other end of a pipe.
    const fd = this.#libc.openat(this.#fd, named(name), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return this.#failed(fd, 'open', name);
    try {
      let length = 0;
      for (;;) {
        const room = Math.min(buffer.length, limit) - length;
        if (room > 0) {
          const read = this.#libc.read(fd, length === 0 ? buffer : buffer.subarray(length), room);
          if (read < 0) return this.#failed(read, 'read', name);
          length += read;
          if (read === 0 || (record && read < room)) return { ok: true, value: decode(buffer, length) };
        } else if (length >= limit) return { ok: true, value: decode(buffer, length) };
        else {
          const larger = Buffer.allocUnsafeSlow(buffer.length * 4);
          buffer.copy(larger, 0, 0, length);
          buffer = larger;
        }
      }
    } finally {
      this.#libc.close(fd);
    }
  }

  #failed(errno: number, call: string, name: string): Reading<never> {
    return failedWith(errnoName(-errno), `${call}("${this.#path}/${name}")`);
  }
}
