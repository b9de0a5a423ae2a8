/** What the namespaces view shows of the world: the list or the matrix, filtered. */
import { matrixSentences } from '../../../shared/matrix-sentence.ts';
import { NAMESPACE_TYPES, type NamespaceType } from '../../../shared/model.ts';
import { linksOf, matrixGroups, runsOf, sharedIds, type Link, type Run } from '../../../shared/namespace-matrix.ts';
import { namespaceRole } from '../../../shared/namespace-role.ts';
import { namespaceTree, treeLines, type TreeBy } from '../../../shared/namespace-tree.ts';
import { namespaceRows, typesOf } from '../../../shared/namespace-rows.ts';
import { namespacesOf, type NamespaceView } from '../../../shared/namespaces.ts';
import { terminals } from '../../store/terminals.svelte.ts';
import { world } from '../../store/world.svelte.ts';
import { containerName } from '../containers/order.ts';
import { sorted, type ListRow, type Sorting } from './columns.ts';
import { listMatching, rowsMatching } from './filter.ts';
import { heldShort } from './held-words.ts';
import { layoutOf } from './matrix-layout.ts';

/** Lines side by side that fit the gutter of a column. */
const LANES = 3;

export class NamespacesModel {
  filter = $state('');
  onlyShared = $state(false);
  type = $state<NamespaceType | null>(null);
  sorting = $state.raw<Sorting>({ column: 'type', down: false });

  readonly all = $derived(world.current ? namespacesOf(world.current) : []);
  readonly counts = $derived(
    new Map(NAMESPACE_TYPES.map((type) => [type, this.all.filter((view) => view.type === type).length])),
  );
  readonly types = $derived(world.current ? typesOf(world.current, this.all) : []);

  /** `null`: a table that sorts. */
  tree = $state<TreeBy | null>(null);

  readonly list = $derived.by<readonly ListRow[]>(() => {
    const rows = this.all.filter(({ type }) => this.type === null || type === this.type).map(listRow);
    const matching = listMatching(rows, this.filter);
    return this.tree === null ? sorted(matching, this.sorting) : asTree(matching, this.all, this.tree);
  });
  /** Characters of the longest guide before an inode. */
  readonly guideWidth = $derived(this.list.reduce((most, { guide = '' }) => Math.max(most, guide.length), 0));

  readonly #shells = $derived(
    new Set(
      terminals.list.flatMap(({ pid, inside, ended }) =>
        ended ? [] : [pid, inside?.pid].filter((pid) => pid != null),
      ),
    ),
  );
  /** Who there is, unfiltered. */
  readonly rows = $derived(world.current ? namespaceRows(world.current, this.all, this.#shells) : []);
  readonly shared = $derived(world.current ? sharedIds(this.rows, world.current) : new Set<never>());
  readonly #groups = $derived.by(() => {
    if (!world.current) return [];
    const shared: ReadonlySet<string> = this.shared;
    const rows = this.onlyShared
      ? this.rows.filter(
          ({ kind, namespaces }) => kind === 'host' || NAMESPACE_TYPES.some((type) => shared.has(namespaces[type])),
        )
      : this.rows;
    return matrixGroups(rowsMatching(rows, this.filter, world.current), world.current);
  });
  readonly layout = $derived(layoutOf(this.#groups));
  readonly runs = $derived.by<ReadonlyMap<NamespaceType, readonly Run[]>>(() => {
    const rows = this.layout.rows.map(({ row }) => row);
    return new Map(this.types.map((type) => [type, runsOf(rows, type)]));
  });
  readonly links = $derived<readonly Link[]>([...this.runs.values()].flatMap((runs) => linksOf(runs, LANES)));
  readonly sentences = $derived.by(() => {
    if (!world.current) return [];
    const inOrder = matrixGroups(this.rows, world.current).flatMap(({ rows }) => rows);
    return matrixSentences(inOrder, world.current);
  });

  sortBy(column: string): void {
    this.sorting = { column, down: this.sorting.column === column && !this.sorting.down };
  }
}

/** Those that match with everything above them, so that each is seen where it belongs. */
const asTree = (matching: readonly ListRow[], all: readonly NamespaceView[], by: TreeBy): readonly ListRow[] => {
  const byId = new Map(all.map((view) => [view.id, view]));
  const kept = new Map<string, NamespaceView>();
  for (const row of matching) {
    for (
      let at: NamespaceView | undefined = row.view;
      at && !kept.has(at.id);
      at = byId.get(at[by] as NamespaceView['id'])
    )
      kept.set(at.id, at);
  }
  return treeLines(namespaceTree([...kept.values()], by)).map(({ view, guide }) => ({ ...listRow(view), guide }));
};

const listRow = (view: NamespaceView): ListRow => {
  const leader = view.leader === null ? undefined : world.byPid.get(view.leader);
  const role = leader && world.current ? namespaceRole(world.current, leader, view.type) : null;
  return {
    view,
    role: view.host ? 'host' : role === 'shared' ? 'shared' : 'own',
    containers: view.containers.map((id) => ({
      id,
      name: containerName(world.containers.get(id) ?? { id, name: null }),
    })),
    held: heldShort(view.heldBy, view.listed),
  };
};
