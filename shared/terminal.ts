import type { NamespaceId, NamespaceType, ProcessKey } from './model.ts';

/** How a terminal's program came to be. */
export type TerminalHow = 'unshare' | 'nsenter' | 'exec' | 'shell';

/** A terminal of the host, alive or ended. Lists of these travel whole. */
export interface TerminalInfo {
  readonly id: string;
  /** Given by the user, else program and how: `bash · unshare`. */
  readonly title: string;
  readonly how: TerminalHow;
  readonly argv: readonly string[];
  /** The process that was started: `unshare` itself, for instance. `null` if an engine started it and does not say which. */
  readonly pid: number | null;
  /** The program inside, as read back from /proc once it has entered; `null` until then. */
  readonly inside: TerminalInside | null;
  /** The namespaces it was started from, for comparison. */
  readonly before: Readonly<Record<NamespaceType, NamespaceId | null>>;
  readonly cols: number;
  readonly rows: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly ended: TerminalEnd | null;
  /** Whether {@link title} was given by the user. */
  readonly named?: boolean;
  /** What the program did besides; left out before it did anything, and then told at most once in a while. */
  readonly signs?: TerminalSigns;
}

export interface TerminalSigns {
  /** What the program calls the terminal, OSC 0 or 2; `''` for nothing. Hostile text. */
  readonly said: string;
  /** How often it rang the bell. */
  readonly bells: number;
  /** Bytes that it wrote. */
  readonly wrote: number;
}

export interface TerminalInside {
  /** Of the same process as {@link pid}, which the kernel may give to another. */
  readonly key?: ProcessKey;
  readonly pid: number;
  readonly comm: string;
  /** Innermost pid: 1 if it is the first of its pid namespace. */
  readonly innerPid: number;
  readonly namespaces: Readonly<Record<NamespaceType, NamespaceId | null>>;
}

export interface TerminalEnd {
  readonly at: number;
  /** `null` if nobody could tell. */
  readonly exitCode: number | null;
  /** `SIGKILL`, … if a signal ended it. */
  readonly signal: string | null;
  /** What else is to be said: that its container ended, for instance. */
  readonly because?: string | null;
}

/** What closing a terminal did not end: it goes on without one. */
export interface TerminalRemains {
  /** Of the terminal that was closed. */
  readonly title: string;
  /** Those that live and may not be signalled from here; empty if only an engine knows of the program. */
  readonly processes: readonly { readonly key: ProcessKey; readonly comm: string; readonly innerPid: number | null }[];
  /** The container that it runs in, by its engine; `null` for a program of this machine's. */
  readonly container: { readonly engine: string; readonly id: string } | null;
  /** Whether it was seen to run on, or nobody could say. */
  readonly known: boolean;
}

/**
 * Flow control, in bytes. The host stops reading the pty above HIGH unacknowledged bytes and goes on below LOW; the page
 * acknowledges every ACK bytes it has drawn. HIGH is small enough that Ctrl+C acts at once; LOW is what the page draws while
 * the program is woken: with less it would wait (measured: a quarter of a flood's time with 5,000).
 */
export const FLOW = { high: 100_000, low: 40_000, ack: 5_000 } as const;

/** Output is gathered for this long before it is sent: a screenful of small writes becomes one frame. */
export const COALESCE_MILLIS = 5;
