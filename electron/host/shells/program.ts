/** What a terminal needs of the program it shows, however that is run: on a pseudoterminal here, or by an engine. */
export interface Program {
  /** On this machine; `null` while it is not known, or not on this machine. */
  readonly pid: number | null;
  /** Stops reading: the program waits once the buffers between are full. */
  pause(): void;
  resume(): void;
  /**
   * Keystrokes. False if they were refused because the program has long not read any; else `taken` is called once the
   * program's terminal has them all, or drops them for it has ended.
   */
  write(bytes: Uint8Array, taken?: () => void): boolean;
  resize(cols: number, rows: number): void;
  /** Lets go of it, after its processes were ended as far as they may be. */
  close?(): void;
  /** After {@link close}: whether it runs on all the same, as whoever runs it says; `null` if nobody can tell. */
  outlives?(): Promise<boolean | null>;
}

export interface ProgramEnd {
  /** As a shell counts: 128 and the signal's number if a signal ended it. `null` if nobody could tell. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What else is to be said of the end; `null` if it was the program's own. */
  readonly because?: string | null;
}

/** `onData` gets every byte; `onEnd` is called once, after the last. */
export type Launch = (onData: (bytes: Uint8Array) => void, onEnd: (end: ProgramEnd) => void) => Program;
