/** What a cgroup's memory comes to, and what it is made of. */
import { keysIn, numberIn } from './cgroup-find.ts';
import type { CgroupDetail } from './cgroup-model.ts';
import { bytesInWords } from './sentence.ts';

export interface MemoryPart {
  /** Key of memory.stat, or the file, that tells it; `other` for what none of them does. */
  readonly key: string;
  readonly label: string;
  readonly bytes: number;
}

export interface MemoryUse {
  /** All bytes that count, page cache too. */
  readonly usedBytes: number;
  /** Without the page cache that the kernel would give up first; `null` if memory.stat could not be read. */
  readonly workingSetBytes: number | null;
  /** How that was reckoned, in the kernel's words. */
  readonly definition: string;
  /** What it is made of, largest first and the rest last; together as much as `usedBytes`, but for what moved meanwhile. */
  readonly parts: readonly MemoryPart[];
}

type Stat = ReadonlyMap<string, number>;

/** No byte is in two of them: file pages that are in use or idle are on other lists than those of tmpfs. mm/memcontrol.c. */
const V2_PARTS: readonly (readonly [key: string, label: string])[] = [
  ['anon', 'programs'],
  ['active_file', 'cache in use'],
  ['inactive_file', 'idle cache'],
  ['shmem', 'shared'],
  ['kernel', 'kernel'],
  ['sock', 'network buffers'],
  ['hugetlb', 'huge pages'],
];
const V1_PARTS: typeof V2_PARTS = [
  ['total_rss', 'programs'],
  ['total_active_file', 'cache in use'],
  ['total_inactive_file', 'idle cache'],
  ['total_shmem', 'shared'],
];

/** What `kernel` sums up since Linux 5.18. */
const KERNEL_KEYS = ['kernel_stack', 'pagetables', 'sec_pagetables', 'percpu', 'vmalloc'] as const;

const kernelOf = (stat: Stat): MemoryPart[] => {
  const both = [stat.get('slab_reclaimable'), stat.get('slab_unreclaimable')].filter((bytes) => bytes !== undefined);
  const slab = stat.get('slab') ?? (both.length === 0 ? undefined : both.reduce((sum, bytes) => sum + bytes, 0));
  const found = [slab, ...KERNEL_KEYS.map((key) => stat.get(key))].filter((bytes) => bytes !== undefined);
  const bytes = found.reduce((sum, one) => sum + one, 0);
  return found.length === 0 ? [] : [{ key: 'slab', label: 'kernel', bytes }];
};

const partsOf = (stat: Stat, labels: typeof V2_PARTS): MemoryPart[] =>
  labels.flatMap(([key, label]): MemoryPart[] => {
    const bytes = stat.get(key);
    if (bytes !== undefined) return [{ key, label, bytes }];
    return key === 'kernel' ? kernelOf(stat) : [];
  });

const sorted = (parts: readonly MemoryPart[]): MemoryPart[] => parts.toSorted((a, b) => b.bytes - a.bytes);
const sum = (parts: readonly MemoryPart[]): number => parts.reduce((all, { bytes }) => all + bytes, 0);

/** What is counted by no key, such as pages that were charged but are on no list yet. */
const withRest = (parts: readonly MemoryPart[], used: number): MemoryPart[] => {
  const rest = used - sum(parts);
  return [...sorted(parts), ...(parts.length > 0 && rest > 0 ? [{ key: 'other', label: 'other', bytes: rest }] : [])];
};

/**
 * Working set as kubelet, cAdvisor and docker stats reckon it: use without inactive_file. Of v1 the total_ counters are
 * taken, since usage_in_bytes counts all below too. `null` where the cgroup does not count memory.
 */
export const memoryUse = (detail: CgroupDetail): MemoryUse | null => ofV2(detail) ?? ofV1(detail);

const ofV2 = (detail: CgroupDetail): MemoryUse | null => {
  const used = numberIn(detail, 'memory.current', 2);
  const stat = keysIn(detail, 'memory.stat', 2);
  if (used === null && stat === null) return null;
  const parts = stat === null ? [] : partsOf(stat, V2_PARTS);
  if (used === null) {
    // The root alone has memory.stat without memory.current; cgroup-v2.rst.
    const definition = 'sum of memory.stat; the root has no memory.current';
    return parts.length === 0
      ? null
      : { usedBytes: sum(parts), workingSetBytes: null, definition, parts: sorted(parts) };
  }
  return {
    usedBytes: used,
    workingSetBytes: without(used, stat?.get('inactive_file')),
    definition: 'memory.current − inactive_file of memory.stat',
    parts: withRest(parts, used),
  };
};

const ofV1 = (detail: CgroupDetail): MemoryUse | null => {
  const used = numberIn(detail, 'memory.usage_in_bytes', 1);
  if (used === null) return null;
  const stat = keysIn(detail, 'memory.stat', 1);
  const kernel = numberIn(detail, 'memory.kmem.usage_in_bytes', 1);
  const kernelPart = kernel === null ? [] : [{ key: 'memory.kmem.usage_in_bytes', label: 'kernel', bytes: kernel }];
  return {
    usedBytes: used,
    workingSetBytes: without(used, stat?.get('total_inactive_file')),
    definition: 'memory.usage_in_bytes − total_inactive_file of memory.stat',
    parts: stat === null ? [] : withRest([...partsOf(stat, V1_PARTS), ...kernelPart], used),
  };
};

const without = (used: number, inactive: number | undefined): number | null =>
  inactive === undefined ? null : Math.max(0, used - inactive);

/** `programs 40 MiB, idle cache 5 MiB, other 64 KiB`. */
export const partsInWords = ({ parts }: Pick<MemoryUse, 'parts'>): string =>
  parts
    .filter(({ bytes }) => bytes > 0)
    .map(({ label, bytes }) => `${label} ${bytesInWords(bytes)}`)
    .join(', ');
