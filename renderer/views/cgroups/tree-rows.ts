/** The tree of cgroups as rows for a virtual list. */
import type { CgroupNode } from '../../../shared/cgroup-model.ts';
import { wordFilter } from '../../../shared/text.ts';

export interface CgroupTreeRow {
  readonly node: CgroupNode;
  readonly depth: number;
  readonly parent: CgroupTreeRow | null;
  /** The last of its siblings that are shown. */
  readonly last: boolean;
  readonly expandable: boolean;
  readonly expanded: boolean;
  /** False for a row that is only there to lead to others. */
  readonly matches: boolean;
  /** The cgroup that is the container itself, rather than one below it. */
  readonly ownContainer: boolean;
}

export interface CgroupRowsOptions {
  /** Paths whose children are hidden. While a filter is on, nothing is. */
  readonly collapsed: ReadonlySet<string>;
  readonly filter: string;
  readonly containerName: (id: string) => string | null;
}

/** `nodes` as the host sends them: parents before children. */
export const cgroupRows = (
  nodes: readonly CgroupNode[],
  { collapsed, filter, containerName }: CgroupRowsOptions,
): CgroupTreeRow[] => {
  const matches = wordFilter(filter);
  const filtered = filter.trim() !== '';
  const byPath = new Map(nodes.map((node) => [node.path, node]));
  const matching = new Set(filtered ? nodes.filter((node) => matches(searchText(node, containerName))) : nodes);
  const kept = new Set<string>();
  for (const node of matching) {
    for (let at: CgroupNode | undefined = node; at !== undefined && !kept.has(at.path);) {
      kept.add(at.path);
      at = at.parent === null ? undefined : byPath.get(at.parent);
    }
  }
  const lastOf = new Map<string | null, string>();
  for (const { path, parent } of nodes) if (kept.has(path)) lastOf.set(parent, path);
  const rows = new Map<string, CgroupTreeRow>();
  for (const node of nodes) {
    if (!kept.has(node.path)) continue;
    const parent = node.parent === null ? null : rows.get(node.parent);
    if (parent === undefined || parent?.expanded === false) continue;
    const expandable = lastOf.has(node.path);
    rows.set(node.path, {
      node,
      depth: parent === null ? 0 : parent.depth + 1,
      parent,
      last: lastOf.get(node.parent) === node.path,
      expandable,
      expanded: expandable && (filtered || !collapsed.has(node.path)),
      matches: matching.has(node),
      ownContainer: node.container !== null && byPath.get(node.parent ?? '')?.container !== node.container,
    });
  }
  return [...rows.values()];
};

const searchText = ({ path, container }: CgroupNode, containerName: (id: string) => string | null): string => {
  const name = container === null ? null : containerName(container);
  // The cgroup's own part of the path: what is above it has a row of its own.
  return `${lastPart(path)} ${name ?? ''}`;
};

/** `redis.service` of `/system.slice/redis.service`; the root stays `/`. */
export const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1) || '/';

const LONG_ID = /[0-9a-f]{32,}/g;
/** With long IDs shortened: `docker-7f3c9a1e54d2….scope`. */
export const shortened = (name: string): string => name.replace(LONG_ID, (id) => `${id.slice(0, 12)}…`);

/** Every cgroup above this one, nearest first. */
export const above = (path: string): string[] => {
  const paths: string[] = [];
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) paths.push(path.slice(0, at));
  return path === '/' ? paths : [...paths, '/'];
};
