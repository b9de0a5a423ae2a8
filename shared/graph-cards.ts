/** The cards of the graph: who uses namespaces. Host services are one card; what shares nothing is gathered when there is much. */
import type { NamespaceId, NamespaceType, ProcessKey, World } from './model.ts';
import { NAMESPACE_TYPES } from './model.ts';
import type { NamespaceRow, RowKind } from './namespace-rows.ts';
import type { NamespaceView } from './namespaces.ts';

export interface GraphCard {
  /** Stays the same from look to look. */
  readonly key: string;
  readonly kind: Exclude<RowKind, 'host'>;
  /** Hostile text, both. */
  readonly name: string;
  readonly detail: string;
  readonly project: string | null;
  readonly container: string | null;
  readonly leader: ProcessKey | null;
  /** Keys of the {@link NamespaceRow}s it stands for; more than one is a bundle. */
  readonly rows: readonly string[];
  /** Every namespace of its rows that is not the host's: by type, each once. */
  readonly own: readonly NamespaceId[];
  /** Types of which it is in the host's. */
  readonly host: readonly NamespaceType[];
  /** Types of which it could not be read in which it is. */
  readonly unread: readonly NamespaceType[];
  /** A bundle that may be opened, so that each of its rows is a card. */
  readonly opens: boolean;
}

/** From so many cards on, what shares nothing is gathered: nobody reads a hundred cards that say the same. */
export const CARDS_AT_MOST = 80;

/** Key of the card of all host services. */
export const SERVICES = 'services';

const NAMES_AT_MOST = 3;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** `opened`: keys of bundles that a person wants to see in full. */
export const graphCards = (
  world: World,
  rows: readonly NamespaceRow[],
  views: readonly NamespaceView[],
  opened: ReadonlySet<string> = new Set(),
): readonly GraphCard[] => {
  const others = rows.filter(({ kind }) => kind !== 'host');
  const unread = new Set(
    NAMESPACE_TYPES.filter((type) => rows.some(({ namespaces }) => namespaces[type] === 'unread')),
  );
  const isClosed = ({ namespaces }: NamespaceRow): boolean =>
    NAMESPACE_TYPES.some((type) => namespaces[type] !== 'none' && unread.has(type));
  const services = others.filter(({ kind }) => kind === 'service');
  const apart = opened.has(SERVICES) ? others : others.filter(({ kind }) => kind !== 'service');
  const single = apart.map((row) => cardOf(world, row, views, isClosed(row)));
  const together = services.length > 0 && !opened.has(SERVICES);
  const cards = together ? [...single, servicesCard(world, services, views)] : single;
  return cards.length <= CARDS_AT_MOST ? cards : gathered(cards, opened);
};

const cardOf = (world: World, row: NamespaceRow, views: readonly NamespaceView[], closed: boolean): GraphCard => ({
  key: row.key,
  kind: row.kind as GraphCard['kind'],
  ...wordsOf(row, views, closed),
  project: row.project,
  container: row.container,
  leader: row.leader?.key ?? null,
  rows: [row.key],
  ...namespacesIn(world, [row]),
  opens: false,
});

const wordsOf = (
  row: NamespaceRow,
  views: readonly NamespaceView[],
  closed: boolean,
): { name: string; detail: string } => {
  const { name, detail, kind, leader } = row;
  if (kind === 'shell' && leader !== null)
    return { name, detail: `pid ${leader.pid}${leader.user === null ? '' : `, ${leader.user}`}` };
  if (kind !== 'held') return { name, detail };
  // Of a process that could not be read nobody knows whether it is in it.
  const none = closed ? 'no process seen' : 'no process';
  const bind = views
    .find(({ id, type }) => id === row.namespaces[type])
    ?.heldBy.find((holder) => holder.kind === 'bind');
  return bind?.kind === 'bind'
    ? { name: endOf(bind.path), detail: `bind mount, ${none}` }
    : { name, detail: `${detail}, ${none}` };
};

