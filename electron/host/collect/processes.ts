/** All processes, from one look to the next: what did not run since the last look is not read again. */
import type { Ages, Process, Reading } from '../../../shared/model.ts';
import { keep } from '../../../shared/same.ts';
import { parsed } from '../parse/format-error.ts';
import { isKernelThread, parseStat } from '../parse/stat.ts';
import { parseStatusHead } from '../parse/status.ts';
import type { Kernel } from '../read/kernel.ts';
import type { Wanted } from '../read/read-many.ts';
import {
  isDead,
  missing,
  processRow,
  sharedCgroups,
  sight,
  SIGHT,
  sightIn,
  type Missing,
  type Seen,
  type Sighting,
} from './one-process.ts';
import { Schedstats } from './schedstats.ts';

/**
 * A process whose main thread did not run cannot have changed its own files. What others do to it is met in turns, a share
 * of the processes at each look: another cgroup, another parent, memory taken away, once in GLANCE looks; what its other
 * threads do to its title or descriptors once in THREADS looks; what a debugger writes once in WHOLE looks. Kernel
 * threads change nothing of their own but counters and name.
 */
const GLANCE_EVERY_LOOKS = 5;
const THREADS_EVERY_LOOKS = 20;
const WHOLE_EVERY_LOOKS = 60;

/** What of a process is read at a look: nothing, if it did not run; what others can have done to it; or all. */
type Plan = 'nothing' | 'glance' | 'whole';

const GLANCE: Wanted = { records: [{ name: 'stat' }, { name: 'cgroup' }] };

interface Entry {
  sighting: Sighting;
  row: Process;
  /** The number of the look that met it last. */
  look: number;
  /** When its cgroup was last read, in milliseconds, and when all of it was. */
  at: number;
  wholeAt: number;
}

