/** Any JSON as rows that open and close, and that can be searched; for accounts of which nobody knows the form beforehand. */

export interface JsonRow {
  /** Unique: the keys from the top, as a JSON Pointer (RFC 6901). */
  readonly pointer: string;
  readonly key: string;
  readonly depth: number;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  /** How many are in it; 0 for what holds nothing. */
  readonly size: number;
  /** Of a string the string itself, else its JSON; empty for what holds others. Hostile text. */
  readonly text: string;
  readonly isOpen: boolean;
}

type Entry = readonly [key: string, value: unknown];

const entriesOf = (value: unknown): readonly Entry[] =>
  Array.isArray(value)
    ? value.map((one: unknown, index): Entry => [String(index), one])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];

const kindOf = (value: unknown): JsonRow['kind'] => {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
};

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' && value !== null ? '' : String(value);

const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Deeper than any account of an engine; what is below is not walked. */
const DEEPEST = 64;

/**
 * In the order of the JSON. With a `search` only what has it in its key or text, and what leads there, all of it open.
 * Otherwise what is in `closed` is closed.
 */
export const jsonRows = (value: unknown, closed: ReadonlySet<string>, search = ''): JsonRow[] => {
  const wanted = search.toLowerCase().trim();
  const rows: JsonRow[] = [];
  const walk = (entries: readonly Entry[], above: string, depth: number): boolean => {
    let any = false;
    for (const [key, one] of entries) {
      const pointer = `${above}/${pointerPart(key)}`;
      const inside = depth < DEEPEST ? entriesOf(one) : [];
      const text = textOf(one);
      const matches = wanted === '' || key.toLowerCase().includes(wanted) || text.toLowerCase().includes(wanted);
      const isOpen = wanted !== '' || !closed.has(pointer);
      const at = rows.length;
      rows.push({ pointer, key, depth, kind: kindOf(one), size: inside.length, text, isOpen });
      const below = isOpen && inside.length > 0 && walk(inside, pointer, depth + 1);
      if (matches || below) any = true;
      else rows.length = at;
    }
    return any;
  };
  walk(entriesOf(value), '', 0);
  return rows;
};

/** Everything at this depth or deeper that holds others, for closing it at first sight. */
export const pointersFrom = (value: unknown, depth: number): string[] =>
  jsonRows(value, new Set())
    .filter((row) => row.depth >= depth && row.size > 0)
    .map(({ pointer }) => pointer);
