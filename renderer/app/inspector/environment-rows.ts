import type { EnvironmentEntry } from '../../../shared/model.ts';

export type EnvironmentRow =
  | { readonly kind: 'entry'; readonly entry: EnvironmentEntry }
  /** Nothing between two NULs: a program that renames itself writes over its environment. */
  | { readonly kind: 'blank'; readonly count: number };

/** The entries in order; runs of nothing are counted instead of drawn one by one. */
export const environmentRows = (entries: readonly EnvironmentEntry[]): readonly EnvironmentRow[] => {
  const rows: EnvironmentRow[] = [];
  for (const entry of entries) {
    const last = rows.at(-1);
    if (entry.name !== '' || entry.value !== null) rows.push({ kind: 'entry', entry });
    else if (last?.kind === 'blank') rows[rows.length - 1] = { kind: 'blank', count: last.count + 1 };
    else rows.push({ kind: 'blank', count: 1 });
  }
  return rows;
};

/** How many of the entries say anything. */
export const entryCount = (entries: readonly EnvironmentEntry[]): number =>
  entries.filter(({ name, value }) => name !== '' || value !== null).length;
