import type { Reading, Why } from '../../shared/model.ts';

/** Why something could not be read, as it stands beside the unread mark. */
export const READING_WORDS: Readonly<Record<Why, string>> = {
  denied: 'not readable',
  gone: 'ended before it was read',
  absent: 'not in this kernel',
  malformed: 'malformed',
};

/** The kernel said no with an errno of its own, or what it gave has no form we know. */
export const readingWords = ({
  why,
  errno,
}: Pick<Extract<Reading<unknown>, { ok: false }>, 'why' | 'errno'>): string =>
  why === 'malformed' && errno !== null ? 'could not be read' : READING_WORDS[why];
