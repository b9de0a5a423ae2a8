/** The same few files of many processes by one call of read-many.c, where a compiler made a library of it. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Reading } from '../../../shared/model.ts';
import { decode } from './bytes.ts';
import { failedWith } from './errno.ts';
import { errnoName } from './libc.ts';

/** Files to be read of each process; names are relative to its directory. */
export interface Wanted {
  /** See {@link Kernel.record}. */
  readonly records: readonly { readonly name: string; readonly limit?: number }[];
  /** Where these in one folder point. */
  readonly links?: { readonly folder: string; readonly names: readonly string[] };
  /** Where all in this folder point, but for those that point to a path. */
  readonly targets?: string;
}

/** What one process answered to what was wanted of it; see {@link Directory}. Asking for anything else throws. */
export interface Answers {
  record(name: string): Reading<string>;
  /** The same object for all processes of which all point to the same. */
  links(folder: string, names: readonly string[]): readonly Reading<string>[];
  targets(folder: string): Reading<readonly Target[]>;
}

/** The name of a link, and where it points. */
export type Target = readonly [name: string, target: string];

/** Files held open, by their number here, which is given anew once they are let go. */
export interface Records {
  /** Of each its length in bytes or errno, negative, and up to RECORD_BYTES - 4 bytes. */
  readonly bytes: Buffer;
  readonly changed: Uint8Array;
}
export const RECORD_BYTES = 128;

export interface ReadMany {
  /**
   * Hands what each process answers to `use`, in their order; it is to be done with when that returns. Of a process that says
   * more than usual it hands nothing.
   */
  ofProcesses(pids: readonly number[], wanted: Wanted, use: (pid: number, answers: Reading<Answers>) => void): void;
  /** What its own threads took of a CPU so far. */
  cpuMillisBeside(): number;
  /** Reads `count` open files into `records`; see porthole_read_held. */
  ofHeld(fds: Int32Array, count: number, records: Records): void;
}

/** Kinds of wants in read-many.c. */
const [RECORD, FOLDER, LINK, TARGETS] = [0, 1, 2, 3];
const WITHOUT_LIMIT = 0x7fffffff;

/** So many are asked at once. While some are looked at the next ones are being read. */
const AT_ONCE = 128;
/** A thread takes 30 µs to begin, about as much as reading one process. */
const PROCESSES_A_THREAD = 16;
const THREADS_AT_MOST = 4;
/** Three times of what they usually say. */
const ROOM_BYTES = AT_ONCE * 8192;

/** In dist/ it lies beside this; the sources, as tests run them, find it there. An archive cannot be loaded from. */
const PLACES = ['./read-many.so', '../../../dist/read-many.so'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)).replace('/app.asar/', '/app.asar.unpacked/'),
);

let loaded: ReadMany | null | undefined;

/** `null` where there was no compiler, or what it made does not fit this machine. `place`: of the library, if not beside us. */
export const loadReadMany = (place = PLACES.find((path) => existsSync(path))): ReadMany | null => {
  if (loaded === undefined) loaded = place === undefined ? null : load(place);
  return loaded;
};

const load = (path: string): ReadMany | null => {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi');
    const library = koffi.load(path);
    const begin = library.func(
      'void *porthole_read_begin(const void *, int, const void *, int, const void *, int, int, int)',
    ) as Calls['begin'];
    const end = library.func('double porthole_read_end(void *, void *, void *)') as Calls['end'];
    const readHeld = library.func(
      'void porthole_read_held(const void *, int, void *, int, void *)',
    ) as Calls['readHeld'];
    return bound({ begin, end, readHeld });
  } catch {
    return null;
  }
};

/** A job of read-many.c. */
type Job = object | bigint;

interface Calls {
  readonly begin: (
    pids: Int32Array,
    count: number,
    wants: Int32Array,
    wanted: number,
    names: Buffer,
    length: number,
    threads: number,
    room: number,
  ) => Job | null;
  readonly end: (job: Job, out: Buffer, at: Int32Array) => number;
  readonly readHeld: (fds: Int32Array, count: number, records: Buffer, size: number, changed: Uint8Array) => void;
}

