/** porthole tree: what pstree prints. */
import { parseArgs } from 'node:util';
import { LinuxKernel } from '../host/read/kernel.ts';
import type { Process, World } from '../../shared/model.ts';
import { buildTree, type TreeNode } from '../../shared/process-tree.ts';
import { pstreeNodes, type PstreeNode } from '../../shared/pstree-nodes.ts';
import { PSTREE_WIDTH, pstreeText, type PstreeOptions } from '../../shared/pstree-text.ts';
import { visible } from '../../shared/text.ts';
import { UsageFault } from './fault.ts';
import { containerBy, lookFor, notFound, processByPid, processIn } from './find.ts';
import { noteHidden, print, printJson } from './print.ts';
import { ownerOf, readThreads } from './threads.ts';

export const usage = `porthole tree [PID|NAME|CONTAINER] [-c] [-p] [-A] [-t] [-l] [-T] [-U] [--json]

The processes as a tree, from process 1 or the one given; the same text as pstree prints with these options. The JSON is a
node, or a list of them where there are several: pid, comm and children, and of processes (not of their threads) key, ppid,
user, state, cmdline, nspid, threads, container and namespaces, as "porthole snapshot --json" has them.
  -c  do not merge equal subtrees        -p  show PIDs, and do not merge
  -A  draw with ASCII characters         -U  draw with Unicode characters
  -t  show the threads' own names        -T  show no threads
  -l  do not cut long lines`;

const options = {
  'compact-not': { type: 'boolean', short: 'c' },
  'show-pids': { type: 'boolean', short: 'p' },
  ascii: { type: 'boolean', short: 'A' },
  unicode: { type: 'boolean', short: 'U' },
  'thread-names': { type: 'boolean', short: 't' },
  'hide-threads': { type: 'boolean', short: 'T' },
  long: { type: 'boolean', short: 'l' },
  json: { type: 'boolean' },
} as const;

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  if (positionals.length > 1) throw new UsageFault('give one process or container, or none');
  const start = positionals[0] ?? '1';
  const { world } = await lookFor([start]);
  const first = world.processes.some(({ pid }) => pid === 1);
  // Where process 1 is hidden, whoever has no parent that can be seen stands at the left.
  const roots = positionals.length === 0 && !first ? topmost(world, () => true) : rootsFor(world, start);
  noteHidden(world);
  const kernel = new LinuxKernel();
  const trees = roots.map((root) => {
    const below = subtree(world, root);
    const threads = new Map(
      below.map((process) => [
        process.pid,
        values['hide-threads'] ? [] : readThreads(kernel, process, values['thread-names'] ?? false),
      ]),
    );
    const owned = below.map(({ pid, ppid, comm, euid }) => ({ pid, ppid, comm, uid: ownerOf(pid) ?? euid }));
    // Hidden parents hang on the root, so only the tree of process 1 has a place for them.
    return pstreeNodes(owned, root.pid, (pid) => threads.get(pid) ?? []);
  });
  const found = trees.filter((tree) => tree !== null);
  if (values.json) {
    const byPid = new Map(world.processes.map((process) => [process.pid, process]));
    const nodes = found.map((node) => jsonOf(node, byPid));
    return printJson(nodes.length === 1 ? nodes[0] : nodes);
  }
  const drawing: PstreeOptions = {
    compact: !values['compact-not'] && !values['show-pids'],
    pids: values['show-pids'] ?? false,
    lines: values.ascii ? 'ascii' : values.unicode || isUnicodeTerminal() ? 'utf8' : 'ascii',
    width: values.long ? null : outputWidth(),
  };
  await print(found.map((tree) => pstreeText(tree, drawing)).join('\n'));
};

/** A container may have several, such as the one that `docker exec` started; a name may be that of many processes. */
const rootsFor = (world: World, text: string): readonly Process[] => {
  const process = processByPid(world, text);
  if (process !== null) return [process];
  const container = containerBy(world, text);
  if (container !== null) {
    const first = processIn(world, container);
    const others = topmost(world, (candidate) => candidate.container === container.id);
    return [first, ...others.filter((other) => other !== first)];
  }
  const named = topmost(world, ({ comm }) => comm === text);
  if (named.length === 0) throw notFound(world, `no process or container "${visible(text)}"`, 'porthole tree -p');
  return named;
};

/** Those of a kind that have none of the kind above them. */
const topmost = (world: World, wanted: (process: Process) => boolean): Process[] => {
  const found: Process[] = [];
  const waiting = [...buildTree(world.processes).roots].reverse();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (wanted(node.process)) found.push(node.process);
    else waiting.push(...[...node.children].reverse());
  }
  return found;
};

/** The process and all below it, by pid. Those with a hidden parent hang on process 1, so its tree is everything. */
const subtree = (world: World, root: Process): readonly Process[] => {
  if (root.pid === 1) return world.processes;
  const top = buildTree(world.processes).byKey.get(root.key);
  const nodes: TreeNode[] = top === undefined ? [] : [top];
  for (let i = 0; i < nodes.length; i++) for (const child of nodes[i]!.children) nodes.push(child);
  return nodes.map(({ process }) => process).sort((a, b) => a.pid - b.pid);
};

/** pstree draws with Unicode by itself only on a terminal whose locale says UTF-8. */
const isUnicodeTerminal = (): boolean => {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  return process.stdout.isTTY === true && /\.utf-?8$/i.test(LC_ALL || LC_CTYPE || LANG || '');
};

/** COLUMNS as strtol(3) with base 0 would take it, else the terminal's width. */
const outputWidth = (): number => {
  const columns = process.env['COLUMNS'] ?? '';
  const octal = /^0[0-7]+$/.test(columns);
  const given = octal ? parseInt(columns, 8) : /^(?:\d+|0x[0-9a-f]+)$/i.test(columns) ? Number(columns) : 0;
  return given > 0 && given < 0x7fff_ffff ? given : process.stdout.columns || PSTREE_WIDTH;
};

/** What is drawn, and of a process what the list of processes knows of it; a thread has its own number and name alone. */
interface JsonNode extends Partial<Pick<Process, (typeof TOLD)[number]>> {
  readonly pid: number;
  readonly comm: string;
  readonly children: readonly JsonNode[];
}
const TOLD = ['key', 'ppid', 'user', 'state', 'cmdline', 'nspid', 'threads', 'container', 'namespaces'] as const;

const jsonOf = ({ pid, comm, children }: PstreeNode, byPid: ReadonlyMap<number, Process>): JsonNode => {
  const process = byPid.get(pid);
  const told = process === undefined ? {} : Object.fromEntries(TOLD.map((name) => [name, process[name]]));
  return { pid, comm, ...told, children: children.map((child) => jsonOf(child, byPid)) };
};
