/** Files of every cgroup, whatever its controllers. Documentation/admin-guide/cgroup-v2.rst; cgroup-v1/cgroups.rst. */
import { rowsOf, type CgroupFileInfo } from './cgroup-file.ts';

// One file a line, as a table.
// prettier-ignore
export const CORE_FILES: readonly CgroupFileInfo[] = [
  ...rowsOf('cgroup', 2, [
    ['cgroup.type', null, null, 'word', 'rw', 'Whether whole processes or single threads are its members.', '4.14'],
    ['cgroup.procs', 'cgroup.procs', null, 'pids', 'rw', 'Its member processes; a pid written here moves that one in.'],
    ['cgroup.threads', 'tasks', null, 'pids', 'rw', 'Its member threads; threads move only within a threaded domain.', '4.14'],
    ['cgroup.controllers', null, null, 'words', 'r', 'Controllers that its parent makes available here.'],
    ['cgroup.subtree_control', null, null, 'words', 'rw', 'Controllers that it passes on to the cgroups below it.'],
    ['cgroup.events', '~notify_on_release', null, 'flat', 'r', 'Whether any process lives in or below it, and whether it is frozen.'],
    ['cgroup.max.descendants', null, 'cgroups', 'limit', 'rw', 'How many cgroups may be made below it.', '4.14'],
    ['cgroup.max.depth', null, 'cgroups', 'limit', 'rw', 'How many levels of cgroups may be made below it.', '4.14'],
    ['cgroup.stat', null, 'cgroups', 'flat', 'r', 'How many cgroups are below it, living and being removed.', '4.14'],
    ['cgroup.stat.local', null, 'µs', 'flat', 'r', 'How long this cgroup itself was frozen.'],
    ['cgroup.freeze', '~freezer.state', null, 'flag', 'rw', '1 stops every process in and below it until 0 is written.', '5.2'],
    ['cgroup.kill', null, null, 'nothing', 'rw', 'Writing 1 kills every process in and below it.', '5.14'],
    ['cgroup.pressure', null, null, 'flag', 'rw', 'Whether pressure is measured here; 0 saves the work.', '6.1'],
    ['cpu.pressure', null, 'µs', 'psi', 'rw', 'Share of time in which its tasks waited for a CPU.', '4.20'],
    ['memory.pressure', '~memory.pressure_level', 'µs', 'psi', 'rw', 'Share of time in which its tasks waited for memory.', '4.20'],
    ['io.pressure', null, 'µs', 'psi', 'rw', 'Share of time in which its tasks waited for disks.', '4.20'],
    ['irq.pressure', null, 'µs', 'psi', 'rw', 'Share of time that interrupts took from its tasks.', '6.1'],
  ]),
  ...rowsOf('cgroup', 1, [
    ['cgroup.procs', 'cgroup.procs', null, 'pids', 'rw', 'Its member processes; a pid written here moves that one in.'],
    ['tasks', 'cgroup.threads', null, 'pids', 'rw', 'Its member threads; a thread id written here moves that one in.'],
    ['cgroup.clone_children', null, null, 'flag', 'rw', '1 lets a new cpuset below it start with the same CPUs and memory.'],
    ['cgroup.sane_behavior', null, null, 'flag', 'r', 'Left over from before v2 was finished; always 0.'],
    ['cgroup.event_control', null, null, 'nothing', 'rw', 'Asks for an event when a file passes a threshold.'],
    ['notify_on_release', '~cgroup.events', null, 'flag', 'rw', '1 runs the release agent when the last process has left.'],
    ['release_agent', null, null, 'word', 'rw', 'Program that the kernel runs, as root, for a cgroup that became empty.'],
  ]),
];
