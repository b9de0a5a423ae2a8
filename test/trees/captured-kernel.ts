/**
 * A machine out of one diffable text file, and one that a test can change while it is read.
 *
 *   == /proc/7/stat            a file; its lines follow, up to the next entry
 *   7 (we:ird) x) S 1 …
 *   -> /proc/7/exe /usr/bin/x  a symbolic link
 *   !! /proc/7/io denied       what may not be read: denied, gone or absent; another errno than usual may follow
 *   !! /sys/fs/cgroup/a/memory.reclaim throws EINVAL    what answers with an error that is no answer
 *   {} /proc/7/fd              an empty directory
 *   -> /proc/7/fd/5/net net:[4026532281]    the network namespace of a socket, though to that no path leads
 *   ?? net:[4026532281] owner=user:[4026531837] parent=none uid=null    what the kernel answers about a namespace
 *
 * In files `\\`, `\0` and `\xNN` stand for a backslash, NUL and any other byte; `\c` at the very end for "no newline here".
 * Lines before the first entry are comment.
 */
import type { Directory, Kernel } from '../../electron/host/read/kernel.ts';
import { untilDenied } from '../../electron/host/read/native-directory.ts';
import type { Asked } from '../../electron/host/read/nsfs.ts';
import type { Answers, Target, Wanted } from '../../electron/host/read/read-many.ts';
import type { OpenSocket } from '../../electron/host/read/socket-namespace.ts';
import { decode } from '../../electron/host/read/bytes.ts';
import type { NamespaceId, Reading, Why } from '../../shared/model.ts';
import { ERRNO, parseTree, type Entry } from './tree-text.ts';

export class CapturedKernel implements Kernel {
  readonly #entries: Map<string, Entry>;
  readonly #asked: Map<NamespaceId, Asked>;
  /** How many times a directory was taken away: whoever pinned an earlier one holds nothing. */
  readonly #removals = new Map<string, number>();
  /** Every path read, in order. */
  readonly reads: string[] = [];
  /** Called before each read, so that a test can make things happen in the middle of a look. */
  before: (path: string) => void = () => {};

  /** Whether it answers of many processes at once; else each is pinned. */
  together = false;

  /** What listns(2) names; `null`: this kernel has no such call. */
  listed: ReadonlyMap<bigint, NamespaceId | null> | null = null;

  constructor(text = '') {
    const { entries, asked } = parseTree(text);
    this.#entries = entries;
    this.#asked = asked;
  }

  write(path: string, content: string | Uint8Array): void {
    this.#entries.set(path, { is: 'file', bytes: Buffer.from(content) });
  }

  symlink(path: string, target: string): void {
    this.#entries.set(path, { is: 'link', target });
  }

  close(path: string, why: Why): void {
    this.#entries.set(path, { is: 'closed', why, errno: ERRNO[why] });
  }

  answer(asked: Asked): void {
    this.#asked.set(asked.id, asked);
  }

