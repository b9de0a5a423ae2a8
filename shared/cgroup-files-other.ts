/**
 * The smaller controllers. Documentation/admin-guide/cgroup-v2.rst; cgroup-v1/{pids,hugetlb,rdma,misc,devices,
 * freezer-subsystem,net_cls,net_prio}.rst.
 */
import { rowsOf, type CgroupFileInfo, type CgroupFileRow } from './cgroup-file.ts';

// One file a line, as a table.
// prettier-ignore
const PIDS: readonly CgroupFileRow[] = [
  ['pids.max', 'pids.max', 'tasks', 'limit', 'rw', 'How many processes and threads it and all below may have; then fork fails.'],
  ['pids.current', 'pids.current', 'tasks', 'number', 'r', 'How many processes and threads it and all below have.'],
  ['pids.peak', 'pids.peak', 'tasks', 'number', 'r', 'The most there ever were.'],
  ['pids.events', 'pids.events', 'times', 'flat', 'r', 'How often fork failed because of the limit.'],
  ['pids.events.local', 'pids.events.local', 'times', 'flat', 'r', 'The same, of this cgroup alone.'],
];

// prettier-ignore
const RDMA: readonly CgroupFileRow[] = [
  ['rdma.max', 'rdma.max', null, 'nested', 'rw', 'How many handles and objects it may have on each RDMA device.'],
  ['rdma.current', 'rdma.current', null, 'nested', 'r', 'How many it has.'],
  ['rdma.peak', 'rdma.peak', null, 'nested', 'r', 'The most it ever had.'],
  ['rdma.events', 'rdma.events', 'times', 'nested', 'r', 'How often it and all below met that limit, and were refused for it.'],
  ['rdma.events.local', 'rdma.events.local', 'times', 'nested', 'r', 'The same, of this cgroup alone.'],
];

// prettier-ignore
const MISC: readonly CgroupFileRow[] = [
  ['misc.capacity', 'misc.capacity', null, 'flat', 'r', 'What the machine has of scarce things such as keys for encrypted guests; at the root only.'],
  ['misc.current', 'misc.current', null, 'flat', 'r', 'What it and all below use of them.'],
  ['misc.peak', 'misc.peak', null, 'flat', 'r', 'The most that was ever in use.'],
  ['misc.max', 'misc.max', null, 'flat', 'rw', 'What it may use of them.'],
  ['misc.events', 'misc.events', 'times', 'flat', 'r', 'How often it and all below met that limit.'],
  ['misc.events.local', 'misc.events.local', 'times', 'flat', 'r', 'The same, of this cgroup alone.'],
];

