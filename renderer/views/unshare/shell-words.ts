import { literallyQuoted, visible } from '../../../shared/text.ts';

/** What the text says, or the quote that is still open. */
export type Words =
  | {
      readonly ok: true;
      readonly words: readonly string[];
      /** Characters a shell would act on; here they are passed to the program as they stand. */
      readonly literal: readonly string[];
    }
  | { readonly ok: false; readonly open: '"' | "'" | '\\' };

// What a POSIX shell would expand or act on outside of quotes (and `$` and backquote within double quotes).
const ACTIVE = new Set('$`|&;<>()*?[~#{'.split(''));
const ACTIVE_QUOTED = new Set(['$', '`']);
const BLANK = /[ \t\n]/;
// Within double quotes a backslash escapes only these; POSIX shell, 2.2.3.
const ESCAPABLE = new Set(['"', '\\', '$', '`']);

/**
 * Splits a line into argv as a POSIX shell would (2.2 Quoting: quotes and backslashes), without expanding anything. No
 * shell is ever involved in the start; this only lets a person type arguments with spaces.
 */
export const splitWords = (text: string): Words => {
  const words: string[] = [];
  const literal = new Set<string>();
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (quote === "'") {
      if (character === "'") quote = null;
      else word = (word ?? '') + character;
      continue;
    }
    if (character === '\\') {
      const next = text[++i];
      if (next === undefined) return { ok: false, open: quote ?? '\\' };
      // Backslash and newline are a line that goes on: nothing, and no word begins by it.
      if (next !== '\n') word = (word ?? '') + (quote === '"' && !ESCAPABLE.has(next) ? `\\${next}` : next);
    } else if (quote === '"') {
      if (character === '"') quote = null;
      else {
        if (ACTIVE_QUOTED.has(character)) literal.add(character);
        word += character;
      }
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (BLANK.test(character)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      // A tilde or number sign means something only at the start of a word.
      if (ACTIVE.has(character) && (word === null || !'~#'.includes(character))) literal.add(character);
      word = (word ?? '') + character;
    }
  }
  if (quote !== null) return { ok: false, open: quote };
  if (word !== null) words.push(word);
  return { ok: true, words, literal: [...literal] };
};

/** The inverse, for showing: `splitWords(joinWords(w)).words` equals `w`. */
export const joinWords = (words: readonly string[]): string => words.map(literallyQuoted).join(' ');

/** One sentence for the field, or `null` if there is nothing to say. */
export const wordsRemark = (words: Words): string | null => {
  if (!words.ok)
    return words.open === '\\' ? 'ends with a backslash that escapes nothing' : `the quote ${words.open} is not closed`;
  if (words.literal.length === 0) return null;
  const characters = words.literal.map(visible).join(' ');
  return `no shell reads this: ${characters} ${words.literal.length === 1 ? 'is' : 'are'} passed on as written`;
};
