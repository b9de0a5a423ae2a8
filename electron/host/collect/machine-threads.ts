/** The threads of every process, for who wants them in the tree. */
import { performance } from 'node:perf_hooks';
import { PortholeError } from '../../../shared/frames.ts';
import type { Process } from '../../../shared/model.ts';
import type { MachineThreads, ThreadLine } from '../../../shared/process-account.ts';
import { parsed } from '../parse/format-error.ts';
import { parseStat } from '../parse/stat.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Directory, Kernel } from '../read/kernel.ts';
import { ofProcess, pidOf } from './of-process.ts';

/** One file a thread: as many take half a second. */
const MOST_THREADS = 20_000;

export const readMachineThreads = (kernel: Kernel, processes: readonly Process[]): MachineThreads => {
  const clock = performance.now();
  const takenAt = Date.now();
  const found: MachineThreads['processes'][number][] = [];
  let read = 0;
  let left = 0;
  for (const { key, threads, nspid } of processes) {
    if (threads < 2) continue;
    if (read + threads > MOST_THREADS) {
      left += threads - 1;
      continue;
    }
    const others = threadsOf(kernel, key, nspid.length > 1);
    if (others === null) continue;
    read += others.length;
    found.push({ key, threads: others });
  }
  return { takenAt, clock, millis: performance.now() - clock, processes: found, left };
};

/** `null` if it has ended. */
const threadsOf = (kernel: Kernel, key: Process['key'], inside: boolean): readonly ThreadLine[] | null => {
  try {
    return ofProcess(kernel, key, (directory) => otherThreads(directory, pidOf(key), inside));
  } catch (thrown) {
    if (!(thrown instanceof PortholeError)) throw thrown;
    return thrown.code === 'denied' ? [] : null;
  }
};

/** `inside`: in a pid namespace where it has another number, which a second file tells. */
const otherThreads = (directory: Directory, first: number, inside: boolean): readonly ThreadLine[] => {
  const names = directory.list('task');
  if (!names.ok) return [];
  const lines: ThreadLine[] = [];
  for (const name of names.value) {
    const stat = parsed(directory.record(`task/${name}/stat`), parseStat);
    if (!stat.ok) continue;
    const { pid: tid, comm, state, utime, stime, starttime } = stat.value;
    if (tid === first) continue;
    const status = inside ? parsed(directory.record(`task/${name}/status`), parseStatusHead) : null;
    const innerTid = status?.ok ? (status.value.nspid.at(-1) ?? null) : null;
    lines.push({ tid, innerTid, starttime, comm, state, cpuTicks: utime + stime });
  }
  // Numbers begin anew one day.
  lines.sort((a, b) => a.starttime - b.starttime || a.tid - b.tid);
  return lines;
};
