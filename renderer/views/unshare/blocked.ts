/** Why a form cannot be started yet. What the kernel would have against it is advice, and keeps nobody from trying. */
import type { FlagOption } from '../../../shared/launch-command.ts';
import { visible } from '../../../shared/text.ts';
import { wordsRemark, type Words } from './shell-words.ts';

/** What was typed in place of a number, by flag. */
export type Unusable = Readonly<Partial<Record<string, string>>>;

const WANTED: Readonly<Record<string, string>> = {
  id: 'a number from 0 to 4294967294',
  'id or follow': 'a number from 0 to 4294967294, or follow',
  seconds: 'a whole number of seconds',
};

/** A sentence; `null` if nothing is in the way. */
export const blockedWords = (
  words: Words,
  flags: readonly Pick<FlagOption<string>, 'flag' | 'option' | 'takes'>[],
  unusable: Unusable,
): string | null => {
  if (!words.ok) return `The program cannot be read: ${wordsRemark(words)}.`;
  for (const { flag, option, takes } of flags) {
    const text = unusable[flag];
    if (text === undefined) continue;
    const wanted = typeof takes === 'string' ? WANTED[takes] : undefined;
    return `--${option} takes ${wanted ?? 'something else'}, not “${visible(text)}”.`;
  }
  return null;
};

/** Those that are left when these flags are set anew. */
export const withoutFlags = (unusable: Unusable, flags: readonly string[]): Unusable =>
  Object.fromEntries(Object.entries(unusable).filter(([flag]) => !flags.includes(flag)));
