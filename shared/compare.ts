/** Two subjects side by side: what they share, where they differ, and the answer in a sentence. */
import { compareCapabilities, type CapabilityRow } from './compare-capabilities.ts';
import { compareMounts, type MountRow, type MountsOf } from './compare-mounts.ts';
import { compareNetwork, type NetworkOf } from './compare-network.ts';
import { compareEnvironment, compareLimits, compareSeccomp, type ValueRow, type LimitRow } from './compare-values.ts';
import { explain, judge } from './compare-words.ts';
import {
  NAMESPACE_TYPES,
  type Container,
  type NamespaceId,
  type NamespaceType,
  type Process,
  type ProcessDetail,
} from './model.ts';

/** What can stand on one side of a comparison. A container or the host is looked at through its first process. */
export interface Subject {
  readonly kind: 'container' | 'process' | 'host';
  /** Name of the container, comm of the process, or the host's name. Hostile text. */
  readonly label: string;
  readonly process: Process;
  readonly container: Container | null;
  /** `null` if it was not asked for or the process ended meanwhile; then only namespaces are compared. */
  readonly detail: ProcessDetail | null;
  readonly mounts?: MountsOf;
  /** What is in its network namespace; compared only where the two are in different ones. */
  readonly network?: NetworkOf;
}

export interface NamespaceRow {
  readonly type: NamespaceType;
  /** `null`: could not be read. */
  readonly a: NamespaceId | null;
  readonly b: NamespaceId | null;
  /** `null` if either could not be read: then nothing is claimed. */
  readonly same: boolean | null;
  /** Both are in the host's. */
  readonly host: boolean;
  readonly aHost: boolean;
  readonly bHost: boolean;
}

export interface Side {
  readonly kind: Subject['kind'];
  readonly label: string;
  readonly pid: number;
  readonly key: Process['key'];
  readonly comm: string;
  /** Full ID of the container the process is in. */
  readonly container: string | null;
}

export interface Comparison {
  readonly a: Side;
  readonly b: Side;
  /** The answer: `They share net and nothing else. web adds NET_ADMIN and has no memory limit.` */
  readonly verdict: string;
  /** The rest of the namespaces, in words. Never empty. */
  readonly explanation: string;
  readonly namespaces: readonly NamespaceRow[];
  /** `pid_for_children`, `time_for_children`: only where one side's next child will not be born into its own namespace. */
  readonly children: readonly ValueRow[];
  /** These are empty where a detail is missing. */
  readonly limits: readonly LimitRow[];
  readonly capabilities: readonly CapabilityRow[];
  readonly seccomp: readonly ValueRow[];
  readonly environment: readonly ValueRow[];
  readonly mounts: readonly MountRow[];
  /** Interfaces, routes, sockets that listen. Empty where the network namespace is one. */
  readonly network: readonly ValueRow[];
}

/** `host`: {@link World.host}'s namespaces. */
export const compare = (
  a: Subject,
  b: Subject,
  host: Readonly<Record<NamespaceType, NamespaceId | null>>,
): Comparison => {
  const namespaces = NAMESPACE_TYPES.map((type) =>
    namespaceRow(type, namespaceOf(a, type, host), namespaceOf(b, type, host), host[type]),
  );
  const rows = {
    namespaces,
    limits: compareLimits(a.detail, b.detail),
    capabilities: compareCapabilities(a.detail, b.detail),
    seccomp: compareSeccomp(a.detail, b.detail),
    environment: compareEnvironment(a.detail, b.detail),
    mounts: compareMounts(a.mounts, b.mounts),
    network: differIn(namespaces, 'net') ? compareNetwork(a.network, b.network) : [],
  };
  const children = compareChildren(a.process, b.process);
  const [verdict, explanation] = [judge(a, b, rows), explain(a, b, namespaces)];
  return { a: sideOf(a), b: sideOf(b), verdict, explanation, children, ...rows };
};

/** Only what is known to differ. */
const differIn = (rows: readonly NamespaceRow[], type: NamespaceType): boolean =>
  rows.some((row) => row.type === type && row.same === false);

/** Whether there is a reason to read what is in the network namespaces of both. */
export const networksDiffer = (
  a: Omit<Subject, 'detail'>,
  b: Omit<Subject, 'detail'>,
  host: Readonly<Record<NamespaceType, NamespaceId | null>>,
): boolean => {
  const [inA, inB] = [namespaceOf(a, 'net', host), namespaceOf(b, 'net', host)];
  return inA !== null && inB !== null && inA !== inB;
};

const compareChildren = (a: Process, b: Process): readonly ValueRow[] =>
  (['pid', 'time'] as const).flatMap((type) => {
    const link = `${type}_for_children` as const;
    const [ofA, ofB] = [a.namespaces[link], b.namespaces[link]];
    const apart = ({ namespaces }: Process): boolean =>
      namespaces[link] !== null && namespaces[link] !== namespaces[type];
    if (!apart(a) && !apart(b)) return [];
    const same = ofA === null || ofB === null ? null : ofA === ofB;
    return [{ name: link, a: ofA, b: ofB, aRead: ofA !== null, bRead: ofB !== null, same }];
  });

const namespaceOf = (
  { kind, process }: Pick<Subject, 'kind' | 'process'>,
  type: NamespaceType,
  host: Readonly<Record<NamespaceType, NamespaceId | null>>,
): NamespaceId | null => (kind === 'host' ? host[type] : process.namespaces[type]);

const namespaceRow = (
  type: NamespaceType,
  a: NamespaceId | null,
  b: NamespaceId | null,
  host: NamespaceId | null,
): NamespaceRow => {
  const aHost = a !== null && a === host;
  const bHost = b !== null && b === host;
  return { type, a, b, same: a === null || b === null ? null : a === b, host: aHost && bHost, aHost, bHost };
};

const sideOf = ({ kind, label, process }: Subject): Side => ({
  kind,
  label,
  pid: process.pid,
  key: process.key,
  comm: process.comm,
  container: process.container,
});

/** `5 differ, 3 the same, 1 not readable`, as the head of a section. */
export const countRows = (rows: readonly { readonly same: boolean | null }[]) => ({
  differ: rows.filter(({ same }) => same === false).length,
  same: rows.filter(({ same }) => same === true).length,
  unread: rows.filter(({ same }) => same === null).length,
});
