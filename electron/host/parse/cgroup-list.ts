/** Files that list things. */
import { decimal, FormatError } from './format-error.ts';
import { kernelNumber, linesOf, onlyLine } from './kernel-number.ts';

export const parseWords = (text: string, file: string): string[] => {
  const line = onlyLine(text, file);
  return line === '' ? [] : line.split(/ +/);
};

/** A pid a line, in no order, and in v1 some of them twice. 0 is a process outside of the reader's pid namespace. */
export const parsePids = (text: string, file: string): number[] => linesOf(text).map((line) => decimal(line, file));

/** A number for each CPU. */
export const parseNumbers = (text: string, file: string): string[] =>
  parseWords(text, file).map((word) => String(kernelNumber(word, file)));

/** `0-3,8`; empty is none. The list format of Documentation/admin-guide/cpu-lists, as man 7 cpuset has it. */
export const parseRanges = (text: string, file: string): string => {
  const line = onlyLine(text, file);
  if (line !== '' && !/^\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*$/.test(line)) throw new FormatError(file, text);
  return line;
};
