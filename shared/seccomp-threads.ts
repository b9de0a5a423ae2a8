/** Threads whose filters differ, in words. */
import { seccompWords } from './seccomp.ts';
import type { SeccompThread, SeccompThreads } from './seccomp-model.ts';
import { visible } from './text.ts';

/** `4712 worker: filter, 2 filters`. */
export const seccompThreadLabel = ({ tid, comm, ...status }: SeccompThread): string =>
  `${tid} ${visible(comm)}: ${seccompWords(status)}`;

/** One sentence; empty if there is nothing to say. */
export const seccompThreadsSentence = ({ count, first, differing, unread }: SeccompThreads): string => {
  const differ =
    differing === 0
      ? ''
      : first === null
        ? `The first thread cannot be read; ${differing} of ${count} others have filters of their own or none.`
        : `${differing} of its ${count} threads ${differing === 1 ? 'has' : 'have'} another mode or number of filters than the first.`;
  const closed = unread === 0 ? '' : `${unread} of its threads may not be read.`;
  return [differ, closed].filter((one) => one !== '').join(' ');
};

/** The sentence, then a line for each that differs; none if all are alike. */
export const seccompThreadLines = (threads: SeccompThreads): readonly string[] => {
  const sentence = seccompThreadsSentence(threads);
  if (sentence === '') return [];
  const { first, others, differing } = threads;
  const all = first === null || differing === 0 ? others : [first, ...others];
  const more = differing - others.length;
  return [sentence, ...all.map((one) => `  ${seccompThreadLabel(one)}`), ...(more > 0 ? [`  and ${more} more`] : [])];
};
