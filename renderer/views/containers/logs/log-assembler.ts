/** From the bytes of a log to its lines, whichever way they were cut on their way here. */
import { OutputFrames, type LogStream } from '../../../../shared/log-frames.ts';
import { lookAfter, type Look } from './sgr.ts';

export interface LogLine {
  /** Counts from 0; a line keeps its number when older ones are let go. */
  readonly seq: number;
  readonly stream: LogStream;
  /** When the engine got it, as it wrote that; `null` if it did not. */
  readonly time: string | null;
  /** Hostile text, without its newline. */
  readonly text: string;
  /** The colours that an earlier line of its stream left on, as a terminal keeps them. */
  readonly look?: Look;
}

/** RFC 3339 with any number of digits: Docker writes UTC, Podman the machine's own zone. */
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) /;
/** Longer lines go on in a next one; no screen shows more, and one line must not fill the memory. */
const MOST_CHARACTERS = 64 * 1024;
/** Engines keep a longer line in pieces of so many bytes; each comes with the same time. moby daemon/logger/copier.go. */
const PIECE_BYTES = 16 * 1024;
/** A character is at most four bytes of UTF-8. */
const PIECE_CHARACTERS = PIECE_BYTES / 4;
/** The longest time and its blank. */
const TIME_CHARACTERS = 40;

export class LogAssembler {
  readonly #frames: OutputFrames | null;
  readonly #decoders = new Map<LogStream, TextDecoder>();
  readonly #open = new Map<LogStream, string>();
  readonly #looks = new Map<LogStream, Look | null>();
  #seq = 0;

  /** `tty`: the log of a container with a terminal, which comes raw. */
  constructor(tty: boolean) {
    this.#frames = tty ? null : new OutputFrames();
  }

  /** The lines that are whole by now. Throws a RangeError on what is no log. */
  push(bytes: Uint8Array): LogLine[] {
    const lines: LogLine[] = [];
    if (this.#frames === null) this.#take('tty', bytes, lines);
    else for (const frame of this.#frames.push(bytes)) this.#take(frame.stream, frame.bytes, lines);
    return lines;
  }

  /** What has no newline at the end of the log. */
  rest(): LogLine[] {
    const lines: LogLine[] = [];
    for (const [stream, open] of this.#open) if (open !== '') this.#close(stream, open, lines);
    this.#open.clear();
    return lines;
  }

  #take(stream: LogStream, bytes: Uint8Array, lines: LogLine[]): void {
    let decoder = this.#decoders.get(stream);
    if (decoder === undefined) this.#decoders.set(stream, (decoder = new TextDecoder()));
    let open = this.#open.get(stream) ?? null;
    // A piece of a long line is a frame with its own time; taken off as bytes, for a character may be cut in two.
    const again = open === null || stream === 'tty' ? 0 : timeLength(bytes);
    const text = decoder.decode(again === 0 ? bytes : bytes.subarray(again), { stream: true });
    let from = 0;
    while (from < text.length) {
      const end = text.indexOf('\n', from);
      const piece = text.slice(from, end < 0 ? undefined : end);
      from = end < 0 ? text.length : end + 1;
      open = open === null ? piece : open + piece;
      if (stream === 'tty') open = withoutTimesWithin(open);
      for (; open.length > MOST_CHARACTERS + TIME_CHARACTERS; open = open.slice(MOST_CHARACTERS)) {
        this.#close(stream, open.slice(0, MOST_CHARACTERS), lines);
      }
      if (end < 0) break;
      this.#close(stream, open, lines);
      open = null;
    }
    if (open === null) this.#open.delete(stream);
    else this.#open.set(stream, open);
  }

  #close(stream: LogStream, text: string, lines: LogLine[]): void {
    const found = TIME.exec(text);
    let whole = found === null ? text : text.slice(found[0].length);
    // A terminal ends its lines with both; termios(3) ONLCR.
    if (stream === 'tty' && whole.endsWith('\r')) whole = whole.slice(0, -1);
    const look = this.#looks.get(stream) ?? null;
    lines.push({
      seq: this.#seq++,
      stream,
      time: found?.[1] ?? null,
      text: whole,
      ...(look === null ? {} : { look }),
    });
    this.#looks.set(stream, lookAfter(look, whole));
  }
}

/** How many bytes at the beginning are a time. */
const timeLength = (bytes: Uint8Array): number =>
  TIME.exec(String.fromCharCode(...bytes.subarray(0, TIME_CHARACTERS)))?.[0].length ?? 0;

/** A terminal's log has no frames: the time of each further piece stands in the middle of its line. */
const withoutTimesWithin = (open: string): string => {
  if (open.length < PIECE_CHARACTERS) return open;
  const time = TIME.exec(open)?.[0];
  if (time === undefined || open.indexOf(time, PIECE_CHARACTERS) < 0) return open;
  const [head, rest] = [open.slice(0, PIECE_CHARACTERS), open.slice(PIECE_CHARACTERS)];
  return head + rest.replaceAll(time, '');
};
