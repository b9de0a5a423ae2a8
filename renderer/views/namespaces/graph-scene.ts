/** Where every part of the graph lies, px at 100 %, from the host's corner. */
import type { Graph, PinnedCard } from '../../../shared/graph.ts';
import { SERVICES } from '../../../shared/graph-cards.ts';
import type { NamespaceId, NamespaceType } from '../../../shared/model.ts';
import { edgeOf, type Group } from './graph-groups.ts';
import { CARD, cardHeight, CHIP, GUTTER, HOST, pinBox, ROW_GAP, type Box, type Point } from './graph-sizes.ts';
import { shelfTop, type Shelves } from './graph-shelves.ts';

/** A group by itself: its parts and lines from its own corner. */
export interface LaidOut {
  readonly width: number;
  readonly height: number;
  readonly parts: ReadonlyMap<string, Point>;
  /** By `edgeOf(card, chip)`. */
  readonly lines: ReadonlyMap<string, readonly Point[]>;
}

export type PartKind = 'host' | 'host-namespace' | 'card' | 'chip' | 'pin';

/** What the keyboard can stand on and a line can lead to. */
export interface Part {
  /** One text a part, also of the element on the screen. */
  readonly id: string;
  readonly kind: PartKind;
  readonly box: Box;
  /** -1 is the host's column. */
  readonly shelf: number;
  readonly card: PinnedCard | null;
  readonly namespace: NamespaceId | null;
  readonly type: NamespaceType | null;
}

export interface Scene {
  readonly parts: ReadonlyMap<string, Part>;
  /** Lines from cards to their chips. */
  readonly joins: readonly { readonly id: string; readonly chip: NamespaceId; readonly points: readonly Point[] }[];
  /** Upper edges of the shelves, and where the next would begin. */
  readonly tops: readonly number[];
  readonly bounds: Box;
}

export const HOST_PART = 'host';
export const cardPart = (key: string): string => `card ${key}`;
export const chipPart = (id: NamespaceId): string => `chip ${id}`;
export const hostPart = (type: NamespaceType): string => `host ${type}`;
export const pinPart = (card: string, index: number): string => `pin ${index} ${card}`;

/** The card of all host services and what could not be read stay below the host; services that are shown each would not fit. */
export const belowHost = ({ cards, chips }: Group): boolean =>
  chips.length === 0 && cards.length === 1 && (cards[0]!.key === SERVICES || cards[0]!.kind === 'unread');

export const hostHeight = (graph: Graph): number =>
  HOST.height + HOST.first + graph.host.namespaces.length * HOST.pitch;

/** What ELK answers, of which only this is used. */
export interface ElkAnswer {
  readonly width?: number;
  readonly height?: number;
  readonly children?: readonly { readonly id: string; readonly x?: number; readonly y?: number }[];
  readonly edges?: readonly {
    readonly id: string;
    readonly sections?: readonly {
      readonly startPoint: Point;
      readonly endPoint: Point;
      readonly bendPoints?: readonly Point[];
    }[];
  }[];
}

export const laidOut = ({ width = 0, height = 0, children = [], edges = [] }: ElkAnswer): LaidOut => ({
  width,
  height,
  parts: new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }])),
  lines: new Map(
    edges.map(({ id, sections = [] }) => [
      id,
      sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    ]),
  ),
});

/** A card that nothing joins needs no layout. */
export const alone = ({ cards }: Group): LaidOut => ({
  width: CARD.width,
  height: cardHeight(cards[0]!.pins.length),
  parts: new Map([[cards[0]!.key, { x: 0, y: 0 }]]),
  lines: new Map(),
});

export const sceneOf = (
  graph: Graph,
  groups: readonly Group[],
  layouts: ReadonlyMap<string, LaidOut>,
  shelves: Shelves,
): Scene => {
  const parts = new Map<string, Part>();
  const joins: { id: string; chip: NamespaceId; points: readonly Point[] }[] = [];
  const add = (part: Part): void => void parts.set(part.id, part);
  const nothing = { card: null, namespace: null, type: null };
  const addCard = (card: PinnedCard, { x, y }: Point, shelf: number): void => {
    add({ id: cardPart(card.key), kind: 'card', box: { x, y, ...CARD }, shelf, ...nothing, card });
    const hanging = card.pins.length + (card.morePins > 0 ? 1 : 0);
    card.pins.forEach(({ id, type }, index) => {
      const pin = pinBox(index, hanging);
      const box = { ...pin, x: x + pin.x, y: y + pin.y };
      add({ id: pinPart(card.key, index), kind: 'pin', box, shelf, card, namespace: id, type });
    });
  };

  add({
    id: HOST_PART,
    kind: 'host',
    box: { x: 0, y: 0, width: HOST.width, height: HOST.height },
    shelf: -1,
    ...nothing,
  });
  graph.host.namespaces.forEach(({ type, id }, index) => {
    const box = { x: HOST.inset, y: HOST.height + HOST.first + (index - 0.5) * HOST.pitch + 4, ...CHIP };
    add({ id: hostPart(type), kind: 'host-namespace', box, shelf: -1, card: null, namespace: id, type });
  });
  let y = hostHeight(graph) + ROW_GAP / 2;
  for (const { cards } of groups.filter(belowHost)) {
    const [card] = cards as readonly [PinnedCard];
    addCard(card, { x: 0, y }, -1);
    y += cardHeight(card.pins.length) + ROW_GAP / 2;
  }

  for (const group of groups.filter((each) => !belowHost(each))) {
    const slot = shelves.slots.get(group.key);
    const layout = layouts.get(group.key);
    if (!slot || !layout) continue;
    const corner = { x: HOST.width + GUTTER + slot.x, y: shelfTop(shelves, slot.shelf) };
    const at = (point: Point): Point => ({ x: corner.x + point.x, y: corner.y + point.y });
    for (const card of group.cards) addCard(card, at(layout.parts.get(card.key) ?? { x: 0, y: 0 }), slot.shelf);
    for (const { id, type } of group.chips) {
      const box = { ...at(layout.parts.get(id) ?? { x: 0, y: 0 }), ...CHIP };
      add({ id: chipPart(id), kind: 'chip', box, shelf: slot.shelf, card: null, namespace: id, type });
    }
    for (const chip of group.chips) {
      for (const card of chip.cards) {
        const id = edgeOf(card, chip.id);
        const points = layout.lines.get(id)?.map(at);
        if (points) joins.push({ id, chip: chip.id, points });
      }
    }
  }
  const tops = Array.from({ length: shelves.heights.length + 1 }, (_, shelf) => shelfTop(shelves, shelf));
  return { parts, joins, tops, bounds: boundsOf([...parts.values()].map(({ box }) => box)) };
};

export const boundsOf = (boxes: readonly Box[]): Box => {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return boxes.length === 0
    ? { x: 0, y: 0, width: 0, height: 0 }
    : { x: left, y: top, width: right - left, height: bottom - top };
};
