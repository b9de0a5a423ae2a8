import type { Why } from '../../shared/model.ts';

/** Why something could not be read, as it stands beside the unread mark. */
export const READING_WORDS: Readonly<Record<Why, string>> = {
  denied: 'not readable',
  gone: 'ended before it was read',
  absent: 'not in this kernel',
  malformed: 'malformed',
};
