import { describe, expect, it } from 'vitest';
import { ALL_SCREENS_BYTES, LEAST_LINES, trimmed, type KeptScreen } from '../../../electron/host/shells/kept-lines.ts';
import { SCROLLBACK_LINES } from '../../../electron/host/shells/screen.ts';
import { MOST_TERMINALS } from '../../../electron/host/shells/terminals.ts';

const screen = (id: string, more: Partial<KeptScreen> = {}): KeptScreen => ({
  id,
  lines: 5000,
  cols: 240,
  followed: false,
  ended: false,
  seenAt: 0,
  ...more,
});
const bytes = (screens: readonly KeptScreen[]): number =>
  screens.reduce((sum, { lines, cols }) => sum + lines * cols * 12, 0);

describe('lines that all screens keep', () => {
  it('are all there are while there is room: of twenty full ones of 120 columns, for instance', () => {
    const screens = Array.from({ length: 20 }, (_, at) => screen(`${at}`, { lines: SCROLLBACK_LINES + 40, cols: 120 }));
    expect(trimmed(screens).size).toBe(0);
  });

  it('are let go of those that ended first, then of those longest out of sight, never of those that are followed', () => {
    const screens = [
      screen('followed', { followed: true, seenAt: 0 }),
      screen('seen lately', { seenAt: 3 }),
      screen('seen long ago', { seenAt: 1 }),
      screen('ended', { ended: true, seenAt: 9 }),
    ];
    const all = bytes(screens);
    // Nine tenths of what is given.
    expect([...trimmed(screens, all - 1).keys()]).toEqual(['ended']);
    expect([...trimmed(screens, all * 0.8)]).toEqual([
      ['ended', LEAST_LINES],
      ['seen long ago', 3400],
    ]);
    expect([...trimmed(screens, 1)]).toEqual([
      ['ended', LEAST_LINES],
      ['seen long ago', LEAST_LINES],
      ['seen lately', LEAST_LINES],
    ]);
  });

  it(`are within the bound for ${MOST_TERMINALS} full ones of 240 columns that nobody looks at`, () => {
    const screens = Array.from({ length: MOST_TERMINALS }, (_, at) => screen(`${at}`));
    const cuts = trimmed(screens);
    const kept = screens.map((one) => ({ ...one, lines: cuts.get(one.id) ?? one.lines }));
    expect(bytes(screens)).toBeGreaterThan(3 * ALL_SCREENS_BYTES);
    expect(bytes(kept)).toBeLessThanOrEqual(ALL_SCREENS_BYTES);
    expect(trimmed(kept).size).toBe(0);
  });
});
