/**
 * The calls that a look makes thousands of times, straight from libc by koffi. Beside `node:fs` they take names relative to an
 * open directory (which spares the kernel the walk from /), and say errno as a number instead of throwing.
 */
import { createRequire } from 'node:module';
import os from 'node:os';

export interface Libc {
  /** Each: the call's result, or its errno as a negative number. Names are C strings: they end with a NUL. */
  openat(directory: number, name: Buffer, flags: number): number;
  read(fd: number, into: Buffer, length: number): number;
  /** From offset 0. */
  pread(fd: number, into: Buffer, length: number): number;
  readlinkat(directory: number, name: Buffer, into: Buffer, length: number): number;
  /** man 2 getdents */
  getdents64(fd: number, into: Buffer, length: number): number;
  close(fd: number): void;
}

let loaded: Libc | null | undefined;

/** `null` where koffi's native part cannot be loaded, or libc lacks one of them: then `node:fs` does. */
export const loadLibc = (): Libc | null => {
  if (loaded === undefined) loaded = load();
  return loaded;
};

const load = (): Libc | null => {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const libc = koffi.load(null);
    type Call<Args extends readonly unknown[]> = (...args: Args) => number;
    const openat: Call<[number, Buffer, number, number]> = libc.func('int openat(int, const void *, int, int)');
    const read: Call<[number, Buffer, number]> = libc.func('long read(int, void *, size_t)');
    const pread: Call<[number, Buffer, number, number]> = libc.func('long pread64(int, void *, size_t, int64_t)');
    const readlinkat: Call<[number, Buffer, Buffer, number]> = libc.func(
      'long readlinkat(int, const void *, void *, size_t)',
    );
    const getdents64: Call<[number, Buffer, number]> = libc.func('long getdents64(int, void *, size_t)');
    const close: Call<[number]> = libc.func('int close(int)');
    const or = (result: number): number => (result >= 0 ? result : -koffi.errno());
    return {
      openat: (directory, name, flags) => or(openat(directory, name, flags, 0)),
      read: (fd, into, length) => or(read(fd, into, length)),
      pread: (fd, into, length) => or(pread(fd, into, length, 0)),
      readlinkat: (directory, name, into, length) => or(readlinkat(directory, name, into, length)),
      getdents64: (fd, into, length) => or(getdents64(fd, into, length)),
      close: (fd) => void close(fd),
    };
  } catch {
    return null;
  }
};

const NAMES = new Map(Object.entries(os.constants.errno).map(([name, number]) => [number, name]));

/** `ENOENT` for 2; the number as text if it has no name here. */
export const errnoName = (errno: number): string => NAMES.get(errno) ?? String(errno);
