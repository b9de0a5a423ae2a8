/** Threads in other namespaces than their process: setns(2) and unshare(2) are of the thread that calls. */
import {
  NAMESPACE_LINKS,
  type NamespaceId,
  type NamespaceLink,
  type NamespaceThread,
  type Process,
  type ProcessKey,
} from '../../../shared/model.ts';
import { same } from '../../../shared/same.ts';
import { namespaceOf } from '../parse/ns-link.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { NOTHING, type Held } from './namespace-held.ts';

/** Seven links a thread: a process with threads is met once in this many looks, a share of them at each. */
const EVERY_LOOKS = 20;
/** Of a process with more, as many at each meeting: 30,000 threads would take a second. */
const THREADS_AT_ONCE = 1000;

/**
 * The links that can differ. All threads of a process are in one user and one pid namespace, and their own time namespace is
 * the first one's (man 2 setns, man 2 unshare: EINVAL in a process with threads).
 */
const LINKS: readonly NamespaceLink[] = NAMESPACE_LINKS.filter((link) => !['user', 'pid', 'time'].includes(link));

interface Met {
  readonly at: number;
  /** Where the next meeting goes on. */
  readonly next: number;
  readonly found: Held<NamespaceThread>;
}

export class NamespaceThreads {
  readonly #kernel: Kernel;
  #met = new Map<ProcessKey, Met>();
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** True if anything is otherwise than at the last look. `anew`: no process waits for its turn. `now` in milliseconds. */
  look(processes: readonly Process[], now: number, anew = false): boolean {
    let changed = false;
    const met = new Map<ProcessKey, Met>();
    for (const process of processes) {
      if (process.threads < 2 || process.kernelThread) continue;
      const old = this.#met.get(process.key);
      const due = anew || old === undefined || (process.pid + this.#looks) % EVERY_LOOKS === 0;
      const fresh = due ? this.#meet(process, old, now) : old;
      met.set(process.key, fresh);
      changed ||= fresh !== old && !same(fresh.found, old?.found ?? NOTHING);
    }
    for (const [key, { found }] of this.#met) changed ||= found.length > 0 && !met.has(key);
    this.#met = met;
    this.#looks++;
    return changed;
  }

  found(): Held<NamespaceThread> {
    return [...this.#met.values()].flatMap(({ found }) => found);
  }

  /** When the one was met that waits longest; `now` if none waits. */
  oldest(now: number): number {
    let oldest = now;
    for (const { at } of this.#met.values()) oldest = Math.min(oldest, at);
    return oldest;
  }

  #meet({ pid }: Process, old: Met | undefined, now: number): Met {
    const nothing: Met = { at: now, next: 0, found: NOTHING };
    const pinned = this.#kernel.pin(`/proc/${pid}`);
    if (!pinned.ok) return nothing;
    const directory = pinned.value;
    try {
      const first = readLinks(directory, 'ns', LINKS);
      const names = first === 'denied' ? null : directory.list('task');
      if (first === 'denied' || names?.ok !== true) return nothing;
      const tids = names.value.map(Number).filter((tid) => tid !== pid);
      const from = old === undefined || old.next >= tids.length ? 0 : old.next;
      const these = new Set(tids.slice(from, from + THREADS_AT_ONCE));
      const alive = new Set(tids);
      // The first thread may have ended before the others: then theirs are all there is.
      const links = first.size === 0 ? NAMESPACE_LINKS : LINKS;
      const found = (old?.found ?? NOTHING).filter(({ by }) => alive.has(by.tid) && !these.has(by.tid));
      for (const tid of these) {
        const own = readLinks(directory, `task/${tid}/ns`, links);
        if (own === 'denied') continue;
        for (const [link, id] of own) if (id !== first.get(link)) found.push({ id, by: { pid, tid, link } });
      }
      return { at: now, next: from + THREADS_AT_ONCE, found: found.length === 0 ? NOTHING : found };
    } finally {
      directory.close();
    }
  }
}

const readLinks = (
  directory: Directory,
  folder: string,
  links: readonly NamespaceLink[],
): ReadonlyMap<NamespaceLink, NamespaceId> | 'denied' => {
  const found = new Map<NamespaceLink, NamespaceId>();
  for (const link of links) {
    const target = directory.link(`${folder}/${link}`);
    // Of one thread all or none may be seen.
    if (!target.ok && target.why === 'denied') return 'denied';
    const id = target.ok ? namespaceOf(target.value)?.id : undefined;
    if (id !== undefined) found.set(link, id);
  }
  return found;
};
