/** Where groups lie: on shelves, each where it was before if it still fits there, so that one more moves no other. */
import { ROW_GAP } from './graph-sizes.ts';

export interface Sized {
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** A place on a shelf. It may be wider and higher than what lies in it. */
export interface Slot extends Sized {
  readonly x: number;
  readonly shelf: number;
}

export interface Shelves {
  readonly slots: ReadonlyMap<string, Slot>;
  /** Heights of the shelves, from above. */
  readonly heights: readonly number[];
  readonly width: number;
  readonly gap: number;
}

export const EMPTY: Shelves = { slots: new Map(), heights: [], width: 0, gap: 0 };

/** Up to so many groups there is room for two cards with a chip between side by side, as one column. */
const FEW = 12;
/** So many times as many groups would make a tower of shelves that were as wide as before. */
const MUCH_MORE = 8;
const WIDE_GAP = 218;
const NARROW_GAP = 48;
/** Two cards with a chip between: the least width. */
const LEAST = 618;
/** Width to height of a window. */
const ASPECT = 1.2;

/** Pure; the same groups in the same order after the same past lie at the same places. */
export const shelve = (groups: readonly Sized[], before: Shelves): Shelves => {
  const kept = groups.filter((group) => fits(group, before.slots.get(group.key)));
  // Nothing of it is left where it was, or what comes is very much more, as of a bundle that is opened: a new beginning.
  const past = kept.length === 0 || groups.length > FEW + kept.length * MUCH_MORE ? EMPTY : before;
  const gap = past === EMPTY ? (groups.length <= FEW ? WIDE_GAP : NARROW_GAP) : past.gap;
  const width = past === EMPTY ? widthFor(groups, gap) : past.width;
  const slots = new Map<string, Slot>();
  for (const { key } of past === EMPTY ? [] : kept) slots.set(key, past.slots.get(key)!);
  const heights = [...past.heights];
  const shelves = heights.map((_, shelf) => [...slots.values()].filter((slot) => slot.shelf === shelf));
  for (const group of groups) {
    if (slots.has(group.key)) continue;
    const slot = placeFor(group, { heights, shelves, gap, width });
    slots.set(group.key, slot);
    shelves[slot.shelf]!.push(slot);
  }
  return { slots, heights, width, gap };
};

const fits = ({ width, height }: Sized, slot: Slot | undefined): boolean =>
  slot !== undefined && width <= slot.width && height <= slot.height;

const widthFor = (groups: readonly Sized[], gap: number): number => {
  const area = groups.reduce((sum, { width, height }) => sum + (width + gap) * (height + ROW_GAP), 0);
  const widest = groups.reduce((most, { width }) => Math.max(most, width), 0);
  return Math.max(LEAST, widest, Math.sqrt(area * ASPECT));
};

interface Room {
  readonly heights: number[];
  readonly shelves: Slot[][];
  readonly gap: number;
  readonly width: number;
}

/** The first hole that is wide and high enough; else a new shelf. The last shelf may still grow. */
const placeFor = ({ key, width, height }: Sized, { heights, shelves, gap, width: all }: Room): Slot => {
  for (const [shelf, slots] of shelves.entries()) {
    const last = shelf === shelves.length - 1;
    if (height > heights[shelf]! && !(last && slots.length > 0 && height <= heights[shelf]! * 2)) continue;
    let x = 0;
    for (const slot of slots.toSorted((a, b) => a.x - b.x)) {
      if (x + width + gap <= slot.x) break;
      x = slot.x + slot.width + gap;
    }
    if (x + width > all) continue;
    heights[shelf] = Math.max(heights[shelf]!, height);
    return { key, width, height, x, shelf };
  }
  heights.push(height);
  shelves.push([]);
  return { key, width, height, x: 0, shelf: heights.length - 1 };
};

/** Upper edge of a shelf. One past the last is where the next would begin. */
export const shelfTop = ({ heights }: Shelves, shelf: number): number =>
  heights.slice(0, shelf).reduce((sum, height) => sum + height + ROW_GAP, 0);