/** What fits a card; the end of a path says more than its beginning. */
const PATH_AT_MOST = 18;
const endOf = (path: string): string => (path.length <= PATH_AT_MOST ? path : `…${path.slice(1 - PATH_AT_MOST)}`);

const servicesCard = (world: World, rows: readonly NamespaceRow[], views: readonly NamespaceView[]): GraphCard => {
  const [first] = rows as readonly [NamespaceRow, ...NamespaceRow[]];
  if (rows.length === 1) return { ...cardOf(world, first, views, false), key: SERVICES };
  return bundle(SERVICES, `${rows.length} host services`, rows, namespacesIn(world, rows), true);
};

const bundle = (
  key: string,
  name: string,
  of: readonly {
    readonly key: string;
    readonly name: string;
    readonly kind: RowKind;
    readonly project: string | null;
  }[],
  namespaces: Pick<GraphCard, 'own' | 'host' | 'unread'>,
  opens: boolean,
): GraphCard => ({
  key,
  kind: of[0]!.kind as GraphCard['kind'],
  name,
  detail: namesIn(of.map((each) => each.name)),
  project: of[0]!.project,
  container: null,
  leader: null,
  rows: of.map((each) => each.key),
  ...namespaces,
  opens,
});

const namesIn = (all: readonly string[]): string => {
  const names = [...new Set(all)];
  return names.length <= NAMES_AT_MOST
    ? names.join(', ')
    : `${names.slice(0, NAMES_AT_MOST - 1).join(', ')} and ${names.length - NAMES_AT_MOST + 1} more`;
};

const namespacesIn = (
  { host }: World,
  rows: readonly NamespaceRow[],
): { own: NamespaceId[]; host: NamespaceType[]; unread: NamespaceType[] } => {
  const own: NamespaceId[] = [];
  for (const type of NAMESPACE_TYPES) {
    for (const { namespaces } of rows) {
      const id = namespaces[type];
      if (id !== 'none' && id !== 'unread' && id !== host.namespaces[type] && !own.includes(id)) own.push(id);
    }
  }
  return {
    own,
    host: NAMESPACE_TYPES.filter((type) => rows.some(({ namespaces }) => namespaces[type] === host.namespaces[type])),
    unread: NAMESPACE_TYPES.filter((type) => rows.some(({ namespaces }) => namespaces[type] === 'unread')),
  };
};

const KIND_WORDS: Readonly<Record<GraphCard['kind'], string>> = {
  container: 'containers',
  shell: 'shells',
  service: 'host services',
  unread: 'not readable',
  held: 'namespaces without a process',
};

/** Cards of one kind and project that share nothing with any other become one, unless it was opened. */
const gathered = (cards: readonly GraphCard[], opened: ReadonlySet<string>): readonly GraphCard[] => {
  const users = new Map<NamespaceId, number>();
  for (const { own } of cards) for (const id of own) users.set(id, (users.get(id) ?? 0) + 1);
  const kept: GraphCard[] = [];
  const lonely = new Map<string, GraphCard[]>();
  for (const card of cards) {
    const key = `bundle ${card.kind} ${card.project ?? ''}`;
    const shares = card.own.some((id) => (users.get(id) ?? 0) > 1);
    const isOpen = opened.has(key) || (card.kind === 'service' && opened.has(SERVICES));
    if (shares || card.key === SERVICES || isOpen) kept.push(card);
    else lonely.set(key, [...(lonely.get(key) ?? []), card]);
  }
  for (const [key, group] of [...lonely].sort(([a], [b]) => byText(a, b))) {
    const [first] = group as [GraphCard];
    if (group.length === 1) kept.push(first);
    else {
      const of = first.project === null ? '' : ` of ${first.project}`;
      const union = <T>(pick: (card: GraphCard) => readonly T[]): T[] => [...new Set(group.flatMap(pick))];
      const all = { own: union((c) => c.own), host: union((c) => c.host), unread: union((c) => c.unread) };
      const keyed = group.map((card) => ({ ...card, key: card.rows[0]! }));
      kept.push(bundle(key, `${group.length} ${KIND_WORDS[first.kind]}${of}`, keyed, all, true));
    }
  }
  return kept;
};
