import type { Chosen } from '../../../shared/launch-command.ts';

/** Whether two choices are one, in whatever order they were ticked, whoever is entered, whatever program is started. */
export const sameChoice = <Options extends Chosen>(a: Options, b: Options): boolean => {
  const types = ({ namespaces }: Options): string => [...namespaces].sort().join();
  const files = ({ files }: Options): string => JSON.stringify(Object.entries(files).sort());
  const apart = ['namespaces', 'files', 'program', 'target'];
  const keys = (Object.keys(a) as (keyof Options & string)[]).filter((key) => !apart.includes(key));
  return types(a) === types(b) && files(a) === files(b) && keys.every((key) => a[key] === b[key]);
};

/** A user or group ID as typed, or the word for the target's. */
export const typedIdOrFollow = (text: string): number | 'follow' | null | undefined =>
  text.trim() === 'follow' ? 'follow' : typedId(text);

/** A user or group ID as typed: `null` if the field is empty, `undefined` if it is no number the kernel knows. */
export const typedId = (text: string): number | null | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,10}$/.test(trimmed) && Number(trimmed) <= 0xfffffffe ? Number(trimmed) : undefined;
};
