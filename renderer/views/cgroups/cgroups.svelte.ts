/** The tree of cgroups and the one that is looked at, read as long as somebody looks. */
import { SvelteSet } from 'svelte/reactivity';
import type { CgroupDetail, CgroupTree } from '../../../shared/cgroup-model.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { connection } from '../../store/connection.svelte.ts';
import { errorText } from '../../../shared/text.ts';

/** Cgroups come and go with services and containers; their figures are read with each look at the machine. */
const TREE_EVERY_MILLIS = 3000;
/** A tree that takes long to read is read less often: at most a fiftieth of the time. */
const TREE_REST = 50;

/** Looks closer together than this are one: what is selected and what the machine does may change at once. */
const DETAIL_LEAST_MILLIS = 500;

export class CgroupsModel {
  /** `null` before the first answer. */
  tree = $state.raw<CgroupTree | null>(null);
  detail = $state.raw<CgroupDetail | null>(null);
  /** The reading before {@link detail}, of the same cgroup; for rates. */
  before = $state.raw<CgroupDetail | null>(null);
  /** When the cgroup was found to be gone, ms since 1970. Its last reading stays. */
  goneAt = $state.raw<number | null>(null);
  /** Why the last reading of either failed otherwise. */
  error = $state.raw<string | null>(null);
  readonly collapsed = new SvelteSet<string>();

  #path: string | null = null;
  #asking = false;
  #askingTree = false;
  #treeDueAt = 0;
  #detailDueAt = 0;

  /** To be called with each look at the machine, and when another cgroup is to be shown. One question at a time. */
  look(path: string): void {
    if (path !== this.#path) {
      this.#path = path;
      this.detail = null;
      this.before = null;
      this.goneAt = null;
      this.error = null;
      this.#asking = false;
      this.#detailDueAt = 0;
    }
    void this.#readTree();
    void this.#readDetail(path);
  }

  toggle(path: string): void {
    if (!this.collapsed.delete(path)) this.collapsed.add(path);
  }

  async #readTree(): Promise<void> {
    const { client } = connection;
    const startedAt = performance.now();
    if (client === null || this.#askingTree || startedAt < this.#treeDueAt) return;
    this.#askingTree = true;
    try {
      this.tree = await client.call('cgroup.tree', {});
    } catch (error) {
      this.error = errorText(error);
    } finally {
      const took = performance.now() - startedAt;
      this.#treeDueAt = startedAt + Math.max(TREE_EVERY_MILLIS, took * TREE_REST);
      this.#askingTree = false;
    }
  }

  async #readDetail(path: string): Promise<void> {
    const { client } = connection;
    const startedAt = performance.now();
    if (client === null || this.#asking || startedAt < this.#detailDueAt) return;
    this.#asking = true;
    this.#detailDueAt = startedAt + DETAIL_LEAST_MILLIS;
    try {
      const detail = await client.call('cgroup.detail', { path });
      if (this.#path !== path) return;
      this.before = this.detail;
      this.detail = detail;
      this.error = null;
      this.goneAt = null;
    } catch (error) {
      if (this.#path !== path) return;
      if (error instanceof PortholeError && error.code === 'not-found') this.goneAt ??= Date.now();
      else this.error = errorText(error);
    } finally {
      if (this.#path === path) this.#asking = false;
    }
  }
}
