/** Namespaces as trees: below the user namespace that owns them, or below their parent; ioctl_ns(2), as `lsns --tree` has it. */
import type { NamespaceId, Relation } from './model.ts';
import type { NamespaceView } from './namespaces.ts';

export const TREES = ['owner', 'parent'] as const;
export type TreeBy = (typeof TREES)[number];

export interface NamespaceNode {
  readonly view: NamespaceView;
  /** What is above it; where that is no namespace, it stands at the left edge. */
  readonly above: Relation;
  /** By inode. */
  readonly children: readonly NamespaceNode[];
}

/** One line of the drawn tree. */
export interface NamespaceLine {
  readonly view: NamespaceView;
  readonly above: Relation;
  /** 0 at the left edge. */
  readonly depth: number;
  /** What lsns draws before it: `│ └─`. */
  readonly guide: string;
}

/** Each namespace once. What is above it but not among the views counts as seen, and is drawn at the left edge all the same. */
export const namespaceTree = (views: readonly NamespaceView[], by: TreeBy): readonly NamespaceNode[] => {
  const byInode = views.toSorted((a, b) => a.inode - b.inode);
  const known = new Set<Relation>(views.map(({ id }) => id));
  const below = new Map<NamespaceId, NamespaceView[]>();
  const tops: NamespaceView[] = [];
  for (const view of byInode) {
    const above = view[by];
    if (!known.has(above) || above === view.id) tops.push(view);
    else below.set(above as NamespaceId, [...(below.get(above as NamespaceId) ?? []), view]);
  }
  const placed = new Set<NamespaceId>();
  const grow = (view: NamespaceView): NamespaceNode => {
    placed.add(view.id);
    const children = (below.get(view.id) ?? []).filter(({ id }) => !placed.has(id));
    return { view, above: view[by], children: children.map(grow) };
  };
  const roots = tops.map(grow);
  // Two looks at a machine that changes may seem to go in a circle; nothing is left out for that.
  for (const view of byInode) if (!placed.has(view.id)) roots.push(grow(view));
  return roots;
};

/** The tree line by line. */
export const treeLines = (roots: readonly NamespaceNode[]): readonly NamespaceLine[] => {
  const lines: NamespaceLine[] = [];
  const walk = (node: NamespaceNode, depth: number, before: string, last: boolean): void => {
    const guide = depth === 0 ? '' : `${before}${last ? '└─' : '├─'}`;
    lines.push({ view: node.view, above: node.above, depth, guide });
    const under = depth === 0 ? '' : `${before}${last ? '  ' : '│ '}`;
    node.children.forEach((child, index) => walk(child, depth + 1, under, index === node.children.length - 1));
  };
  for (const root of roots) walk(root, 0, '', true);
  return lines;
};

/** What is above it where that is no namespace. `none` and "not allowed to see it" are different answers. */
export const aboveWords = ({ view, above }: Pick<NamespaceLine, 'view' | 'above'>, by: TreeBy): string | null => {
  switch (above) {
    case 'none':
      if (by === 'parent' && view.type !== 'pid' && view.type !== 'user') return `${view.type} has no hierarchy`;
      return `no ${by}: the initial one`;
    case 'not-allowed':
      return `not allowed to see its ${by}`;
    case 'unknown':
      return `its ${by} could not be asked`;
    default:
      return null;
  }
};
