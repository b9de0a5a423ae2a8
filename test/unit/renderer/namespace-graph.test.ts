import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf } from '../../../renderer/views/namespaces/graph-groups.ts';
import { nextPart } from '../../../renderer/views/namespaces/graph-move.ts';
import { hostLines, relationLines, roundedPath } from '../../../renderer/views/namespaces/graph-routes.ts';
import {
  alone,
  cardPart,
  chipPart,
  hostPart,
  laidOut,
  sceneOf,
} from '../../../renderer/views/namespaces/graph-scene.ts';
import { EMPTY, shelfTop, shelve, type Shelves } from '../../../renderer/views/namespaces/graph-shelves.ts';
import { beginning, following, sightOf, zoomed } from '../../../renderer/views/namespaces/graph-sight.ts';
import { partWords } from '../../../renderer/views/namespaces/graph-words.ts';
import { graphOf } from '../../../shared/graph.ts';
import { namespaceRows } from '../../../shared/namespace-rows.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import { aContainer, aProcess, aWorld, hostNamespace } from '../shared/world.ts';

const world = aWorld(
  [
    aProcess({ pid: 1 }),
    aProcess({ pid: 30, container: 'db', ns: { net: 9, mnt: 12, uts: 13, ipc: 14, pid: 15 } }),
    aProcess({ pid: 31, container: 'web', ns: { net: 9, mnt: 22, uts: 23, ipc: 24, pid: 25 } }),
    aProcess({ pid: 32, comm: 'evil\u001b[31m', container: 'metrics', ns: { mnt: 32, uts: 33, ipc: 34, pid: 35 } }),
  ],
  { containers: [aContainer('metrics', { name: '<b>\u001b[2J', pid: 32 })] },
);
const views = namespacesOf(world);
const graph = graphOf(world, namespaceRows(world, views), views);
const groups = groupsOf(graph, views);

describe('groups of the graph', () => {
  it('are cards joined by chips; each other card is its own, and needs no layout', () => {
    expect(groups.map(({ cards, elk }) => [cards.map(({ key }) => key), elk !== null])).toEqual([
      [['container db', 'container web'], true],
      [['container metrics'], false],
    ]);
  });

  it('have the same shape from look to look, and another when something joins', () => {
    expect(groupsOf(graph, views).map(({ shape }) => shape)).toEqual(groups.map(({ shape }) => shape));
    const more = aWorld([...world.processes, aProcess({ pid: 40, container: 'x', ns: { net: 9 } })]);
    const moreViews = namespacesOf(more);
    const grown = groupsOf(graphOf(more, namespaceRows(more, moreViews), moreViews), moreViews);
    expect(grown[0]!.shape).not.toBe(groups[0]!.shape);
  });

  it('let lines begin and end at the sides of cards', () => {
    const { children, edges } = groups[0]!.elk!;
    const ports = new Set(children.flatMap((child) => child.ports.map(({ id }) => id)));
    for (const { sources, targets } of edges)
      for (const port of [...sources, ...targets]) expect(ports).toContain(port);
    expect(edges).toHaveLength(2);
  });
});

const sized = fc.uniqueArray(
  fc.record({
    key: fc.string({ minLength: 1, maxLength: 4 }),
    width: fc.integer({ min: 100, max: 900 }),
    height: fc.integer({ min: 40, max: 400 }),
  }),
  { selector: ({ key }) => key, maxLength: 40 },
);
const overlap = (shelves: Shelves): boolean => {
  const slots = [...shelves.slots.values()];
  return slots.some((a, at) =>
    slots.slice(at + 1).some((b) => a.shelf === b.shelf && a.x < b.x + b.width && b.x < a.x + a.width),
  );
};

