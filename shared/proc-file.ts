/** What is known of one file under /proc/PID. */

/** `fields`: lines of `Key: value`. `nul`: strings that each end in a NUL byte. `none`: nothing to be read. */
export type ProcForm = 'text' | 'fields' | 'nul' | 'binary' | 'none' | 'link' | 'directory';

export interface ProcFileInfo {
  /** Relative to /proc/PID; `*` stands for one name. */
  readonly name: string;
  readonly form: ProcForm;
  /** One sentence. */
  readonly meaning: string;
  /** The page of section 5, or where else it is described; `null` where it has no page. */
  readonly page: string | null;
  /** The first Linux that had it, where known. */
  readonly since: string | null;
  /**
   * `free`: reading costs next to nothing. `asked`: it walks all memory of the process, so it is read only when somebody
   * looks at it. `never`: not read at all, and {@link why} says why.
   */
  readonly cost: 'free' | 'asked' | 'never';
  readonly why: string | null;
}

/** How the tables beside this file are written: name, form, meaning, and the rest where it differs from the usual. */
export type Row = readonly [
  name: string,
  form: ProcForm,
  meaning: string,
  rest?: { readonly page?: string | null; readonly since?: string; readonly asked?: true; readonly never?: string },
];

/** proc_pid_status(5): since man-pages 6.10 each file has a page of its own. */
const ownPage = (name: string): string => `proc_pid_${name.split('/')[0] ?? ''}(5)`;

export const rowInfo = ([name, form, meaning, rest = {}]: Row): ProcFileInfo => ({
  name,
  form,
  meaning,
  page: rest.page === undefined ? ownPage(name) : rest.page,
  since: rest.since ?? null,
  cost: rest.never !== undefined ? 'never' : rest.asked ? 'asked' : 'free',
  why: rest.never ?? null,
});
