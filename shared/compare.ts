/** Two subjects side by side: what they share, where they differ, and the answer in a sentence. */
import { compareCapabilities, type CapabilityRow } from './compare-capabilities.ts';
import { compareMounts, type MountRow, type MountsOf } from './compare-mounts.ts';
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
  /** These are empty where a detail is missing. */
  readonly limits: readonly LimitRow[];
  readonly capabilities: readonly CapabilityRow[];
  readonly seccomp: readonly ValueRow[];
  readonly environment: readonly ValueRow[];
  readonly mounts: readonly MountRow[];
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
  };
  return { a: sideOf(a), b: sideOf(b), verdict: judge(a, b, rows), explanation: explain(a, b, namespaces), ...rows };
};

const namespaceOf = (
  { kind, process }: Subject,
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
