/**
 * What crosses between page and host: small headers, some with bytes behind them. One shape for every transport
 * (message port, web socket, stdio). Three planes: calls and events; the live world; terminal bytes.
 */

export type ToHost =
  | { readonly k: 'call'; readonly id: number; readonly method: string; readonly args: unknown }
  /** The page has applied the world frame with this sequence number and is ready for the newest one. */
  | { readonly k: 'world-ack'; readonly seq: number }
  /** Keystrokes; bytes follow. Answered with `term-took`. */
  | { readonly k: 'term-in'; readonly terminal: string }
  /** The page has drawn this many bytes of this terminal. */
  | { readonly k: 'term-ack'; readonly terminal: string; readonly bytes: number }
  /** The page has taken in this many bytes of this log. */
  | { readonly k: 'log-ack'; readonly log: string; readonly bytes: number };

export type ToPage =
  | { readonly k: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly k: 'error'; readonly id: number; readonly error: CallError }
  | { readonly k: 'event'; readonly name: string; readonly value: unknown }
  /** JSON follows: a whole World if `base` is null, else a WorldDelta against the frame `base`. */
  | { readonly k: 'world'; readonly seq: number; readonly base: number | null }
  /** Output; bytes follow. */
  | { readonly k: 'term-out'; readonly terminal: string }
  /** So many bytes of what this page typed are with the program now, or dropped for it has ended: more may follow. */
  | { readonly k: 'term-took'; readonly terminal: string; readonly bytes: number }
  /** More of a log; bytes follow. */
  | { readonly k: 'log-out'; readonly log: string };

export interface Frame<Header> {
  readonly header: Header;
  readonly bytes?: Uint8Array;
}

export type ErrorCode =
  /** Arguments not of the contract's form, or no such method. */
  | 'bad-request'
  /** The process, container or terminal is not there (any more). */
  | 'not-found'
  /** The kernel or the engine said no. */
  | 'denied'
  /** The engine did not answer in time. */
  | 'timeout'
  | 'failed';

export interface CallError {
  readonly code: ErrorCode;
  /** One sentence for the screen, in the engine's or kernel's own words where there are any. */
  readonly message: string;
}

/** An error the other side is meant to read. Everything else that is thrown arrives as `failed`. */
export class PortholeError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.name = 'PortholeError';
    this.code = code;
  }
}

/** One end of a connection, whatever carries it. Frames arrive whole and in order, or the connection closes. */
export interface Transport<Out, In> {
  send(frame: Frame<Out>): void;
  onFrame(listener: (frame: Frame<In>) => void): void;
  /** Called once. */
  onClose(listener: (reason: string) => void): void;
  close(reason?: string): void;
}

/** As bytes, for carriers that have no objects: length of the header (u32, big-endian), header as JSON, then bytes. */
export const encodeFrame = (frame: Frame<unknown>): Uint8Array => {
  const header = encodeUtf8(JSON.stringify(frame.header));
  const bytes = frame.bytes ?? new Uint8Array(0);
  const whole = new Uint8Array(4 + header.length + bytes.length);
  new DataView(whole.buffer).setUint32(0, header.length);
  whole.set(header, 4);
  whole.set(bytes, 4 + header.length);
  return whole;
};

/** The inverse of {@link encodeFrame}. Throws a {@link PortholeError} `bad-request` on anything else. */
export const decodeFrame = (whole: Uint8Array): Frame<unknown> => {
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength);
  const length = whole.length >= 4 ? view.getUint32(0) : Infinity;
  if (length > whole.length - 4) throw new PortholeError('bad-request', 'a frame was shorter than it says');
  try {
    const header: unknown = JSON.parse(decodeUtf8(whole.subarray(4, 4 + length)));
    return { header, bytes: whole.subarray(4 + length) };
  } catch {
    throw new PortholeError('bad-request', 'a frame had no JSON header');
  }
};

// TextEncoder and TextDecoder are in Node and in browsers but in neither's absence of types: this room has no lib for them.
interface Utf8 {
  TextEncoder: new () => { encode(text: string): Uint8Array };
  TextDecoder: new () => { decode(bytes: Uint8Array): string };
}
const { TextEncoder, TextDecoder } = globalThis as unknown as Utf8;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const encodeUtf8 = (text: string): Uint8Array => encoder.encode(text);
export const decodeUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);
