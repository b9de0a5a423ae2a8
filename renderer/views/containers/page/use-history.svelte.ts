/** What a container used in the last minutes, read once a second while somebody looks, and kept while the page is open. */
import { pointBetween, type ContainerUse, type UsePoint } from '../../../../shared/container-use.ts';
import { CHART_SECONDS } from '../../../parts/chart.ts';
import { connection } from '../../../store/connection.svelte.ts';
import { errorText } from '../../../../shared/text.ts';

/** More containers than anyone goes to and fro between. */
const KEPT_AT_MOST = 40;

/** Looks that come in a row are one. */
const LEAST_MILLIS = 700;

export interface Asked {
  readonly engine: string | null;
  readonly id: string;
  readonly pid: number | null;
}

export class UseHistory {
  latest = $state.raw<ContainerUse | null>(null);
  /** The oldest reading in sight, for what is said of the whole. */
  first = $state.raw<ContainerUse | null>(null);
  points = $state.raw<readonly UsePoint[]>([]);
  /** Why the last reading failed. Hostile text. */
  error = $state.raw<string | null>(null);

  #readings: ContainerUse[] = [];
  #asking = false;
  #pid: number | null = null;
  #dueAt = 0;

  /** Reads now; one reading at a time. A container that was started again begins anew. */
  async ask(which: Asked): Promise<void> {
    const { client } = connection;
    const at = performance.now();
    if (client === null || this.#asking || at < this.#dueAt) return;
    this.#dueAt = at + LEAST_MILLIS;
    this.#asking = true;
    try {
      const use = await client.call('container.use', which);
      if (which.pid !== this.#pid) this.#readings = [];
      this.#pid = which.pid;
      this.#take(use);
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
    } finally {
      this.#asking = false;
    }
  }

  #take(use: ContainerUse): void {
    const before = this.#readings.at(-1) ?? null;
    // An engine may tell the same reading twice.
    if (before !== null && use.takenAt <= before.takenAt) return;
    const oldest = use.takenAt - CHART_SECONDS * 1000;
    this.#readings = [...this.#readings.filter(({ takenAt }) => takenAt >= oldest), use];
    this.points = [...this.points.filter(({ at }) => at >= oldest), pointBetween(before, use)];
    this.first = this.#readings[0] ?? null;
    this.latest = use;
  }
}

const kept = new Map<string, UseHistory>();

/** The same for the same container. */
export const historyOf = (id: string): UseHistory => {
  const history = kept.get(id) ?? new UseHistory();
  kept.delete(id);
  kept.set(id, history);
  for (const old of kept.keys()) {
    if (kept.size <= KEPT_AT_MOST) break;
    kept.delete(old);
  }
  return history;
};
