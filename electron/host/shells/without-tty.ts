/** A program with pipes instead of a terminal: what the terminal's line discipline would do for it; termios(3). */

const [CTRL_D, NEWLINE, RETURN] = [0x04, 0x0a, 0x0d];

/** ONLCR: each newline begins at the left. One that has its return already gets no second, unless a chunk ended between. */
export const withReturns = (bytes: Uint8Array): Uint8Array => {
  let from = 0;
  const pieces: Uint8Array[] = [];
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (at > 0 && bytes[at - 1] === RETURN) continue;
    pieces.push(bytes.subarray(from, at), Uint8Array.of(RETURN));
    from = at;
  }
  if (pieces.length === 0) return bytes;
  pieces.push(bytes.subarray(from));
  return joined(pieces);
};

/** ICRNL and ECHO: the Return key ends a line, and what is typed is seen. Ctrl+D ends the input. */
export const typedWithoutTty = (
  bytes: Uint8Array,
): { readonly sent: Uint8Array; readonly shown: Uint8Array; readonly ends: boolean } => {
  const end = bytes.indexOf(CTRL_D);
  const sent = (end < 0 ? bytes : bytes.subarray(0, end)).map((byte) => (byte === RETURN ? NEWLINE : byte));
  return { sent, shown: withReturns(sent), ends: end >= 0 };
};

const joined = (pieces: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};
