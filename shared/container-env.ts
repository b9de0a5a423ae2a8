/** What the engine was told to put into a container's environment, beside what its first process really has. */
import type { EnvironmentEntry } from './model.ts';

/** `unknown`: configured, and the process has written over what would tell whether it was given. */
export type EnvironmentMark = 'same' | 'added' | 'changed' | 'missing' | 'unknown';

export interface EnvironmentPair {
  readonly name: string;
  /** `undefined`: not configured. `null`: without `=`. */
  readonly configured: string | null | undefined;
  /** `undefined`: not in the process. */
  readonly actual: string | null | undefined;
  readonly mark: EnvironmentMark;
}

const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;

/** `Config.Env` of the engine's own account, in its order; `null` where it tells none. */
export const configuredEnvironment = (inspected: unknown): EnvironmentEntry[] | null => {
  const config = at(inspected, 'Config');
  if (config === undefined) return null;
  const entries = at(config, 'Env');
  return (Array.isArray(entries) ? entries : [])
    .filter((entry): entry is string => typeof entry === 'string')
    .map((entry) => {
      const equals = entry.indexOf('=');
      return equals < 0
        ? { name: entry, value: null }
        : { name: entry.slice(0, equals), value: entry.slice(equals + 1) };
    });
};

/**
 * The process's variables in its order, then what is configured and not there. A name that stands there more than once is
 * compared time by time. Entries of nothing, which a program leaves that writes over its environment, are left out.
 */
export const pairEnvironment = (
  configured: readonly EnvironmentEntry[],
  actual: readonly EnvironmentEntry[],
): EnvironmentPair[] => {
  const left = new Map<string, (string | null)[]>();
  for (const { name, value } of configured) {
    const values = left.get(name);
    if (values) values.push(value);
    else left.set(name, [value]);
  }
  const pairs = actual
    .filter(({ name, value }) => name !== '' || value !== null)
    .map(({ name, value }): EnvironmentPair => {
      const values = left.get(name);
      if (values === undefined || values.length === 0) return { name, configured: undefined, actual: value, mark: 'added' }; // prettier-ignore
      const wanted = values.shift()!;
      return { name, configured: wanted, actual: value, mark: wanted === value ? 'same' : 'changed' };
    });
  const mark = isOverwritten(actual) ? 'unknown' : 'missing';
  for (const [name, values] of left) {
    for (const value of values) pairs.push({ name, configured: value, actual: undefined, mark });
  }
  return pairs;
};

/**
 * True if the process has written over its environment, as programs do that change their title: then /proc does not tell
 * what it was started with.
 */
export const isOverwritten = (actual: readonly EnvironmentEntry[]): boolean =>
  actual.some(({ name, value }) => name === '' && value === null);

/** Who else puts a variable there, where that is known; Docker's and Podman's own, and runc's from the user database. */
export const ADDED_BY: Readonly<Record<string, string>> = {
  HOSTNAME: 'the engine sets it',
  TERM: 'the engine sets it for a terminal',
  HOME: 'the runtime sets it, from passwd',
  container: 'Podman sets it',
};

/** `All 4 as configured.`, `1 changed, 2 added to what was configured, 1 missing.` */
export const environmentSentence = (pairs: readonly EnvironmentPair[]): string => {
  const count = (mark: EnvironmentMark): number => pairs.filter((pair) => pair.mark === mark).length;
  const [added, changed, missing, unknown] = [count('added'), count('changed'), count('missing'), count('unknown')];
  if (added + changed + missing + unknown === 0) return pairs.length === 0 ? 'It has no environment.' : `All ${pairs.length} as configured.`; // prettier-ignore
  const words = [
    ...(changed > 0 ? [`${changed} changed`] : []),
    ...(added > 0 ? [`${added} added to what was configured`] : []),
    ...(missing > 0 ? [`${missing} configured and not there`] : []),
    ...(unknown > 0 ? [`${unknown} configured and written over since`] : []),
  ].join(', ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
};
