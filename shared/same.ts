/** Equality of plain data: what JSON can carry. */

/** True if the two would be the same JSON, whatever the order of their keys. */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
};

/** The old object where the new one says the same, so that "unchanged" can be seen by `===`. */
export const keep = <T>(old: T | undefined, fresh: T): T => (old !== undefined && same(old, fresh) ? old : fresh);

/** {@link keep} for a list of rows and for each row in it. */
export const keepRows = <T>(old: readonly T[], fresh: readonly T[], identity: (row: T) => string): readonly T[] => {
  const before = new Map(old.map((row) => [identity(row), row]));
  const rows = fresh.map((row) => keep(before.get(identity(row)), row));
  return rows.length === old.length && rows.every((row, i) => row === old[i]) ? old : rows;
};
