/** The maps of user namespaces, one for each and not for each process: by them every number of a user is reckoned. */
import type { IdMap, NamespaceFact, NamespaceId, Process, ProcessKey } from '../../../shared/model.ts';
import { same } from '../../../shared/same.ts';
import { parsed } from '../parse/format-error.ts';
import { parseIdMap } from '../parse/id-map.ts';
import type { Kernel } from '../read/kernel.ts';

type Maps = Pick<NamespaceFact, 'uidMap' | 'gidMap'>;

interface Known extends Maps {
  /** Of whom it was read: as long as that one is the first in it, its number was not given to another namespace. */
  readonly of: ProcessKey;
}

/** Both are written once, and then never change; user_namespaces(7). */
const isWritten = ({ uidMap, gidMap }: Maps): boolean =>
  uidMap !== undefined && uidMap.length > 0 && gidMap !== undefined && gidMap.length > 0;

export class UserMaps {
  readonly #kernel: Kernel;
  #known = new Map<NamespaceId, Known>();
  #processes: readonly Process[] = [];
  #before: { readonly bare: readonly NamespaceFact[]; readonly mapped: readonly NamespaceFact[] } | null = null;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** The same facts, those of user namespaces with their maps. Unchanged ones are the same objects, the list too. */
  look(processes: readonly Process[], bare: readonly NamespaceFact[]): readonly NamespaceFact[] {
    const changed = this.#read(processes);
    if (!changed && this.#before?.bare === bare) return this.#before.mapped;
    const old = new Map(this.#before?.mapped.map((fact) => [fact.id, fact]));
    const mapped = bare.map((fact): NamespaceFact => {
      const maps = this.#known.get(fact.id);
      if (maps === undefined) return fact;
      const { of: _, ...own } = maps;
      const row = { ...fact, ...own };
      const before = old.get(fact.id);
      return before !== undefined && same(before, row) ? before : row;
    });
    const whole = this.#before?.mapped;
    const kept = whole?.length === mapped.length && mapped.every((fact, i) => fact === whole[i]) ? whole : mapped;
    this.#before = { bare, mapped: kept };
    return kept;
  }

  /** True if any map is otherwise than at the last look. */
  #read(processes: readonly Process[]): boolean {
    // Who is in which namespace is as before; what was not written then may be by now.
    const members = processes === this.#processes ? null : firstIn(processes);
    this.#processes = processes;
    let changed = false;
    const known = new Map<NamespaceId, Known>();
    for (const [id, of] of members ?? [...this.#known].map(([id, { of }]) => [id, of] as const)) {
      const old = this.#known.get(id);
      if (old?.of === of && isWritten(old)) {
        known.set(id, old);
        continue;
      }
      const fresh = { of, ...this.#mapsOf(of) };
      changed ||= old === undefined || !same(old.uidMap, fresh.uidMap) || !same(old.gidMap, fresh.gidMap);
      known.set(id, fresh);
    }
    changed ||= known.size !== this.#known.size;
    this.#known = known;
    return changed;
  }

  #mapsOf(key: ProcessKey): Maps {
    const at = `/proc/${key.slice(0, key.indexOf('@'))}`;
    const read = (file: string): readonly IdMap[] | undefined => {
      const map = parsed(this.#kernel.record(`${at}/${file}`), parseIdMap);
      return map.ok ? map.value : undefined;
    };
    const [uidMap, gidMap] = [read('uid_map'), read('gid_map')];
    return { ...(uidMap === undefined ? null : { uidMap }), ...(gidMap === undefined ? null : { gidMap }) };
  }
}

/** The process with the lowest number in each user namespace. */
const firstIn = (processes: readonly Process[]): ReadonlyMap<NamespaceId, ProcessKey> => {
  const first = new Map<NamespaceId, ProcessKey>();
  let links: Process['namespaces'] | null = null;
  for (const { key, namespaces } of processes) {
    // Most are together with the one before.
    if (namespaces === links) continue;
    links = namespaces;
    const { user } = namespaces;
    if (user !== null && !first.has(user)) first.set(user, key);
  }
  return first;
};
