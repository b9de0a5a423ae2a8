/** Processes as a tree by parent, and the tree as rows for a virtual list. */
import {
  NAMESPACE_TYPES,
  type HostInfo,
  type NamespaceId,
  type NamespaceType,
  type Process,
  type ProcessKey,
} from './model.ts';
import type { ThreadLine } from './process-account.ts';

export interface TreeNode {
  readonly process: Process;
  /** `null` for a root: pid 1, kthreadd, and whatever has a parent that cannot be seen. */
  readonly parent: TreeNode | null;
  /** By pid. */
  readonly children: readonly TreeNode[];
}

export interface ProcessTree {
  /** By pid. */
  readonly roots: readonly TreeNode[];
  readonly byKey: ReadonlyMap<ProcessKey, TreeNode>;
  readonly byPid: ReadonlyMap<number, TreeNode>;
}

interface Growing {
  readonly process: Process;
  parent: Growing | null;
  readonly children: Growing[];
}

const trees = new WeakMap<readonly Process[], ProcessTree>();

/** Every process stands in the tree exactly once, whatever its ppid says. One tree for each array: asking again is free. */
export const buildTree = (processes: readonly Process[]): ProcessTree => {
  const tree = trees.get(processes) ?? grow(processes);
  trees.set(processes, tree);
  return tree;
};

const grow = (processes: readonly Process[]): ProcessTree => {
  const byPid = new Map<number, Growing>();
  const byKey = new Map<ProcessKey, Growing>();
  const nodes = [...processes]
    .sort((a, b) => a.pid - b.pid)
    .map((process): Growing => ({ process, parent: null, children: [] }));
  for (const node of nodes) {
    byPid.set(node.process.pid, node);
    byKey.set(node.process.key, node);
  }
  const roots: Growing[] = [];
  for (const node of nodes) {
    const parent = byPid.get(node.process.ppid);
    if (parent === undefined || parent === node) roots.push(node);
    else {
      node.parent = parent;
      parent.children.push(node);
    }
  }
  if (reachable(roots) < nodes.length) roots.push(...cutCycles(nodes));
  return { roots: roots.sort((a, b) => a.process.pid - b.process.pid), byKey, byPid };
};

const reachable = (roots: readonly Growing[]): number => {
  let count = 0;
  const waiting = [...roots];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    count++;
    for (const child of node.children) waiting.push(child);
  }
  return count;
};

/**
 * Processes are read one after the other: a pid that is reused meanwhile can make two of them each other's parent. One of
 * each such circle becomes a root; these are returned.
 */
const cutCycles = (nodes: readonly Growing[]): Growing[] => {
  const walkOf = new Map<Growing, Growing>();
  const cut: Growing[] = [];
  for (const start of nodes) {
    let node: Growing | null = start;
    for (; node !== null && !walkOf.has(node); node = node.parent) walkOf.set(node, start);
    if (node === null || walkOf.get(node) !== start) continue;
    node.parent!.children.splice(node.parent!.children.indexOf(node), 1);
    node.parent = null;
    cut.push(node);
  }
  return cut;
};

export interface TreeRow {
  readonly node: TreeNode;
  readonly process: Process;
  /** Set where the row is one of its threads and not the process itself. */
  readonly thread: ThreadLine | null;
  /** 0 for a root. */
  readonly depth: number;
  readonly parent: TreeRow | null;
  /** No further sibling below it among the rows. */
  readonly last: boolean;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** False for an ancestor that is only kept so that a matching process has its place. True without a filter. */
  readonly matches: boolean;
}

export type ThreadsByProcess = ReadonlyMap<ProcessKey, readonly ThreadLine[]>;

export interface FlattenOptions {
  /** Everything is open unless it is in here. A filter opens whatever leads to a match. */
  readonly collapsed?: ReadonlySet<ProcessKey>;
  /** Words; a process matches if each of them is somewhere in its name, arguments, pid, user or container, or `frozen`. */
  readonly filter?: string;
  /** Drawn below their process, before its children; they match with it, and it matches with one of them. */
  readonly threads?: ThreadsByProcess;
  /** Name of a container by its ID, for the filter. */
  readonly containerName?: (id: string) => string | null;
}

export interface Flat {
  readonly rows: readonly TreeRow[];
  readonly matches: number;
}

