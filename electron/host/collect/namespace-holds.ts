/** What keeps a namespace alive besides its processes: bind mounts, open file descriptors, sockets, single threads. */
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
import { NamespaceFds, type QuietSince } from './namespace-fds.ts';
import { grouped, type Held } from './namespace-held.ts';
import { NamespaceThreads } from './namespace-threads.ts';

/** A mount namespace's table costs about as much as ten processes. */
const BINDS_EVERY_LOOKS = 3;

export interface Holds {
  readonly binds: ReadonlyMap<NamespaceId, readonly NamespaceBind[]>;
  readonly fds: ReadonlyMap<NamespaceId, readonly NamespaceFd[]>;
  /** Sockets of processes that are in another network namespace themselves. */
  readonly sockets: ReadonlyMap<NamespaceId, readonly NamespaceFd[]>;
  readonly threads: ReadonlyMap<NamespaceId, readonly NamespaceThread[]>;
  /** Of those bound to a path, how to get there from here; only where no one can make us wait on the way. */
  readonly paths: ReadonlyMap<NamespaceId, string>;
}

type Bound = Held<NamespaceBind>[number] & { readonly local: boolean };

export class NamespaceHolds {
  readonly #kernel: Kernel;
  /** By mount namespace. */
  #binds = new Map<NamespaceId, { readonly from: ProcessKey; readonly found: readonly Bound[] }>();
  #bindsAt = 0;
  readonly #fds: NamespaceFds;
  readonly #threads: NamespaceThreads;
  #looks = 0;
  #holds: Holds | null = null;
  #changed = false;
  #anew = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#fds = new NamespaceFds(kernel);
    this.#threads = new NamespaceThreads(kernel);
  }

  /** At the next look nothing waits for its turn. */
  anew(): void {
    this.#anew = true;
  }

  /** The same object as long as nothing changed. */
  look(processes: readonly Process[], quietSince: QuietSince, now: number): Holds {
    this.#lookAtMounts(processes, now);
    if (this.#fds.look(processes, quietSince, now, this.#anew)) this.#changed = true;
    if (this.#threads.look(processes, now, this.#anew)) this.#changed = true;
    this.#anew = false;
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
      fds: grouped(this.#fds.found()),
      sockets: grouped(this.#fds.bySocket()),
    };
    return this.#holds;
  }

  /** How long ago the last look read, in milliseconds, what waits longest. */
  ages(now: number): Omit<Ages, 'cgroups' | 'rest'> {
    return {
      binds: now - this.#bindsAt,
      fds: now - this.#fds.oldest(now),
      threads: now - this.#threads.oldest(now),
    };
  }

  /** Of every mount namespace the table of one process in it. */
  #lookAtMounts(processes: readonly Process[], now: number): void {
    const due = this.#anew || this.#looks % BINDS_EVERY_LOOKS === 0;
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
}
