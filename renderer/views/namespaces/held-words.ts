import type { Holder } from '../../../shared/namespaces.ts';

const WORDS: Readonly<Record<Holder['kind'], (of: readonly Holder[]) => string>> = {
  process: (of) => (of[0]?.kind === 'process' && of[0].processes === 1 ? 'process' : 'processes'),
  bind: (of) => firstAndMore(of, (holder) => (holder.kind === 'bind' ? holder.path : '')),
  fd: (of) => firstAndMore(of, (holder) => (holder.kind === 'fd' ? `fd ${holder.fd} of ${holder.pid}` : '')),
  socket: (of) =>
    firstAndMore(of, (holder) => (holder.kind === 'socket' ? `socket fd ${holder.fd} of ${holder.pid}` : '')),
  thread: (of) =>
    firstAndMore(of, (holder) => (holder.kind === 'thread' ? `thread ${holder.tid} of ${holder.pid}` : '')),
  'for-children': (of) =>
    firstAndMore(of, (holder) => (holder.kind === 'for-children' ? `next child of ${holder.pid}` : '')),
  child: (of) => `${of.length} below it`,
  owned: (of) => `owns ${of.length}`,
};

const firstAndMore = (of: readonly Holder[], words: (holder: Holder) => string): string =>
  of.length === 0 ? '' : `${words(of[0] as Holder)}${of.length > 1 ? ` +${of.length - 1}` : ''}`;

/** What keeps a namespace alive, on one line: `processes, /run/netns/blue`. Hostile text. */
export const heldShort = (holders: readonly Holder[], listed = false): string => {
  if (listed && holders.length === 0) return 'found by listns only';
  const kinds = new Map<Holder['kind'], Holder[]>();
  for (const holder of holders) kinds.set(holder.kind, [...(kinds.get(holder.kind) ?? []), holder]);
  return [...kinds].map(([kind, of]) => WORDS[kind](of)).join(', ');
};
