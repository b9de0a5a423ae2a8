/** All processes, from one look to the next: what did not run since the last look is not read again. */
import type { Process } from '../../../shared/model.ts';
import { keep } from '../../../shared/same.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parsed } from '../parse/format-error.ts';
import { isKernelThread, parseStat } from '../parse/stat.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Kernel } from '../read/kernel.ts';
import { missing, processRow, sight, type Missing, type Sighting } from './one-process.ts';

/**
 * A process whose main thread did not run cannot have changed its own files. What others do to it is met in turns, a share
 * of the processes at each look: another cgroup, another parent, memory taken away, once in GLANCE looks; what its other
 * threads do to its title or descriptors once in THREADS looks; what a debugger writes once in WHOLE looks. Kernel
 * threads change nothing of their own but counters and name.
 */
const GLANCE_EVERY_LOOKS = 5;
const THREADS_EVERY_LOOKS = 20;
const WHOLE_EVERY_LOOKS = 60;

interface Entry {
  readonly sighting: Sighting;
  readonly row: Process;
}

export class Processes {
  readonly #kernel: Kernel;
  #entries = new Map<number, Entry>();
  #rows: readonly Process[] = [];
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Rows by pid, without containers. Rows that say the same as before are the same objects, the list too. */
  look(pageBytes: number, users: ReadonlyMap<number, string>): { rows: readonly Process[]; hidden: number } {
    const names = this.#kernel.list('/proc');
    if (!names.ok) throw new Error(`the list of processes could not be read: ${names.call} ${names.errno ?? ''}`);
    const entries = new Map<number, Entry>();
    const rows: Process[] = [];
    let hidden = 0;
    const pids = pidsAmong(names.value);
    const alive = new Set(pids);
    for (const pid of pids) {
      const old = this.#entries.get(pid);
      // A child whose parent ended has a new parent, without having run for that.
      const orphan = old !== undefined && old.row.ppid !== 0 && !alive.has(old.row.ppid);
      const sighting = this.#sight(pid, old?.sighting, orphan);
      if (sighting === 'hidden') hidden++;
      if (typeof sighting === 'string') continue;
      const unchanged = old?.sighting.stat === sighting.stat && old.sighting.slow === sighting.slow;
      const row = unchanged ? old.row : keep(old?.row, processRow(sighting, pageBytes, users));
      entries.set(pid, { sighting, row });
      rows.push(row);
    }
    this.#entries = entries;
    this.#looks++;
    if (rows.length !== this.#rows.length || rows.some((row, i) => row !== this.#rows[i])) this.#rows = rows;
    return { rows: this.#rows, hidden };
  }

  /**
   * A word that stays the same as long as nothing of the process can have run since; `null` where that cannot be told:
   * it has other threads, or the kernel does not count.
   */
  quietSince(pid: number): string | null {
    const sighting = this.#entries.get(pid)?.sighting;
    if (sighting === undefined || sighting.stat.numThreads > 1) return null;
    return counts(sighting.schedstat) ? sighting.schedstat : null;
  }

  /** Everything is read anew at the next look. */
  forget(): void {
    this.#entries.clear();
  }

  #sight(pid: number, old: Sighting | undefined, orphan: boolean): Sighting | Missing {
    if (old === undefined) return this.#whole(pid, old);
    const threads = old.stat.numThreads > 1;
    const turn = pid + this.#looks;
    if (turn % (threads ? THREADS_EVERY_LOOKS : WHOLE_EVERY_LOOKS) === 0) return this.#whole(pid, old);
    const schedstat = this.#kernel.record(`/proc/${pid}/schedstat`);
    const quiet = schedstat.ok && schedstat.value === old.schedstat && counts(schedstat.value);
    if (!quiet && !isKernelThread(old.stat)) return this.#whole(pid, old);
    if (quiet && !threads && !orphan && turn % GLANCE_EVERY_LOOKS !== 0) return old;
    return this.#glance(pid, { ...old, schedstat: schedstat.ok ? schedstat.value : null });
  }

  #whole(pid: number, old: Sighting | undefined): Sighting | Missing {
    const whole = sight(this.#kernel, pid);
    if (typeof whole === 'string' || old === undefined) return whole;
    const namespaces = keep(old.slow.namespaces, whole.slow.namespaces);
    return keep(old, { ...whole, slow: keep(old.slow, { ...whole.slow, namespaces }) });
  }

  /** What others can have done to it, and its counters. */
  #glance(pid: number, old: Sighting): Sighting | Missing {
    const text = this.#kernel.record(`/proc/${pid}/stat`);
    if (!text.ok) return missing(text);
    const parsing = text.value === old.statText ? { ok: true as const, value: old.stat } : parsed(text, parseStat);
    if (!parsing.ok) return missing(parsing);
    const stat = parsing.value;
    // Another process by now, or its main thread runs after all.
    if (stat.starttime !== old.stat.starttime || stat.state !== old.stat.state) return this.#whole(pid, old);
    const cgroups = parsed(this.#kernel.record(`/proc/${pid}/cgroup`), parseCgroup);
    const status =
      stat.rssPages === old.stat.rssPages ? null : parsed(this.#kernel.record(`/proc/${pid}/status`), parseStatusHead);
    const slow = keep(old.slow, {
      ...old.slow,
      ...(cgroups.ok ? { cgroups: cgroups.value } : null),
      ...(status?.ok ? { status: status.value } : null),
    });
    return { ...old, statText: text.value, stat, slow };
  }
}

/** Readable by everyone since Linux 2.6.9; all zero where the kernel does not count, and then it tells nothing. */
const counts = (schedstat: string | null): boolean => schedstat !== null && !schedstat.startsWith('0 ');

/** Ascending, so that rows come by pid. */
const pidsAmong = (names: readonly string[]): number[] =>
  names
    .filter((name) => /^[1-9]\d{0,9}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
