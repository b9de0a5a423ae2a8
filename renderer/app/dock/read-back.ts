import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import type { TerminalInfo } from '../../../shared/terminal.ts';

type Namespaces = Readonly<Record<NamespaceType, NamespaceId | null>>;

/** What /proc says of a terminal's program, against where it was started from. */
export interface ReadBack {
  readonly changed: readonly { readonly type: NamespaceType; readonly id: NamespaceId }[];
  /** Those of which one side could not be read: changed or not, nobody knows. */
  readonly unread: readonly NamespaceType[];
  /** `the other five are the host's`; `null` if none is left to speak of. */
  readonly rest: string | null;
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'];

const restWords = (count: number, total: number, hosts: boolean): string => {
  const where = hosts
    ? count === 1
      ? 'is the host’s'
      : 'are the host’s'
    : count === 1
      ? 'is as before'
      : 'are as before';
  return `${count === total ? 'all' : 'the other'} ${NUMBERS[count] ?? count} ${where}`;
};

/** `null` until the program has entered. `host` is what counts as the host's own namespaces. */
export const readBack = (terminal: Pick<TerminalInfo, 'inside' | 'before'>, host: Namespaces): ReadBack | null => {
  if (terminal.inside === null) return null;
  const { before, inside } = { before: terminal.before, inside: terminal.inside.namespaces };
  const changed: { type: NamespaceType; id: NamespaceId }[] = [];
  const unread: NamespaceType[] = [];
  const kept: NamespaceType[] = [];
  for (const type of NAMESPACE_TYPES) {
    const id = inside[type];
    if (id === null || before[type] === null) unread.push(type);
    else if (id === before[type]) kept.push(type);
    else changed.push({ type, id });
  }
  const hosts = kept.every((type) => inside[type] === host[type]);
  return { changed, unread, rest: kept.length === 0 ? null : restWords(kept.length, NAMESPACE_TYPES.length, hosts) };
};
