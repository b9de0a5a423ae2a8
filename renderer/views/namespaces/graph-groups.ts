/** Cards that chips join belong together: such a group is laid out by itself, so that one that changes leaves the others alone. */
import type { Graph, GraphChip, PinnedCard } from '../../../shared/graph.ts';
import type { NamespaceView } from '../../../shared/namespaces.ts';
import { CARD, cardHeight, CHIP } from './graph-sizes.ts';

export interface Group {
  /** Of its first card; two groups never have the same. */
  readonly key: string;
  readonly cards: readonly PinnedCard[];
  readonly chips: readonly GraphChip[];
  /** Says all that decides where its parts lie: the same text, the same layout. */
  readonly shape: string;
  /** As ELK takes it; `null` where there is but one card to place. */
  readonly elk: ElkGraph | null;
}

export interface ElkGraph {
  readonly id: string;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly children: readonly ElkPart[];
  readonly edges: readonly {
    readonly id: string;
    readonly sources: readonly string[];
    readonly targets: readonly string[];
  }[];
}
interface ElkPart {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly id: string;
    readonly x: number;
    readonly y: number;
    readonly width: 0;
    readonly height: 0;
  }[];
}

/** eclipse.dev/elk/reference: model order keeps what was there where it was when something is added at the end. */
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '10',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
} as const;
/** What owns and what is in it have ports of their own: ELK would let lines to one port run together. */
const WAYS = ['in', 'out', 'owned', 'owns'] as const;
const FIXED = { 'elk.portConstraints': 'FIXED_POS' } as const;

export const groupsOf = (graph: Graph, views: readonly NamespaceView[]): readonly Group[] => {
  const owners = new Map(views.map(({ id, owner }) => [id, owner]));
  const top = new Map(graph.cards.map(({ key }) => [key, key]));
  const find = (key: string): string => {
    let at = key;
    for (let above = top.get(at); above !== undefined && above !== at; above = top.get(at)) at = above;
    return at;
  };
  for (const { cards } of graph.chips) for (const card of cards.slice(1)) top.set(find(card), find(cards[0]!));
  const groups = new Map<string, { cards: PinnedCard[]; chips: GraphChip[] }>();
  for (const card of graph.cards) {
    const group = groups.get(find(card.key)) ?? { cards: [], chips: [] };
    groups.set(find(card.key), group);
    group.cards.push(card);
  }
  for (const chip of graph.chips) groups.get(find(chip.cards[0]!))!.chips.push(chip);
  return [...groups.values()].map(({ cards, chips }) => {
    const elk = chips.length === 0 ? null : elkGraph(cards, chips, owners);
    const key = cards[0]!.key;
    return { key, cards, chips, elk, shape: elk ? JSON.stringify(elk) : `${key} ${cards[0]!.pins.length}` };
  });
};

/** Cards left and right in turn, chips between; what a user namespace among them owns lies beyond it. */
const elkGraph = (
  cards: readonly PinnedCard[],
  chips: readonly GraphChip[],
  owners: ReadonlyMap<string, string>,
): ElkGraph => {
  const right = new Set(cards.filter((_, index) => index % 2 === 1).map(({ key }) => key));
  const here = new Set<string>(chips.map(({ id }) => id));
  const ownsHere = new Set(chips.flatMap(({ id }) => (owners.get(id) === id ? [] : (owners.get(id) ?? []))));
  const joined = (card: PinnedCard): readonly GraphChip[] => {
    const of = chips.filter((chip) => chip.cards.includes(card.key));
    // An owner in the midst of what it owns: then no line has to cross another.
    const owning = of.filter(({ id }) => ownsHere.has(id));
    const others = of.filter(({ id }) => !ownsHere.has(id));
    return others.toSpliced(Math.ceil(others.length / 2), 0, ...owning);
  };
  return {
    id: 'group',
    layoutOptions: OPTIONS,
    children: [
      ...cards.map((card) => {
        const of = joined(card);
        const ports = of.map((chip, index) => ({
          id: portOf(card.key, chip.id),
          x: right.has(card.key) ? 0 : CARD.width,
          y: portHeight(index, of.length),
          ...({ width: 0, height: 0 } as const),
        }));
        return {
          id: card.key,
          width: CARD.width,
          height: cardHeight(card.pins.length),
          layoutOptions: FIXED,
          ports,
        };
      }),
      ...chips.map(({ id }) => ({
        id,
        ...CHIP,
        layoutOptions: FIXED,
        ports: WAYS.map((way) => ({
          id: portOf(id, way),
          x: way === 'in' || way === 'owned' ? 0 : CHIP.width,
          y: CHIP.height / 2,
          ...({ width: 0, height: 0 } as const),
        })),
      })),
    ],
    edges: [
      ...cards.flatMap((card) =>
        joined(card).map(({ id }) =>
          right.has(card.key)
            ? { id: edgeOf(card.key, id), sources: [portOf(id, 'out')], targets: [portOf(card.key, id)] }
            : { id: edgeOf(card.key, id), sources: [portOf(card.key, id)], targets: [portOf(id, 'in')] },
        ),
      ),
      ...chips.flatMap(({ id }) => {
        const owner = owners.get(id);
        return owner === undefined || owner === id || !here.has(owner)
          ? []
          : [{ id: `order ${owner} ${id}`, sources: [portOf(owner, 'owns')], targets: [portOf(id, 'owned')] }];
      }),
    ],
  };
};

const portOf = (part: string, name: string): string => `${part} # ${name}`;
export const edgeOf = (card: string, chip: string): string => `${card} > ${chip}`;

/** Spread over the card's side, never outside of it. */
const portHeight = (index: number, count: number): number => {
  const pitch = Math.min(12, (CARD.height - 16) / Math.max(1, count - 1));
  return CARD.height / 2 + (index - (count - 1) / 2) * pitch;
};
