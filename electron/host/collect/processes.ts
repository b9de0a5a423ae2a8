/** All processes, from one look to the next: what did not run since the last look is not read again. */
import type { Process } from '../../../shared/model.ts';
import { keep } from '../../../shared/same.ts';
import { parseStat } from '../parse/stat.ts';
import type { Kernel } from '../read/kernel.ts';
import { processRow, sight, type Missing, type Sighting } from './one-process.ts';

/**
 * A process that did not run cannot have changed its own files, but others can move it to another cgroup, and its other
 * threads can overwrite its title. So each is read whole once in this many looks anyway, a share of them at each look.
 */
const WHOLE_EVERY_LOOKS = 5;

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
    for (const pid of pidsAmong(names.value)) {
      const old = this.#entries.get(pid);
      const sighting = this.#sight(pid, old?.sighting);
      if (sighting === 'hidden') hidden++;
      if (typeof sighting === 'string') continue;
      const row = old?.sighting === sighting ? old.row : keep(old?.row, processRow(sighting, pageBytes, users));
      entries.set(pid, old?.sighting === sighting ? old : { sighting, row });
      rows.push(row);
    }
    this.#entries = entries;
    this.#looks++;
    if (rows.length !== this.#rows.length || rows.some((row, i) => row !== this.#rows[i])) this.#rows = rows;
    return { rows: this.#rows, hidden };
  }

  /** Everything is read anew at the next look. */
  forget(): void {
    this.#entries.clear();
  }

  #sight(pid: number, old: Sighting | undefined): Sighting | Missing {
    const due = (pid + this.#looks) % WHOLE_EVERY_LOOKS === 0;
    const still = old === undefined || due ? null : this.#still(pid, old);
    if (still !== null) return still;
    const whole = sight(this.#kernel, pid);
    if (typeof whole === 'string' || old === undefined) return whole;
    return keep(old, { ...whole, slow: keep(old.slow, whole.slow) });
  }

  /** The old sighting with the counters of now, if its main thread has not run since; `null` if it must be read whole. */
  #still(pid: number, old: Sighting): Sighting | Missing | null {
    const text = this.#kernel.text(`/proc/${pid}/stat`);
    if (!text.ok) return text.why === 'denied' ? 'hidden' : 'gone';
    const schedstat = this.#kernel.text(`/proc/${pid}/schedstat`);
    if (!schedstat.ok || schedstat.value !== old.schedstat || old.stat.state === 'R') return null;
    if (text.value === old.statText) return old;
    const stat = parseStat(text.value);
    // Its memory may shrink and its other threads may run; anything more is a reason to look closer.
    const same = stat.starttime === old.stat.starttime && stat.state === old.stat.state && stat.comm === old.stat.comm;
    return same ? { ...old, statText: text.value, stat } : null;
  }
}

/** Ascending, so that rows come by pid. */
const pidsAmong = (names: readonly string[]): number[] =>
  names
    .filter((name) => /^[1-9]\d{0,9}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
