import { describe, expect, it } from 'vitest';
import {
  DOCK_HEIGHT,
  dockHeightWithin,
  FONT_SIZE,
  fontSizeWithin,
  recallDock,
  rememberDock,
} from '../../../renderer/store/dock-memory.ts';

const USUAL = {
  open: false,
  active: null,
  sight: [],
  shares: [],
  stacked: false,
  height: DOCK_HEIGHT.usual,
  fontSize: FONT_SIZE.usual,
  readAloud: false,
};

describe('the dock as it was left', () => {
  it('comes back', () => {
    let kept = '';
    const memory = {
      open: true,
      active: 't-1',
      sight: ['t-2', 't-1'],
      shares: [0.25, 0.75],
      stacked: true,
      height: 300,
      fontSize: 14,
      readAloud: true,
    };
    rememberDock({ setItem: (_key, value) => (kept = value) }, memory);
    expect(recallDock({ getItem: () => kept })).toEqual(memory);
  });

  it.each([
    ['nothing kept', () => null],
    ['not JSON', () => '{'],
    ['null', () => 'null'],
    [
      'another shape',
      () => '{"open":"yes","active":7,"sight":[7],"shares":[2],"stacked":1,"height":"tall","fontSize":null}',
    ],
    [
      'forbidden storage',
      () => {
        throw new Error('SecurityError');
      },
    ],
  ])('is as usual after %s', (_name, getItem) => {
    expect(recallDock({ getItem })).toEqual(USUAL);
  });

  it('is brought back into its bounds', () => {
    const kept = JSON.stringify({ height: 1, fontSize: 400 });
    expect(recallDock({ getItem: () => kept })).toEqual({
      ...USUAL,
      height: DOCK_HEIGHT.least,
      fontSize: FONT_SIZE.most,
    });
  });
});

describe('bounds', () => {
  it('leave the panel above as much as the dock needs at least', () => {
    expect(dockHeightWithin(700, 800)).toBe(800 - DOCK_HEIGHT.least);
    expect(dockHeightWithin(10, 800)).toBe(DOCK_HEIGHT.least);
    expect(dockHeightWithin(300, 100)).toBe(DOCK_HEIGHT.least);
  });

  it('make the usual font size of no size', () => {
    expect(fontSizeWithin(NaN)).toBe(FONT_SIZE.usual);
    expect(fontSizeWithin(FONT_SIZE.least - 1)).toBe(FONT_SIZE.least);
  });
});
