/** What a terminal has been sent of a character or sequence that has not ended yet. */

const ESC = 0x1b;
const BEL = 0x07;
/** CAN and SUB break off any sequence; ECMA-48. */
const CAN = 0x18;
const SUB = 0x1a;

/** A string (title, image) longer than this is let go: its end would then be drawn as text, once, by who joins just then. */
const LONGEST = 256 * 1024;

const NOTHING = new Uint8Array(0);

/** The unfinished end of `before` followed by `bytes`, where `before` is what this returned for the bytes before them. */
export const unfinished = (before: Uint8Array, bytes: Uint8Array): Uint8Array => {
  if (bytes.length === 0) return before;
  const text = before.length === 0 ? bytes : concatenated(before, bytes);
  const from = openSequence(text) ?? openCharacter(text);
  return from === null || text.length - from > LONGEST ? NOTHING : text.slice(from);
};

const concatenated = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
};

/** Where an escape sequence begins that has not ended; ECMA-48 and the ANSI parser of xterm. */
const openSequence = (text: Uint8Array): number | null => {
  let from = text.lastIndexOf(ESC);
  if (from < 0) return null;
  // ESC at the very end, or ESC \, may close a string that began before it.
  const opener = text.lastIndexOf(ESC, from - 1);
  if (from === text.length - 1 && opener >= 0 && isStringOpen(text, opener)) from = opener;
  const kind = text[from + 1];
  if (kind === undefined) return from;
  if (kind === 0x5b) return endsBefore(text, from + 2, 0x40, 0x7e) ? null : from; // CSI
  if (isStringKind(kind)) return isStringOpen(text, from) ? from : null;
  return endsBefore(text, from + 1, 0x30, 0x7e) ? null : from;
};

/** OSC, DCS, SOS, PM, APC. */
const isStringKind = (kind: number | undefined): boolean =>
  kind === 0x5d || kind === 0x50 || kind === 0x58 || kind === 0x5e || kind === 0x5f;

const isStringOpen = (text: Uint8Array, from: number): boolean => {
  const kind = text[from + 1];
  if (!isStringKind(kind)) return false;
  for (let at = from + 2; at < text.length; at++) {
    const byte = text[at];
    if (byte === CAN || byte === SUB || (byte === BEL && kind === 0x5d)) return false;
    if (byte === ESC && at < text.length - 1) return false;
  }
  return true;
};

/** Whether a final byte, or one that breaks off, stands at or after `from`. Controls in between are carried out and skipped. */
const endsBefore = (text: Uint8Array, from: number, low: number, high: number): boolean => {
  for (let at = from; at < text.length; at++) {
    const byte = text[at] ?? 0;
    if ((byte >= low && byte <= high) || byte === CAN || byte === SUB) return true;
  }
  return false;
};

/** Where a UTF-8 character begins whose last byte has not come. */
const openCharacter = (text: Uint8Array): number | null => {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back] ?? 0;
    if (byte < 0x80 || byte > 0xf7) return null;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? text.length - back : null;
  }
  return null;
};
