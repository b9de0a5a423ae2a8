/** Every namespace the machine shows: of processes, bound to paths, held open, and those only known as owner or parent. */
import {
  NAMESPACE_LINKS,
  type Ages,
  type NamespaceFact,
  type NamespaceId,
  type Process,
} from '../../../shared/model.ts';
import { byTypeThenInode } from '../../../shared/delta.ts';
import { keepRows } from '../../../shared/same.ts';
import { namespaceOf } from '../parse/ns-link.ts';
import type { Kernel } from '../read/kernel.ts';
import type { Asked } from '../read/nsfs.ts';
import type { QuietSince } from './namespace-fds.ts';
import { NamespaceListing } from './namespace-listing.ts';
import { NamespaceHolds, type Holds } from './namespace-holds.ts';

/** Who held a namespace first when we asked: as long as that one holds it, it is the same namespace. */
interface Answer {
  readonly asked: Asked;
  readonly witness: string;
}

/** Who led to a namespace may end while we ask; after so many looks in vain at one and the same machine it is not to be asked. */
const ASK_AGAIN_LOOKS = 3;
/** Other ways into a namespace than the first that are tried. */
const WAYS_TRIED = 3;

export class Namespaces {
  readonly #kernel: Kernel;
  readonly #holds: NamespaceHolds;
  #answers = new Map<NamespaceId, Answer>();
  #facts: readonly NamespaceFact[] = [];
  readonly #listing: NamespaceListing;
  /** That the kernel listed at the last look and we had not found. */
  #unexplained: ReadonlySet<NamespaceId> = new Set();
  #seen: {
    readonly processes: readonly Process[];
    readonly holds: Holds;
    readonly listed: readonly NamespaceId[];
  } | null = null;
  #inVain = 0;
  #looked = false;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#holds = new NamespaceHolds(kernel);
    this.#listing = new NamespaceListing(kernel);
  }

  /** In the order of the model; unchanged facts are the same objects. */
  look(processes: readonly Process[], quietSince: QuietSince, now: number): readonly NamespaceFact[] {
    const holds = this.#holds.look(processes, quietSince, now);
    const listed = this.#listing.look();
    const first = !this.#looked;
    this.#looked = true;
    const unchanged =
      holds === this.#seen?.holds && listed === this.#seen.listed && sameLinks(processes, this.#seen.processes);
    if (!unchanged) this.#inVain = 0;
    else if (this.#inVain === 0 || this.#inVain > ASK_AGAIN_LOOKS) return this.#facts;
    this.#seen = { processes, holds, listed };
    const { binds, fds, sockets, threads } = holds;
    const ways = waysTo(processes, holds);
    const answers = this.#answersTo(ways);
    this.#answers = answers;
    const open = [...ways.keys()].some((id) => !answers.has(id));
    this.#inVain = open ? this.#inVain + 1 : 0;
    // What is bound where no path may be taken is known all the same, though nothing can be asked of it.
    const ids = new Set<NamespaceId>([...ways.keys(), ...binds.keys(), ...answers.keys()]);
    const facts: NamespaceFact[] = [];
    for (const id of ids) {
      const parts = namespaceOf(id);
      if (parts === null) continue;
      const asked = answers.get(id)?.asked;
      facts.push({
        ...parts,
        owner: asked?.owner ?? 'unknown',
        parent: asked?.parent ?? 'unknown',
        ownerUid: asked?.ownerUid ?? null,
        binds: binds.get(id) ?? [],
        fds: fds.get(id) ?? [],
        ...(sockets.has(id) ? { sockets: sockets.get(id) ?? [] } : null),
        ...(threads.has(id) ? { threads: threads.get(id) ?? [] } : null),
      });
    }
    for (const id of this.#alone(listed, ids, first)) {
      const parts = namespaceOf(id);
      const number = this.#listing.numberOf(id);
      if (parts === null || number === null) continue;
      const [asked] = this.#kernel.askNamespace(number, id, () => true);
      const { owner = 'unknown', parent = 'unknown', ownerUid = null } = asked ?? {};
      facts.push({ ...parts, owner, parent, ownerUid, binds: [], fds: [], listed: true });
    }
    this.#facts = keepRows(this.#facts, facts.sort(byTypeThenInode), (fact) => fact.id);
    return this.#facts;
  }

  /**
   * What the kernel lists and we did not find, though nothing waited for its turn to be asked: that is so at the first look,
   * and else at the one after that at which it was missed first.
   */
  #alone(listed: readonly NamespaceId[], found: ReadonlySet<NamespaceId>, first: boolean): readonly NamespaceId[] {
    let alone = listed.filter((id) => !found.has(id));
    // What ended since it was listed is listed no more.
    if (alone.length > 0) {
      const now = new Set(this.#listing.now());
      alone = alone.filter((id) => now.has(id));
    }
    const before = this.#unexplained;
    this.#unexplained = new Set(alone);
    if (first) return alone;
    if (alone.some((id) => !before.has(id))) {
      this.#holds.anew();
      this.#seen = null;
    }
    return alone.filter((id) => before.has(id));
  }

  /** At the next look no process waits for its turn to be asked what it holds. */
  anew(): void {
    this.#holds.anew();
  }

  /** How long ago the last look read, in milliseconds, what waits longest. */
  ages(now: number): Omit<Ages, 'cgroups' | 'rest'> {
    return this.#holds.ages(now);
  }

  #answersTo(ways: ReadonlyMap<NamespaceId, readonly Way[]>): Map<NamespaceId, Answer> {
    const answers = new Map<NamespaceId, Answer>();
    for (const [id, those] of ways) {
      if (answers.has(id)) continue;
      const old = this.#answers.get(id);
      // As long as one stands who was in it when it was asked, its number was not given to another.
      if (old !== undefined && those.some(({ witness }) => witness === old.witness)) {
        answers.set(id, old);
        continue;
      }
      for (const { witness, path } of those) {
        for (const asked of this.#kernel.askNamespace(path, id, (other) => answers.has(other))) {
          if (answers.has(asked.id)) continue;
          // One that we came upon from below lives as long as the one below.
          const above = ways.get(asked.id)?.[0]?.witness ?? `child ${id}`;
          answers.set(asked.id, { asked, witness: asked.id === id ? witness : above });
        }
        if (answers.has(id)) break;
      }
    }
    // Owners and parents of what was not asked again. A Map may grow while it is walked: so this reaches the top.
    for (const [id, { asked }] of answers) {
      for (const above of [asked.owner, asked.parent]) {
        const old = namespaceOf(above) === null ? undefined : this.#answers.get(above as NamespaceId);
        if (old !== undefined && !answers.has(old.asked.id))
          answers.set(old.asked.id, { ...old, witness: `child ${id}` });
      }
    }
    return answers;
  }
}

