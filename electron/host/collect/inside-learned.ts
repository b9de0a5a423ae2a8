/** A reading as the screen tells it. */
import type { Learned } from '../../../shared/inside.ts';
import type { Reading } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';

const WORDS = {
  denied: 'The kernel does not let this session read it',
  gone: 'The process ended before it was read',
  absent: 'This kernel has no such file',
  malformed: 'Not in a form that Porthole knows',
} as const;

export const learned = <T>(reading: Reading<T>): Learned<T> =>
  reading.ok
    ? reading
    : {
        ok: false,
        why: reading.why,
        words: `${WORDS[reading.why]}: ${reading.call}${reading.errno === null ? '' : `: ${reading.errno}`}.`,
      };

/** Applies a parser to what was learned. */
export const understood = <T>(text: Learned<string>, parse: (text: string) => T): Learned<T> =>
  text.ok ? learned(parsed(text, parse)) : text;

/** One of the files that {@link filesInside} read. */
export const fileOf = (files: Learned<ReadonlyMap<string, string>>, name: string): Learned<string> => {
  if (!files.ok) return files;
  const text = files.value.get(name);
  if (text !== undefined) return { ok: true, value: text };
  return { ok: false, why: 'absent', words: `${name} could not be read from inside.` };
};

export const NO_MEMBER: Learned<never> = {
  ok: false,
  why: 'no-way',
  words: 'It is told only by the files of a process in it, and none that can be seen is.',
};
