import { expect, it } from 'vitest';
import { anchoredTop } from '../../../renderer/parts/anchor.ts';

const rows = (...keys: string[]): string[] => keys;

it('keeps the first row in sight where it is when rows come above it', () => {
  expect(anchoredTop(rows('a', 'b', 'c', 'd'), rows('x', 'y', 'a', 'b', 'c', 'd'), 53, 24)).toBe(101);
});

it('keeps it when rows above it go', () => {
  expect(anchoredTop(rows('a', 'b', 'c', 'd'), rows('b', 'c', 'd'), 48, 24)).toBe(24);
});

it('holds on to the next row when the first in sight itself goes', () => {
  expect(anchoredTop(rows('a', 'b', 'c', 'd'), rows('a', 'x', 'd'), 48, 24)).toBe(24);
});

it('stays at the top, and where nothing in sight is left', () => {
  expect(anchoredTop(rows('a', 'b'), rows('x', 'a', 'b'), 0, 24)).toBe(0);
  expect(anchoredTop(rows('a', 'b'), rows('x'), 24, 24)).toBe(24);
});