describe('shelves', () => {
  it('hold every group, side by side, whatever came and went', () => {
    fc.assert(
      fc.property(sized, sized, (first, second) => {
        const before = shelve(first, EMPTY);
        const after = shelve(second, before);
        for (const [groups, shelves] of [
          [first, before],
          [second, after],
        ] as const) {
          expect(shelves.slots.size).toBe(groups.length);
          expect(overlap(shelves)).toBe(false);
          for (const { key, height } of groups)
            expect(shelves.heights[shelves.slots.get(key)!.shelf]).toBeGreaterThanOrEqual(height);
        }
      }),
    );
  });

  it('move nothing when nothing changed', () => {
    fc.assert(
      fc.property(sized, (groups) => {
        const once = shelve(groups, EMPTY);
        expect(shelve(groups, once)).toEqual(once);
      }),
    );
  });

  it('begin anew where a bundle of hundreds is opened, instead of growing into a tower', () => {
    const one = (key: string) => ({ key, width: 200, height: 80 });
    const before = shelve([one('a'), one('b')], EMPTY);
    const after = shelve([one('a'), one('b'), ...Array.from({ length: 300 }, (_, n) => one(`n${n}`))], before);
    expect(after.width / shelfTop(after, after.heights.length)).toBeGreaterThan(0.8);
  });

  it('leave every other where it is when one comes or goes', () => {
    const one = (key: string) => ({ key, width: 200, height: 80 });
    const before = shelve([one('a'), one('b'), one('c'), one('d')], EMPTY);
    const after = shelve([one('a'), one('new'), one('c'), one('d')], before);
    for (const key of ['a', 'c', 'd']) expect(after.slots.get(key)).toEqual(before.slots.get(key));
    // It takes the place of the one that went.
    expect(after.slots.get('new')).toMatchObject({ x: before.slots.get('b')!.x, shelf: before.slots.get('b')!.shelf });
    expect(shelfTop(after, 1)).toBe(shelfTop(before, 1));
  });
});

const layouts = new Map([
  [
    groups[0]!.key,
    laidOut({
      width: 618,
      height: 82,
      children: [
        { id: 'container db', x: 0, y: 0 },
        { id: 'net:[9]', x: 256, y: 18 },
        { id: 'container web', x: 418, y: 0 },
      ],
      edges: [
        { id: 'container db > net:[9]', sections: [{ startPoint: { x: 200, y: 28 }, endPoint: { x: 256, y: 28 } }] },
        { id: 'container web > net:[9]', sections: [{ startPoint: { x: 362, y: 28 }, endPoint: { x: 418, y: 28 } }] },
      ],
    }),
  ],
  [groups[1]!.key, alone(groups[1]!)],
]);
const shelves = shelve(
  groups.map(({ key }) => ({ key, width: layouts.get(key)!.width, height: layouts.get(key)!.height })),
  EMPTY,
);
const scene = sceneOf(graph, groups, layouts, shelves);
const part = (id: string) => scene.parts.get(id)!;

