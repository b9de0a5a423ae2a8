/** A kernel that notes down every answer it passes on, so that a capture holds what the readers ask for, and nothing else. */
import type { Directory, Kernel } from '../../electron/host/read/kernel.ts';
import { untilDenied } from '../../electron/host/read/native-directory.ts';
import type { Asked } from '../../electron/host/read/nsfs.ts';
import type { OpenSocket } from '../../electron/host/read/socket-namespace.ts';
import { encode } from '../../electron/host/read/bytes.ts';
import type { NamespaceId, Reading } from '../../shared/model.ts';
import type { Entry, Tree } from './tree-text.ts';

const bytesOf = (text: string): Buffer => Buffer.from(encode(text));

export class RecordingKernel implements Kernel {
  readonly #kernel: Kernel;
  /** Which names of a directory are told: a machine has more processes than a test wants. */
  readonly #tells: (folder: string, name: string) => boolean;
  readonly #listed = new Map<string, readonly string[]>();
  /** Asked for and not there; worth an entry only where a directory names it all the same. */
  readonly #absent = new Set<string>();
  readonly #tree: Tree = { comment: '', entries: new Map(), asked: new Map() };

  constructor(kernel: Kernel, tells: (folder: string, name: string) => boolean = () => true) {
    this.#kernel = kernel;
    this.#tells = tells;
  }

  /** All that was asked until now. */
  tree(): Tree {
    const { entries } = this.#tree;
    for (const [folder, names] of this.#listed) {
      const before = new Set([...entries.keys()].flatMap((path) => this.#nameIn(folder, path)));
      for (const name of names) {
        const path = `${folder === '/' ? '' : folder}/${name}`;
        if (before.has(name)) continue;
        // Nobody asked what it holds; that it is there is all that is known.
        entries.set(path, this.#absent.has(path) ? ABSENT : folder.startsWith('/proc/') ? { is: 'empty' } : NOTHING);
      }
      if (names.length === 0 && before.size === 0) entries.set(folder, { is: 'empty' });
    }
    return this.#tree;
  }

  text(path: string, limit?: number): Reading<string> {
    return this.#file(path, () => this.#kernel.text(path, limit), bytesOf);
  }

  record(path: string, limit?: number): Reading<string> {
    return this.#file(path, () => this.#kernel.record(path, limit), bytesOf);
  }

  bytes(path: string): Reading<Uint8Array> {
    return this.#file(
      path,
      () => this.#kernel.bytes(path),
      (bytes) => Buffer.from(bytes),
    );
  }

  link(path: string): Reading<string> {
    return this.#note(
      path,
      () => this.#kernel.link(path),
      (target) => ({ is: 'link', target }),
    );
  }

  list(path: string): Reading<readonly string[]> {
    return this.#list(path, () => this.#kernel.list(path));
  }

  folders(path: string): Reading<readonly string[]> {
    const reading = this.#kernel.folders(path);
    if (!reading.ok) this.#fail(path, reading);
    return reading.ok ? { ok: true, value: reading.value.filter((name) => this.#tells(path, name)) } : reading;
  }

  pin(path: string): Reading<Directory> {
    const pinned = this.#kernel.pin(path);
    if (!pinned.ok) {
      this.#fail(path, pinned);
      return pinned;
    }
    const held = pinned.value;
    const at = (name: string) => `${path}/${name}`;
    const link = (name: string) =>
      this.#note(
        at(name),
        () => held.link(name),
        (target) => ({ is: 'link', target }),
      );
    return {
      ok: true,
      value: {
        text: (name, limit) => this.#file(at(name), () => held.text(name, limit), bytesOf),
        record: (name, limit) => this.#file(at(name), () => held.record(name, limit), bytesOf),
        link,
        links: (folder, names) => untilDenied(names, (name) => link(`${folder}/${name}`)),
        list: (name) => this.#list(at(name), () => held.list(name)),
        regularText: (folder, name, limit) =>
          this.#file(at(`${folder}/${name}`), () => held.regularText(folder, name, limit), bytesOf),
        close: () => held.close(),
      },
    };
  }

  askNamespace(way: string | bigint, id: NamespaceId, known: (id: NamespaceId) => boolean): readonly Asked[] {
    const answers = this.#kernel.askNamespace(way, id, known);
    for (const asked of answers) this.#tree.asked.set(asked.id, asked);
    return answers;
  }

  socketNamespaces(pid: number, sockets: readonly OpenSocket[]): readonly (NamespaceId | null)[] {
    const answers = this.#kernel.socketNamespaces(pid, sockets);
    for (const [index, { fd }] of sockets.entries()) {
      const target = answers[index] ?? null;
      if (target !== null) this.#tree.entries.set(`/proc/${pid}/fd/${fd}/net`, { is: 'link', target });
    }
    return answers;
  }

  /** A capture is of a machine whose threads share their open files. */
  threadsWithOwnFiles(): readonly number[] {
    return [];
  }

  /** A capture is of a machine where no child may be sent into a namespace. */
  mountsInside(): ReadonlyMap<NamespaceId, string> {
    return new Map();
  }

  /** A capture is of a machine that has no such list. */
  listNamespaces(): readonly bigint[] | null {
    return null;
  }

  namespaceById(): NamespaceId | null {
    return null;
  }

  #list(path: string, read: () => Reading<readonly string[]>): Reading<readonly string[]> {
    const reading = read();
    if (!reading.ok) {
      this.#fail(path, reading);
      return reading;
    }
    const names = reading.value.filter((name) => this.#tells(path, name));
    // Of /proc itself only the processes are of interest, and they have files of their own.
    if (path !== '/proc') this.#listed.set(path, names);
    return { ok: true, value: names };
  }

  #file<T>(path: string, read: () => Reading<T>, bytes: (value: T) => Buffer): Reading<T> {
    return this.#note(path, read, (value) => {
      const content = bytes(value);
      const old = this.#tree.entries.get(path);
      // One who wants the first bytes only must not cut what another read whole.
      return old?.is === 'file' && old.bytes.length > content.length ? old : { is: 'file', bytes: content };
    });
  }

  #note<T>(path: string, read: () => Reading<T>, entry: (value: T) => Entry): Reading<T> {
    try {
      const reading = read();
      if (reading.ok) this.#tree.entries.set(path, entry(reading.value));
      else this.#fail(path, reading);
      return reading;
    } catch (thrown) {
      const errno = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : null;
      if (errno !== null) this.#tree.entries.set(path, { is: 'throws', errno });
      throw thrown;
    }
  }

  /** What is not there at all needs no entry: a captured machine has nothing else. */
  #fail(path: string, { ok, ...failure }: Extract<Reading<never>, { ok: false }>): void {
    const { why, errno } = failure;
    if (!ok && why === 'absent' && errno === 'ENOENT') this.#absent.add(path);
    else if (!this.#tree.entries.has(path)) this.#tree.entries.set(path, { is: 'closed', why, errno });
  }

  #nameIn(folder: string, path: string): string[] {
    const prefix = folder === '/' ? '/' : `${folder}/`;
    return path.startsWith(prefix) ? [path.slice(prefix.length).split('/')[0]!] : [];
  }
}

const ABSENT: Entry = { is: 'closed', why: 'absent', errno: 'ENOENT' };
const NOTHING: Entry = { is: 'file', bytes: Buffer.alloc(0) };
