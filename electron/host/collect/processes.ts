/** All processes, from one look to the next: what did not run since the last look is not read again. */
import type { Ages, Process, Reading } from '../../../shared/model.ts';
import { keep } from '../../../shared/same.ts';
import { parsed } from '../parse/format-error.ts';
import { isKernelThread, parseStat } from '../parse/stat.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { HeldFile, Kernel } from '../read/kernel.ts';
import { isDead, missing, processRow, sharedCgroups, sight, type Missing, type Sighting } from './one-process.ts';

/**
 * A process whose main thread did not run cannot have changed its own files. What others do to it is met in turns, a share
 * of the processes at each look: another cgroup, another parent, memory taken away, once in GLANCE looks; what its other
 * threads do to its title or descriptors once in THREADS looks; what a debugger writes once in WHOLE looks. Kernel
 * threads change nothing of their own but counters and name.
 */
const GLANCE_EVERY_LOOKS = 5;
const THREADS_EVERY_LOOKS = 20;
const WHOLE_EVERY_LOOKS = 60;

/**
 * How many files are held open at most, each with a page of the kernel's memory behind it: 8 MB. Of further processes the
 * file is opened at each look.
 */
const HELD_AT_MOST = 2048;

interface Entry {
  sighting: Sighting;
  row: Process;
  /** Its schedstat, from the second look on. */
  held: HeldFile | null;
  /** The number of the look that met it last. */
  look: number;
  /** When its cgroup was last read, in milliseconds, and when all of it was. */
  at: number;
  wholeAt: number;
}

export class Processes {
  readonly #kernel: Kernel;
  readonly #entries = new Map<number, Entry>();
  #heldCount = 0;
  /** What the last sighting read: no more than who ran, what others can have done to it, or all. */
  #read: 'nothing' | 'glance' | 'whole' = 'whole';
  #rows: readonly Process[] = [];
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Rows by pid, without containers. Rows that say the same as before are the same objects, the list too. */
  look(
    pageBytes: number,
    users: ReadonlyMap<number, string>,
    now: number,
  ): { rows: readonly Process[]; hidden: number } {
    const names = this.#kernel.list('/proc');
    if (!names.ok) throw new Error(`the list of processes could not be read: ${names.call} ${names.errno ?? ''}`);
    const rows: Process[] = [];
    let hidden = 0;
    const pids = pidsAmong(names.value);
    const alive = new Set(pids);
    for (const pid of pids) {
      const old = this.#entries.get(pid);
      const orphan = old !== undefined && this.#isOrphan(old.row.ppid, alive);
      const sighting = this.#sight(pid, old, orphan);
      if (sighting === 'hidden') hidden++;
      if (typeof sighting === 'string') continue;
      const unchanged = old?.sighting.stat === sighting.stat && old.sighting.slow === sighting.slow;
      const row = unchanged ? old.row : keep(old?.row, processRow(sighting, pageBytes, users));
      if (old === undefined)
        this.#entries.set(pid, { sighting, row, held: null, look: this.#looks, at: now, wholeAt: now });
      else {
        const at = this.#read === 'nothing' ? old.at : now;
        const wholeAt = this.#read === 'whole' ? now : old.wholeAt;
        Object.assign(old, { sighting, row, look: this.#looks, at, wholeAt });
      }
      rows.push(row);
    }
    if (this.#entries.size > rows.length) this.#dropUnmet();
    this.#looks++;
    if (rows.length !== this.#rows.length || rows.some((row, i) => row !== this.#rows[i])) this.#rows = rows;
    return { rows: this.#rows, hidden };
  }

  /** How long ago, in milliseconds, that was read which waits longest; see {@link Ages}. */
  ages(now: number): Pick<Ages, 'cgroups' | 'rest'> {
    let glanced = now;
    let whole = now;
    for (const { at, wholeAt } of this.#entries.values()) {
      if (at < glanced) glanced = at;
      if (wholeAt < whole) whole = wholeAt;
    }
    return { cgroups: now - glanced, rest: now - whole };
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
    for (const entry of this.#entries.values()) this.#release(entry);
    this.#entries.clear();
  }

  /** A child whose parent ended has a new parent, without having run for that; also while the dead one waits for its own. */
  #isOrphan(ppid: number, alive: ReadonlySet<number>): boolean {
    if (ppid === 0) return false;
    const parent = this.#entries.get(ppid)?.sighting.stat;
    return !alive.has(ppid) || (parent !== undefined && isDead(parent.state) && parent.numThreads < 2);
  }

  #dropUnmet(): void {
    for (const [pid, entry] of this.#entries) {
      if (entry.look === this.#looks) continue;
      this.#release(entry);
      this.#entries.delete(pid);
    }
  }

  #release(entry: Entry): void {
    if (entry.held === null) return;
    entry.held.close();
    entry.held = null;
    this.#heldCount--;
  }

  #sight(pid: number, entry: Entry | undefined, orphan: boolean): Sighting | Missing {
    this.#read = 'whole';
    if (entry === undefined) return this.#whole(pid, undefined);
    const old = entry.sighting;
    const threads = old.stat.numThreads > 1;
    const turn = pid + this.#looks;
    if (turn % (threads ? THREADS_EVERY_LOOKS : WHOLE_EVERY_LOOKS) === 0) return this.#whole(pid, old);
    const schedstat = this.#schedstat(pid, entry);
    const quiet = schedstat.ok && schedstat.value === old.schedstat && counts(schedstat.value);
    if (!quiet && !isKernelThread(old.stat)) return this.#whole(pid, old);
    if (quiet && !threads && !orphan && turn % GLANCE_EVERY_LOOKS !== 0) {
      this.#read = 'nothing';
      return old;
    }
    return this.#glance(pid, { ...old, schedstat: schedstat.ok ? schedstat.value : null });
  }

  /** From the second look on it stays open, so that one who looks only once holds nothing. */
  #schedstat(pid: number, entry: Entry): Reading<string> {
    const path = `/proc/${pid}/schedstat`;
    if (entry.held === null && this.#heldCount < HELD_AT_MOST) {
      const held = this.#kernel.hold?.(path);
      if (held?.ok === true) {
        entry.held = held.value;
        this.#heldCount++;
      }
    }
    const reading = entry.held?.record() ?? this.#kernel.record(path);
    // It ended; who has its number now will be held anew.
    if (!reading.ok) this.#release(entry);
    return reading;
  }

  #whole(pid: number, old: Sighting | undefined): Sighting | Missing {
    this.#read = 'whole';
    const whole = sight(this.#kernel, pid);
    if (typeof whole === 'string' || old === undefined) return whole;
    const namespaces = keep(old.slow.namespaces, whole.slow.namespaces);
    return keep(old, { ...whole, slow: keep(old.slow, { ...whole.slow, namespaces }) });
  }

  /** What others can have done to it, and its counters. */
  #glance(pid: number, old: Sighting): Sighting | Missing {
    this.#read = 'glance';
    const text = this.#kernel.record(`/proc/${pid}/stat`);
    if (!text.ok) return missing(text);
    const parsing = text.value === old.statText ? { ok: true as const, value: old.stat } : parsed(text, parseStat);
    if (!parsing.ok) return missing(parsing);
    const stat = parsing.value;
    // Another process by now, or its main thread runs after all.
    if (stat.starttime !== old.stat.starttime || stat.state !== old.stat.state) return this.#whole(pid, old);
    const cgroups = parsed(this.#kernel.record(`/proc/${pid}/cgroup`), sharedCgroups);
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
