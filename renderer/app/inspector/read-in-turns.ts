import type { Ages } from '../../../shared/model.ts';

/** Less is a look ago, which is now. */
const NOW_MILLIS = 1500;

/** `Bind mounts read up to 2 s ago, open files up to 9 s ago.`; `null` if all was read just now. */
export const readInTurns = (ages: Ages | undefined): string | null => {
  if (ages === undefined) return null;
  const kinds: readonly (readonly [string, number])[] = [
    ['bind mounts', ages.binds],
    ['open files', ages.fds],
    ['threads', ages.threads],
  ];
  const late = kinds.filter(([, millis]) => millis > NOW_MILLIS);
  if (late.length === 0) return null;
  const words = late.map(
    ([name, millis], at) => `${name}${at === 0 ? ' read' : ''} up to ${Math.ceil(millis / 1000)} s ago`,
  );
  const text = `${words.join(', ')}.`;
  return text.charAt(0).toUpperCase() + text.slice(1);
};