export class Processes {
  readonly #kernel: Kernel;
  readonly #entries = new Map<number, Entry>();
  readonly #schedstats: Schedstats;
  #rows: readonly Process[] = [];
  #looks = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#schedstats = new Schedstats(kernel);
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
    this.#schedstats.read(pids.filter((pid) => this.#entries.has(pid)));
    const plans = pids.map((pid) => this.#plan(pid));
    const read = this.#readTogether(pids, plans);
    for (const [index, pid] of pids.entries()) {
      const old = this.#entries.get(pid);
      let plan = plans[index] ?? 'whole';
      if (plan === 'nothing' && old !== undefined && this.#isOrphan(old.row.ppid, alive)) plan = 'glance';
      let sighting = this.#sight(pid, old?.sighting, plan, read);
      // Another process by now, or its main thread runs after all.
      if (sighting === 'otherwise') [plan, sighting] = ['whole', this.#whole(pid, old?.sighting, read)];
      if (sighting === 'hidden') hidden++;
      if (typeof sighting === 'string') continue;
      const unchanged = old?.sighting.stat === sighting.stat && old.sighting.slow === sighting.slow;
      const row = unchanged ? old.row : keep(old?.row, processRow(sighting, pageBytes, users));
      if (old === undefined) this.#entries.set(pid, { sighting, row, look: this.#looks, at: now, wholeAt: now });
      else {
        const at = plan === 'nothing' ? old.at : now;
        const wholeAt = plan === 'whole' ? now : old.wholeAt;
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
    this.#schedstats.letGoOfAll();
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
      this.#schedstats.letGo(pid);
      this.#entries.delete(pid);
    }
  }

  #plan(pid: number): Plan {
    const old = this.#entries.get(pid)?.sighting;
    if (old === undefined) return 'whole';
    const threads = old.stat.numThreads > 1;
    const turn = pid + this.#looks;
    const schedstat = this.#schedstats.of(pid);
    if (turn % (threads ? THREADS_EVERY_LOOKS : WHOLE_EVERY_LOOKS) === 0) return 'whole';
    const quiet = schedstat.ok && schedstat.value === old.schedstat && counts(schedstat.value);
    if (!quiet && !isKernelThread(old.stat)) return 'whole';
    return quiet && !threads && turn % GLANCE_EVERY_LOOKS !== 0 ? 'nothing' : 'glance';
  }

  /** What the kernel can be asked about many processes at once. */
  #readTogether(pids: readonly number[], plans: readonly Plan[]): Read {
    const [wholes, glances] = [new Map<number, Sighting | Missing>(), new Map<number, Glance>()];
    const those = (wanted: Plan) => pids.filter((_, index) => plans[index] === wanted);
    this.#kernel.ofProcesses?.(those('whole'), SIGHT, (pid, files) => {
      const sighting = files.ok ? sightIn(files.value) : missing(files);
      if (sighting !== null) wholes.set(pid, sighting);
    });
    this.#kernel.ofProcesses?.(those('glance'), GLANCE, (pid, files) =>
      glances.set(pid, files.ok ? glanceIn(files.value) : { stat: files, cgroup: files }),
    );
    return { wholes, glances };
  }

  #sight(pid: number, old: Sighting | undefined, plan: Plan, read: Read): Sighting | Missing | 'otherwise' {
    if (plan === 'whole' || old === undefined) return this.#whole(pid, old, read);
    return plan === 'nothing' ? old : this.#glance(pid, old, read);
  }

  #whole(pid: number, old: Sighting | undefined, { wholes }: Read): Sighting | Missing {
    const whole = wholes.get(pid) ?? sight(this.#kernel, pid);
    if (typeof whole === 'string' || old === undefined) return whole;
    const namespaces = keep(old.slow.namespaces, whole.slow.namespaces);
    return keep(old, { ...whole, slow: keep(old.slow, { ...whole.slow, namespaces }) });
  }

  /** What others can have done to it, and its counters. */
  #glance(pid: number, old: Sighting, { glances }: Read): Sighting | Missing | 'otherwise' {
    const { stat: text, cgroup } = glances.get(pid) ?? glanceIn(byPath(this.#kernel, pid));
    if (!text.ok) return missing(text);
    const parsing = text.value === old.statText ? { ok: true as const, value: old.stat } : parsed(text, parseStat);
    if (!parsing.ok) return missing(parsing);
    const stat = parsing.value;
    if (stat.starttime !== old.stat.starttime || stat.state !== old.stat.state) return 'otherwise';
    const cgroups = parsed(cgroup, sharedCgroups);
    const status =
      stat.rssPages === old.stat.rssPages ? null : parsed(this.#kernel.record(`/proc/${pid}/status`), parseStatusHead);
    const slow = keep(old.slow, {
      ...old.slow,
      ...(cgroups.ok ? { cgroups: cgroups.value } : null),
      ...(status?.ok ? { status: status.value } : null),
    });
    const schedstat = this.#schedstats.of(pid);
    return { ...old, schedstat: schedstat.ok ? schedstat.value : null, statText: text.value, stat, slow };
  }
}

interface Glance {
  readonly stat: Reading<string>;
  readonly cgroup: Reading<string>;
}
/** What was read of many processes at once; the others are read by themselves. */
interface Read {
  readonly wholes: ReadonlyMap<number, Sighting | Missing>;
  readonly glances: ReadonlyMap<number, Glance>;
}
const glanceIn = (files: Pick<Seen, 'record'>): Glance => ({
  stat: files.record('stat'),
  cgroup: files.record('cgroup'),
});
const byPath = (kernel: Kernel, pid: number): Pick<Seen, 'record'> => ({
  record: (name) => kernel.record(`/proc/${pid}/${name}`),
});

/** All zero where the kernel does not count, and then it tells nothing. */
const counts = (schedstat: string | null): boolean => schedstat !== null && !schedstat.startsWith('0 ');

/** Ascending, so that rows come by pid. */
const pidsAmong = (names: readonly string[]): number[] =>
  names
    .filter((name) => /^[1-9]\d{0,9}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
