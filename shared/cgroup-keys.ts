/**
 * Keys within the files that hold several numbers: unit and meaning. Documentation/admin-guide/cgroup-v2.rst,
 * cgroup-v1/memory.rst, scheduler/sched-bwc.rst.
 */
import type { CgroupUnit, CgroupVersion } from './cgroup-file.ts';
import { V1_MEMORY, V2_MEMORY, type Keys } from './cgroup-keys-memory.ts';

export interface CgroupKeyInfo {
  readonly unit: CgroupUnit | null;
  /** Half a sentence; `null` where the name says it all. */
  readonly meaning: string | null;
}

const EVENTS: Keys = {
  low: ['times', 'reclaimed although below memory.low'],
  high: ['times', 'slowed because above memory.high'],
  max: ['times', 'met the limit'],
  oom: ['times', 'could not get memory even after reclaim'],
  oom_kill: ['times', 'processes ended by the OOM killer'],
  oom_group_kill: ['times', 'whole cgroups ended by the OOM killer'],
  sock_throttled: ['times', 'network sockets held back'],
};
const SWAP_EVENTS: Keys = {
  high: ['times', 'slowed because above memory.swap.high'],
  max: ['times', 'swap was refused because of memory.swap.max'],
  fail: ['times', 'swap was refused, because of the limit or because the machine had none left'],
};

const IO: Keys = {
  rbytes: ['bytes', 'read'],
  wbytes: ['bytes', 'written'],
  rios: ['operations', 'reads'],
  wios: ['operations', 'writes'],
  dbytes: ['bytes', 'discarded'],
  dios: ['operations', 'discards'],
  // Only while io.latency is set, and a debug switch of blk_cgroup is on.
  depth: ['operations', 'requests it may have under way'],
  avg_lat: ['µs', 'usual response time'],
  win: ['ms', 'span in which that is measured'],
  missed: ['operations', 'too late in this span'],
  total: ['operations', 'in this span'],
  use_delay: ['times', 'held back now'],
  delay_nsec: ['ns', 'its tasks are held back for'],
  // Of the io.cost controller; the first at the root only.
  'cost.vrate': ['%', 'speed at which the device is used, of what its cost model says'],
  'cost.usage': ['µs', 'time of the device, by its cost model'],
  'cost.wait': ['µs', 'waited for its share'],
  'cost.indebt': ['µs', 'used before it was its turn'],
  'cost.indelay': ['µs', 'held back for that'],
};

const RDMA: Keys = {
  hca_handle: [null, 'handles of the device'],
  hca_object: [null, 'objects on it'],
};
const RDMA_EVENTS: Keys = {
  'hca_handle.max': ['times', 'a handle was refused because of this limit'],
  'hca_handle.alloc_fail': ['times', 'a handle was refused'],
  'hca_object.max': ['times', 'an object was refused because of this limit'],
  'hca_object.alloc_fail': ['times', 'an object was refused'],
};
const LOCAL_CPU: Readonly<Record<'µs' | 'ns', Keys>> = {
  µs: { throttled_usec: ['µs', 'its tasks waited because of a limit, here or above'] },
  ns: { throttled_time: ['ns', 'its tasks waited because of a limit, here or above'] },
};
const IO_LIMITS: Keys = {
  rbps: ['bytes/s', 'read'],
  wbps: ['bytes/s', 'written'],
  riops: ['operations/s', 'reads'],
  wiops: ['operations/s', 'writes'],
};

const FILES: Readonly<Record<string, Keys>> = {
  '2 memory.stat': V2_MEMORY,
  '1 memory.stat': V1_MEMORY,
  '2 memory.events': EVENTS,
  '2 memory.events.local': EVENTS,
  '2 memory.swap.events': SWAP_EVENTS,
  '2 cgroup.events': {
    populated: [null, '1 while a process lives in or below it'],
    frozen: [null, '1 when all of them are stopped'],
  },
  '2 cgroup.stat': {
    nr_descendants: ['cgroups', 'below it'],
    nr_dying_descendants: ['cgroups', 'removed, but still holding memory'],
    ...Object.fromEntries(
      ['cpu', 'cpuset', 'io', 'memory', 'pids', 'hugetlb', 'rdma', 'misc', 'dmem', 'perf_event'].flatMap(
        (controller): [string, readonly ['cgroups', string]][] => [
          [`nr_subsys_${controller}`, ['cgroups', `with the ${controller} controller, here and below`]],
          [`nr_dying_subsys_${controller}`, ['cgroups', `of those, removed and still held by ${controller}`]],
        ],
      ),
    ),
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
  '2 io.max': IO_LIMITS,
  '2 io.low': IO_LIMITS,
  '2 io.latency': { target: ['µs', 'response time that is kept for it'] },
  '2 cpu.stat.local': LOCAL_CPU.µs,
  '1 cpu.stat.local': LOCAL_CPU.ns,
  '2 cgroup.stat.local': { frozen_usec: ['µs', 'it was frozen'] },
  '2 rdma.max': RDMA,
  '1 rdma.max': RDMA,
  '2 rdma.current': RDMA,
  '1 rdma.current': RDMA,
  '2 rdma.peak': RDMA,
  '1 rdma.peak': RDMA,
  '2 rdma.events': RDMA_EVENTS,
  '2 rdma.events.local': RDMA_EVENTS,
  '1 memory.oom_control': {
    oom_kill_disable: [null, '1 makes tasks wait for memory instead of being killed'],
    under_oom: [null, '1 while tasks wait for memory'],
    oom_kill: ['times', 'processes ended by the OOM killer'],
  },
  '1 cpuacct.stat': { user: ['ticks', 'in programs'], system: ['ticks', 'in the kernel'] },
  '2 pids.events': { max: ['times', 'fork failed because of the limit'] },
  '2 pids.events.local': { max: ['times', 'fork failed because of its own limit'] },
  '1 pids.events': { max: ['times', 'fork failed because of the limit'] },
};

/** hugetlb's files hold a page size in their names, misc's the names of what they count. */
const keysOf = (file: string, version: CgroupVersion): Keys | undefined =>
  /^hugetlb\.\d+[KMG]B\.events(?:\.local)?$/.test(file) ? HUGETLB_EVENTS : FILES[`${version} ${file}`];
const HUGETLB_EVENTS: Keys = { max: ['times', 'refused because of the limit'] };

/** Whether the numbers of this file have names of their own, rather than those of devices. */
export const hasKeys = (file: string, version: CgroupVersion): boolean => keysOf(file, version) !== undefined;

/** What is known of one key of a file; `null` if nothing is. */
export const cgroupKey = (file: string, version: CgroupVersion, key: string): CgroupKeyInfo | null => {
  const keys = keysOf(file, version);
  // v1 counts once for the cgroup alone and once, as total_…, with all below.
  const total = keys === V1_MEMORY && key.startsWith('total_');
  const plain = total ? key.slice('total_'.length) : key;
  const found = keys !== undefined && Object.hasOwn(keys, plain) ? keys[plain] : undefined;
  if (found === undefined) return null;
  return { unit: found[0], meaning: total ? `${found[1]}, all below included` : found[1] };
};
