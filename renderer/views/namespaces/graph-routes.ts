/** The ways of lines that cross from group to group: along the gutter beside the host and the gaps between shelves. */
import type { Graph } from '../../../shared/graph.ts';
import { hostEdges } from '../../../shared/graph.ts';
import type { GraphRelation } from '../../../shared/graph-relations.ts';
import type { NamespaceType } from '../../../shared/model.ts';
import { cardPart, hostPart, type Part, type Scene } from './graph-scene.ts';
import { GUTTER, HOST, LANE, type Box, type Point } from './graph-sizes.ts';

export interface Line {
  readonly id: string;
  readonly type: NamespaceType;
  /** `in`: is in it, in its type's colour. `host`: is in the host's. `relation`: owns or is the parent of. */
  readonly look: 'in' | 'host' | 'relation';
  readonly points: readonly Point[];
  readonly label: { readonly words: string; readonly at: Point } | null;
}

const FIRST = HOST.width + GUTTER;
const right = ({ x, width }: Box): number => x + width;
const bottom = ({ y, height }: Box): number => y + height;
const middle = ({ y, height }: Box): number => y + height / 2;
const centre = ({ x, width }: Box): number => x + width / 2;

export const joinLines = (scene: Scene): readonly Line[] =>
  scene.joins.map(({ id, chip, points }) => ({
    id,
    type: chip.slice(0, chip.indexOf(':')) as NamespaceType,
    look: 'in',
    points,
    label: null,
  }));

/** To the host's namespaces: those drawn always, or all. */
export const hostLines = (graph: Graph, scene: Scene, all: boolean): readonly Line[] => {
  const types = graph.host.namespaces.map(({ type }) => type);
  const drawn = hostEdges(graph).filter(({ unusual }) => unusual || all);
  const ofCard = new Map<string, number>();
  const counts = new Map<string, number>();
  for (const { card } of drawn) counts.set(card, (counts.get(card) ?? 0) + 1);
  return drawn.flatMap(({ card, type }) => {
    const from = scene.parts.get(cardPart(card));
    const to = scene.parts.get(hostPart(type));
    if (!from || !to) return [];
    const nth = (ofCard.get(card) ?? 0) + 1;
    ofCard.set(card, nth);
    const lane = types.indexOf(type);
    const y = from.box.y + (from.box.height * nth) / ((counts.get(card) ?? 0) + 1);
    const points = hostWay(to.box, from, y, lane, scene.tops);
    return [{ id: `${type} ${card}`, type, look: 'host', points, label: null } as const];
  });
};

const hostWay = (
  host: Box,
  { box, shelf }: Part,
  y: number,
  lane: number,
  tops: readonly number[],
): readonly Point[] => {
  const across = HOST.width + 12 + lane * LANE;
  const out = [
    { x: right(host), y: middle(host) },
    { x: across, y: middle(host) },
  ];
  if (shelf === -1) return [...out, { x: across, y }, { x: right(box), y }];
  if (box.x === FIRST) return [...out, { x: across, y }, { x: box.x, y }];
  const above = (tops[shelf] ?? 0) - 8 - lane * LANE;
  const beside = box.x - 12 - lane * 3;
  return [...out, { x: across, y: above }, { x: beside, y: above }, { x: beside, y }, { x: box.x, y }];
};

/** `places`: all parts that show a namespace. One that is not drawn, as in a bundle, has no line. */
export const relationLines = (relations: readonly GraphRelation[], scene: Scene): readonly Line[] => {
  const places = new Map<string, Part>();
  for (const part of scene.parts.values()) {
    if (part.namespace === null) continue;
    const known = places.get(part.namespace);
    // The host's hangs below many cards, yet its place is in the host's column.
    if (!known || known.kind === 'pin') places.set(part.namespace, part);
  }
  const labelled = new Set<string>();
  return relations.flatMap(({ from, to, kind }) => {
    const [a, b] = [places.get(from), places.get(to)];
    if (!a || !b || a === b) return [];
    const points = relationWay(a, b, scene.tops);
    const first = !labelled.has(`${from} ${kind}`);
    labelled.add(`${from} ${kind}`);
    const label = first ? { words: kind, at: labelPoint(points) } : null;
    return [
      {
        id: `${kind} ${from} ${to}`,
        type: from.slice(0, from.indexOf(':')) as NamespaceType,
        look: 'relation',
        points,
        label,
      } as const,
    ];
  });
};

/** Where a relation enters or leaves: pins from below, all else from above; and the height of the gap beyond. */
const gate = ({ box, kind, shelf }: Part, tops: readonly number[]): { at: Point; gap: number } => {
  const x = centre(box);
  if (kind === 'pin') {
    const gap = shelf === -1 ? bottom(box) + 12 : (tops[shelf + 1] ?? bottom(box) + 52) - 40;
    return { at: { x, y: bottom(box) }, gap };
  }
  return { at: { x, y: box.y }, gap: shelf === -1 ? box.y - 12 : (tops[shelf] ?? 0) - 30 };
};

const relationWay = (from: Part, to: Part, tops: readonly number[]): readonly Point[] => {
  const lane = FIRST - 16;
  const outOf: Point = { x: right(from.box), y: middle(from.box) };
  if (from.kind === 'host-namespace' && to.kind === 'host-namespace') {
    const beside = HOST.width - 24;
    return [
      outOf,
      { x: beside, y: outOf.y },
      { x: beside, y: middle(to.box) },
      { x: right(to.box), y: middle(to.box) },
    ];
  }
  if (from.shelf === to.shelf && from.kind === 'chip' && to.kind === 'chip' && to.box.x >= right(from.box)) {
    if (Math.abs(outOf.y - middle(to.box)) < 1) return [outOf, { x: to.box.x, y: middle(to.box) }];
    const x = centre(to.box);
    return [outOf, { x, y: outOf.y }, { x, y: to.box.y > outOf.y ? to.box.y : bottom(to.box) }];
  }
  const enter = gate(to, tops);
  const into = [{ x: enter.at.x, y: enter.gap }, enter.at];
  if (from.kind === 'host-namespace') return [outOf, { x: lane, y: outOf.y }, { x: lane, y: enter.gap }, ...into];
  const leave = gate(from, tops);
  const out = [leave.at, { x: leave.at.x, y: leave.gap }];
  if (leave.gap === enter.gap) return [...out, ...into];
  return [...out, { x: lane, y: leave.gap }, { x: lane, y: enter.gap }, ...into];
};

/** The middle of its longest level piece. */
const labelPoint = (points: readonly Point[]): Point => {
  let best = points[0] ?? { x: 0, y: 0 };
  let longest = -1;
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (next === undefined || next.y !== point.y) continue;
    const length = Math.abs(next.x - point.x);
    if (length > longest) [longest, best] = [length, { x: (point.x + next.x) / 2, y: point.y }];
  }
  return best;
};

/** A path of an SVG through the points, its corners rounded. */
export const roundedPath = (points: readonly Point[], radius = 6): string => {
  const path: string[] = [];
  points.forEach((point, index) => {
    const [before, after] = [points[index - 1], points[index + 1]];
    if (!before) path.push(`M${point.x} ${point.y}`);
    else if (!after) path.push(`L${point.x} ${point.y}`);
    else {
      const a = towards(point, before, radius);
      const b = towards(point, after, radius);
      path.push(`L${a.x} ${a.y}Q${point.x} ${point.y} ${b.x} ${b.y}`);
    }
  });
  return path.join('');
};

/** From a corner some way to the next point, at most half of it. */
const towards = (from: Point, to: Point, by: number): Point => {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(by, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
};