/** The rows to draw, from the top. 20,000 processes take some milliseconds. */
export const flatten = (tree: ProcessTree, options: FlattenOptions = {}): Flat => {
  const { collapsed = new Set<ProcessKey>(), filter = '', containerName = () => null, threads = NO_THREADS } = options;
  const matched = filter.trim() === '' ? null : matching(tree, filter, containerName, threads);
  const kept = matched === null ? null : withAncestors(matched);
  const shown = (nodes: readonly TreeNode[]) => (kept === null ? nodes : nodes.filter((node) => kept.has(node)));
  const rows: TreeRow[] = [];
  // A stack instead of recursion: nobody limits how deep processes may nest.
  const waiting: { node: TreeNode; parent: TreeRow | null; last: boolean }[] = [];
  const push = (nodes: readonly TreeNode[], parent: TreeRow | null) => {
    for (let i = nodes.length - 1; i >= 0; i--) waiting.push({ node: nodes[i]!, parent, last: i === nodes.length - 1 });
  };
  push(shown(tree.roots), null);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, parent, last } = next;
    const children = shown(node.children);
    const matches = matched === null || matched.has(node);
    const own = matches ? (threads.get(node.process.key) ?? []) : [];
    const expandable = children.length > 0 || own.length > 0;
    const expanded = expandable && (kept !== null || !collapsed.has(node.process.key));
    const row: TreeRow = {
      node,
      process: node.process,
      thread: null,
      depth: parent === null ? 0 : parent.depth + 1,
      parent,
      last,
      expandable,
      expanded,
      matches,
    };
    rows.push(row);
    if (!expanded) continue;
    const lastThread = children.length === 0 ? own.at(-1) : undefined;
    for (const thread of own) rows.push({ ...row, thread, depth: row.depth + 1, parent: row, last: thread === lastThread, expandable: false, expanded: false }); // prettier-ignore
    push(children, row);
  }
  return { rows, matches: matched === null ? tree.byKey.size : matched.size };
};

const NO_THREADS: ThreadsByProcess = new Map();

/** Of rows that stand together: a process's key, or with a thread's number behind it. */
export const rowId = ({
  process,
  thread = null,
}: Pick<TreeRow, 'process'> & Partial<Pick<TreeRow, 'thread'>>): string =>
  thread === null ? process.key : `${process.key}/${thread.tid}`;

/** What the lines of any tree need to know of a row. */
export interface GuidedRow {
  readonly parent: GuidedRow | null;
  readonly last: boolean;
}

/** For each level left of the row's own elbow, outermost first: whether a vertical line passes. Asked for visible rows. */
export const guidesOf = (row: GuidedRow): boolean[] => {
  const guides: boolean[] = [];
  for (let above = row.parent; above?.parent; above = above.parent) guides.push(!above.last);
  return guides.reverse();
};

const matching = (
  tree: ProcessTree,
  filter: string,
  containerName: (id: string) => string | null,
  threads: ThreadsByProcess,
): ReadonlySet<TreeNode> => {
  const words = filter.toLowerCase().trim().split(/\s+/);
  const found = new Set<TreeNode>();
  for (const node of tree.byPid.values()) {
    const { pid, container } = node.process;
    const name = container === null ? '' : `${containerName(container) ?? ''}\n${container}`.toLowerCase();
    const own = threads.get(node.process.key);
    const text = own === undefined ? searchText(node.process) : `${searchText(node.process)}\n${threadText(own)}`;
    if (words.every((word) => text.includes(word) || name.includes(word) || String(pid).startsWith(word))) {
      found.add(node);
    }
  }
  return found;
};

const searchTexts = new WeakMap<Process, string>();

/** Made once for each process: a filter is typed letter by letter over the same ones. */
const searchText = (process: Process): string => {
  const { comm, cmdline, user, frozen } = process;
  const state = frozen === null || frozen === 'thawed' ? '' : frozen;
  const text =
    searchTexts.get(process) ?? `${comm}\n${cmdline?.join(' ') ?? ''}\n${user ?? ''}\n${state}`.toLowerCase();
  searchTexts.set(process, text);
  return text;
};

const threadText = (threads: readonly ThreadLine[]): string =>
  threads.map(({ tid, comm }) => `${tid} ${comm}`).join('\n').toLowerCase(); // prettier-ignore

const withAncestors = (nodes: ReadonlySet<TreeNode>): ReadonlySet<TreeNode> => {
  const kept = new Set<TreeNode>();
  for (const node of nodes) {
    for (let up: TreeNode | null = node; up !== null && !kept.has(up); up = up.parent) kept.add(up);
  }
  return kept;
};

/**
 * The types in which a process differs from its parent (a root: from the host). A link that could not be read on either
 * side makes no mark; {@link Process.unread} says so instead.
 */
export const namespaceMarks = (node: TreeNode, host: HostInfo): readonly NamespaceType[] => {
  const above: Readonly<Record<NamespaceType, NamespaceId | null>> = node.parent?.process.namespaces ?? host.namespaces;
  const own = node.process.namespaces;
  return NAMESPACE_TYPES.filter((type) => own[type] !== null && above[type] !== null && own[type] !== above[type]);
};
