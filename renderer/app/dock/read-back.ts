import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType, type Process } from '../../../shared/model.ts';
import type { TerminalInfo, TerminalInside } from '../../../shared/terminal.ts';

type Namespaces = Readonly<Record<NamespaceType, NamespaceId | null>>;

interface Named {
  readonly type: NamespaceType;
  readonly id: NamespaceId;
}

/** What /proc says of a terminal's program, against where it was started from. */
export interface ReadBack {
  readonly changed: readonly Named[];
  /** The host's own, or at least those it was started in. */
  readonly kept: readonly (Named & { readonly role: 'host' | 'shared' })[];
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

/**
 * The program as the last look at the machine found it, which may by now be another program in other namespaces; as it
 * was read after its start where no look has found it.
 */
export const insideNow = (
  inside: TerminalInside,
  process: Pick<Process, 'key' | 'comm' | 'nspid' | 'namespaces'> | undefined,
): TerminalInside => {
  if (process === undefined || process.key !== inside.key) return inside;
  const { comm, nspid, namespaces } = process;
  return { ...inside, comm, innerPid: nspid.at(-1) ?? inside.innerPid, namespaces };
};

/** `null` until the program has entered. `host` is what counts as the host's own namespaces. */
export const readBack = (terminal: Pick<TerminalInfo, 'inside' | 'before'>, host: Namespaces): ReadBack | null => {
  if (terminal.inside === null) return null;
  const { before, inside } = { before: terminal.before, inside: terminal.inside.namespaces };
  const changed: Named[] = [];
  const unread: NamespaceType[] = [];
  const kept: ReadBack['kept'][number][] = [];
  for (const type of NAMESPACE_TYPES) {
    const id = inside[type];
    if (id === null || before[type] === null) unread.push(type);
    else if (id === before[type]) kept.push({ type, id, role: id === host[type] ? 'host' : 'shared' });
    else changed.push({ type, id });
  }
  const hosts = kept.every(({ role }) => role === 'host');
  return {
    changed,
    kept,
    unread,
    rest: kept.length === 0 ? null : restWords(kept.length, NAMESPACE_TYPES.length, hosts),
  };
};
