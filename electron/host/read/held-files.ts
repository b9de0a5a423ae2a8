/** Files that stay open, to be read all together again and again. */
import fs from 'node:fs';
import type { Reading } from '../../../shared/model.ts';
import { decode, encode } from './bytes.ts';
import { failed, failedWith } from './errno.ts';
import { errnoName } from './libc.ts';
import { RECORD_BYTES, type ReadMany } from './read-many.ts';

/**
 * Short files of the kernel, of up to 124 bytes, held open: reading one again costs a tenth of opening it anew, and never reads
 * another process's. Each takes a descriptor and a page of the kernel's memory.
 */
export interface HeldFiles {
  /** Its number here; `null` if it cannot be opened. It is first read at the next {@link readAll}. */
  open(path: string): number | null;
  readAll(): void;
  /** As {@link readAll} read it: the same text as long as it says the same. Of a process that ended it says ESRCH. */
  record(file: number): Reading<string>;
  /** Its number may be given to another. */
  close(file: number): void;
}

const AT_FIRST = 64;
const NOT_YET: Reading<string> = { ok: true, value: '' };

export class LinuxHeldFiles implements HeldFiles {
  readonly #many: ReadMany | null;
  readonly #free: number[] = [];
  #paths: string[] = [];
  #readings: Reading<string>[] = [];
  /** -1: let go. */
  #fds = new Int32Array(AT_FIRST);
  #bytes = Buffer.alloc(AT_FIRST * RECORD_BYTES);
  #changed = new Uint8Array(AT_FIRST);

  constructor(many: ReadMany | null) {
    this.#many = many;
  }

  open(path: string): number | null {
    let fd: number;
    try {
      // By Node, which closes what a worker left open when it ends.
      fd = fs.openSync(encode(path), fs.constants.O_RDONLY);
    } catch (thrown) {
      failed(thrown, path);
      return null;
    }
    const file = this.#free.pop() ?? this.#paths.length;
    if (file === this.#fds.length) this.#grow();
    this.#fds[file] = fd;
    this.#bytes.writeInt32LE(0, file * RECORD_BYTES);
    this.#paths[file] = path;
    this.#readings[file] = NOT_YET;
    return file;
  }

  readAll(): void {
    const count = this.#paths.length;
    if (this.#many === null) for (let file = 0; file < count; file++) this.#readOne(file);
    else this.#many.ofHeld(this.#fds, count, { bytes: this.#bytes, changed: this.#changed });
    for (let file = 0; file < count; file++) {
      if (this.#changed[file] === 0) continue;
      const start = file * RECORD_BYTES;
      const length = this.#bytes.readInt32LE(start);
      this.#readings[file] =
        length < 0
          ? failedWith(errnoName(-length), `read("${this.#paths[file]}")`)
          : { ok: true, value: decode(this.#bytes, start + 4 + length, start + 4) };
    }
  }

  record(file: number): Reading<string> {
    return this.#readings[file] ?? NOT_YET;
  }

  close(file: number): void {
    fs.closeSync(this.#fds[file] ?? -1);
    this.#fds[file] = -1;
    this.#free.push(file);
  }

  #readOne(file: number): void {
    const fd = this.#fds[file] ?? -1;
    if (fd < 0) return;
    const before = this.#readings[file];
    try {
      const length = fs.readSync(fd, chunk, 0, chunk.length, 0);
      const value = decode(chunk, length);
      if (before?.ok !== true || before.value !== value) this.#readings[file] = { ok: true, value };
    } catch (thrown) {
      this.#readings[file] = failed(thrown, `read("${this.#paths[file]}")`);
    }
  }

  #grow(): void {
    const [fds, bytes] = [this.#fds, this.#bytes];
    this.#fds = new Int32Array(fds.length * 2);
    this.#fds.set(fds);
    this.#bytes = Buffer.alloc(bytes.length * 2);
    this.#bytes.set(bytes);
    this.#changed = new Uint8Array(fds.length * 2);
  }
}

const chunk = Buffer.allocUnsafeSlow(RECORD_BYTES - 4);
