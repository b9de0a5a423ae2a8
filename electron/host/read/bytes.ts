/** Between the kernel's bytes and text, losing nothing: what is not UTF-8 becomes U+DC80 to U+DCFF, one a byte (PEP 383). */

/** Length of the well-formed UTF-8 sequence at `at`, 0 if there is none. Unicode 15, table 3-7. */
const sequence = (bytes: Uint8Array, at: number, end: number): number => {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 ? 4 : 0;
  if (length === 0 || first > 0xf4 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return length;
};

/** The bytes from `start` up to `end` as text. */
export const decode = (bytes: Buffer, end = bytes.length, start = 0): string => {
  const quick = bytes.toString('utf8', start, end);
  if (!quick.includes('\ufffd')) return quick;
  const parts: string[] = [];
  let from = start;
  for (let at = start; at < end;) {
    const step = sequence(bytes, at, end);
    if (step > 0) {
      at += step;
      continue;
    }
    parts.push(bytes.toString('utf8', from, at), String.fromCharCode(0xdc00 + (bytes[at] ?? 0)));
    from = ++at;
  }
  parts.push(bytes.toString('utf8', from, end));
  return parts.join('');
};

/** Quick, for it is asked of every path; the second half of a character beyond U+FFFF may look like one, too. */
const PERHAPS_RAW = /[\udc80-\udcff]/;

/** The bytes that {@link decode} made the text of; a path for `node:fs`, which takes bytes as well as text. */
export const encode = (text: string): string | Buffer => {
  if (!PERHAPS_RAW.test(text)) return text;
  const parts: Buffer[] = [];
  for (const piece of text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)) {
    const code = piece.length === 1 ? piece.charCodeAt(0) : 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(piece));
  }
  return Buffer.concat(parts);
};
