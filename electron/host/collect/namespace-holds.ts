/** What keeps a namespace alive besides its processes: bind mounts, open file descriptors, single threads. */
import type {
  Ages,
  NamespaceBind,
  NamespaceFd,
  NamespaceId,
  NamespaceThread,
  Process,
  ProcessKey,
} from '../../../shared/model.ts';
import { same } from '../../../shared/same.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import { namespaceOf } from '../parse/ns-link.ts';
import type { Kernel } from '../read/kernel.ts';
import { isLocal } from './local-mounts.ts';
import { grouped, NOTHING, type Held } from './namespace-held.ts';
import { NamespaceThreads } from './namespace-threads.ts';
import { isDead } from './one-process.ts';

/** A mount namespace's table costs about as much as ten processes. */
const BINDS_EVERY_LOOKS = 3;
/** Open files cost most of all, a link each: every process that ran, once in this many looks, a share of them at each. */
const FDS_EVERY_LOOKS = 10;

/** See {@link Processes.quietSince}. */
export type QuietSince = (pid: number) => string | null;

export interface Holds {
  readonly binds: ReadonlyMap<NamespaceId, readonly NamespaceBind[]>;
  readonly fds: ReadonlyMap<NamespaceId, readonly NamespaceFd[]>;
  readonly threads: ReadonlyMap<NamespaceId, readonly NamespaceThread[]>;
  /** Of those bound to a path, how to get there from here; only where no one can make us wait on the way. */
  readonly paths: ReadonlyMap<NamespaceId, string>;
}

type Bound = Held<NamespaceBind>[number] & { readonly local: boolean };

interface Scanned {
  /** When its open files were last known, in milliseconds. */
  readonly at: number;
  readonly since: string | null;
  readonly found: Held<NamespaceFd>;
}

export class NamespaceHolds {
  readonly #kernel: Kernel;
  /** By mount namespace. */
  #binds = new Map<NamespaceId, { readonly from: ProcessKey; readonly found: readonly Bound[] }>();
  #fds = new Map<ProcessKey, Scanned>();
  #bindsAt = 0;
  readonly #threads: NamespaceThreads;
  #looks = 0;
  #holds: Holds | null = null;
  #changed = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#threads = new NamespaceThreads(kernel);
  }

  /** The same object as long as nothing changed. */
  look(processes: readonly Process[], quietSince: QuietSince, now: number): Holds {
    this.#lookAtMounts(processes, now);
    this.#lookAtFds(processes, quietSince, now);
    if (this.#threads.look(processes, now)) this.#changed = true;
    this.#looks++;
    if (this.#holds !== null && !this.#changed) return this.#holds;
    this.#changed = false;
    const bound = [...this.#binds.values()].flatMap(({ found }) => found);
    const ways = bound
      .filter(({ local }) => local)
      .map(({ id, by }) => [id, `/proc/${by.pid}/root${by.path}`] as const);
    this.#holds = {
      binds: grouped(bound),
      paths: new Map(ways),
      threads: grouped(this.#threads.found()),
      fds: grouped([...this.#fds.values()].flatMap(({ found }) => found)),
    };
    return this.#holds;
  }

  /** How long ago the last look read, in milliseconds, what waits longest. */
  ages(now: number): Omit<Ages, 'cgroups'> {
    let fdsAt = now;
    for (const { at } of this.#fds.values()) fdsAt = Math.min(fdsAt, at);
    return { binds: now - this.#bindsAt, fds: now - fdsAt, threads: now - this.#threads.oldest(now) };
  }

  /** Of every mount namespace the table of one process in it. */
  #lookAtMounts(processes: readonly Process[], now: number): void {
    const due = this.#looks % BINDS_EVERY_LOOKS === 0;
    if (due) this.#bindsAt = now;
    const binds = new Map<NamespaceId, { from: ProcessKey; found: readonly Bound[] }>();
    for (const { key, pid, namespaces } of processes) {
      const mnt = namespaces.mnt;
      if (mnt === null || binds.has(mnt)) continue;
      const old = this.#binds.get(mnt);
      const fresh = old?.from === key && !due ? old : { from: key, found: this.#bindsSeenBy(pid) };
      if (old !== fresh && !same(old, fresh)) this.#changed = true;
      binds.set(mnt, fresh);
    }
    this.#changed ||= binds.size !== this.#binds.size;
    this.#binds = binds;
  }

  #bindsSeenBy(pid: number): readonly Bound[] {
    const text = this.#kernel.text(`/proc/${pid}/mountinfo`);
    if (!text.ok || !text.value.includes(' nsfs ')) return [];
    const mounts = parsed(text, parseMountinfo);
    if (!mounts.ok) return [];
    return mounts.value.flatMap(({ type, root, mountPoint }) => {
      const id = type === 'nsfs' ? namespaceOf(root)?.id : undefined;
      return id === undefined ? [] : [{ id, by: { path: mountPoint, pid }, local: isLocal(mountPoint, mounts.value) }];
    });
  }

  #lookAtFds(processes: readonly Process[], quietSince: QuietSince, now: number): void {
    const fds = new Map<ProcessKey, Scanned>();
    for (const { key, pid, state, kernelThread } of processes) {
      if (kernelThread || isDead(state)) continue;
      const old = this.#fds.get(key);
      const due = old === undefined || (pid + this.#looks) % FDS_EVERY_LOOKS === 0;
      const since = due ? quietSince(pid) : null;
      const still = !due || (old !== undefined && since !== null && since === old.since);
      if (still && old !== undefined) {
        fds.set(key, due ? { ...old, at: now } : old);
        continue;
      }
      const found = this.#fdsOf(pid);
      if ((old?.found ?? NOTHING) !== found && !same(old?.found, found)) this.#changed = true;
      fds.set(key, { at: now, since, found });
    }
    for (const [key, { found }] of this.#fds) if (found.length > 0 && !fds.has(key)) this.#changed = true;
    this.#fds = fds;
  }

  #fdsOf(pid: number): Held<NamespaceFd> {
    const pinned = this.#kernel.pin(`/proc/${pid}`);
    if (!pinned.ok) return NOTHING;
    const directory = pinned.value;
    try {
      const names = directory.list('fd');
      if (!names.ok) return NOTHING;
      const held = names.value.flatMap((name) => {
        const link = directory.link(`fd/${name}`);
        // Most open files have a path, which is quicker to see than that it is no namespace.
        const id = link.ok && !link.value.startsWith('/') ? namespaceOf(link.value)?.id : undefined;
        return id === undefined ? [] : [{ id, by: { pid, fd: Number(name) } }];
      });
      return held.length === 0 ? NOTHING : held;
    } finally {
      directory.close();
    }
  }
}
