/**
 * The graph of namespaces: cards for who uses them, chips for namespaces that stand by themselves (shared ones, those of
 * shells, those without a process), pins for the rest, and the host with its own. Where things lie is not told here.
 */
import { graphCards, type GraphCard } from './graph-cards.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType, type World } from './model.ts';
import { sharedIds } from './namespace-matrix.ts';
import type { NamespaceRow } from './namespace-rows.ts';
import { typesOf } from './namespace-rows.ts';
import type { NamespaceView } from './namespaces.ts';

export type PinRole = 'own' | 'shared' | 'host' | 'unread';

/** A namespace that hangs below its card. `id` is `null` where it could not be read. */
export interface GraphPin {
  readonly id: NamespaceId | null;
  readonly type: NamespaceType;
  readonly role: PinRole;
}

export interface PinnedCard extends GraphCard {
  readonly pins: readonly GraphPin[];
  /** Further namespaces that there is no room for. */
  readonly morePins: number;
  /** Types of which it is in the host's though its kind mostly has its own: this is drawn always. */
  readonly unusual: readonly NamespaceType[];
}

export interface GraphChip {
  readonly id: NamespaceId;
  readonly type: NamespaceType;
  readonly role: 'own' | 'shared';
  /** Keys of the cards that are in it. */
  readonly cards: readonly string[];
}

export interface GraphHost {
  /** Hostile text. */
  readonly name: string;
  readonly detail: string;
  readonly leader: NamespaceRow['leader'];
  /** `null`: could not be read. */
  readonly namespaces: readonly { readonly type: NamespaceType; readonly id: NamespaceId | null }[];
}

export interface Graph {
  readonly host: GraphHost;
  readonly cards: readonly PinnedCard[];
  /** By type, then inode. */
  readonly chips: readonly GraphChip[];
}

/** Eight types, and two to spare for a bundle. */
const PINS_AT_MOST = 10;
/** What docker and podman give a container of its own unless told otherwise, whichever cgroup version there is. */
const USUALLY_OWN: readonly NamespaceType[] = ['mnt', 'uts', 'ipc', 'net', 'pid'];

const typeOf = (id: NamespaceId): NamespaceType => id.slice(0, id.indexOf(':')) as NamespaceType;

/** `opened`: keys of bundles that a person wants to see in full. */
export const graphOf = (
  world: World,
  rows: readonly NamespaceRow[],
  views: readonly NamespaceView[],
  opened: ReadonlySet<string> = new Set(),
): Graph => {
  const cards = graphCards(world, rows, views, opened);
  const shared = sharedIds(rows, world);
  const chips = chipsOf(cards, views);
  const loose = new Set(chips.map(({ id }) => id));
  return { host: hostOf(world, rows, views), cards: cards.map((card) => pinned(card, world, shared, loose)), chips };
};

const chipsOf = (cards: readonly GraphCard[], views: readonly NamespaceView[]): readonly GraphChip[] => {
  const users = new Map<NamespaceId, GraphCard[]>();
  for (const card of cards) for (const id of card.own) users.set(id, [...(users.get(id) ?? []), card]);
  const stands = (of: readonly GraphCard[]): boolean =>
    of.length > 1 || ((of[0]!.kind === 'shell' || of[0]!.kind === 'held') && of[0]!.rows.length === 1);
  const known = views.flatMap(({ id, type }) => {
    const of = users.get(id) ?? [];
    if (of.length === 0 || !stands(of)) return [];
    return [{ id, type, role: of.length > 1 ? 'shared' : 'own', cards: of.map(({ key }) => key) } as const];
  });
  return known;
};

const pinned = (
  card: GraphCard,
  world: World,
  shared: ReadonlySet<NamespaceId>,
  loose: ReadonlySet<NamespaceId>,
): PinnedCard => {
  const unusual = card.kind === 'container' ? card.host.filter((type) => USUALLY_OWN.includes(type)) : [];
  const all: GraphPin[] = [];
  // A bundle of many would only say that they have namespaces; what they have is in its words.
  const bundled = card.rows.length > 1;
  for (const type of NAMESPACE_TYPES) {
    for (const id of card.own.filter((own) => typeOf(own) === type && !loose.has(own)))
      all.push({ id, type, role: shared.has(id) ? 'shared' : 'own' });
    if (card.unread.includes(type)) all.push({ id: null, type, role: 'unread' });
    else if (!bundled && card.host.includes(type) && !unusual.includes(type))
      all.push({ id: world.host.namespaces[type], type, role: 'host' });
  }
  const pins = all.length <= PINS_AT_MOST ? all : all.slice(0, PINS_AT_MOST - 1);
  return { ...card, pins, morePins: all.length - pins.length, unusual };
};

const hostOf = (world: World, rows: readonly NamespaceRow[], views: readonly NamespaceView[]): GraphHost => {
  const row = rows.find(({ kind }) => kind === 'host');
  const count = row?.processes ?? 0;
  return {
    name: world.host.hostname,
    detail: `the host, ${count} process${count === 1 ? '' : 'es'}`,
    leader: row?.leader ?? null,
    namespaces: typesOf(world, views).map((type) => ({ type, id: world.host.namespaces[type] })),
  };
};

/** Lines from cards to the host's namespaces: those drawn always, and those that only the switch shows. */
export const hostEdges = (
  graph: Graph,
): readonly { readonly card: string; readonly type: NamespaceType; readonly unusual: boolean }[] =>
  graph.cards.flatMap(({ key, host, unusual }) =>
    host.map((type) => ({ card: key, type, unusual: unusual.includes(type) })),
  );
