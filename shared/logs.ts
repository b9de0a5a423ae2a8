/** A container's log as its engine keeps it: what may be asked for, what is told of it, and the command by hand. */
import * as v from 'valibot';
import { clientArgv } from './container-act.ts';
import type { EngineState } from './model.ts';

/** Seconds since 1970. */
const moment = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_102_444_800)));

export const LogQuery = v.strictObject({
  /** The last so many lines; `null`: all. */
  tail: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000_000))),
  /** Only what was written this many seconds before now, or later; `null`: from the beginning. */
  sinceSeconds: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10 * 366 * 86_400))),
  /** Only what was written between two moments, `null` being open; with an end it is not followed. */
  between: v.optional(v.strictObject({ from: moment, to: moment })),
});
export type LogQuery = v.InferOutput<typeof LogQuery>;

/**
 * Flow control, in bytes: the host stops reading above HIGH unacknowledged ones and goes on below LOW; the page acknowledges
 * every ACK it has taken in. More than of a terminal, for nobody presses Ctrl+C here, and 100 MB are to be had in seconds.
 */
export const LOG_FLOW = { high: 1_000_000, low: 250_000, ack: 100_000 } as const;

/** What is known of a log before its first byte. */
export interface LogStart {
  /** The container has a terminal: one raw stream instead of frames. */
  readonly tty: boolean;
  /** Where the engine keeps it: `json-file`, `journald`, …; `null` if it does not say. */
  readonly driver: string | null;
}

/** No more bytes will come. */
export interface LogEnd {
  readonly log: string;
  /** `null`: the container has ended, and all of its log was sent. Else what went wrong, in the engine's words. */
  readonly error: string | null;
}

/** `90s`, `15m`, `2h`: a duration as `docker logs --since` reads it. */
export const goDuration = (seconds: number): string =>
  seconds % 3600 === 0 ? `${seconds / 3600}h` : seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;

/** `2026-11-24T02:30:00Z`. */
const utc = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '');

/** The argv that shows the same by hand. */
export const logsArgv = (
  place: Pick<EngineState, 'kind' | 'address' | 'source'>,
  ref: string,
  { tail, sinceSeconds, between }: LogQuery,
  timestamps: boolean,
): readonly string[] => [
  ...clientArgv(place),
  'logs',
  ...(between?.to == null ? ['-f'] : []),
  ...(timestamps ? ['-t'] : []),
  ...(between?.from == null ? [] : ['--since', utc(between.from)]),
  ...(between?.to == null ? [] : ['--until', utc(between.to)]),
  ...(sinceSeconds === null ? [] : ['--since', goDuration(sinceSeconds)]),
  ...(tail === null ? [] : ['--tail', String(tail)]),
  ref,
];
