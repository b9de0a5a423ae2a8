/** A screen that shows one terminal. */
export interface TerminalSink {
  /** Everything from the start comes again: forget what was drawn. */
  reset(): void;
  /** All but the line that the cursor is in is forgotten, on every page. */
  clear(): void;
  /** Must call `drawn` once the bytes are on the screen; until then the program may be held up. */
  write(bytes: Uint8Array, drawn: () => void): void;
}