const bound = ({ begin, end, readHeld }: Calls): ReadMany => {
  let out: Buffer | null = null;
  const at = new Int32Array(AT_ONCE);
  let cpuMillis = 0;
  const known: KnownLinks = new Map();
  const threadsAtMost = Math.min(THREADS_AT_MOST, availableParallelism());
  const begun = (pids: readonly number[], { wants, names, count }: Compiled): Job => {
    const others = Math.min(threadsAtMost, Math.ceil(pids.length / PROCESSES_A_THREAD)) - 1;
    const job = begin(Int32Array.from(pids), pids.length, wants, count, names, names.length, others, ROOM_BYTES);
    if (job === null) throw new Error('there is no memory for what processes say');
    return job;
  };
  return {
    ofProcesses(pids, wanted, use) {
      if (pids.length === 0) return;
      const bytes = (out ??= Buffer.allocUnsafeSlow(ROOM_BYTES));
      const compiled = compile(wanted);
      const answers = new ManyAnswers(bytes, wanted, known);
      const some = (from: number) => pids.slice(from, from + AT_ONCE);
      let job: Job | null = begun(some(0), compiled);
      try {
        for (let from = 0; job !== null; from += AT_ONCE) {
          const done: Job = job;
          job = null;
          cpuMillis += end(done, bytes, at);
          job = from + AT_ONCE < pids.length ? begun(some(from + AT_ONCE), compiled) : null;
          for (const [index, pid] of some(from).entries()) {
            const where = at[index] ?? -1;
            if (where >= 0) use(pid, answers.of(pid, where));
          }
        }
      } catch (thrown) {
        if (job !== null) end(job, bytes, at);
        throw thrown;
      }
    },
    cpuMillisBeside: () => cpuMillis,
    ofHeld: (fds, count, { bytes, changed }) => readHeld(fds, count, bytes, RECORD_BYTES, changed),
  };
};

type Compiled = ReturnType<typeof compile>;
/** As read-many.c takes them. */
const compile = ({ records, links, targets }: Wanted) => {
  const wants: number[] = [];
  let names = '';
  const want = (kind: number, limit: number, name: string): void => {
    wants.push(kind, limit, names.length);
    names += `${name}\0`;
  };
  for (const { name, limit = WITHOUT_LIMIT } of records) want(RECORD, limit, name);
  if (links !== undefined) {
    want(FOLDER, 0, links.folder);
    for (const name of links.names) want(LINK, 0, name);
  }
  if (targets !== undefined) want(TARGETS, 0, targets);
  return { wants: Int32Array.from(wants), count: wants.length / 3, names: Buffer.from(names, 'latin1') };
};

/** By their bytes: most processes are in the same namespaces as others. */
type KnownLinks = Map<string, readonly Reading<string>[]>;
const KNOWN_AT_MOST = 4096;

/** One for all processes, for only one is looked at at a time. */
class ManyAnswers implements Answers {
  readonly #bytes: Buffer;
  readonly #lengths: Int32Array;
  readonly #places = new Map<string, number>();
  /** Where each answer begins, and where the last one ends. */
  readonly #starts: number[] = [];
  readonly #known: KnownLinks;
  #path = '';

  constructor(bytes: Buffer, wanted: Wanted, known: KnownLinks) {
    this.#bytes = bytes;
    this.#known = known;
    this.#lengths = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    const { records, links, targets } = wanted;
    const names = [
      ...records.map(({ name }) => name),
      ...(links?.names ?? []).map((name) => `${links?.folder}/${name}`),
      ...(targets === undefined ? [] : [targets]),
    ];
    for (const name of names) this.#places.set(name, this.#places.size);
  }

  of(pid: number, at: number): Reading<Answers> {
    this.#path = `/proc/${pid}`;
    const pinned = this.#lengths[at >> 2] ?? 0;
    if (pinned < 0) return failedWith(errnoName(-pinned), `open("${this.#path}")`);
    let start = at + 4;
    for (let index = 0; index < this.#places.size; index++) {
      this.#starts[index] = start;
      start += 4 + ((Math.max(0, this.#lengths[start >> 2] ?? 0) + 3) & ~3);
    }
    this.#starts[this.#places.size] = start;
    return { ok: true, value: this };
  }

  record(name: string): Reading<string> {
    return this.#answer('read', name);
  }

  links(folder: string, names: readonly string[]): readonly Reading<string>[] {
    const first = this.#places.get(`${folder}/${names[0]}`) ?? 0;
    const start = this.#starts[first] ?? 0;
    const whole = this.#bytes.toString('latin1', start, this.#starts[first + names.length]);
    const known = this.#known.get(whole);
    if (known !== undefined) return known;
    const links = names.map((name) => this.#answer('readlink', `${folder}/${name}`));
    if (this.#known.size >= KNOWN_AT_MOST) this.#known.clear();
    // Which process it was belongs to the answer of one that may not be read.
    if (links.every(({ ok }) => ok)) this.#known.set(whole, links);
    return links;
  }

  targets(folder: string): Reading<readonly Target[]> {
    const reading = this.#answer('getdents', folder);
    if (!reading.ok) return reading;
    if (reading.value === '') return NO_TARGETS;
    const words = reading.value.split('\0');
    const found: Target[] = [];
    for (let at = 0; at + 1 < words.length; at += 2) found.push([words[at] ?? '', words[at + 1] ?? '']);
    return { ok: true, value: found };
  }

  #answer(call: string, name: string): Reading<string> {
    const place = this.#places.get(name);
    const start = place === undefined ? undefined : this.#starts[place];
    if (start === undefined) throw new Error(`${name} was not read`);
    const length = this.#lengths[start >> 2] ?? 0;
    if (length < 0) return failedWith(errnoName(-length), `${call}("${this.#path}/${name}")`);
    return { ok: true, value: decode(this.#bytes, start + 4 + length, start + 4) };
  }
}

const NO_TARGETS: Reading<readonly Target[]> = { ok: true, value: [] };
