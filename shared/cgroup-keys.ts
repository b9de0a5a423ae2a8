/**
 * Keys within the files that hold several numbers: unit and meaning. Documentation/admin-guide/cgroup-v2.rst,
 * cgroup-v1/memory.rst, scheduler/sched-bwc.rst.
 */
import type { CgroupUnit, CgroupVersion } from './cgroup-file.ts';

export interface CgroupKeyInfo {
  readonly unit: CgroupUnit | null;
  /** Half a sentence; `null` where the name says it all. */
  readonly meaning: string | null;
}

type Keys = Readonly<Record<string, readonly [unit: CgroupUnit | null, meaning: string]>>;

const V2_MEMORY: Keys = {
  anon: ['bytes', 'heaps, stacks and other memory without a file'],
  file: ['bytes', 'page cache, shared memory included'],
  kernel: ['bytes', 'all that the kernel took on its behalf'],
  kernel_stack: ['bytes', 'kernel stacks of its tasks'],
  pagetables: ['bytes', 'page tables'],
  sec_pagetables: ['bytes', 'page tables of virtual machines and devices'],
  percpu: ['bytes', 'the kernel’s structures for each CPU'],
  sock: ['bytes', 'network buffers'],
  vmalloc: ['bytes', 'memory that the kernel mapped together'],
  shmem: ['bytes', 'tmpfs, shared memory, anonymous shared mappings'],
  zswap: ['bytes', 'memory that compressed pages take'],
  zswapped: ['bytes', 'memory that was compressed'],
  file_mapped: ['bytes', 'page cache that is mapped into programs'],
  file_dirty: ['bytes', 'page cache not yet written to disk'],
  file_writeback: ['bytes', 'page cache on its way to disk'],
  swapcached: ['bytes', 'pages that are in swap and in memory'],
  anon_thp: ['bytes', 'anonymous memory in huge pages'],
  file_thp: ['bytes', 'page cache in huge pages'],
  shmem_thp: ['bytes', 'shared memory in huge pages'],
  inactive_anon: ['bytes', 'anonymous memory, not used lately'],
  active_anon: ['bytes', 'anonymous memory, used lately'],
  inactive_file: ['bytes', 'page cache, not used lately: the first to be reclaimed'],
  active_file: ['bytes', 'page cache, used lately'],
  unevictable: ['bytes', 'memory that may not be reclaimed'],
  slab_reclaimable: ['bytes', 'kernel caches that can shrink'],
  slab_unreclaimable: ['bytes', 'kernel objects that cannot'],
  slab: ['bytes', 'both kinds of kernel objects'],
  hugetlb: ['bytes', 'huge pages of hugetlb, where they count as memory'],
  pgfault: ['times', 'page faults'],
  pgmajfault: ['times', 'page faults that had to read'],
  workingset_refault_anon: ['times', 'anonymous pages that were reclaimed and soon needed again'],
  workingset_refault_file: ['times', 'cache pages that were reclaimed and soon needed again'],
};

const V1_MEMORY: Keys = {
  cache: ['bytes', 'page cache, shared memory included'],
  rss: ['bytes', 'heaps, stacks and other memory without a file'],
  rss_huge: ['bytes', 'of that, in huge pages'],
  shmem: ['bytes', 'tmpfs, shared memory, anonymous shared mappings'],
  mapped_file: ['bytes', 'page cache that is mapped into programs'],
  dirty: ['bytes', 'page cache not yet written to disk'],
  writeback: ['bytes', 'page cache on its way to disk'],
  swap: ['bytes', 'swap space in use'],
  swapcached: ['bytes', 'pages that are in swap and in memory'],
  pgpgin: ['times', 'pages counted in'],
  pgpgout: ['times', 'pages counted out'],
  pgfault: ['times', 'page faults'],
  pgmajfault: ['times', 'page faults that had to read'],
  workingset_refault_anon: ['times', 'anonymous pages that were reclaimed and soon needed again'],
  workingset_refault_file: ['times', 'cache pages that were reclaimed and soon needed again'],
  inactive_anon: ['bytes', 'anonymous memory, not used lately'],
  active_anon: ['bytes', 'anonymous memory, used lately'],
  inactive_file: ['bytes', 'page cache, not used lately: the first to be reclaimed'],
  active_file: ['bytes', 'page cache, used lately'],
  unevictable: ['bytes', 'memory that may not be reclaimed'],
  hierarchical_memory_limit: ['bytes', 'tightest memory limit from here to the root'],
  hierarchical_memsw_limit: ['bytes', 'tightest limit of memory and swap from here to the root'],
};

