import type { Ages } from '../../../shared/model.ts';

/** Less is a look ago, which is now. */
const NOW_MILLIS = 1500;

type Kinds = readonly (readonly [string, number])[];

/** `Bind mounts read up to 2 s ago, open files up to 9 s ago.`; `null` if all was read just now. */
const words = (kinds: Kinds): string | null => {
  const late = kinds.filter(([, millis]) => millis > NOW_MILLIS);
  if (late.length === 0) return null;
  const parts = late.map(
    ([name, millis], at) => `${name}${at === 0 ? ' read' : ''} up to ${Math.ceil(millis / 1000)} s ago`,
  );
  const text = `${parts.join(', ')}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Of what holds a namespace. */
export const readInTurns = (ages: Ages | undefined): string | null =>
  ages === undefined
    ? null
    : words([
        ['bind mounts', ages.binds],
        ['open files', ages.fds],
        ['threads', ages.threads],
      ]);

/** Of the processes themselves: whoever ran is read anew with each look. */
export const processesInTurns = (ages: Ages | undefined): string | null => {
  const told =
    ages === undefined
      ? null
      : words([
          ['parent, cgroup and memory', ages.cgroups],
          ['title and user', ages.rest],
        ]);
  return told === null ? null : `Of processes that did not run since: ${told.charAt(0).toLowerCase()}${told.slice(1)}`;
};
