/**
 * CPU time and CPU placement. Documentation/admin-guide/cgroup-v2.rst "CPU" and "Cpuset"; scheduler/sched-bwc.rst;
 * cgroup-v1/cpuacct.rst and cpusets.rst.
 */
import { rowsOf, type CgroupFileInfo } from './cgroup-file.ts';

// One file a line, as a table.
// prettier-ignore
export const CPU_FILES: readonly CgroupFileInfo[] = [
  ...rowsOf('cpu', 2, [
    ['cpu.max', 'cpu.cfs_quota_us cpu.cfs_period_us', 'µs', 'bandwidth', 'rw', 'CPU time it may use in each period; then its tasks wait for the next one.'],
    ['cpu.max.burst', 'cpu.cfs_burst_us', 'µs', 'number', 'rw', 'Unused CPU time that it may save up for later periods.', '5.14'],
    ['cpu.weight', '~cpu.shares', 'weight', 'number', 'rw', 'Its part of the CPU against its siblings, 1 to 10000; 100 to begin with.'],
    ['cpu.weight.nice', '~cpu.shares', null, 'number', 'rw', 'The same weight as a nice value, −20 to 19.'],
    ['cpu.idle', 'cpu.idle', null, 'flag', 'rw', '1 lets it run only when nothing else wants to.', '5.15'],
    ['cpu.stat', 'cpu.stat cpuacct.usage cpuacct.usage_user cpuacct.usage_sys cpuacct.stat', 'µs', 'flat', 'r', 'CPU time used, and how often and how long it was throttled.'],
    ['cpu.stat.local', 'cpu.stat.local', 'µs', 'flat', 'r', 'How long this cgroup itself was throttled, by its own or an ancestor’s limit.'],
    ['cpu.uclamp.min', 'cpu.uclamp.min', '%', 'word', 'rw', 'Least speed that CPUs are asked for on its behalf.', '5.4'],
    ['cpu.uclamp.max', 'cpu.uclamp.max', '%', 'word', 'rw', 'Highest speed that CPUs are asked for on its behalf.', '5.4'],
  ]),
  ...rowsOf('cpu', 1, [
    ['cpu.shares', '~cpu.weight', 'weight', 'number', 'rw', 'Its part of the CPU against its siblings; 1024 to begin with.'],
    ['cpu.cfs_quota_us', 'cpu.max', 'µs', 'v1-quota', 'rw', 'CPU time it may use in each period; −1 is no limit.'],
    ['cpu.cfs_period_us', 'cpu.max', 'µs', 'number', 'rw', 'Length of a period.'],
    ['cpu.cfs_burst_us', 'cpu.max.burst', 'µs', 'number', 'rw', 'Unused CPU time that it may save up for later periods.', '5.14'],
    ['cpu.idle', 'cpu.idle', null, 'flag', 'rw', '1 lets it run only when nothing else wants to.', '5.15'],
    ['cpu.stat', 'cpu.stat', 'ns', 'flat', 'r', 'How many periods there were, in how many it was throttled, and for how long.'],
    ['cpu.stat.local', 'cpu.stat.local', 'ns', 'flat', 'r', 'How long this cgroup itself was throttled.'],
    ['cpu.uclamp.min', 'cpu.uclamp.min', '%', 'word', 'rw', 'Least speed that CPUs are asked for on its behalf.', '5.4'],
    ['cpu.uclamp.max', 'cpu.uclamp.max', '%', 'word', 'rw', 'Highest speed that CPUs are asked for on its behalf.', '5.4'],
    ['cpu.rt_period_us', null, 'µs', 'number', 'rw', 'Length of a period for real-time tasks.'],
    ['cpu.rt_runtime_us', null, 'µs', 'v1-quota', 'rw', 'CPU time that real-time tasks may use in each of them; without any they cannot run.'],
  ]),
  ...rowsOf('cpuacct', 1, [
    ['cpuacct.usage', 'cpu.stat', 'ns', 'number', 'rw', 'CPU time used by it and all below; writing 0 starts over.'],
    ['cpuacct.usage_user', 'cpu.stat', 'ns', 'number', 'r', 'Of that, in programs.'],
    ['cpuacct.usage_sys', 'cpu.stat', 'ns', 'number', 'r', 'Of that, in the kernel.'],
    ['cpuacct.usage_percpu', null, 'ns', 'numbers', 'r', 'CPU time used on each CPU.'],
    ['cpuacct.usage_percpu_user', null, 'ns', 'numbers', 'r', 'Of that, in programs.'],
    ['cpuacct.usage_percpu_sys', null, 'ns', 'numbers', 'r', 'Of that, in the kernel.'],
    ['cpuacct.usage_all', null, 'ns', 'columns', 'r', 'CPU time on each CPU, in programs and in the kernel.'],
    ['cpuacct.stat', 'cpu.stat', 'ticks', 'flat', 'r', 'CPU time in programs and in the kernel, in hundredths of a second.'],
  ]),
  ...rowsOf('cpuset', 2, [
    ['cpuset.cpus', 'cpuset.cpus', null, 'ranges', 'rw', 'CPUs it asks for; empty takes what its parent has.', '5.0'],
    ['cpuset.cpus.effective', 'cpuset.effective_cpus', null, 'ranges', 'r', 'CPUs its tasks may really run on.', '5.0'],
    ['cpuset.mems', 'cpuset.mems', null, 'ranges', 'rw', 'Memory nodes it asks for; empty takes what its parent has.', '5.0'],
    ['cpuset.mems.effective', 'cpuset.effective_mems', null, 'ranges', 'r', 'Memory nodes it really gets memory from.', '5.0'],
    ['cpuset.cpus.exclusive', '~cpuset.cpu_exclusive', null, 'ranges', 'rw', 'CPUs it may have for itself in a partition.', '6.7'],
    ['cpuset.cpus.exclusive.effective', null, null, 'ranges', 'r', 'CPUs it really may have for itself.', '6.7'],
    ['cpuset.cpus.isolated', null, null, 'ranges', 'r', 'CPUs of the whole machine that are in isolated partitions; at the root only.'],
    ['cpuset.cpus.partition', '~cpuset.sched_load_balance', null, 'word', 'rw', 'Whether its CPUs are a scheduling domain of their own: member, root or isolated.', '5.0'],
  ]),
  ...rowsOf('cpuset', 1, [
    ['cpuset.cpus', 'cpuset.cpus', null, 'ranges', 'rw', 'CPUs its tasks may run on; none can be in it while this is empty.'],
    ['cpuset.effective_cpus', 'cpuset.cpus.effective', null, 'ranges', 'r', 'Those of them that are on.'],
    ['cpuset.mems', 'cpuset.mems', null, 'ranges', 'rw', 'Memory nodes its tasks may take memory from.'],
    ['cpuset.effective_mems', 'cpuset.mems.effective', null, 'ranges', 'r', 'Those of them that are on.'],
    ['cpuset.cpu_exclusive', '~cpuset.cpus.exclusive', null, 'flag', 'rw', '1 keeps siblings off its CPUs.'],
    ['cpuset.mem_exclusive', null, null, 'flag', 'rw', '1 keeps siblings off its memory nodes.'],
    ['cpuset.mem_hardwall', null, null, 'flag', 'rw', '1 keeps the kernel’s own allocations within its memory nodes too.'],
    ['cpuset.memory_migrate', null, null, 'flag', 'rw', '1 moves memory along when the nodes change.'],
    ['cpuset.memory_pressure', null, null, 'number', 'r', 'How often its tasks had to reclaim memory, lately.'],
    ['cpuset.memory_pressure_enabled', null, null, 'flag', 'rw', 'Whether that is measured; at the root only.'],
    ['cpuset.memory_spread_page', null, null, 'flag', 'rw', '1 spreads page cache evenly over its nodes.'],
    ['cpuset.memory_spread_slab', null, null, 'flag', 'rw', '1 spread kernel slabs evenly over its nodes; ignored by new kernels.'],
    ['cpuset.sched_load_balance', '~cpuset.cpus.partition', null, 'flag', 'rw', 'Whether tasks are balanced between its CPUs.'],
    ['cpuset.sched_relax_domain_level', null, null, 'number', 'rw', 'How far a waking task looks for an idle CPU; −1 is the kernel’s choice.'],
  ]),
];