  /** Takes a directory away with everything below. */
  remove(path: string): void {
    for (const key of [...this.#entries.keys()]) {
      if (key === path || key.startsWith(`${path}/`)) this.#entries.delete(key);
    }
    this.#removals.set(path, (this.#removals.get(path) ?? 0) + 1);
  }

  text(path: string, limit = Infinity): Reading<string> {
    const entry = this.#at(path, 'open');
    if (!entry.ok) return entry;
    if (entry.value.is !== 'file') throw new Error(`${path} is no file in this tree`);
    return { ok: true, value: decode(entry.value.bytes.subarray(0, limit)) };
  }

  record(path: string, limit?: number): Reading<string> {
    return this.text(path, limit);
  }

  bytes(path: string): Reading<Uint8Array> {
    const entry = this.#at(path, 'open');
    if (!entry.ok) return entry;
    if (entry.value.is !== 'file') throw new Error(`${path} is no file in this tree`);
    return { ok: true, value: Uint8Array.from(entry.value.bytes) };
  }

  link(path: string): Reading<string> {
    const entry = this.#at(path, 'readlink');
    if (!entry.ok) return entry;
    if (entry.value.is !== 'link') throw new Error(`${path} is no link in this tree`);
    return { ok: true, value: entry.value.target };
  }

  list(path: string): Reading<readonly string[]> {
    this.#about(path);
    const closed = this.#entries.get(path);
    if (closed?.is === 'closed') return this.#failed(closed.why, `getdents("${path}")`, closed.errno);
    const names = new Set<string>();
    for (const key of this.#entries.keys()) {
      if (key.startsWith(`${path}/`)) names.add(key.slice(path.length + 1).split('/')[0] ?? '');
    }
    if (names.size > 0 || closed?.is === 'empty') return { ok: true, value: [...names] };
    return this.#failed('absent', `getdents("${path}")`);
  }

  folders(path: string): Reading<readonly string[]> {
    const listed = this.list(path);
    if (!listed.ok) return listed;
    const below = (name: string) =>
      this.#entries.get(`${path}/${name}`)?.is === 'empty' ||
      [...this.#entries.keys()].some((key) => key.startsWith(`${path}/${name}/`));
    return { ok: true, value: listed.value.filter(below) };
  }

  pin(path: string): Reading<Directory> {
    const listed = this.list(path);
    if (!listed.ok) return listed;
    const removals = this.#removals.get(path);
    const held = <T>(name: string, read: (whole: string) => Reading<T>): Reading<T> => {
      const reading = this.#removals.get(path) === removals ? read(`${path}/${name}`) : null;
      // Looked at after the read, too: it may have been taken away by what the test does before a read.
      if (reading !== null && this.#removals.get(path) === removals) return reading;
      return this.#failed('gone', `open("${path}/${name}")`);
    };
    const link = (name: string) => held(name, (whole) => this.link(whole));
    return {
      ok: true,
      value: {
        text: (name, limit) => held(name, (whole) => this.text(whole, limit)),
        record: (name, limit) => held(name, (whole) => this.record(whole, limit)),
        link,
        links: (folder, names) => untilDenied(names, (name) => link(`${folder}/${name}`)),
        list: (name) => held(name, (whole) => this.list(whole)),
        regularText: (folder, name, limit) => held(`${folder}/${name}`, (whole) => this.text(whole, limit)),
        close: () => {},
      },
    };
  }

  /** Each process's answers are read whole before they are used, as the kernel's are. */
  ofProcesses(pids: readonly number[], wanted: Wanted, use: (pid: number, answers: Reading<Answers>) => void): void {
    if (!this.together) return;
    for (const pid of pids) {
      const pinned = this.pin(`/proc/${pid}`);
      use(pid, pinned.ok ? { ok: true, value: answersOf(pinned.value, wanted) } : pinned);
    }
  }

  askNamespace(_way: string | bigint, id: NamespaceId, known: (id: NamespaceId) => boolean): readonly Asked[] {
    const answers: Asked[] = [];
    const waiting = [id];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const asked = this.#asked.get(next);
      if (asked === undefined || answers.includes(asked)) continue;
      answers.push(asked);
      for (const above of [asked.owner, asked.parent] as NamespaceId[]) if (!known(above)) waiting.push(above);
    }
    return answers;
  }

  socketNamespaces(pid: number, sockets: readonly OpenSocket[]): readonly (NamespaceId | null)[] {
    return sockets.map(({ fd, tid }) => {
      const entry = this.#entries.get(`/proc/${pid}${tid === undefined ? '' : `/task/${tid}`}/fd/${fd}/net`);
      return entry?.is === 'link' ? (entry.target as NamespaceId) : null;
    });
  }

  /** By their own, of those asked about. */
  ownFiles: readonly number[] = [];

  threadsWithOwnFiles(_first: number, tids: readonly number[]): readonly number[] {
    return tids.filter((tid) => this.ownFiles.includes(tid));
  }

  /** The tables of mount namespaces that nobody is in, and how often they were asked for. */
  readonly tables = new Map<NamespaceId, string>();
  tablesAsked = 0;

  mountsInside(places: readonly { readonly id: NamespaceId }[]): ReadonlyMap<NamespaceId, string> {
    this.tablesAsked++;
    return new Map([...this.tables].filter(([id]) => places.some((place) => place.id === id)));
  }

  listNamespaces(): readonly bigint[] | null {
    return this.listed === null ? null : [...this.listed.keys()];
  }

  namespaceById(id: bigint): NamespaceId | null {
    return this.listed?.get(id) ?? null;
  }

  #at(path: string, call: string): Reading<Entry> {
    this.#about(path);
    const entry = this.#entries.get(path);
    if (entry === undefined) return this.#failed('absent', `${call}("${path}")`);
    if (entry.is === 'closed') return this.#failed(entry.why, `${call}("${path}")`, entry.errno);
    if (entry.is === 'throws') throw Object.assign(new Error(`${entry.errno}: ${path}`), { code: entry.errno });
    return { ok: true, value: entry };
  }

  #about(path: string): void {
    this.reads.push(path);
    this.before(path);
  }

  #failed(why: Why, call: string, errno = ERRNO[why]): Reading<never> {
    return { ok: false, why, call, errno };
  }
}

const answersOf = (directory: Directory, { records, links, targets }: Wanted): Answers => {
  const texts = new Map(records.map(({ name, limit }) => [name, directory.record(name, limit)]));
  const pointed = links === undefined ? [] : directory.links(links.folder, links.names);
  const names = targets === undefined ? null : directory.list(targets);
  const all = names?.ok ? directory.links(targets ?? '', names.value) : [];
  const found = all.flatMap((link, index): Target[] =>
    link.ok && !link.value.startsWith('/') && names?.ok ? [[names.value[index] ?? '', link.value]] : [],
  );
  return {
    record: (name) => texts.get(name)!,
    links: () => pointed,
    targets: () => (names?.ok === false ? names : { ok: true, value: found }),
  };
};
