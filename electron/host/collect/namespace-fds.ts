/** Open files that hold namespaces: descriptors of the namespaces themselves, and sockets made in another one. */
import type { NamespaceFd, NamespaceId, Process, ProcessKey } from '../../../shared/model.ts';
import { same } from '../../../shared/same.ts';
import { namespaceOf } from '../parse/ns-link.ts';
import type { Kernel } from '../read/kernel.ts';
import type { OpenSocket } from '../read/socket-namespace.ts';
import { NOTHING, type Held } from './namespace-held.ts';
import { eachOpen, mayHaveFiles, type Opened } from './open-files.ts';

/** See {@link Processes.quietSince}. */
export type QuietSince = (pid: number) => string | null;

/** Open files cost most of all, a link each: every process that ran, once in this many looks, a share of them at each. */
const EVERY_LOOKS = 10;
/** Six calls a socket, 15 µs; each is asked once in its life, for it never moves. Of more the rest waits for the next turn. */
const SOCKETS_AT_ONCE = 500;
/** Of all processes together in one look: 60 ms. */
const SOCKETS_EACH_LOOK = 4000;

type Sockets = ReadonlyMap<number, NamespaceId | null>;
const NO_SOCKETS: Sockets = new Map();

interface Scanned {
  /** When its open files were last known, in milliseconds. */
  readonly at: number;
  readonly since: string | null;
  readonly found: Held<NamespaceFd>;
  readonly bySocket: Held<NamespaceFd>;
  /** Where each of its sockets is, by the socket's inode; `null`: closed to us. */
  readonly sockets: Sockets;
}

const NOT_YET: Scanned = { at: 0, since: null, found: NOTHING, bySocket: NOTHING, sockets: NO_SOCKETS };

/** Of one whose open files are to be looked at. */
interface Due {
  readonly old: Scanned | undefined;
  readonly since: string | null;
}

export class NamespaceFds {
  readonly #kernel: Kernel;
  #scanned = new Map<ProcessKey, Scanned>();
  #looks = 0;
  #left = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** True if anything is otherwise than at the last look. `anew`: no process waits for its turn. `now` in milliseconds. */
  look(processes: readonly Process[], quietSince: QuietSince, now: number, anew: boolean): boolean {
    let changed = false;
    this.#left = SOCKETS_EACH_LOOK;
    const scanned = new Map<ProcessKey, Scanned>();
    const due = new Map<Process, Due>();
    for (const process of processes) {
      const { key, pid } = process;
      if (!mayHaveFiles(process)) continue;
      const old = this.#scanned.get(key);
      const isDue = anew || old === undefined || (pid + this.#looks) % EVERY_LOOKS === 0;
      const since = isDue ? quietSince(pid) : null;
      const still = !isDue || (old !== undefined && since !== null && since === old.since);
      if (still && old !== undefined) scanned.set(key, isDue ? { ...old, at: now } : old);
      else {
        due.set(process, { old, since });
        // In the order of the processes.
        scanned.set(key, NOT_YET);
      }
    }
    eachOpen(this.#kernel, [...due.keys()], (process, open) => {
      const { old, since } = due.get(process)!;
      const fresh = this.#scan(process, open.ok ? open.value : [], old, since, now);
      changed ||= !same(old?.found ?? NOTHING, fresh.found) || !same(old?.bySocket ?? NOTHING, fresh.bySocket);
      scanned.set(process.key, fresh);
    });
    for (const [key, { found, bySocket }] of this.#scanned)
      changed ||= found.length + bySocket.length > 0 && !scanned.has(key);
    this.#scanned = scanned;
    this.#looks++;
    return changed;
  }

  found(): Held<NamespaceFd> {
    return [...this.#scanned.values()].flatMap(({ found }) => found);
  }

  bySocket(): Held<NamespaceFd> {
    return [...this.#scanned.values()].flatMap(({ bySocket }) => bySocket);
  }

  /** When the one was scanned that waits longest; `now` if none waits. */
  oldest(now: number): number {
    let oldest = now;
    for (const { at } of this.#scanned.values()) oldest = Math.min(oldest, at);
    return oldest;
  }

  #scan(
    process: Process,
    tables: readonly Opened[],
    old: Scanned | undefined,
    since: string | null,
    now: number,
  ): Scanned {
    const { pid } = process;
    const found: { id: NamespaceId; by: NamespaceFd }[] = [];
    const open: OpenSocket[] = [];
    const homes = new Map<number | undefined, NamespaceId | null>();
    for (const { tid, home, targets } of tables) {
      const of = tid === undefined ? null : { tid };
      homes.set(tid, home);
      for (const [name, target] of targets) {
        const fd = Number(name);
        if (target.startsWith('socket:[')) open.push({ fd, inode: Number(target.slice(8, -1)), ...of });
        else {
          const id = namespaceOf(target)?.id;
          if (id !== undefined) found.push({ id, by: { pid, fd, ...of } });
        }
      }
    }
    const known = open.length === 0 ? NO_SOCKETS : this.#namespacesOf(pid, open, old?.sockets ?? NO_SOCKETS);
    const bySocket = open.flatMap(({ fd, inode, tid }) => {
      const id = known.get(inode) ?? null;
      return id === null || id === homes.get(tid)
        ? []
        : [{ id, by: { pid, fd, ...(tid === undefined ? null : { tid }) } }];
    });
    return {
      at: now,
      // Some could not be asked yet: then it is not done with, though it may be quiet.
      since: open.every(({ inode }) => known.has(inode)) ? since : null,
      found: found.length === 0 ? NOTHING : found,
      bySocket: bySocket.length === 0 ? NOTHING : bySocket,
      sockets: known,
    };
  }

  #namespacesOf(pid: number, open: readonly OpenSocket[], before: Sockets): Sockets {
    const fresh = open.filter(({ inode }) => !before.has(inode)).slice(0, Math.min(SOCKETS_AT_ONCE, this.#left));
    const known = new Map<number, NamespaceId | null>();
    for (const { inode } of open) {
      const id = before.get(inode);
      if (id !== undefined) known.set(inode, id);
    }
    if (fresh.length === 0) return known;
    this.#left -= fresh.length;
    const answers = this.#kernel.socketNamespaces(pid, fresh);
    fresh.forEach(({ inode }, index) => known.set(inode, answers[index] ?? null));
    return known;
  }
}
