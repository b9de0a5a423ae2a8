/** Finding in a log: words or a regular expression, in the text as it is shown, whatever its colours. */
import type { LogLine } from './log-assembler.ts';
import { plainText, type Span } from './sgr.ts';

export interface Finder {
  /** Global; `null`: nothing is looked for. */
  readonly find: RegExp | null;
  /** Why what was typed finds nothing; `null` if it may. */
  readonly problem: string | null;
}

export const NO_FINDER: Finder = { find: null, problem: null };

/** A repeated group that repeats or chooses inside takes time that doubles with each character. */
const ENDLESS = /\((?:[^()\\]|\\.)*(?:[+*}]|\|)(?:[^()\\]|\\.)*\)(?:[+*]|\{\d*,)/;
/** Of a line, what an expression is tried on: even a harmless one may take the square of this. */
const TRIED_CHARACTERS = 4000;

/** In any case. An expression is JavaScript's, with Unicode. */
export const finderOf = (query: string, isExpression: boolean): Finder => {
  if (query === '') return NO_FINDER;
  if (!isExpression) return { find: new RegExp(query.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu'), problem: null };
  if (ENDLESS.test(query)) return { find: null, problem: 'a repetition within a repetition could take forever' };
  try {
    return { find: new RegExp(query, 'giu'), problem: null };
  } catch (error) {
    return { find: null, problem: error instanceof Error ? error.message.replace(/^.*\/giu?: /, '') : String(error) };
  }
};

/** Where it is found in a text, `[from, to)`, in order. What matches nothing at all is not found. */
export const foundIn = (text: string, { find }: Finder): readonly (readonly [number, number])[] => {
  if (find === null) return [];
  const found: [number, number][] = [];
  for (const match of text.slice(0, TRIED_CHARACTERS).matchAll(find)) {
    if (match[0] !== '') found.push([match.index, match.index + match[0].length]);
  }
  return found;
};

/** Numbers of the lines in which it is found. */
export const linesWith = (lines: readonly LogLine[], finder: Finder): number[] => {
  const { find } = finder;
  if (find === null) return [];
  return lines.filter(({ text }) => foundIn(plainText(text).slice(0, TRIED_CHARACTERS), finder).length > 0).map(({ seq }) => seq); // prettier-ignore
};

export interface MarkedSpan extends Span {
  readonly found: boolean;
}

/** `spans` cut where something found begins or ends; `from`: where the first of them is in the line. */
export const markSpans = (
  spans: readonly Span[],
  from: number,
  found: readonly (readonly [number, number])[],
): readonly MarkedSpan[] => {
  if (found.length === 0) return spans.map((span) => ({ ...span, found: false }));
  const marked: MarkedSpan[] = [];
  let at = from;
  for (const span of spans) {
    const end = at + span.text.length;
    const put = (start: number, stop: number, isFound: boolean): void => {
      if (start < stop) marked.push({ ...span, text: span.text.slice(start - at, stop - at), found: isFound });
    };
    let done = at;
    for (const [first, last] of found) {
      const [start, stop] = [Math.max(first, done), Math.min(last, end)];
      if (start >= stop) continue;
      put(done, start, false);
      put(start, stop, true);
      done = stop;
    }
    put(done, end, false);
    at = end;
  }
  return marked;
};
