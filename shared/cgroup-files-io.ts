/** Disks and other block devices. Documentation/admin-guide/cgroup-v2.rst "IO"; cgroup-v1/blkio-controller.rst. */
import { rowsOf, type CgroupFileInfo, type CgroupFileRow } from './cgroup-file.ts';

/** Each counter of v1 comes once for the cgroup alone and once with all below, which is how v2 counts. */
const alsoRecursive = (rows: readonly CgroupFileRow[]): readonly CgroupFileRow[] =>
  rows.flatMap(([name, twin, unit, form, access, meaning]): CgroupFileRow[] => [
    [name, twin, unit, form, access, meaning],
    [
      `${name}_recursive`,
      name.startsWith('blkio.throttle.') ? (twin?.replace('~', '') ?? null) : twin,
      unit,
      form,
      access,
      `${meaning.slice(0, -1)}, with all cgroups below.`,
    ],
  ]);

// One file a line, as a table.
// prettier-ignore
export const IO_FILES: readonly CgroupFileInfo[] = [
  ...rowsOf('io', 2, [
    ['io.stat', 'blkio.throttle.io_service_bytes_recursive blkio.throttle.io_serviced_recursive', null, 'nested', 'r', 'Bytes and operations for each device since the cgroup was made.'],
    ['io.max', 'blkio.throttle.read_bps_device blkio.throttle.write_bps_device blkio.throttle.read_iops_device blkio.throttle.write_iops_device', null, 'nested', 'rw', 'Most bytes and operations a second for each device.'],
    ['io.low', null, null, 'nested', 'rw', 'Bytes and operations a second that are kept for it; on kernels before 6.10 that were built so.', '4.12'],
    ['io.weight', '~blkio.weight ~blkio.weight_device', 'weight', 'flat', 'rw', 'Its part of each device against its siblings, 1 to 10000; 100 to begin with.'],
    ['io.bfq.weight', 'blkio.bfq.weight blkio.bfq.weight_device', 'weight', 'flat', 'rw', 'The same under the BFQ scheduler, 1 to 1000.'],
    ['io.latency', null, 'µs', 'nested', 'rw', 'Response time that is kept for it by slowing its siblings.', '4.19'],
    ['io.cost.qos', null, null, 'lines', 'rw', 'Quality that the cost model keeps each device to; at the root only.', '5.4'],
    ['io.cost.model', null, null, 'lines', 'rw', 'How much each kind of operation costs on each device; at the root only.', '5.4'],
    ['io.prio.class', 'blkio.prio.class', null, 'word', 'rw', 'How priorities of its requests are changed.', '5.14'],
  ]),
  ...rowsOf('blkio', 1, [
    ['blkio.throttle.read_bps_device', 'io.max', 'bytes/s', 'flat', 'rw', 'Most bytes read a second, for each device.'],
    ['blkio.throttle.write_bps_device', 'io.max', 'bytes/s', 'flat', 'rw', 'Most bytes written a second, for each device.'],
    ['blkio.throttle.read_iops_device', 'io.max', 'operations/s', 'flat', 'rw', 'Most reads a second, for each device.'],
    ['blkio.throttle.write_iops_device', 'io.max', 'operations/s', 'flat', 'rw', 'Most writes a second, for each device.'],
    ...alsoRecursive([
      ['blkio.throttle.io_service_bytes', '~io.stat', 'bytes', 'operations', 'r', 'Bytes for each device and kind of operation, as the throttle saw them.'],
      ['blkio.throttle.io_serviced', '~io.stat', 'operations', 'operations', 'r', 'Operations for each device and kind, as the throttle saw them.'],
      ['blkio.bfq.io_service_bytes', '~io.stat', 'bytes', 'operations', 'r', 'Bytes for each device and kind of operation, under the BFQ scheduler.'],
      ['blkio.bfq.io_serviced', '~io.stat', 'operations', 'operations', 'r', 'Operations for each device and kind, under the BFQ scheduler.'],
      ['blkio.io_service_bytes', '~io.stat', 'bytes', 'operations', 'r', 'Bytes for each device and kind, under the CFQ scheduler.'],
      ['blkio.io_serviced', '~io.stat', 'operations', 'operations', 'r', 'Operations for each device and kind, under the CFQ scheduler.'],
      ['blkio.io_service_time', null, 'ns', 'operations', 'r', 'Time between handing a request to the device and its end.'],
      ['blkio.io_wait_time', null, 'ns', 'operations', 'r', 'Time that requests waited in the scheduler.'],
      ['blkio.io_merged', null, 'operations', 'operations', 'r', 'Requests that were joined with others.'],
      ['blkio.io_queued', null, 'operations', 'operations', 'r', 'Requests that wait now.'],
      ['blkio.time', null, 'ms', 'flat', 'r', 'Time on each device.'],
      ['blkio.sectors', null, 'sectors', 'flat', 'r', 'Sectors of 512 bytes for each device.'],
    ]),
    ['blkio.weight', '~io.weight', 'weight', 'number', 'rw', 'Its part of each device against its siblings.'],
    ['blkio.weight_device', '~io.weight', 'weight', 'flat', 'rw', 'The same, for single devices.'],
    ['blkio.leaf_weight', null, 'weight', 'number', 'rw', 'Weight of its own tasks against the cgroups below it.'],
    ['blkio.leaf_weight_device', null, 'weight', 'flat', 'rw', 'The same, for single devices.'],
    ['blkio.bfq.weight', 'io.bfq.weight', 'weight', 'number', 'rw', 'Its part of each device under the BFQ scheduler, 1 to 1000.'],
    ['blkio.bfq.weight_device', 'io.bfq.weight', 'weight', 'flat', 'rw', 'The same, for single devices.'],
    ['blkio.prio.class', 'io.prio.class', null, 'word', 'rw', 'How priorities of its requests are changed.', '5.14'],
    ['blkio.reset_stats', null, null, 'nothing', 'rw', 'Writing a number sets its counters to 0.'],
  ]),
];
