/** What the graph shows of the world, what of it is selected, and where the keyboard is. */
import type { Node } from '@xyflow/svelte';
import { getContext, setContext } from 'svelte';
import { graphOf, hostEdges, type Graph, type GraphChip, type PinnedCard } from '../../../shared/graph.ts';
import { ownershipOf, type Ownership } from '../../../shared/graph-relations.ts';
import { NAMESPACE_TYPES, type NamespaceId } from '../../../shared/model.ts';
import { keep, keepRows } from '../../../shared/same.ts';
import { selection } from '../../store/selection.svelte.ts';
import { containerSubject, namespaceSubject, processSubject, type Subject } from '../../store/subject.ts';
import { world } from '../../store/world.svelte.ts';
import { groupsOf, type Group } from './graph-groups.ts';
import { graphLayout } from './graph-layout.svelte.ts';
import { hostLines, joinLines, relationLines, type Line } from './graph-routes.ts';
import { cardPart, chipPart, HOST_PART, hostHeight, sceneOf, type Part, type Scene } from './graph-scene.ts';
import { cardHeight, CHIP, HOST, type Box } from './graph-sizes.ts';
import type { NamespacesModel } from './namespaces.svelte.ts';

export type HostNode = Node<{ graph: Graph }, 'host'>;
export type CardNode = Node<{ card: PinnedCard }, 'card'>;
export type ChipNode = Node<{ chip: GraphChip }, 'chip'>;
export type GraphNode = HostNode | CardNode | ChipNode;

export class GraphModel {
  ownership = $state(true);
  hostEdges = $state(false);
  /** Bundles that were opened. */
  opened = $state.raw<ReadonlySet<string>>(new Set());
  /** Where the keyboard is, and whether that is to be seen. */
  active = $state<string | null>(null);
  focused = $state(false);

  readonly #namespaces: NamespacesModel;
  #graph: Graph | undefined;
  #groups: readonly Group[] = [];
  #nodes: readonly GraphNode[] = [];
  constructor(namespaces: NamespacesModel) {
    this.#namespaces = namespaces;
  }

