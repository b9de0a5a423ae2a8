/** porthole ns: namespaces, their members and what else holds them. */
import { parseArgs } from 'node:util';
import {
  NAMESPACE_TYPES,
  type NamespaceId,
  type NamespaceType,
  type Relation,
  type World,
} from '../../shared/model.ts';
import { TREES, type TreeBy } from '../../shared/namespace-tree.ts';
import { namespacesOf, type NamespaceView } from '../../shared/namespaces.ts';
import { containerLabel } from '../../shared/sentence.ts';
import { visible } from '../../shared/text.ts';
import { UsageFault } from './fault.ts';
import { lookAtAll, lookAtKernel } from './look.ts';
import { heldInWords } from './ns-held.ts';
import { note, noteHidden, print, printJson, table, type Column } from './print.ts';

export const usage = `porthole ns [--type ${NAMESPACE_TYPES.join('|')}] [--json]
porthole ns --tree owner|parent [--type …] [--json]
porthole ns TYPE:[INODE] [--as PID|USER|uid:N] [--json]

Every namespace, with those that no process is in and only a bind mount, a file descriptor or another namespace holds.
The JSON is a list, by type, then inode: id, type, inode, owner, parent, ownerUid, processes (pids), leader and what it runs,
user, host, containers, and heldBy, each with its kind: process, for-children, bind, fd, socket, thread, child, owned. With
--tree each has its children. "listed": true is one that only the kernel's own list names (listns, Linux 6.19).
Of one, the JSON is an object: id, takenAt, millis, inside (by its type), namespace (its line of the list) and enter (whether this
user may, and why not).
Of one, what is inside: interfaces, sockets and routes, mounts, names, queues, numbers, maps, roots or clocks; and whether this
user may enter it. --as asks that of a process, or of a user who has just logged in: whether setns(2) would let them, once they
have its file open.`;

const ID = new RegExp(`^(?:${NAMESPACE_TYPES.join('|')}):\\[[1-9]\\d{0,9}\\]$`);

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      type: { type: 'string', short: 't' },
      tree: { type: 'string', short: 'T' },
      as: { type: 'string' },
      json: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const [id, ...more] = positionals;
  if (id !== undefined) {
    if (!ID.test(id) || more.length > 0 || values.type !== undefined || values.tree !== undefined)
      throw new UsageFault('give one namespace as the kernel spells it: porthole ns "net:[4026531840]"');
    const { printInside } = await import('./ns-inside.ts');
    return printInside(lookAtKernel(), id as NamespaceId, values.as ?? null, values.json === true);
  }
  if (values.as !== undefined) throw new UsageFault('--as is asked of one namespace: porthole ns "net:[…]" --as PID');
  const wanted = values.type === undefined ? null : checkedType(values.type);
  const by = values.tree === undefined ? null : checkedTree(values.tree);
  const { world } = await lookAtAll();
  const namespaces = namespacesOf(world).filter(({ type }) => wanted === null || type === wanted);
  const closed = world.processes.filter(({ unread }) =>
    unread.some(({ file, why }) => file.startsWith('ns/') && why === 'denied'),
  );
  if (by !== null) {
    const { printTree } = await import('./ns-tree.ts');
    await printTree(world, namespaces, by, values.json === true);
  } else await (values.json ? printJson(namespaces) : print(table(namespaces, columnsFor(world))));
  noteHidden(world);
  const missed = closed.length + world.unread.hidden;
  if (missed > 0) {
    const { uid, user } = world.host;
    const who = `${missed} process${missed === 1 ? ' keeps its' : 'es keep their'} namespaces closed to ${visible(user)}`;
    note(uid === 0 ? who : `${who}; run as root to see them`);
  }
};

const checkedTree = (text: string): TreeBy => {
  const by = TREES.find((known) => known === text);
  if (by === undefined) throw new UsageFault(`--tree takes one of ${TREES.join(', ')}`);
  return by;
};

const checkedType = (text: string): NamespaceType => {
  const type = NAMESPACE_TYPES.find((known) => known === text);
  if (type === undefined) throw new UsageFault(`--type takes one of ${NAMESPACE_TYPES.join(', ')}`);
  return type;
};

/** By number alone, for an owner is of type user and a parent of the same type. */
const relationWords = (relation: Relation): string =>
  /\d+/.exec(relation)?.[0] ?? (relation === 'not-allowed' ? 'not allowed' : relation === 'unknown' ? '?' : '');

const columnsFor = (world: World): readonly Column<NamespaceView>[] => [
  { title: 'NS', align: 'right', cell: ({ inode }) => String(inode) },
  { title: 'TYPE', cell: ({ type }) => type },
  { title: 'NPROCS', align: 'right', cell: ({ processes }) => String(processes.length) },
  { title: 'PID', align: 'right', cell: ({ leader }) => leader?.toString() ?? '' },
  { title: 'USER', cell: ({ user }) => user ?? '' },
  {
    title: 'OF',
    cell: (namespace) =>
      namespace.host ? 'host' : namespace.containers.map((id) => containerLabel(world, id)).join(','),
  },
  { title: 'OWNER', align: 'right', cell: ({ owner }) => relationWords(owner) },
  { title: 'PARENT', align: 'right', cell: ({ parent }) => relationWords(parent) },
  { title: 'HELD BY', cell: ({ heldBy, listed }) => (listed ? 'found by listns only' : heldInWords(heldBy)) },
  { title: 'COMMAND', cell: ({ command, leaderComm }) => (command?.length ? command.join(' ') : (leaderComm ?? '')) },
];
