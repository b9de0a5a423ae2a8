import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agoInWords, CHART_SECONDS, extremes, roundScale, timed } from '../../../renderer/parts/chart.ts';

describe('the scale of a chart', () => {
  it('ends at a round number above all that is drawn', () => {
    expect(roundScale(57)).toEqual({ min: 0, max: 60, ticks: [0, 20, 40, 60] });
    expect(roundScale(6, { whole: true }).ticks).toEqual([0, 2, 4, 6]);
    expect(roundScale(2.5, { mirror: true })).toEqual({ min: -4, max: 4, ticks: [-4, -2, 0, 2, 4] });
  });

  it('is one scale or another for any figure, never none', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.boolean(), fc.boolean(), (top, whole, mirror) => {
        const { min, max, ticks } = roundScale(top, { whole, mirror });
        expect(max).toBeGreaterThan(min);
        if (top > 1e-12 && Number.isFinite(top)) expect(max).toBeGreaterThanOrEqual(top * (1 - 1e-9));
        expect(ticks.length).toBeLessThan(9);
        expect(ticks.at(-1)).toBe(max);
      }),
    );
  });
});

describe('the moments of a chart', () => {
  it('are seconds before now, without those that are too old', () => {
    const now = 1_000_000;
    const at = [now - CHART_SECONDS * 1000 - 1, now - 2000, now - 1000, now];
    expect(timed(at, [[9, 1, 2, null]], now)).toEqual({ seconds: [-2, -1, 0], rows: [[1, 2, null]] });
  });

  it('draw no line across a time when nobody looked', () => {
    const { seconds, rows } = timed([0, 60_000], [[5, 6]], 60_000);
    expect(rows).toEqual([[5, null, 6]]);
    expect(seconds).toHaveLength(3);
  });

  it('are said in words', () => {
    expect([-0.2, -12, -133].map(agoInWords)).toEqual(['now', '12 s ago', '2 min 13 s ago']);
    expect(extremes([null, 3, 1, null])).toEqual({ min: 1, max: 3, last: 1 });
    expect(extremes([null])).toBeNull();
  });
});