const EVENTS: Keys = {
  low: ['times', 'reclaimed although below memory.low'],
  high: ['times', 'slowed because above memory.high'],
  max: ['times', 'met the limit'],
  oom: ['times', 'could not get memory even after reclaim'],
  oom_kill: ['times', 'processes ended by the OOM killer'],
  oom_group_kill: ['times', 'whole cgroups ended by the OOM killer'],
  sock_throttled: ['times', 'network sockets held back'],
  fail: ['times', 'refused'],
};

const IO: Keys = {
  rbytes: ['bytes', 'read'],
  wbytes: ['bytes', 'written'],
  rios: ['operations', 'reads'],
  wios: ['operations', 'writes'],
  dbytes: ['bytes', 'discarded'],
  dios: ['operations', 'discards'],
};

const FILES: Readonly<Record<string, Keys>> = {
  '2 memory.stat': V2_MEMORY,
  '1 memory.stat': V1_MEMORY,
  '2 memory.events': EVENTS,
  '2 memory.events.local': EVENTS,
  '2 memory.swap.events': EVENTS,
  '2 cgroup.events': {
    populated: [null, '1 while a process lives in or below it'],
    frozen: [null, '1 when all of them are stopped'],
  },
  '2 cgroup.stat': {
    nr_descendants: ['cgroups', 'below it'],
    nr_dying_descendants: ['cgroups', 'removed, but still holding memory'],
  },
  '2 cpu.stat': {
    usage_usec: ['µs', 'CPU time used'],
    user_usec: ['µs', 'of that, in programs'],
    system_usec: ['µs', 'of that, in the kernel'],
    nice_usec: ['µs', 'of that, at low priority'],
    'core_sched.force_idle_usec': ['µs', 'a neighbouring thread of the core was kept idle'],
    nr_periods: ['times', 'periods in which it wanted to run'],
    nr_throttled: ['times', 'periods in which it met its limit'],
    throttled_usec: ['µs', 'its tasks waited because of that'],
    nr_bursts: ['times', 'periods in which it used what it had saved'],
    burst_usec: ['µs', 'CPU time it had saved and used'],
  },
  '1 cpu.stat': {
    nr_periods: ['times', 'periods in which it wanted to run'],
    nr_throttled: ['times', 'periods in which it met its limit'],
    throttled_time: ['ns', 'its tasks waited because of that'],
    nr_bursts: ['times', 'periods in which it used what it had saved'],
    burst_time: ['ns', 'CPU time it had saved and used'],
    wait_sum: ['ns', 'its tasks waited for a CPU'],
  },
  '2 io.stat': IO,
  '2 io.max': {
    rbps: ['bytes/s', 'read'],
    wbps: ['bytes/s', 'written'],
    riops: ['operations/s', 'reads'],
    wiops: ['operations/s', 'writes'],
  },
  '1 memory.oom_control': {
    oom_kill_disable: [null, '1 makes tasks wait for memory instead of being killed'],
    under_oom: [null, '1 while tasks wait for memory'],
    oom_kill: ['times', 'processes ended by the OOM killer'],
  },
  '1 cpuacct.stat': { user: ['ticks', 'in programs'], system: ['ticks', 'in the kernel'] },
  '2 pids.events': { max: ['times', 'fork failed because of the limit'] },
  '1 pids.events': { max: ['times', 'fork failed because of the limit'] },
};

/** What is known of one key of a file; `null` if nothing is. */
export const cgroupKey = (file: string, version: CgroupVersion, key: string): CgroupKeyInfo | null => {
  const keys = FILES[`${version} ${file}`];
  // v1 counts once for the cgroup alone and once, as total_…, with all below.
  const total = keys === V1_MEMORY && key.startsWith('total_');
  const plain = total ? key.slice('total_'.length) : key;
  const found = keys !== undefined && Object.hasOwn(keys, plain) ? keys[plain] : undefined;
  if (found === undefined) return null;
  return { unit: found[0], meaning: total ? `${found[1]}, all below included` : found[1] };
};
