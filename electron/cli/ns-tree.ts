/** porthole ns --tree: the namespaces below their owners or parents, as lsns --tree draws them. */
import type { World } from '../../shared/model.ts';
import {
  aboveWords,
  namespaceTree,
  treeLines,
  type NamespaceLine,
  type NamespaceNode,
  type TreeBy,
} from '../../shared/namespace-tree.ts';
import type { NamespaceView } from '../../shared/namespaces.ts';
import { containerLabel } from '../../shared/sentence.ts';
import { print, printJson, table, type Column } from './print.ts';

export const printTree = (world: World, views: readonly NamespaceView[], by: TreeBy, json: boolean): Promise<void> => {
  const roots = namespaceTree(views, by);
  return json ? printJson(roots.map(jsonOf)) : print(table(treeLines(roots), columnsFor(world, by)));
};

type JsonNode = NamespaceView & { readonly children: readonly JsonNode[] };
const jsonOf = ({ view, children }: NamespaceNode): JsonNode => ({ ...view, children: children.map(jsonOf) });

const columnsFor = (world: World, by: TreeBy): readonly Column<NamespaceLine>[] => [
  { title: 'NS', cell: ({ guide, view }) => `${guide}${view.inode}` },
  { title: 'TYPE', cell: ({ view }) => view.type },
  { title: 'NPROCS', align: 'right', cell: ({ view }) => String(view.processes.length) },
  { title: 'PID', align: 'right', cell: ({ view }) => view.leader?.toString() ?? '' },
  { title: 'USER', cell: ({ view }) => view.user ?? '' },
  {
    title: 'OF',
    cell: ({ view }) => (view.host ? 'host' : view.containers.map((id) => containerLabel(world, id)).join(',')),
  },
  // What hangs below another shows by its line what is above it.
  { title: by.toUpperCase(), cell: (line) => aboveWords(line, by) ?? (line.depth === 0 ? String(line.above) : '') },
  {
    title: 'COMMAND',
    cell: ({ view: { command, leaderComm } }) => (command?.length ? command.join(' ') : (leaderComm ?? '')),
  },
];
