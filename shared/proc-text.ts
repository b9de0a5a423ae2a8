/** The text of a file under /proc in other forms: as fields, as strings, as bytes. Nothing is lost in any. */
import { encodeUtf8 } from './frames.ts';
import { shellQuoted, visible } from './text.ts';
import type { ProcForm } from './proc-file.ts';

export interface ProcField {
  /** Empty for a line without a colon. */
  readonly key: string;
  readonly value: string;
}

/** Lines of `Key: value`, as in status; the spaces that line up columns are dropped. Empty lines are left out. */
export const fieldsOf = (text: string): readonly ProcField[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      // The name that `sched` begins with is the process's own, colons and all.
      const at = line.includes(', #threads:') ? -1 : line.indexOf(':');
      return at <= 0 ? { key: '', value: line } : { key: line.slice(0, at).trim(), value: line.slice(at + 1).trim() };
    });

/** Strings that each end in a NUL; what stands behind the last one counts if there is anything. */
export const stringsOf = (text: string): readonly string[] => {
  const strings = text.split('\0');
  if (strings.at(-1) === '') strings.pop();
  return strings;
};

/** Lines as a person reads them, each with what would not show made visible; tabs stay, for they line up columns. */
export const linesOf = (text: string): string => text.split('\n').map(visibleButTabs).join('\n');
const visibleButTabs = (line: string): string => line.split('\t').map(visible).join('\t');

/** The bytes that the text stands for (PEP 383: U+DC80 to U+DCFF are one byte each). */
export const bytesOf = (text: string): Uint8Array => {
  const parts = text
    .split(/((?<![\ud800-\udbff])[\udc80-\udcff])/)
    .map((piece) =>
      /^[\udc80-\udcff]$/.test(piece) ? Uint8Array.of(piece.charCodeAt(0) - 0xdc00) : encodeUtf8(piece),
    );
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

const BYTES_A_LINE = 16;

/**
 * As `xxd -g 1` writes it: offset, sixteen bytes, and the letters among them. At most `most` bytes; the first stands at
 * `from` in its file.
 */
export const hexDump = (bytes: Uint8Array, most = Infinity, from = 0): string => {
  const lines: string[] = [];
  for (let at = 0; at < Math.min(bytes.length, most); at += BYTES_A_LINE) {
    const row = [...bytes.subarray(at, Math.min(at + BYTES_A_LINE, bytes.length, most))];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${(from + at).toString(16).padStart(8, '0')}: ${hex.padEnd(BYTES_A_LINE * 3 - 1)}  ${letters}`);
  }
  return lines.join('\n');
};

/** The first line in one line of the screen, without the spaces that line up its columns; `null` if there is none. */
export const glimpseOf = (text: string, form: ProcForm | null): string | null => {
  if (text === '') return null;
  if (form === 'nul') return stringsOf(text).join(' ');
  const [first = '', second = ''] = text.split('\n');
  const words = first.trim().replace(/[ \t]+/g, ' ');
  return second === '' ? words : `${words} …`;
};

/** What one would type to see the same. `form`: `null` for a file that is not known. */
export const procByHand = (pid: number, path: string, form: ProcForm | null): string => {
  const whole = shellQuoted(path === '' ? `/proc/${pid}` : `/proc/${pid}/${path}`);
  if (form === 'directory') return `ls -lA ${whole}`;
  if (form === 'link') return `readlink ${whole}`;
  if (form === 'none') return `ls -l ${whole}`;
  if (form === 'nul') return `tr '\\0' '\\n' < ${whole}`;
  return form === 'binary' ? `xxd -g 1 ${whole}` : `cat ${whole}`;
};
