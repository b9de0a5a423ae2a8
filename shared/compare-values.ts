import { isOverwritten } from './container-env.ts';
import { seccompMode } from './seccomp.ts';
import type { CgroupLimit, EnvironmentEntry, ProcessDetail, ProcessStatus, Reading } from './model.ts';

/** One property as text on both sides. */
export interface ValueRow {
  readonly name: string;
  /** `null`: not set, unless `aRead` says that it could not be read. */
  readonly a: string | null;
  readonly b: string | null;
  readonly aRead: boolean;
  readonly bRead: boolean;
  readonly same: boolean | null;
}

export interface LimitRow {
  readonly resource: CgroupLimit['resource'];
  /** `null` if no cgroup of that process has this controller. */
  readonly a: CgroupLimit | null;
  readonly b: CgroupLimit | null;
  readonly same: boolean | null;
}

const RESOURCES = ['memory', 'cpu', 'pids'] as const;

/** One row a resource that either side knows a limit file for. */
export const compareLimits = (a: ProcessDetail | null, b: ProcessDetail | null): readonly LimitRow[] => {
  if (a === null || b === null) return [];
  return RESOURCES.flatMap((resource): LimitRow[] => {
    const [limitA, limitB] = [a, b].map(({ limits }) => limits.find((limit) => limit.resource === resource) ?? null);
    if (limitA == null && limitB == null) return [];
    return [{ resource, a: limitA ?? null, b: limitB ?? null, same: sameLimit(limitA ?? null, limitB ?? null) }];
  });
};

const sameLimit = (a: CgroupLimit | null, b: CgroupLimit | null): boolean | null => {
  // Without a controller there is nothing that limits, but nothing that says so either.
  if (a === null || b === null || !a.limit.ok || !b.limit.ok) return null;
  return a.limit.value === b.limit.value;
};

export const compareSeccomp = (a: ProcessDetail | null, b: ProcessDetail | null): readonly ValueRow[] => {
  if (a === null || b === null) return [];
  const row = (name: string, text: (status: ProcessStatus) => string | null): ValueRow =>
    valueRow(name, textOf(a.status, text), textOf(b.status, text));
  return [
    row('mode', ({ seccomp }) => seccompMode(seccomp)),
    row('filters', ({ seccompFilters }) => seccompFilters?.toString() ?? null),
    row('no new privileges', ({ noNewPrivs }) => (noNewPrivs === null ? null : noNewPrivs ? 'yes' : 'no')),
  ];
};

interface Text {
  readonly read: boolean;
  readonly text: string | null;
}
const textOf = <T>(reading: Reading<T>, text: (value: T) => string | null): Text =>
  reading.ok ? { read: true, text: text(reading.value) } : { read: false, text: null };

const valueRow = (name: string, a: Text, b: Text): ValueRow => ({
  name,
  a: a.text,
  b: b.text,
  aRead: a.read,
  bRead: b.read,
  same: a.read && b.read ? a.text === b.text : null,
});

/** One row a variable of either side, by name. */
export const compareEnvironment = (a: ProcessDetail | null, b: ProcessDetail | null): readonly ValueRow[] => {
  if (a === null || b === null) return [];
  const [inA, inB] = [valuesOf(a.environ), valuesOf(b.environ)];
  const names = new Set([...inA.keys(), ...inB.keys()]);
  return [...names]
    .sort((x, y) => (x < y ? -1 : 1))
    .map((name) => valueRow(name, valueOf(a.environ, inA.get(name)), valueOf(b.environ, inB.get(name))));
};

/** Where a process has written over its environment, what is not there any more may have been. */
const valueOf = (environ: ProcessDetail['environ'], text: string | undefined): Text => ({
  read: environ.ok && (text !== undefined || !isOverwritten(environ.value)),
  text: text ?? null,
});

/** getenv(3) finds the first of several; a name without `=` is set to nothing that can be seen. */
const valuesOf = (environ: Reading<readonly EnvironmentEntry[]>): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  if (!environ.ok) return values;
  for (const { name, value } of environ.value) if (value !== null && !values.has(name)) values.set(name, value);
  return values;
};
