import { expect, it } from 'vitest';
import { scrolledBy, thumbOf } from '../../../renderer/parts/thumb.ts';
import { visibleRange } from '../../../renderer/parts/visible-range.ts';

it('shows no thumb where everything is in sight', () => {
  expect(thumbOf(0, 500, 500)).toBeNull();
});

it('puts the thumb at both ends of its way', () => {
  expect(thumbOf(0, 500, 1000)).toEqual({ top: 0, height: 250 });
  expect(thumbOf(500, 500, 1000)).toEqual({ top: 250, height: 250 });
});

it('keeps the thumb large enough to be caught', () => {
  expect(thumbOf(0, 500, 240_000)?.height).toBe(32);
});

it('scrolls to the end when the thumb is dragged to the end', () => {
  const { height } = thumbOf(0, 500, 240_000)!;
  expect(scrolledBy(0, 500 - height, 500, 240_000)).toBeCloseTo(239_500);
});

it('draws the rows in sight and some around them, never more than there are', () => {
  expect(visibleRange(2400, 240, 24, 10_000, 8)).toEqual({ start: 92, end: 118 });
  expect(visibleRange(0, 240, 24, 5, 8)).toEqual({ start: 0, end: 5 });
});

it('draws the end of a list that shrank while it was scrolled down', () => {
  expect(visibleRange(9000, 240, 24, 20, 2)).toEqual({ start: 8, end: 20 });
});
