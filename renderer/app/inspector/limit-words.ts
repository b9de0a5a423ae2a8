/** One limit of a cgroup as a bar and its words. */
import type { FurtherLimit, Process, ProcessKey } from '../../../shared/model.ts';
import { bytesInWords } from '../../../shared/sentence.ts';
import { bytesOf, oneDecimal } from '../../parts/format.ts';

export type Severity = 'calm' | 'warn' | 'danger';

export interface LimitView {
  readonly title: string;
  readonly file: string;
  /** The figure; `null` if it is not known. */
  readonly used: string | null;
  /** `of 64 MiB`, `no limit`; `null` if the limit could not be read. */
  readonly of: string | null;
  /** Between 0 and 1; `null` where there is no limit to compare with. */
  readonly share: number | null;
  readonly severity: Severity;
}

const TITLES = { memory: 'Memory', cpu: 'CPU', pids: 'Tasks', swap: 'Swap' } as const;
const isOfBytes = (resource: FurtherLimit['resource']): boolean => resource === 'memory' || resource === 'swap';
/** Of memory and tasks. CPU is meant to be used up; what tells there is throttling. */
const WARN_SHARE = 0.8;
const DANGER_SHARE = 0.95;

const severityOf = (resource: FurtherLimit['resource'], share: number): Severity =>
  resource === 'cpu' || resource === 'swap' || share < WARN_SHARE ? 'calm' : share < DANGER_SHARE ? 'warn' : 'danger';

/** `cpuPercent`: what the processes of the cgroup use, of one CPU; `null` if not known yet. */
export const limitView = (entry: FurtherLimit, cpuPercent: number | null): LimitView => {
  const { resource, file, limit } = entry;
  const used = resource === 'cpu' ? cpuPercent : entry.used?.ok ? entry.used.value : null;
  const title = file.includes('.memsw.') ? 'With swap' : TITLES[resource];
  const base = { title, file, severity: 'calm' as const };
  if (!limit.ok) return { ...base, used: used === null ? null : usedAlone(resource, used), of: null, share: null };
  if (limit.value === 'max') {
    return { ...base, used: used === null ? null : usedAlone(resource, used), of: 'no limit', share: null };
  }
  const most = resource === 'cpu' ? 100 * limit.value : limit.value;
  const share = used === null || most <= 0 ? null : Math.min(used / most, 1);
  const [usedWords, mostWords] = pair(resource, used, most);
  return {
    ...base,
    used: usedWords,
    of: `of ${mostWords}${entry.cpus === undefined ? '' : ` (CPU ${entry.cpus})`}`,
    share,
    severity: share === null ? 'calm' : severityOf(resource, share),
  };
};

const usedAlone = (resource: FurtherLimit['resource'], used: number): string =>
  isOfBytes(resource) ? bytesInWords(used) : resource === 'cpu' ? `${oneDecimal(used)} %` : String(used);

const pair = (
  resource: FurtherLimit['resource'],
  used: number | null,
  most: number,
): readonly [string | null, string] => {
  if (isOfBytes(resource)) return used === null ? [null, bytesInWords(most)] : bytesOf(used, most);
  if (resource === 'cpu') return [used === null ? null : oneDecimal(used), `${Number(most.toFixed(1))} %`];
  return [used === null ? null : String(used), String(most)];
};

/** The file to write for this limit to change; `null` where none of this cgroup would do. */
export const changedBy = ({ path, file }: Pick<FurtherLimit, 'path' | 'file'>): string | null => {
  if (file === 'memory.stat') return null;
  const folder = path.slice(0, -file.length);
  return file === 'cpuset.cpus.effective' || file === 'cpuset.effective_cpus' ? `${folder}cpuset.cpus` : path;
};

/** The path of the process's cgroup that CPU limits act on: v1's cpu hierarchy, else v2. */
const cpuCgroup = ({ cgroups }: Process): string | null =>
  (cgroups.find(({ controllers }) => controllers.includes('cpu')) ?? cgroups.find(({ hierarchy }) => hierarchy === 0))
    ?.path ?? null;

/** What all processes of this one's cgroup use together, percent of one CPU; `null` before there is a rate. */
export const cgroupCpuPercent = (
  process: Process,
  processes: readonly Process[],
  cpu: ReadonlyMap<ProcessKey, number | null>,
): number | null => {
  const path = cpuCgroup(process);
  if (path === null || cpu.get(process.key) == null) return null;
  let sum = 0;
  for (const other of processes) if (cpuCgroup(other) === path) sum += cpu.get(other.key) ?? 0;
  return sum;
};
