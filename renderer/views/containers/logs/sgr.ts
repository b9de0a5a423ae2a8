/** Colours in a log: SGR alone is carried out (ECMA-48 8.3.117), everything else that is no text is made visible. */
import { visible } from '../../../../shared/text.ts';

export interface Span {
  /** As it is shown. */
  readonly text: string;
  /** Names of classes: `bold`, `dim`, `italic`, `underline`, `inverse`. */
  readonly looks: readonly string[];
  /** As a CSS value; `null`: as the text around it. */
  readonly colour: string | null;
  readonly background: string | null;
}

// eslint-disable-next-line no-control-regex -- the escape is what is looked for
const SGR = /\u001b\[([\d;:]*)m/g;
const TAB = 8;

/** The sixteen colours of the terminals below, out of the same tokens. */
const NAMED = ['--bg-3', '--danger', '--term-prompt', '--warn', '--term-path', '--ns-usr-text', '--ns-ipc-text', '--term-ink']; // prettier-ignore
const BRIGHT: Readonly<Record<number, string>> = { 0: '--term-dim', 7: '--ink-1' };
const named = (index: number): string => `var(${index < 8 ? NAMED[index] : (BRIGHT[index - 8] ?? NAMED[index - 8])})`;

const LEVELS = [0, 95, 135, 175, 215, 255];
/** The 256 colours of xterm: sixteen names, a cube of six, 24 greys. */
const indexed = (index: number): string | null => {
  if (!(index >= 0 && index <= 255)) return null;
  if (index < 16) return named(index);
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const at = index - 16;
  return `rgb(${LEVELS[Math.floor(at / 36)]} ${LEVELS[Math.floor(at / 6) % 6]} ${LEVELS[at % 6]})`;
};

/** What is in force at some place of a log. */
export interface Look {
  readonly looks: readonly string[];
  readonly colour: string | null;
  readonly background: string | null;
}
const PLAIN: Look = { looks: [], colour: null, background: null };

interface State {
  looks: Set<string>;
  colour: string | null;
  background: string | null;
}

const LOOKS: Readonly<Record<number, string>> = { 1: 'bold', 2: 'dim', 3: 'italic', 4: 'underline', 7: 'inverse', 9: 'struck' }; // prettier-ignore
const ENDS: Readonly<Record<number, readonly string[]>> = { 22: ['bold', 'dim'], 23: ['italic'], 24: ['underline'], 27: ['inverse'], 29: ['struck'] }; // prettier-ignore

const carryOut = (parameters: string, state: State): void => {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 0) {
      state.looks.clear();
      state.colour = state.background = null;
    } else if (LOOKS[code] !== undefined) state.looks.add(LOOKS[code]);
    else if (ENDS[code] !== undefined) for (const look of ENDS[code]) state.looks.delete(look);
    else if (code === 39) state.colour = null;
    else if (code === 49) state.background = null;
    else if (code === 38 || code === 48) {
      const [kind, a = -1, b = -1, c = -1] = codes.slice(at + 1, at + 5);
      const isByte = (value: number): boolean => value >= 0 && value <= 255;
      const colour = kind === 5 ? indexed(a) : [a, b, c].every(isByte) ? `rgb(${a} ${b} ${c})` : null;
      if (code === 38) state.colour = colour;
      else state.background = colour;
      at += kind === 5 ? 2 : 4;
    } else if (code >= 30 && code <= 37) state.colour = named(code - 30);
    else if (code >= 40 && code <= 47) state.background = named(code - 40);
    else if (code >= 90 && code <= 97) state.colour = named(code - 82);
    else if (code >= 100 && code <= 107) state.background = named(code - 92);
  }
};

const shown = (text: string, column: number): string => {
  if (!text.includes('\t')) return visible(text);
  let out = '';
  for (const [at, piece] of text.split('\t').entries()) {
    if (at > 0) out += ' '.repeat(TAB - ((column + out.length) % TAB));
    out += visible(piece);
  }
  return out;
};

const ESCAPE = '\u001b[';

/** What a line shows: tabs as blanks, control characters in words, no colours. Search and copy go by this. */
export const plainText = (text: string): string => shown(text.includes(ESCAPE) ? text.replace(SGR, '') : text, 0);

/** What is in force after a text, as a terminal keeps it for the next line; `null`: nothing. */
export const lookAfter = (before: Look | null, text: string): Look | null => {
  if (!text.includes(ESCAPE)) return before;
  const state: State = { ...(before ?? PLAIN), looks: new Set(before?.looks) };
  for (const found of text.matchAll(SGR)) carryOut(found[1] ?? '', state);
  const isPlain = state.looks.size === 0 && state.colour === null && state.background === null;
  return isPlain ? null : { ...state, looks: [...state.looks] };
};

/** The same text in pieces of one look each. `look`: what is in force where it begins. */
export const spansOf = (text: string, look: Look = PLAIN): readonly Span[] => {
  if (!text.includes(ESCAPE)) return [{ ...look, text: shown(text, 0) }];
  const spans: Span[] = [];
  const state: State = { ...look, looks: new Set(look.looks) };
  let column = 0;
  const add = (piece: string): void => {
    if (piece === '') return;
    const words = shown(piece, column);
    column += words.length;
    spans.push({ text: words, looks: [...state.looks], colour: state.colour, background: state.background });
  };
  let from = 0;
  for (const found of text.matchAll(SGR)) {
    add(text.slice(from, found.index));
    from = found.index + found[0].length;
    carryOut(found[1] ?? '', state);
  }
  add(text.slice(from));
  return spans;
};

/** The pieces of `[from, to)`. */
export const cutSpans = (spans: readonly Span[], from: number, to: number): readonly Span[] => {
  const cut: Span[] = [];
  let at = 0;
  for (const span of spans) {
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, span.text.length)];
    if (start < end) cut.push({ ...span, text: span.text.slice(start, end) });
    at += span.text.length;
  }
  return cut;
};
