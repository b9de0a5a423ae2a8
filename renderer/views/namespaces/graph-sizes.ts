/** Sizes of the graph at 100 %, px. */
export const CARD = { width: 200, height: 56 } as const;
/** A pin with the short line it hangs on. */
export const PIN = { width: 22, height: 16, line: 10, gap: 4 } as const;
export const CHIP = { width: 106, height: 20 } as const;
export const HOST = { width: 184, height: 56, first: 24, pitch: 28, inset: 32 } as const;
/** Between the host's column and the first card: where the lines to the host's namespaces go up and down. */
export const GUTTER = 64;
/** Between rows: where lines go across. */
export const ROW_GAP = 52;
export const LANE = 4;

/** Height of a card with what hangs below it. */
export const cardHeight = (pins: number): number => CARD.height + (pins === 0 ? 0 : PIN.line + PIN.height);

export interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where pin `index` of `count` lies, from its card's corner: they hang centred. */
export const pinBox = (index: number, count: number): Box => {
  const width = count * PIN.width + (count - 1) * PIN.gap;
  return {
    x: (CARD.width - width) / 2 + index * (PIN.width + PIN.gap),
    y: CARD.height + PIN.line,
    width: PIN.width,
    height: PIN.height,
  };
};
