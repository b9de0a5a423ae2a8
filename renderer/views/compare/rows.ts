/** A comparison as the view's rows; what the components would otherwise have to compute. */
import { capabilityBits, DOCKER_DEFAULT_CAPABILITIES, parseMask } from '../../../shared/capabilities.ts';
import type { CapabilityRow } from '../../../shared/compare-capabilities.ts';
import { countRows, type Comparison, type NamespaceRow } from '../../../shared/compare.ts';
import type { CgroupLimit, NamespaceId, Process, ProcessDetail, World } from '../../../shared/model.ts';
import { bytesInWords, cpusInWords } from '../../../shared/sentence.ts';
import { visible } from '../../../shared/text.ts';
import { counted } from '../../parts/format.ts';

export const SECTIONS = [
  { id: 'namespaces', title: 'Namespaces' },
  { id: 'limits', title: 'Limits' },
  { id: 'capabilities', title: 'Capabilities' },
  { id: 'seccomp', title: 'Seccomp' },
  { id: 'environment', title: 'Environment' },
  { id: 'mounts', title: 'Mounts' },
  { id: 'network', title: 'Network' },
] as const;
export type SectionId = (typeof SECTIONS)[number]['id'];

export type Sameness = boolean | null;
type Rows = readonly { readonly same: Sameness }[];

/** `5 differ, 3 the same`, `the same`, `2 not readable`. */
export const countWords = (rows: Rows): string => {
  const { differ, same, unread } = countRows(rows);
  if (rows.length === 0) return 'nothing on either side';
  if (same === rows.length) return 'the same';
  const words: string[] = [];
  if (differ > 0) words.push(`${differ} ${differ === 1 ? 'differs' : 'differ'}`);
  if (same > 0) words.push(`${same} the same`);
  if (unread > 0) words.push(`${unread} not known`);
  return words.join(', ');
};

/** The rows that stay when only differences are wanted: what is not known may be one. */
export const differing = <Row extends { readonly same: Sameness }>(rows: readonly Row[]): readonly Row[] =>
  rows.filter(({ same }) => same !== true);

/** `1 process`, and for a pid namespace who is its PID 1. Only what the processes' readable links tell. */
export const membersWords = (world: World, id: NamespaceId | null, type: NamespaceRow['type']): string => {
  if (id === null) return '';
  const members = world.processes.filter((process) => process.namespaces[type] === id);
  const words = counted(members.length, 'process', 'processes');
  const first = type === 'pid' ? members.find(({ nspid }) => nspid.length > 1 && nspid.at(-1) === 1) : undefined;
  return first === undefined ? words : `${words}, ${visible(first.comm)} is PID 1`;
};

/** Seconds since the process began. */
export const ageSeconds = (world: World, process: Pick<Process, 'starttime'>): number =>
  Math.max(0, world.uptimeSeconds - process.starttime / world.host.clockTicksPerSecond);

const RESOURCES = { memory: 'Memory', cpu: 'CPU', pids: 'Tasks' } as const;
export const resourceTitle = (resource: CgroupLimit['resource']): string => RESOURCES[resource];

/** One side of a limit: words, what is used, and how full the bar is (0 to 1; `null`: no bar can be drawn). */
export interface LimitCell {
  readonly words: string;
  readonly used: string;
  readonly share: number | null;
  /** `unread`: the file could not be read. `none`: no cgroup of the process has this controller. */
  readonly state: 'limited' | 'unlimited' | 'unread' | 'none';
}

export const limitCell = (limit: CgroupLimit | null): LimitCell => {
  if (limit === null) return { words: 'no controller', used: '', share: null, state: 'none' };
  const used = limit.used?.ok ? usedWords(limit.resource, limit.used.value) : '';
  if (!limit.limit.ok) return { words: 'not readable', used, share: null, state: 'unread' };
  const most = limit.limit.value;
  if (most === 'max') return { words: 'no limit', used, share: null, state: 'unlimited' };
  const share = limit.used?.ok && most > 0 ? Math.min(limit.used.value / most, 1) : null;
  return { words: limitWords(limit.resource, most), used, share, state: 'limited' };
};

const limitWords = (resource: CgroupLimit['resource'], most: number): string =>
  resource === 'memory' ? bytesInWords(most) : resource === 'cpu' ? cpusInWords(most) : String(most);
const usedWords = (resource: CgroupLimit['resource'], used: number): string =>
  resource === 'memory' ? `${bytesInWords(used)} used` : `${used} now`;

/** One side of a capability row as `CapabilityStrip` draws it. */
export interface Strip {
  readonly effective: string;
  readonly bounding: string;
  /** Bits that only this side has; solid also in the bounding set, so that they are seen. */
  readonly differs: readonly number[];
}

/** `null` for a set that was not read. Against a set that was not read no difference is claimed. */
export const stripOf = (row: CapabilityRow, side: 'a' | 'b'): Strip | null => {
  const [mask, other] = [row[side], row[side === 'a' ? 'b' : 'a']];
  if (mask === null) return null;
  const beyond = other === null ? '0' : (parseMask(mask) & ~parseMask(other)).toString(16);
  const differs = capabilityBits(beyond);
  return row.set === 'bounding'
    ? { effective: beyond, bounding: mask, differs }
    : { effective: mask, bounding: '0', differs };
};

/** What to say beside the number: `Docker’s default`, `all of its bounding set`, `it runs as uid 999`. */
export const capabilityNote = (row: CapabilityRow, side: 'a' | 'b', detail: ProcessDetail | null): string => {
  const mask = row[side];
  if (mask === null || !detail?.status.ok) return '';
  const { uids, capabilities } = detail.status.value;
  const value = parseMask(mask);
  if (row.set === 'bounding' && value === parseMask(DOCKER_DEFAULT_CAPABILITIES)) return 'Docker’s default';
  if (row.set !== 'effective') return '';
  if (value === 0n) return uids[1] === 0 ? '' : `it runs as uid ${uids[1]}`;
  return value === parseMask(capabilities.bounding) ? 'all of its bounding set' : '';
};

export const capabilityCount = (mask: string): string => String(capabilityBits(mask).length || 'none');

export const rowsOf = (comparison: Comparison, section: SectionId): Rows => comparison[section];
