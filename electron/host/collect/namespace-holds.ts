/** What keeps a namespace alive besides its processes: bind mounts, open file descriptors, sockets, single threads. */
import type {
  Ages,
  NamespaceBind,
  NamespaceFd,
  NamespaceId,
  NamespaceThread,
  Process,
  Reading,
} from '../../../shared/model.ts';
import { fdPath } from '../../../shared/namespace-file.ts';
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
/** Of one that nobody is in it takes a child, a tenth of a second of one CPU for all of them. */
const NOBODYS_EVERY_MILLIS = 60_000;
/** Members of one mount namespace that are asked for their root. */
const ROOTS_TRIED = 8;

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
/** `from`: who told. */
interface Binds {
  readonly from: string;
  readonly found: readonly Bound[];
}

export class NamespaceHolds {
  readonly #kernel: Kernel;
  /** By mount namespace. */
  #binds = new Map<NamespaceId, Binds>();
  /** Of those that nobody is in. */
  #nobodys = new Map<NamespaceId, Binds>();
  #nobodysAt = -Infinity;
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
    if (this.#fds.look(processes, quietSince, now, this.#anew)) this.#changed = true;
    if (this.#threads.look(processes, now, this.#anew)) this.#changed = true;
    this.#lookAtMounts(processes, now);
    this.#anew = false;
    this.#looks++;
    if (this.#holds !== null && !this.#changed) return this.#holds;
    this.#changed = false;
    const bound = [...this.#binds.values()].flatMap(({ found }) => found);
    const ways = bound.flatMap(({ id, by, local }) =>
      local && by.pid !== null ? [[id, pathOf(by.pid, by.path)] as const] : [],
    );
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

  /** Of every mount namespace the table of one process in it, else of a thread, else as a child of ours sees it. */
  #lookAtMounts(processes: readonly Process[], now: number): void {
    const due = this.#anew || this.#looks % BINDS_EVERY_LOOKS === 0;
    if (due) this.#bindsAt = now;
    const binds: Map<NamespaceId, Binds> = new Map();
    const take = (mnt: NamespaceId, from: string, tell: () => number): void => {
      if (binds.has(mnt)) return;
      const old = this.#binds.get(mnt);
      const fresh = old?.from === from && !due ? old : { from, found: this.#bindsSeenBy(tell()) };
      if (old !== fresh && !same(old, fresh)) this.#changed = true;
      binds.set(mnt, fresh);
    };
    for (const { key, pid, namespaces } of processes)
      if (namespaces.mnt !== null) take(namespaces.mnt, key, () => this.#unconfined(pid, namespaces.mnt, processes));
    for (const { id, by } of this.#threads.found()) if (by.link === 'mnt') take(id, `thread ${by.tid}`, () => by.tid);
    this.#lookWhereNobodyIs(binds, now);
    this.#changed ||= binds.size !== this.#binds.size;
    this.#binds = binds;
  }

  /** Who sees all that is mounted there: of a process with another root only what is below that is shown. */
  #unconfined(first: number, mnt: NamespaceId | null, processes: readonly Process[]): number {
    const isFree = (pid: number): boolean => {
      const root = this.#kernel.link(`/proc/${pid}/root`);
      return !root.ok || root.value === '/';
    };
    if (isFree(first)) return first;
    const others = processes.filter(({ pid, namespaces }) => namespaces.mnt === mnt && pid !== first);
    return others.slice(0, ROOTS_TRIED).find(({ pid }) => isFree(pid))?.pid ?? first;
  }

  #lookWhereNobodyIs(binds: Map<NamespaceId, Binds>, now: number): void {
    const bound = [...this.#binds.values(), ...binds.values()].flatMap(({ found }) => found);
    const places = [
      ...this.#fds.found().map(({ id, by }) => ({ id, path: fdPath(by) })),
      ...bound.flatMap(({ id, by, local }) =>
        local && by.pid !== null ? [{ id, path: pathOf(by.pid, by.path) }] : [],
      ),
    ].filter(({ id }) => id.startsWith('mnt:') && !binds.has(id));
    const ids = new Set(places.map(({ id }) => id));
    const isNew = [...ids].some((id) => !this.#nobodys.has(id));
    if (ids.size > 0 && (isNew || now - this.#nobodysAt >= NOBODYS_EVERY_MILLIS)) {
      this.#nobodysAt = now;
      const tables = this.#kernel.mountsInside(places);
      this.#nobodys = new Map(
        [...ids].map((id) => {
          const found = bindsIn({ ok: true, value: tables.get(id) ?? '' }, { pid: null, mnt: id }).map((one) => ({
            ...one,
            local: false,
          }));
          const old = this.#nobodys.get(id);
          const fresh: Binds = { from: 'nobody', found };
          return [id, old !== undefined && same(old, fresh) ? old : fresh] as const;
        }),
      );
    }
    for (const id of ids) {
      const fresh = this.#nobodys.get(id);
      if (fresh === undefined) continue;
      if (this.#binds.get(id) !== fresh) this.#changed = true;
      binds.set(id, fresh);
    }
  }

  #bindsSeenBy(pid: number): readonly Bound[] {
    return bindsIn(this.#kernel.text(`/proc/${pid}/mountinfo`), { pid });
  }
}

const pathOf = (pid: number, path: string): string => `/proc/${pid}/root${path}`;

const bindsIn = (text: Reading<string>, seen: Omit<NamespaceBind, 'path'>): readonly Bound[] => {
  if (!text.ok || !text.value.includes(' nsfs ')) return [];
  const mounts = parsed(text, parseMountinfo);
  if (!mounts.ok) return [];
  return mounts.value.flatMap(({ type, root, mountPoint }) => {
    const id = type === 'nsfs' ? namespaceOf(root)?.id : undefined;
    return id === undefined
      ? []
      : [{ id, by: { path: mountPoint, ...seen }, local: isLocal(mountPoint, mounts.value) }];
  });
};
