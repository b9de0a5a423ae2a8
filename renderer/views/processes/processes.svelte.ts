/** What the processes view holds: filter, mode, sorting, what is closed; and the rows that follow from it. */
import { buildTree, flatten, rowId, type TreeRow } from '../../../shared/process-tree.ts';
import type { Process, ProcessKey } from '../../../shared/model.ts';
import { cpuPercents } from '../../../shared/rates.ts';
import { SvelteSet } from 'svelte/reactivity';
import { threads } from '../../store/threads.svelte.ts';
import { world } from '../../store/world.svelte.ts';
import { containerName } from '../containers/order.ts';
import { bornSince, ghostsAfter, type Ghost } from './afterlife.ts';
import { sorted, type ListRow, type Sorting } from './columns.ts';
import { onlyUnread } from './only-unread.ts';

/** Parent of all kernel threads; kernel/kthread.c. */
const KTHREADD = 'kthreadd';

export type Mode = 'tree' | 'list';

export interface Scope {
  /** Show only what could not be read wholly. */
  readonly unread: boolean;
  /** Show only this container's processes. */
  readonly container: string | null;
}

export class ProcessesModel {
  containerName = (id: string): string | null => {
    const container = world.containers.get(id);
    return container ? containerName(container) : null;
  };

  filter = $state('');
  mode = $state<Mode>('tree');
  sorting = $state.raw<Sorting>({ column: 'cpu', down: true });
  scope = $state.raw<Scope>({ unread: false, container: null });
  readonly collapsed = new SvelteSet<ProcessKey>();
  #ghosts = $state.raw<readonly Ghost[]>([]);
  #kthreaddSeen = false;

  readonly born = $derived(world.current ? bornSince(world.previous, world.current) : new Set<ProcessKey>());
  readonly gone = $derived(new Set(this.#ghosts.map(({ process }) => process.key)));
  readonly cpu = $derived(
    world.current ? cpuPercents(world.previous, world.current) : new Map<ProcessKey, number | null>(),
  );
  readonly #processes = $derived.by(() => {
    const living: readonly Process[] = world.current?.processes ?? [];
    const all = this.#ghosts.length === 0 ? living : [...living, ...this.#ghosts.map(({ process }) => process)];
    const { unread, container } = this.scope;
    if (container !== null) return all.filter((process) => process.container === container);
    return unread ? onlyUnread(all) : all;
  });
  readonly #tree = $derived(buildTree(this.#processes));
  readonly #flat = $derived(
    flatten(this.#tree, {
      collapsed: this.collapsed,
      filter: this.filter,
      containerName: this.containerName,
      threads: threads.byProcess,
    }),
  );
  readonly treeRows = $derived<readonly TreeRow[]>(this.#flat.rows);
  readonly listRows = $derived.by<readonly ListRow[]>(() => {
    if (this.mode === 'tree') return [];
    const rows = flatten(this.#tree, { filter: this.filter, containerName: this.containerName })
      .rows.filter(({ matches }) => matches)
      .map(({ process }) => ({
        process,
        cpu: this.cpu.get(process.key) ?? null,
        container: process.container === null ? null : this.containerName(process.container),
      }));
    return sorted(rows, this.sorting);
  });
  readonly rows = $derived<readonly (TreeRow | ListRow)[]>(this.mode === 'tree' ? this.treeRows : this.listRows);
  readonly indexes = $derived(new Map(this.rows.map((row, index) => [rowId(row), index])));
  readonly filtered = $derived(this.filter.trim() !== '');
  readonly matches = $derived(this.#flat.matches);

  /** To be called with each new look. */
  look(): void {
    if (world.current === null) return;
    threads.look();
    this.#ghosts = ghostsAfter(this.#ghosts, world.previous, world.current);
    if (!this.#kthreaddSeen) {
      // Hundreds of kernel threads stand between a newcomer and the processes; they are one click away.
      const kthreadd = world.current.processes.find(({ comm, kernelThread }) => kernelThread && comm === KTHREADD);
      if (kthreadd) this.collapsed.add(kthreadd.key);
      this.#kthreaddSeen = true;
    }
  }

  toggle(key: ProcessKey): void {
    if (!this.collapsed.delete(key)) this.collapsed.add(key);
  }

  /** Opens whatever hides this process. */
  uncover(key: ProcessKey): void {
    for (let node = this.#tree.byKey.get(key)?.parent; node; node = node.parent)
      this.collapsed.delete(node.process.key);
  }

  sortBy(column: string): void {
    const { column: before, down } = this.sorting;
    this.sorting = column === before ? { column, down: !down } : { column, down: FROM_ABOVE.has(column) };
  }
}

/** Columns where one looks for the largest first. */
const FROM_ABOVE = new Set(['cpu', 'memory', 'virtual', 'time', 'start']);