  /** Unchanged parts stay the same objects from look to look, so that what did not change is not drawn again. */
  readonly graph = $derived.by<Graph | null>(() => {
    if (!world.current) return null;
    const fresh = graphOf(world.current, this.#namespaces.rows, this.#namespaces.all, this.opened);
    const { cards = [], chips = [] } = this.#graph ?? {};
    this.#graph = keep(this.#graph, {
      host: fresh.host,
      cards: keepRows(cards, fresh.cards, ({ key }) => key),
      chips: keepRows(chips, fresh.chips, ({ id }) => id),
    });
    return this.#graph;
  });
  readonly groups = $derived.by<readonly Group[]>(() => {
    const fresh = this.graph === null ? [] : groupsOf(this.graph, this.#namespaces.all);
    return (this.#groups = keepRows(this.#groups, fresh, ({ key }) => key));
  });

  readonly scene = $derived.by<Scene | null>(() => {
    const { arranged } = graphLayout;
    return arranged && sceneOf(arranged.graph, arranged.groups, arranged.layouts, arranged.shelves);
  });
  readonly shown = $derived(graphLayout.arranged?.graph ?? null);
  readonly nodes = $derived.by<readonly GraphNode[]>(() => {
    const fresh = this.shown && this.scene ? nodesOf(this.shown, this.scene) : [];
    return (this.#nodes = keepRows(this.#nodes, fresh, ({ id }) => id));
  });

  readonly selectedNamespace = $derived(selection.current?.kind === 'namespace' ? selection.current.id : null);
  /** Key of the row that the selected container or process belongs to. */
  readonly selectedRow = $derived.by<string | null>(() => {
    const subject = selection.current;
    if (subject?.kind === 'container') return `container ${subject.id}`;
    const process = subject?.kind === 'process' ? world.byKey.get(subject.key) : undefined;
    if (!process) return null;
    const row = this.#namespaces.rows.find(
      ({ container, namespaces }) =>
        container === process.container &&
        NAMESPACE_TYPES.every((type) => namespaces[type] === (process.namespaces[type] ?? 'unread')),
    );
    return row?.key ?? null;
  });
  readonly #ownOfSelected = $derived.by<readonly NamespaceId[]>(() => {
    if (this.selectedNamespace !== null) return [this.selectedNamespace];
    const row = this.selectedRow;
    return row === null ? [] : (this.shown?.cards.find(({ rows }) => rows.length === 1 && rows[0] === row)?.own ?? []);
  });
  readonly owned = $derived.by<Ownership>(() =>
    this.ownership ? ownershipOf(this.#namespaces.all, this.#ownOfSelected) : { relations: [], more: 0, untold: [] },
  );
  readonly lines = $derived.by<readonly Line[]>(() => {
    const [shown, scene] = [this.shown, this.scene];
    if (!shown || !scene) return [];
    return [
      ...hostLines(shown, scene, this.hostEdges),
      ...joinLines(scene),
      ...relationLines(this.owned.relations, scene),
    ];
  });
  /** Lines to the host that only the switch shows. */
  readonly hidden = $derived(this.shown ? hostEdges(this.shown).filter(({ unusual }) => !unusual).length : 0);

  isSelected(part: Part): boolean {
    if (part.namespace !== null) return part.namespace === this.selectedNamespace;
    if (part.kind === 'host') return this.selectedRow === 'host';
    return part.kind === 'card' && this.selectedRow !== null && (part.card?.rows.includes(this.selectedRow) ?? false);
  }

  /** The first part that stands for the selection; namespaces before the pins that repeat them. */
  readonly selectedPart = $derived.by<Part | null>(() => {
    const found = [...(this.scene?.parts.values() ?? [])].filter((part) => this.isSelected(part));
    return found.find(({ kind }) => kind !== 'pin') ?? found[0] ?? null;
  });
  readonly activePart = $derived(
    this.scene?.parts.get(this.active ?? '') ?? this.selectedPart ?? this.scene?.parts.get(HOST_PART) ?? null,
  );

  /** What a click on a part selects; `null` where it stands for many. */
  subjectOf({ kind, namespace, card }: Part): Subject | null {
    if (kind === 'host') return this.shown?.host.leader ? processSubject(this.shown.host.leader.key) : null;
    if (kind !== 'card') return namespace === null ? null : namespaceSubject(namespace);
    if (card === null || card.rows.length > 1) return null;
    if (card.container !== null && card.rows[0] === `container ${card.container}`)
      return containerSubject(card.container);
    if (card.leader !== null) return processSubject(card.leader);
    return card.own[0] === undefined ? null : namespaceSubject(card.own[0]);
  }

  choose(id: string): void {
    const part = this.scene?.parts.get(id);
    if (!part) return;
    this.active = id;
    if (part.card?.opens && part.kind === 'card') {
      this.opened = new Set([...this.opened, part.card.key]);
      return;
    }
    const subject = this.subjectOf(part);
    if (subject !== null) selection.select(subject);
  }
}

const nodesOf = (graph: Graph, { parts }: Scene): readonly GraphNode[] => {
  const at = (id: string): Box | undefined => parts.get(id)?.box;
  /** Nothing is joined by handles: lines have their own layer. */
  const common = { handles: [], ariaRole: 'group' } as const satisfies Partial<Node>;
  const host: HostNode = {
    ...{ id: HOST_PART, type: 'host', position: { x: 0, y: 0 }, data: { graph }, ...common, handles: [] },
    width: HOST.width,
    height: hostHeight(graph),
  };
  const cards = graph.cards.flatMap<CardNode>((card) => {
    const box = at(cardPart(card.key));
    if (!box) return [];
    const { x, y, width } = box;
    const height = cardHeight(card.pins.length);
    return {
      id: cardPart(card.key),
      type: 'card',
      position: { x, y },
      data: { card },
      ...common,
      handles: [],
      width,
      height,
    };
  });
  const chips = graph.chips.flatMap<ChipNode>((chip) => {
    const box = at(chipPart(chip.id));
    if (!box) return [];
    const { x, y } = box;
    return { id: chipPart(chip.id), type: 'chip', position: { x, y }, data: { chip }, ...common, handles: [], ...CHIP };
  });
  return [host, ...cards, ...chips];
};

const KEY = Symbol('graph');
export const provideGraph = (model: GraphModel): GraphModel => setContext(KEY, model);
export const useGraph = (): GraphModel => getContext<GraphModel>(KEY);
