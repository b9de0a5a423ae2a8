/** One user or group in the numbers of every user namespace from the reader's inward. man 7 user_namespaces. */
import type { IdMap, NamespaceId, Process, ProcessDetail, World } from './model.ts';

/** A user namespace and its map, uid_map or gid_map, as the reader reads it: from inside to the reader's own numbers. */
export interface MappedNamespace {
  readonly id: NamespaceId | null;
  /** `null`: no process in it could be asked. */
  readonly map: readonly IdMap[] | null;
}

export interface IdLevel {
  /** `null`: which one it is could not be read. */
  readonly namespace: NamespaceId | null;
  /**
   * `unmapped`: it has no number there, and whoever asks from inside is told the overflow ID, 65534. `unread`: the map could
   * not be read.
   */
  readonly number: number | 'unmapped' | 'unread';
}

/** What the kernel writes for an ID that has no number where it is asked from: (uid_t) -1. */
const NO_ID = 4_294_967_295;

/** The number inside of an ID of the reader's, by the map of that namespace; `null` if it has none. */
export const idInside = (id: number, map: readonly IdMap[]): number | null => {
  const range = map.find(({ outside, count }) => outside !== NO_ID && id >= outside && id < outside + count);
  return range === undefined ? null : range.inside + (id - range.outside);
};

/** The levels below the reader's own numbers, the process's own the last. `chain` begins with the outermost. */
export const idLevels = (id: number, chain: readonly MappedNamespace[]): readonly IdLevel[] =>
  chain.map(({ id: namespace, map }) => ({
    namespace,
    number: map === null ? 'unread' : (idInside(id, map) ?? 'unmapped'),
  }));

/** What of a world is needed to reckon. */
export type IdWorld = Pick<World, 'host' | 'processes' | 'namespaces'>;

/** Which of the two maps. */
export type IdKind = 'uid' | 'gid';

/**
 * The user namespaces between the reader's own and that of the process, outermost first, the reader's left out. Empty where
 * the process counts as the reader does, and where its namespace is above or beside the reader's or could not be read.
 */
export const userChain = (world: IdWorld, process: Process, kind: IdKind): readonly MappedNamespace[] => {
  const facts = factsOf(world);
  const own = readersOf(world);
  const chain: MappedNamespace[] = [];
  for (let id = process.namespaces.user; id !== null && id !== own;) {
    const fact = facts.get(id);
    const map = kind === 'uid' ? fact?.uidMap : fact?.gidMap;
    chain.unshift({ id, map: map ?? null });
    const parent = fact?.parent;
    // Of what the kernel does not lead up from to the reader, the numbers are not the reader's to reckon with.
    if (parent === undefined || !parent.includes(':[') || chain.length > DEEPEST) return [];
    id = parent as NamespaceId;
  }
  return chain;
};

/** As deep as they can be nested; user_namespaces(7). Of a world that contradicts itself there is no end. */
const DEEPEST = 33;

const readersNamespaces = new WeakMap<World['processes'], NamespaceId | null>();
const readersOf = ({ host, processes }: IdWorld): NamespaceId | null => {
  const known = readersNamespaces.get(processes);
  if (known !== undefined) return known;
  const own = processes.find(({ pid }) => pid === host.pid)?.namespaces.user ?? host.namespaces.user;
  readersNamespaces.set(processes, own);
  return own;
};

type Facts = ReadonlyMap<NamespaceId, World['namespaces'][number]>;
const factsByRows = new WeakMap<World['namespaces'], Facts>();
const factsOf = ({ namespaces }: IdWorld): Facts => {
  const known = factsByRows.get(namespaces);
  if (known !== undefined) return known;
  const facts: Facts = new Map(namespaces.filter(({ type }) => type === 'user').map((fact) => [fact.id, fact]));
  factsByRows.set(namespaces, facts);
  return facts;
};

/** The levels of the process's effective user below the reader's numbers; `[]` if that is not known or there are none. */
export const uidLevels = (world: IdWorld, process: Process): readonly IdLevel[] =>
  process.euid === null ? [] : idLevels(process.euid, userChain(world, process, 'uid'));

/** The same chain with the map that the process's own file said last. Also where its namespace itself may not be seen. */
export const detailChain = (
  world: IdWorld,
  process: Process,
  { uidMap, gidMap }: Pick<ProcessDetail, 'uidMap' | 'gidMap'>,
  kind: IdKind,
): readonly MappedNamespace[] => {
  const chain = userChain(world, process, kind);
  const own = kind === 'uid' ? uidMap : gidMap;
  if (!own.ok) return chain;
  const last = chain.at(-1);
  if (last !== undefined) return [...chain.slice(0, -1), { ...last, map: own.value }];
  return process.namespaces.user === null && !isWhole(own.value) ? [{ id: null, map: own.value }] : [];
};

/** All numbers, each as it is: the first user namespace, or one made to look like it. */
export const isWhole = (map: readonly IdMap[]): boolean =>
  map.length === 1 && map[0]?.inside === 0 && map[0].outside === 0 && map[0].count === NO_ID;

/** One level, drawn or written: its number if it has one, and which level it is or why there is no number. */
export interface IdLevelWords {
  readonly number: number | null;
  readonly where: string;
}

/** `100000 host`, `0 between`, `no number inside`: the ID of the reader's numbering, then each level. */
export const idLevelWords = (id: number, levels: readonly IdLevel[]): readonly IdLevelWords[] => [
  { number: id, where: 'host' },
  ...levels.map(({ number }, depth): IdLevelWords => {
    const where = depth === levels.length - 1 ? 'inside' : 'between';
    if (number === 'unmapped') return { number: null, where: `no number ${where}` };
    return number === 'unread' ? { number: null, where: `not readable ${where}` } : { number, where };
  }),
];

/** `100000 host, 0 inside`; the number alone where there is no further level. */
export const idSentence = (id: number, levels: readonly IdLevel[]): string =>
  levels.length === 0
    ? String(id)
    : idLevelWords(id, levels)
        .map(({ number, where }) => (number === null ? where : `${number} ${where}`))
        .join(', ');
