/** The threads of all processes, read with each look as long as somebody wants them in the tree. */
import type { ProcessKey } from '../../shared/model.ts';
import type { MachineThreads, ThreadLine } from '../../shared/process-account.ts';
import type { ThreadsByProcess } from '../../shared/process-tree.ts';
import { threadPercents } from '../../shared/rates.ts';
import { errorText } from '../../shared/text.ts';
import { connection } from './connection.svelte.ts';
import { world } from './world.svelte.ts';

/** Of a reading that took long, never more than this share of the time is spent on it. */
const SHARE = 0.05;

class ThreadsStore {
  /** Whether they are wanted; for as long as the page stands. */
  wanted = $state(false);
  /** Hostile text. */
  error = $state.raw<string | null>(null);
  #current = $state.raw<MachineThreads | null>(null);
  #previous = $state.raw<MachineThreads | null>(null);
  #asking = false;

  readonly byProcess: ThreadsByProcess = $derived(this.wanted ? linesOf(this.#current) : NONE);
  readonly left = $derived(this.wanted ? (this.#current?.left ?? 0) : 0);
  readonly #percents = $derived(this.#rates());

  /** Percent of one CPU since the reading before; `null` at first sight. */
  percent(of: ProcessKey, thread: ThreadLine): number | null {
    return this.#percents.get(of)?.get(thread.tid) ?? null;
  }

  /** To be called with every look at the machine. */
  look(): void {
    if (!this.wanted) {
      this.#current = null;
      this.#previous = null;
      this.error = null;
      return;
    }
    const last = this.#current;
    if (last === null || Date.now() - last.takenAt >= last.millis / SHARE) void this.#read();
  }

  async #read(): Promise<void> {
    const { client } = connection;
    if (client === null || this.#asking) return;
    this.#asking = true;
    try {
      const read = await client.call('process.threads', {});
      this.#previous = this.#current;
      this.#current = read;
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
    } finally {
      this.#asking = false;
    }
  }

  #rates(): ReadonlyMap<ProcessKey, ReadonlyMap<number, number>> {
    const [now, before] = [this.#current, this.#previous];
    const hz = world.current?.host.clockTicksPerSecond;
    const rates = new Map<ProcessKey, ReadonlyMap<number, number>>();
    if (now === null || before === null || hz === undefined) return rates;
    const past = linesOf(before);
    for (const { key, threads } of now.processes) {
      const earlier = past.get(key);
      if (earlier === undefined) continue;
      rates.set(key, threadPercents({ clock: now.clock, threads }, { clock: before.clock, threads: earlier }, hz));
    }
    return rates;
  }
}

const NONE: ThreadsByProcess = new Map();
const linesOf = (read: MachineThreads | null): ThreadsByProcess =>
  read === null ? NONE : new Map(read.processes.map(({ key, threads }) => [key, threads]));

export const threads = new ThreadsStore();