const sameLinks = (a: readonly Process[], b: readonly Process[]): boolean =>
  a.length === b.length &&
  a.every((row, i) => row === b[i] || (row.key === b[i]?.key && row.namespaces === b[i].namespaces));

interface Way {
  readonly witness: string;
  readonly path: string;
}

/** For each namespace the first that hold it, and the paths by which to get at it there. */
const waysTo = (
  processes: readonly Process[],
  { fds, sockets, threads, paths }: Holds,
): ReadonlyMap<NamespaceId, readonly Way[]> => {
  const ways = new Map<NamespaceId, Way[]>();
  const add = (id: NamespaceId, way: () => Way): void => {
    const those = ways.get(id);
    if (those === undefined) ways.set(id, [way()]);
    else if (those.length < WAYS_TRIED) those.push(way());
  };
  for (const { key, pid, namespaces } of processes) {
    for (const link of NAMESPACE_LINKS) {
      const id = namespaces[link];
      if (id !== null) add(id, () => ({ witness: `${key} ${link}`, path: `/proc/${pid}/ns/${link}` }));
    }
  }
  for (const [id, those] of threads) {
    for (const { pid, tid, link } of those.slice(0, WAYS_TRIED))
      add(id, () => ({ witness: `thread ${tid} ${link}`, path: `/proc/${pid}/task/${tid}/ns/${link}` }));
  }
  for (const held of [fds, sockets]) {
    for (const [id, those] of held) {
      for (const { pid, tid, fd } of those.slice(0, WAYS_TRIED)) {
        const at = `${pid}${tid === undefined ? '' : `/task/${tid}`}`;
        add(id, () => ({ witness: `${at} fd ${fd}`, path: `/proc/${at}/fd/${fd}` }));
      }
    }
  }
  for (const [id, path] of paths) add(id, () => ({ witness: path, path }));
  return ways;
};
