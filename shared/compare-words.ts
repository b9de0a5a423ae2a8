/** What a comparison says in words. */
import type { CapabilityRow } from './compare-capabilities.ts';
import type { LimitRow, ValueRow } from './compare-values.ts';
import type { NamespaceRow, Subject } from './compare.ts';
import type { NamespaceType } from './model.ts';
import { listed } from './sentence.ts';
import { visible } from './text.ts';

interface Rows {
  readonly namespaces: readonly NamespaceRow[];
  readonly limits: readonly LimitRow[];
  readonly capabilities: readonly CapabilityRow[];
  readonly seccomp: readonly ValueRow[];
}

const types = (rows: readonly NamespaceRow[], which: (row: NamespaceRow) => boolean): NamespaceType[] =>
  rows.filter(which).map(({ type }) => type);

/** Labels for a sentence; told apart by pid where they read the same. */
const labelsOf = (a: Subject, b: Subject): readonly [string, string] =>
  a.label === b.label
    ? [`${visible(a.label)} (${a.process.pid})`, `${visible(b.label)} (${b.process.pid})`]
    : [visible(a.label), visible(b.label)];

/** The answer: first the namespaces, then what one side may that the other may not. */
export const judge = (a: Subject, b: Subject, rows: Rows): string => {
  if (a.kind !== 'host' && b.kind !== 'host' && a.process.key === b.process.key) {
    return 'They are the same process.';
  }
  const [nameA, nameB] = labelsOf(a, b);
  const more = [sentenceOf(nameA, privileges(rows, 'a')), sentenceOf(nameB, privileges(rows, 'b'))].filter(
    (sentence) => sentence !== '',
  );
  return [namespaceVerdict(a, b, rows.namespaces), ...more].join(' ');
};

const sentenceOf = (name: string, predicates: readonly string[]): string =>
  predicates.length === 0 ? '' : `${name} ${listed(predicates)}.`;

const namespaceVerdict = (a: Subject, b: Subject, rows: readonly NamespaceRow[]): string => {
  const shared = types(rows, ({ same, host }) => same === true && !host);
  const hosts = types(rows, ({ host }) => host);
  const unread = types(rows, ({ same }) => same === null);
  const differ = types(rows, ({ same }) => same === false);
  const open = unread.length === 0 ? '' : `; ${listed(unread)} could not be compared`;
  if (unread.length === rows.length) return 'Their namespaces could not be compared.';
  if (a.kind === 'host' || b.kind === 'host') return hostVerdict(a.kind === 'host' ? b : a, hosts, differ, open);
  if (hosts.length === rows.length) return 'Both are in the host’s namespaces, all eight.';
  if (shared.length === 0) return `They share nothing${open}.`;
  if (differ.length > 0 && unread.length === 0) return `They share ${listed(shared)} and nothing else.`;
  if (differ.length > 0 || unread.length > 0) return `They share ${listed(shared)}${open}.`;
  return hosts.length === 0
    ? 'They share every namespace.'
    : `They share every namespace that is not the host’s: ${listed(shared)}.`;
};

const hostVerdict = (
  other: Subject,
  hosts: readonly NamespaceType[],
  differ: readonly NamespaceType[],
  open: string,
): string => {
  const name = other.kind === 'host' ? 'The host' : visible(other.label);
  if (differ.length === 0 && open === '') return `${name} is in the host’s namespaces, all eight.`;
  if (differ.length === 0) return `${name} is in the host’s ${listed(hosts)}${open}.`;
  if (hosts.length === 0) return `${name} uses none of the host’s namespaces${open}.`;
  return `${name} uses the host’s ${listed(hosts)}${open === '' ? ' and nothing else of it' : open}.`;
};

/** More than this many are counted. */
const NAMED_CAPABILITIES = 3;
const RESOURCE_WORDS = { memory: 'memory', cpu: 'CPU', pids: 'task' } as const;

/** `adds NET_ADMIN`, `has no memory limit`, `has no seccomp filter`: where this side may more than the other. */
const privileges = ({ capabilities, limits, seccomp }: Rows, side: 'a' | 'b'): string[] => {
  const other = side === 'a' ? 'b' : 'a';
  const bounding = capabilities.find(({ set }) => set === 'bounding');
  const added = (side === 'a' ? bounding?.onlyA : bounding?.onlyB) ?? [];
  const unlimited = limits
    .filter((row) => isUnlimited(row, side) && isLimited(row, other))
    .map(({ resource }) => RESOURCE_WORDS[resource]);
  const mode = seccomp.find(({ name }) => name === 'mode');
  const predicates: string[] = [];
  if (added.length > NAMED_CAPABILITIES) predicates.push(`adds ${added.length} capabilities`);
  else if (added.length > 0) predicates.push(`adds ${listed(added)}`);
  if (unlimited.length > 0) predicates.push(`has no ${unlimited.join(' or ')} limit`);
  if (mode?.[side] === 'disabled' && mode[other] === 'filter') predicates.push('has no seccomp filter');
  return predicates;
};

const isUnlimited = (row: LimitRow, side: 'a' | 'b'): boolean =>
  row[side]?.limit.ok === true && row[side].limit.value === 'max';
const isLimited = (row: LimitRow, side: 'a' | 'b'): boolean =>
  row[side]?.limit.ok === true && row[side].limit.value !== 'max';

/** The namespaces that the verdict has not named: `mnt, uts, ipc, pid and cgroup are their own; user and time are the host’s for both.` */
export const explain = (a: Subject, b: Subject, rows: readonly NamespaceRow[]): string => {
  const [nameA, nameB] = labelsOf(a, b);
  const clause = (which: (row: NamespaceRow) => boolean, words: string): string[] => {
    const found = types(rows, which);
    return found.length === 0 ? [] : [`${listed(found)} ${found.length === 1 ? 'is' : 'are'} ${words}`];
  };
  const differ = (row: NamespaceRow): boolean => row.same === false;
  const clauses = [
    ...clause((row) => differ(row) && !row.aHost && !row.bHost, 'their own'),
    ...clause((row) => differ(row) && row.aHost, ownedBy(nameB, a.kind === 'host' ? null : nameA)),
    ...clause((row) => differ(row) && row.bHost, ownedBy(nameA, b.kind === 'host' ? null : nameB)),
    ...clause((row) => row.host, 'the host’s for both'),
    ...clause((row) => row.same === null && row.a === null && row.b === null, 'not readable for either'),
    ...clause((row) => row.same === null && row.a === null && row.b !== null, `not readable for ${nameA}`),
    ...clause((row) => row.same === null && row.b === null && row.a !== null, `not readable for ${nameB}`),
  ];
  // The verdict has named the shared ones; they are repeated only where nothing else is left to say.
  const said = clauses.length > 0 ? clauses : clause((row) => row.same === true, 'one for both');
  return `${said.join('; ')}.`;
};

const ownedBy = (owner: string, inHosts: string | null): string =>
  inHosts === null ? `${owner}’s own` : `${owner}’s own, the host’s for ${inHosts}`;
