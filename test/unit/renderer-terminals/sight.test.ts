import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dividerMoved,
  LEAST_SHARE,
  lookingAt,
  MOST_IN_SIGHT,
  sharesOf,
  sightOf,
  withBeside,
  type Sight,
} from '../../../renderer/store/sight.ts';

/** `a [b] c`: three in sight, the one in brackets is worked in. */
const sight = (words: string): Sight => {
  const ids = words.split(' ').filter(Boolean);
  const active = ids.find((id) => id.startsWith('[')) ?? null;
  return { ids: ids.map((id) => id.replace(/[[\]]/g, '')), active: active?.slice(1, -1) ?? null };
};
const words = ({ ids, active }: Sight): string => ids.map((id) => (id === active ? `[${id}]` : id)).join(' ');
const list = (ids: string): string[] => ids.split(' ').filter(Boolean);

describe('terminals in sight', () => {
  it.each([
    ['', 'a', '[a]'],
    ['[a]', 'b', '[b]'],
    ['a [b]', 'c', 'a [c]'],
    ['a [b]', 'a', '[a] b'],
  ])('of “%s”, looking at %s makes “%s”', (before, id, after) => {
    expect(words(lookingAt(sight(before), id))).toBe(after);
  });

  it.each([
    ['', 'a', '[a]'],
    ['[a]', 'b', 'a [b]'],
    ['[a] b', 'c', 'a [c] b'],
    ['[a] b', 'b', 'a [b]'],
    ['a b c [d]', 'e', 'a b c [e]'],
  ])('of “%s”, %s beside the active one makes “%s”', (before, id, after) => {
    expect(words(withBeside(sight(before), id))).toBe(after);
  });

  it.each([
    ['one that is closed leaves its place to its neighbour', 'a [b] c', 'a b c', 'a c', 'a [c]'],
    ['the last of them leaves it to the one before', 'a [b]', 'a b', 'a', '[a]'],
    ['one that is not worked in only leaves', '[a] b', 'a b c', 'a c', '[a]'],
    ['alone, it leaves it to the tab that moves up', '[b]', 'a b c', 'a c', '[c]'],
    ['alone and last, to the tab before', '[c]', 'a b c', 'a b', '[b]'],
    ['the very last leaves nothing', '[a]', 'a', '', ''],
    ['one started again keeps its place', 'a [b]', 'x a b', 'x a2 b', 'a2 [b]'],
    ['and stays the one that is worked in', '[a] b', 'a b x', 'a2 b x', '[a2] b'],
    ['one closed while another is opened elsewhere is not that', '[a] b', 'a b', 'b c', '[b]'],
    ['those moved among the tabs stay where they are', '[a] b', 'a b', 'b a', '[a] b'],
  ])('%s', (_name, before, was, now, after) => {
    expect(words(sightOf(sight(before), list(was), list(now)))).toBe(after);
  });

  it('what was remembered and is not there shows the last tab, in place of nothing', () => {
    expect(words(sightOf(sight('[gone]'), [], list('a b')))).toBe('[b]');
    expect(words(sightOf(sight('[gone] a'), [], list('a b')))).toBe('[a]');
  });

  it('shows each once, few enough, all of them there, one of them worked in, whatever happens', () => {
    const id = fc.constantFrom(...'abcdef');
    const step = fc.oneof(
      fc.record({ look: id }),
      fc.record({ beside: id }),
      fc.record({ list: fc.uniqueArray(id, { maxLength: 6 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let now: readonly string[] = list('a b c d e f');
        let seen = sightOf({ ids: [], active: null }, [], now);
        for (const each of steps) {
          if ('list' in each) {
            seen = sightOf(seen, now, each.list);
            now = each.list;
          } else if ('look' in each && now.includes(each.look)) seen = lookingAt(seen, each.look);
          else if ('beside' in each && now.includes(each.beside)) seen = withBeside(seen, each.beside);
          expect(new Set(seen.ids).size).toBe(seen.ids.length);
          expect(seen.ids.length).toBeLessThanOrEqual(MOST_IN_SIGHT);
          expect(seen.ids.every((each) => now.includes(each))).toBe(true);
          expect(seen.active === null ? now.length : Number(!seen.ids.includes(seen.active))).toBe(0);
        }
      }),
    );
  });
});

describe('the shares of those in sight', () => {
  it('are equal until they are set, and again when one comes or goes', () => {
    expect(sharesOf([], 2)).toEqual([0.5, 0.5]);
    expect(sharesOf([0.3, 0.7], 2)).toEqual([0.3, 0.7]);
    expect(sharesOf([0.3, 0.7], 4)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('move with the divider between two of them, and no further than both can go', () => {
    expect(dividerMoved([0.5, 0.25, 0.25], 0, -0.25)).toEqual([0.25, 0.5, 0.25]);
    expect(dividerMoved([0.5, 0.5], 0, 5)[1]).toBeCloseTo(LEAST_SHARE);
    expect(dividerMoved([0.5, 0.5], 0, -5)[0]).toBeCloseTo(LEAST_SHARE);
  });
});
