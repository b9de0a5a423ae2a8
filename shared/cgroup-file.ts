/** What can be known about a cgroup file before it is read. */

/** What the numbers of a file count. `ticks`: 1/100 s on every Linux that Node runs on (USER_HZ). */
export type CgroupUnit =
  | 'bytes'
  | 'bytes/s'
  | 'µs'
  | 'ms'
  | 'ns'
  | 'ticks'
  | 'tasks'
  | 'pages'
  | 'operations'
  | 'operations/s'
  | 'sectors'
  | 'times'
  | 'cgroups'
  | 'weight'
  | '%';

/**
 * How the text of a file is put together; each form has one parser.
 *
 * - `number`, `flag` (0 or 1), `limit` (a number or `max`)
 * - `v1-memory-limit`: a number; LONG_MAX rounded down to pages means that there is none
 * - `v1-quota`: a number; negative means that there is none
 * - `bandwidth`: quota or `max`, then period
 * - `word`: one line of text; `words`: words with blanks between; `lines`: a line each
 * - `pids`: a pid a line; `numbers`: numbers with blanks between; `ranges`: `0-3,8`
 * - `flat`: a key and its number on each line; `nested`: a key, then `name=number` as often as needed
 * - `numa`: `name=pages N0=pages …`; `operations`: `MAJ:MIN Read 1`; `columns`: a head, then a row for each CPU
 * - `psi`: pressure stall information
 * - `nothing`: it cannot be read, only written or waited on
 */
export type CgroupForm =
  | 'number'
  | 'flag'
  | 'limit'
  | 'v1-memory-limit'
  | 'v1-quota'
  | 'bandwidth'
  | 'word'
  | 'words'
  | 'lines'
  | 'pids'
  | 'numbers'
  | 'ranges'
  | 'flat'
  | 'nested'
  | 'numa'
  | 'operations'
  | 'columns'
  | 'psi'
  | 'nothing';

export type CgroupVersion = 1 | 2;

/** A file of the other version. */
export interface CgroupTwin {
  readonly name: string;
  /** True if the two say the same, where there are several all of them together; else it is the nearest there is. */
  readonly same: boolean;
}

export interface CgroupFileInfo {
  /** `memory.max`. A `*` stands for a page size: `hugetlb.*.max`. */
  readonly name: string;
  /** `memory`; `cgroup` for files that every cgroup has. */
  readonly controller: string;
  readonly version: CgroupVersion;
  /** What the other version has of it; `[]` if nothing. */
  readonly twins: readonly CgroupTwin[];
  readonly unit: CgroupUnit | null;
  readonly form: CgroupForm;
  /** The kernel takes writes, from whoever may. */
  readonly writable: boolean;
  /** One sentence. */
  readonly meaning: string;
  /** First kernel that has it, where it came later than its controller. */
  readonly since: string | null;
}

/** `[name, twins, unit, form, r or rw, meaning, since]`; twins with blanks between, `~` before one that is only the nearest. */
export type CgroupFileRow = readonly [
  name: string,
  twins: string | null,
  unit: CgroupUnit | null,
  form: CgroupForm,
  access: 'r' | 'rw',
  meaning: string,
  since?: string,
];

const twinsOf = (words: string | null): readonly CgroupTwin[] =>
  words === null ? [] : words.split(' ').map((word) => ({ name: word.replace(/^~/, ''), same: !word.startsWith('~') }));

/** The rows of one controller in one version. */
export const rowsOf = (controller: string, version: CgroupVersion, rows: readonly CgroupFileRow[]): CgroupFileInfo[] =>
  rows.map(([name, twins, unit, form, access, meaning, since]) => ({
    name,
    controller,
    version,
    twins: twinsOf(twins),
    unit,
    form,
    writable: access === 'rw',
    meaning,
    since: since ?? null,
  }));
