/**
 * Text from the machine. The kernel's names are bytes, not characters: what is not UTF-8 is kept as lone surrogates
 * (U+DC80 to U+DCFF, one a byte, as PEP 383 does it), so that nothing is lost and JSON carries it.
 */
import { encodeUtf8 } from './frames.ts';

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\u001b': '\\e' };

// Controls, surrogates that stand for raw bytes, and the characters that reorder or hide text (Unicode Bidi_Control,
// zero-width, line and paragraph separators).
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- finding control characters is the purpose
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const escaped = (character: string): string => {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${(code - 0xdc00).toString(16)}`;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return `\\u{${code.toString(16)}}`;
};

/** The text with everything that would not show, or would act on a terminal or reorder a line, made visible. */
export const visible = (text: string): string => text.replace(UNSEEN, escaped);

/** True if {@link visible} would change the text. */
export const hasUnseen = (text: string): boolean => text.search(UNSEEN) >= 0;

// What a shell takes literally without quotes.
const PLAIN = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** What was thrown, in its own words. */
export const errorText = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** Tells of a text whether each word of the filter occurs in it, in any case; of every text, if there are no words. */
export const wordFilter = (filter: string): ((text: string) => boolean) => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (text) => {
    const lower = text.toLowerCase();
    return words.every((word) => lower.includes(word));
  };
};

const ESCAPES: Readonly<Record<string, string>> = { "'": "\\'", '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };

/** As bytes in octal: three digits, whatever follows. */
const octal = (character: string): string => {
  const code = character.charCodeAt(0);
  const bytes = code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...encodeUtf8(character)];
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
};

/**
 * One argument as a shell would need it typed. For showing commands only; nothing is ever run from this text. What does not
 * show, or would act on the terminal it is pasted into, is escaped within $'…': bash, zsh, ksh, busybox, and POSIX since 2024.
 */
export const shellQuoted = (argument: string): string => {
  if (!hasUnseen(argument)) return literallyQuoted(argument);
  const escape = (character: string): string => ESCAPES[character] ?? octal(character);
  return `$'${argument.replace(/['\\]/g, escape).replace(UNSEEN, escape)}'`;
};

/** As any POSIX shell reads it, with every character as it is: for a field to edit. */
export const literallyQuoted = (argument: string): string =>
  PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;

/** A command line to show and copy. */
export const commandLine = (argv: readonly string[]): string => argv.map(shellQuoted).join(' ');
