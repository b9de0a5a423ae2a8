import type { NsenterOptions } from '../../../shared/nsenter.ts';

/** Whether two choices are one, whoever is entered and whatever program is started. */
export const sameEntry = (a: NsenterOptions, b: NsenterOptions): boolean => {
  const types = (options: NsenterOptions): string => [...options.namespaces].sort().join();
  const files = (options: NsenterOptions): string => JSON.stringify(Object.entries(options.files).sort());
  const apart = ['namespaces', 'files', 'program', 'target'];
  const keys = (Object.keys(a) as (keyof NsenterOptions)[]).filter((key) => !apart.includes(key));
  return types(a) === types(b) && files(a) === files(b) && keys.every((key) => a[key] === b[key]);
};

/** A user or group ID as typed: `null` if the field is empty, `undefined` if it is no number the kernel knows. */
export const typedId = (text: string): number | null | undefined => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,10}$/.test(trimmed) && Number(trimmed) <= 0xfffffffe ? Number(trimmed) : undefined;
};
