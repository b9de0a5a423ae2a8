/** When the main thread of each process last ran, in the kernel's words: who did not run did not change. */
import type { Reading } from '../../../shared/model.ts';
import type { HeldFiles } from '../read/held-files.ts';
import type { Kernel } from '../read/kernel.ts';

/**
 * How many files are held open at most, each with a page of the kernel's memory behind it: 8 MB. Of further processes the
 * file is opened at each look.
 */
const HELD_AT_MOST = 2048;

const WANTED = { records: [{ name: 'schedstat' }] };

export class Schedstats {
  readonly #kernel: Kernel;
  readonly #held: HeldFiles | null;
  readonly #files = new Map<number, number>();
  readonly #others = new Map<number, Reading<string>>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#held = kernel.holdMany?.() ?? null;
  }

  /** Reads those of these processes, which stay open from then on: they were met before, for one who looks once holds nothing. */
  read(pids: readonly number[]): void {
    this.#others.clear();
    const others: number[] = [];
    for (const pid of pids) if (!this.#isHeld(pid)) others.push(pid);
    this.#held?.readAll();
    if (others.length > 0)
      this.#kernel.ofProcesses?.(others, WANTED, (pid, answers) =>
        this.#others.set(pid, answers.ok ? answers.value.record('schedstat') : answers),
      );
    for (const pid of others)
      if (!this.#others.has(pid)) this.#others.set(pid, this.#kernel.record(`/proc/${pid}/schedstat`));
  }

  /** As it was read last. Readable by everyone since Linux 2.6.9; all zero where the kernel does not count. */
  of(pid: number): Reading<string> {
    const file = this.#files.get(pid);
    const reading = file === undefined ? this.#others.get(pid) : this.#held?.record(file);
    if (reading === undefined) throw new Error(`the schedstat of ${pid} was not read`);
    // It ended; who has its number now will be held anew.
    if (!reading.ok && file !== undefined) {
      this.#others.set(pid, reading);
      this.letGo(pid);
    }
    return reading;
  }

  letGo(pid: number): void {
    const file = this.#files.get(pid);
    if (file === undefined) return;
    this.#held?.close(file);
    this.#files.delete(pid);
  }

  letGoOfAll(): void {
    for (const pid of [...this.#files.keys()]) this.letGo(pid);
  }

  #isHeld(pid: number): boolean {
    if (this.#files.has(pid)) return true;
    if (this.#held === null || this.#files.size >= HELD_AT_MOST) return false;
    const file = this.#held.open(`/proc/${pid}/schedstat`);
    if (file === null) return false;
    this.#files.set(pid, file);
    return true;
  }
}