// prettier-ignore
export const OTHER_FILES: readonly CgroupFileInfo[] = [
  ...rowsOf('pids', 2, PIDS),
  ...rowsOf('pids', 1, PIDS),
  ...rowsOf('rdma', 2, RDMA),
  ...rowsOf('rdma', 1, RDMA),
  ...rowsOf('misc', 2, MISC),
  ...rowsOf('misc', 1, MISC),
  ...rowsOf('dmem', 2, [
    ['dmem.capacity', null, 'bytes', 'flat', 'r', 'Memory of each graphics or other device; at the root only.', '6.14'],
    ['dmem.current', null, 'bytes', 'flat', 'r', 'Device memory it uses.', '6.14'],
    ['dmem.peak', null, 'bytes', 'flat', 'r', 'The most device memory it ever used.'],
    ['dmem.max', null, 'bytes', 'flat', 'rw', 'Device memory it may use.', '6.14'],
    ['dmem.low', null, 'bytes', 'flat', 'rw', 'Device memory that is taken from it only if nothing else is left.', '6.14'],
    ['dmem.min', null, 'bytes', 'flat', 'rw', 'Device memory that is never taken from it.', '6.14'],
  ]),
  ...rowsOf('hugetlb', 2, [
    ['hugetlb.*.current', 'hugetlb.*.usage_in_bytes', 'bytes', 'number', 'r', 'Huge pages of this size in use.'],
    ['hugetlb.*.max', 'hugetlb.*.limit_in_bytes', 'bytes', 'limit', 'rw', 'Huge pages of this size it may use.'],
    ['hugetlb.*.events', '~hugetlb.*.failcnt', 'times', 'flat', 'r', 'How often it and all below met that limit.'],
    ['hugetlb.*.events.local', null, 'times', 'flat', 'r', 'The same, of this cgroup alone.'],
    ['hugetlb.*.rsvd.current', 'hugetlb.*.rsvd.usage_in_bytes', 'bytes', 'number', 'r', 'Huge pages of this size reserved, used or not.'],
    ['hugetlb.*.rsvd.max', 'hugetlb.*.rsvd.limit_in_bytes', 'bytes', 'limit', 'rw', 'Huge pages of this size it may reserve.'],
    ['hugetlb.*.numa_stat', 'hugetlb.*.numa_stat', 'bytes', 'numa', 'r', 'Huge pages of this size on each memory node.', '5.16'],
  ]),
  ...rowsOf('hugetlb', 1, [
    ['hugetlb.*.usage_in_bytes', 'hugetlb.*.current', 'bytes', 'number', 'r', 'Huge pages of this size in use.'],
    ['hugetlb.*.limit_in_bytes', 'hugetlb.*.max', 'bytes', 'v1-memory-limit', 'rw', 'Huge pages of this size it may use.'],
    ['hugetlb.*.max_usage_in_bytes', null, 'bytes', 'number', 'rw', 'The most that was ever in use.'],
    ['hugetlb.*.failcnt', '~hugetlb.*.events', 'times', 'number', 'rw', 'How often use met the limit.'],
    ['hugetlb.*.rsvd.usage_in_bytes', 'hugetlb.*.rsvd.current', 'bytes', 'number', 'r', 'Huge pages of this size reserved, used or not.'],
    ['hugetlb.*.rsvd.limit_in_bytes', 'hugetlb.*.rsvd.max', 'bytes', 'v1-memory-limit', 'rw', 'Huge pages of this size it may reserve.'],
    ['hugetlb.*.rsvd.max_usage_in_bytes', null, 'bytes', 'number', 'rw', 'The most that was ever reserved.'],
    ['hugetlb.*.rsvd.failcnt', null, 'times', 'number', 'rw', 'How often a reservation met its limit.'],
    ['hugetlb.*.numa_stat', 'hugetlb.*.numa_stat', 'bytes', 'numa', 'r', 'Huge pages of this size on each memory node.', '5.16'],
  ]),
  ...rowsOf('devices', 1, [
    ['devices.list', null, null, 'lines', 'r', 'Devices it may use: type, major and minor number, and r, w or m for reading, writing, making. v2 does this by a BPF program.'],
    ['devices.allow', null, null, 'nothing', 'rw', 'A line written here adds to the list.'],
    ['devices.deny', null, null, 'nothing', 'rw', 'A line written here takes from the list.'],
  ]),
  ...rowsOf('freezer', 1, [
    ['freezer.state', '~cgroup.freeze', null, 'word', 'rw', 'THAWED, FREEZING or FROZEN: whether its processes are stopped.'],
    ['freezer.self_freezing', null, null, 'flag', 'r', 'Whether it was frozen itself.'],
    ['freezer.parent_freezing', null, null, 'flag', 'r', 'Whether a cgroup above it was frozen.'],
  ]),
  ...rowsOf('net_cls', 1, [
    ['net_cls.classid', null, null, 'number', 'rw', 'Mark on its packets, for traffic control and firewalls.'],
  ]),
  ...rowsOf('net_prio', 1, [
    ['net_prio.prioidx', null, null, 'number', 'r', 'The kernel’s own number of this cgroup.'],
    ['net_prio.ifpriomap', null, null, 'flat', 'rw', 'Priority of its packets on each interface.'],
  ]),
];
