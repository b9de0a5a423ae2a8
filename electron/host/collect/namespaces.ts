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
import { NamespaceHolds, type Holds, type QuietSince } from './namespace-holds.ts';

/** Who held a namespace first when we asked: as long as that one holds it, it is the same namespace. */
interface Answer {
  readonly asked: Asked;
  readonly witness: string;
}

export class Namespaces {
  readonly #kernel: Kernel;
  readonly #holds: NamespaceHolds;
  #answers = new Map<NamespaceId, Answer>();
  #facts: readonly NamespaceFact[] = [];
  #seen: { readonly processes: readonly Process[]; readonly holds: Holds } | null = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#holds = new NamespaceHolds(kernel);
  }

  /** In the order of the model; unchanged facts are the same objects. */
  look(processes: readonly Process[], quietSince: QuietSince, now: number): readonly NamespaceFact[] {
    const holds = this.#holds.look(processes, quietSince, now);
    if (holds === this.#seen?.holds && sameLinks(processes, this.#seen.processes)) return this.#facts;
    this.#seen = { processes, holds };
    const { binds, fds, threads } = holds;
    const ways = waysTo(processes, holds);
    const answers = this.#answersTo(ways);
    this.#answers = answers;
    const ids = new Set<NamespaceId>([...ways.keys(), ...answers.keys()]);
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
        ...(threads.has(id) ? { threads: threads.get(id) ?? [] } : null),
      });
    }
    this.#facts = keepRows(this.#facts, facts.sort(byTypeThenInode), (fact) => fact.id);
    return this.#facts;
  }

  /** How long ago the last look read, in milliseconds, what waits longest. */
  ages(now: number): Omit<Ages, 'cgroups'> {
    return this.#holds.ages(now);
  }

  #answersTo(ways: ReadonlyMap<NamespaceId, Way>): Map<NamespaceId, Answer> {
    const answers = new Map<NamespaceId, Answer>();
    for (const [id, { witness, path }] of ways) {
      if (answers.has(id)) continue;
      const old = this.#answers.get(id);
      if (old?.witness === witness) {
        answers.set(id, old);
        continue;
      }
      for (const asked of this.#kernel.askNamespace(path, id, (other) => answers.has(other))) {
        if (answers.has(asked.id)) continue;
        // One that we came upon from below lives as long as the one below.
        answers.set(asked.id, { asked, witness: ways.get(asked.id)?.witness ?? `child ${id}` });
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

/** For each namespace the first that holds it, and the path by which to get at it there. */
const waysTo = (processes: readonly Process[], { fds, threads, paths }: Holds): ReadonlyMap<NamespaceId, Way> => {
  const ways = new Map<NamespaceId, Way>();
  for (const { key, pid, namespaces } of processes) {
    for (const link of NAMESPACE_LINKS) {
      const id = namespaces[link];
      if (id !== null && !ways.has(id)) ways.set(id, { witness: `${key} ${link}`, path: `/proc/${pid}/ns/${link}` });
    }
  }
  for (const [id, [first]] of threads) {
    if (first === undefined || ways.has(id)) continue;
    const path = `/proc/${first.pid}/task/${first.tid}/ns/${first.link}`;
    ways.set(id, { witness: `thread ${first.tid} ${first.link}`, path });
  }
  for (const [id, [first]] of fds) {
    if (first === undefined || ways.has(id)) continue;
    ways.set(id, { witness: `${first.pid} fd ${first.fd}`, path: `/proc/${first.pid}/fd/${first.fd}` });
  }
  for (const [id, path] of paths) if (!ways.has(id)) ways.set(id, { witness: path, path });
  return ways;
};