describe('the scene', () => {
  it('joins cards to their chip, right at their sides', () => {
    const db = part(cardPart('container db')).box;
    const join = scene.joins.find(({ id }) => id === 'container db > net:[9]')!;
    expect(join.points[0]).toEqual({ x: db.x + db.width, y: db.y + 28 });
    expect(join.points.at(-1)!.x).toBe(part(chipPart('net:[9]')).box.x);
  });

  it('has no two cards one over the other', () => {
    const cards = [...scene.parts.values()]
      .filter(({ kind }) => kind === 'card' || kind === 'host')
      .map(({ box }) => box);
    for (const [at, a] of cards.entries())
      for (const b of cards.slice(at + 1))
        expect(a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height).toBe(false);
  });

  it('draws to the host what a container mostly has of its own, and the rest when asked', () => {
    expect(hostLines(graph, scene, false).map(({ id }) => id)).toEqual(['net container metrics']);
    expect(hostLines(graph, scene, true)).toHaveLength(3 * 3 + 1);
  });

  it('runs lines level or upright, from part to part', () => {
    const owner = hostNamespace('user');
    const relations = [
      { from: owner, to: 'net:[9]', kind: 'owns' },
      { from: owner, to: 'mnt:[12]', kind: 'owns' },
      { from: 'net:[9]', to: 'mnt:[32]', kind: 'owns' },
    ] as const;
    const lines = [...hostLines(graph, scene, true), ...relationLines(relations, scene)];
    for (const { points } of lines) {
      points.slice(1).forEach((to, at) => {
        const from = points[at]!;
        expect(from.x === to.x || from.y === to.y).toBe(true);
      });
    }
    const [toChip] = relationLines(relations, scene);
    const chip = part(chipPart('net:[9]')).box;
    expect(toChip!.points.at(-1)).toEqual({ x: chip.x + chip.width / 2, y: chip.y });
    expect(relationLines(relations, scene).map(({ label }) => label?.words)).toEqual(['owns', undefined, 'owns']);
  });

  it('says what a part is, with nothing of the machine’s that acts', () => {
    expect(partWords(graph, part(chipPart('net:[9]')))).toBe('net:[9], shared by db and web');
    expect(partWords(graph, part(cardPart('container metrics')))).toBe('<b>\\e[2J, evil\\e[31m 32, container');
    expect(partWords(graph, part(hostPart('net')))).toBe(`${hostNamespace('net')}, the host’s`);
  });

  it('is walked in the direction of the arrow, and stays where nothing lies that way', () => {
    const all = [...scene.parts.values()];
    const chip = part(chipPart('net:[9]'));
    expect(nextPart(all, part(cardPart('container db')), 'ArrowRight')?.id).toBe(chip.id);
    expect(nextPart(all, chip, 'ArrowRight')?.id).toBe(cardPart('container web'));
    expect(nextPart(all, chip, 'ArrowLeft')?.id).toBe(cardPart('container db'));
    expect(nextPart(all, part(cardPart('container db')), 'ArrowDown')?.kind).toBe('pin');
    expect(nextPart(all, part(hostPart('mnt')), 'ArrowDown')?.id).toBe(hostPart('uts'));
    expect(nextPart(all, part(cardPart('container web')), 'ArrowRight')).toBeNull();
  });
});

describe('a path', () => {
  it('is rounded at its corners and goes to its end', () => {
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 20, y: 0 },
        { x: 20, y: 30 },
      ]),
    ).toBe('M0 0L14 0Q20 0 20 6L20 30');
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 0 },
        { x: 9, y: 0 },
      ]),
    ).not.toContain('NaN');
  });
});

describe('what is in sight', () => {
  const size = { width: 900, height: 600 };
  it('is all of a small graph at 100 %, and of a large one as much as can be read', () => {
    expect(beginning({ x: 0, y: 0, width: 500, height: 300 }, size).zoom).toBe(1);
    expect(beginning({ x: 0, y: 0, width: 9000, height: 9000 }, size).zoom).toBeGreaterThan(0.8);
    const { x, y, width, height } = sightOf(beginning({ x: 0, y: 0, width: 3000, height: 2000 }, size, true), size);
    expect(x <= 0 && y <= 0 && x + width >= 3000 && y + height >= 2000).toBe(true);
  });

  it('follows a part that is out of it, and stays where it is otherwise', () => {
    const at = { x: 0, y: 0, zoom: 1 };
    expect(following(at, size, { x: 100, y: 100, width: 50, height: 20 })).toBe(at);
    const moved = sightOf(following(at, size, { x: 2000, y: 100, width: 50, height: 20 }), size);
    expect(moved.x + moved.width).toBeGreaterThan(2050);
    expect(moved.y).toBeCloseTo(0);
  });

  it('is zoomed about its middle, within bounds', () => {
    const before = sightOf({ x: 10, y: 20, zoom: 1 }, size);
    const after = sightOf(zoomed({ x: 10, y: 20, zoom: 1 }, size, 2), size);
    expect(after.x + after.width / 2).toBeCloseTo(before.x + before.width / 2);
    expect(zoomed({ x: 0, y: 0, zoom: 1 }, size, 99).zoom).toBe(2);
  });
});
