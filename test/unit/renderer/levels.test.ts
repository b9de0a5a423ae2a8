import { expect, it } from 'vitest';
import { levelsIn } from '../../../renderer/views/processes/levels.ts';

it('draws a shallow tree at full width', () => {
  expect(levelsIn(300, 6)).toEqual({ indent: 16, most: 6 });
});

it('narrows the levels of a deep tree instead of cutting it', () => {
  expect(levelsIn(300, 15)).toEqual({ indent: 13, most: 15 });
});

it('never pushes a name out, however deep processes nest', () => {
  for (const deepest of [20, 100, 5000]) {
    const { indent, most } = levelsIn(300, deepest);
    expect(indent * most).toBeLessThanOrEqual(196);
    expect(most).toBeGreaterThan(3);
  }
});
