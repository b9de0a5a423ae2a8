/** What is pasted into a terminal, and what is asked before. */

/** Of ECMA-48, C0, DEL and C1, but for tab and line breaks. As keys they act: ESC [201~ ends a bracketed paste, ^C interrupts. */
// eslint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export interface Paste {
  /** Without control characters. */
  readonly text: string;
  /** How many of those there were. */
  readonly removed: number;
  /** How many lines of it would run at once; 0 if the program can tell pasted from typed. */
  readonly lines: number;
}

/** `bracketed`: the program asked for the marks of bracketed paste, mode 2004. */
export const pasteOf = (copied: string, bracketed: boolean): Paste => {
  const text = copied.replace(CONTROLS, '');
  return { text, removed: copied.length - text.length, lines: bracketed ? 0 : pastedLines(text) };
};

/** Whether it is asked about first: not what was copied, or more than a line being typed. */
export const isAskedFirst = ({ removed, lines }: Paste): boolean => removed > 0 || lines > 0;

/** How many lines a paste would run at once if the program cannot tell it from typing; 0 if it would run none. */
const pastedLines = (text: string): number => {
  const breaks = text.match(/\r\n|\r|\n/g)?.length ?? 0;
  return breaks === 0 ? 0 : breaks + (/[\r\n]$/.test(text) ? 0 : 1);
};
