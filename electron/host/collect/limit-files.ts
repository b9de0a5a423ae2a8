/** The files that limit a cgroup, by version, and what is in them. */
import type { CgroupLimit, FurtherLimit, Limit, Reading } from '../../../shared/model.ts';
import { parseCpuList } from '../../../shared/cpu-list.ts';
import { parseRanges } from '../parse/cgroup-list.ts';
import { decimal, FormatError } from '../parse/format-error.ts';

export interface Around {
  readonly pageBytes: number;
  /** How many CPUs of the machine are on; `null` if it would not tell. */
  readonly cpus: number | null;
  /** Another file of the same cgroup. */
  readonly beside: (file: string) => Reading<string>;
}

export interface LimitFile {
  readonly limit: string;
  readonly used: string | null;
  /** `null` where the file holds nothing that could be a limit. */
  readonly parse: (text: string, around: Around) => Limit | null;
  /** v1: the key of memory.stat in which the kernel tells the tightest limit from here to the root. */
  readonly hierarchical?: string;
}

export interface LimitKind {
  readonly resource: FurtherLimit['resource'];
  readonly controller: string;
  readonly v1: LimitFile | null;
  readonly v2: LimitFile | null;
  /** Told by each cgroup with all above taken into account: of equals the outermost is the one that sets it. */
  readonly inherited?: true;
}

const maxOr =
  (file: string) =>
  (text: string): Limit =>
    text.trim() === 'max' ? 'max' : decimal(text.trim(), file);

/** Without a limit, memory of v1 reads LONG_MAX rounded down to pages; mm/page_counter.c. */
export const v1Bytes =
  (file: string) =>
  (text: string, { pageBytes }: Pick<Around, 'pageBytes'>): Limit => {
    const word = text.trim();
    if (!/^\d{1,20}$/.test(word)) throw new FormatError(file, word);
    const page = BigInt(pageBytes);
    return BigInt(word) >= ((2n ** 63n - 1n) / page) * page ? 'max' : Number(word);
  };

const quota = (text: string, { beside }: Around): Limit => {
  const most = decimal(text.trim(), 'cpu.cfs_quota_us');
  if (most < 0) return 'max';
  const period = beside('cpu.cfs_period_us');
  if (!period.ok) throw new FormatError('cpu.cfs_period_us', period.call);
  return most / decimal(period.value.trim(), 'cpu.cfs_period_us');
};

const bandwidth = (text: string): Limit => {
  const [most = '', period] = text.trim().split(' ');
  return most === 'max' ? 'max' : decimal(most, 'cpu.max') / decimal(period, 'cpu.max');
};

/** A new cpuset of v1 has none before it is given some: until then no task can be in it. man 7 cpuset. */
const cpuset =
  (file: string) =>
  (text: string, { cpus }: Around): Limit | null => {
    const count = parseCpuList(parseRanges(text, file))?.length;
    if (count === undefined) throw new FormatError(file, text);
    return count === 0 || cpus === null ? null : count >= cpus ? 'max' : count;
  };

const file = (limit: string, used: string | null, parse: LimitFile['parse'], hierarchical?: string): LimitFile =>
  hierarchical === undefined ? { limit, used, parse } : { limit, used, parse, hierarchical };
const v1Memory = (what: string, hierarchical: string): LimitFile =>
  file(`memory.${what}limit_in_bytes`, `memory.${what}usage_in_bytes`, v1Bytes(`memory.${what}limit_in_bytes`), hierarchical); // prettier-ignore
const v2Limit = (limit: string, used: string): LimitFile => file(limit, used, maxOr(limit));

/**
 * The first kind of a resource is what it is changed by. Documentation/admin-guide/cgroup-v2.rst; cgroup-v1/memory.rst,
 * cpusets.rst, pids.rst; scheduler/sched-bwc.rst.
 */
export const LIMIT_KINDS: readonly LimitKind[] = [
  { resource: 'memory', controller: 'memory', v1: v1Memory('', 'hierarchical_memory_limit'), v2: v2Limit('memory.max', 'memory.current') }, // prettier-ignore
  { resource: 'memory', controller: 'memory', v1: null, v2: v2Limit('memory.high', 'memory.current') },
  { resource: 'cpu', controller: 'cpu', v1: file('cpu.cfs_quota_us', null, quota), v2: file('cpu.max', null, bandwidth) }, // prettier-ignore
  {
    resource: 'cpu',
    controller: 'cpuset',
    v1: file('cpuset.effective_cpus', null, cpuset('cpuset.effective_cpus')),
    v2: file('cpuset.cpus.effective', null, cpuset('cpuset.cpus.effective')),
    inherited: true,
  },
  { resource: 'pids', controller: 'pids', v1: v2Limit('pids.max', 'pids.current'), v2: v2Limit('pids.max', 'pids.current') }, // prettier-ignore
  { resource: 'swap', controller: 'memory', v1: v1Memory('memsw.', 'hierarchical_memsw_limit'), v2: v2Limit('memory.swap.max', 'memory.swap.current') }, // prettier-ignore
];

export const LIMITED: readonly CgroupLimit['resource'][] = ['memory', 'cpu', 'pids'];
