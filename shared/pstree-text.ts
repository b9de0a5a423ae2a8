/**
 * The text that pstree(1) of psmisc 23.6 prints for the same processes, to the letter. Written from its manual page and
 * its behaviour; the integration tests hold it against the real one.
 */
import type { PstreeNode } from './pstree-nodes.ts';

export interface PstreeOptions {
  /** Equal subtrees become `2*[name]`; -c and -p switch it off. */
  readonly compact: boolean;
  /** -p */
  readonly pids: boolean;
  readonly lines: 'ascii' | 'utf8';
  /** Columns; a line that would reach the last one is cut there and ends in `+`. `null` is -l. */
  readonly width: number | null;
}

interface Lines {
  readonly empty: string;
  readonly branch: string;
  readonly vertical: string;
  readonly last: string;
  readonly single: string;
  readonly first: string;
}
const LINES: Readonly<Record<PstreeOptions['lines'], Lines>> = {
  ascii: { empty: '  ', branch: '|-', vertical: '| ', last: '`-', single: '---', first: '-+-' },
  utf8: { empty: '  ', branch: '├─', vertical: '│ ', last: '└─', single: '───', first: '─┬─' },
};

/** What pstree assumes where neither COLUMNS nor a terminal tells. */
export const PSTREE_WIDTH = 132;

/** A node to be drawn: on the open line, or on a line of its own that begins with `start`. */
interface Step {
  readonly node: PstreeNode;
  readonly count: number;
  /** `null`: goes on with the open line. */
  readonly start: string | null;
  /** What its descendants' lines begin with. */
  readonly indent: string;
  /** Groups that are open around it: each of their leaves closes them all, as pstree has it. */
  readonly open: number;
}

/** Lines, each with its end. */
export const pstreeText = (root: PstreeNode, options: PstreeOptions): string => {
  const draw = LINES[options.lines];
  const width = options.width ?? Infinity;
  const groups = options.compact ? grouping(root) : (children: readonly PstreeNode[]) => children.map(alone);
  const finished: string[] = [];
  let line = '';
  const finish = () => {
    finished.push(line.length >= width ? `${line.slice(0, width - 1)}+\n` : `${line}\n`);
    line = '';
  };
  // A stack instead of recursion: nobody limits how deep processes may nest.
  const waiting: Step[] = [{ node: root, count: 1, start: null, indent: '', open: 0 }];
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const { node, count, start, indent, open } = step;
    const name = `${count > 1 ? `${count}*[` : ''}${escaped(node.bytes)}${options.pids ? `(${node.pid})` : ''}`;
    line = `${start ?? line}${name}`;
    if (node.children.length === 0) {
      line += ']'.repeat(open);
      finish();
      continue;
    }
    // The branch leaves from under the middle of -+-.
    const column = `${indent}${' '.repeat(name.length + 1)}`;
    if (line.length + 1 >= width) {
      line += `${draw.first}+`;
      finish();
      continue;
    }
    const children = groups(node.children);
    line += children.length > 1 ? draw.first : draw.single;
    for (let i = children.length - 1; i >= 0; i--) {
      const child = children[i]!;
      const last = i === children.length - 1;
      waiting.push({
        ...child,
        start: i === 0 ? null : `${column}${last ? draw.last : draw.branch}`,
        indent: `${column}${last ? draw.empty : draw.vertical}`,
        open: open + (child.count > 1 ? 1 : 0),
      });
    }
  }
  return finished.join('');
};

const alone = (node: PstreeNode) => ({ node, count: 1 });

/** Printable ASCII as it is, backslash doubled, every other byte as three octal digits. */
const escaped = (comm: string): string => {
  let text = '';
  for (let i = 0; i < comm.length; i++) {
    const code = comm.charCodeAt(i);
    if (code === 0x5c) text += '\\\\';
    else if (code >= 0x20 && code <= 0x7e) text += comm[i]!;
    else text += `\\${code.toString(8).padStart(3, '0')}`;
  }
  return text;
};

/** Merges siblings whose names and whole subtrees are equal; each group stands where its first member stood. */
const grouping = (root: PstreeNode) => {
  const shapeOf = shapes(root);
  return (children: readonly PstreeNode[]): { node: PstreeNode; count: number }[] => {
    const groups = new Map<number, { node: PstreeNode; count: number }>();
    for (const node of children) {
      const shape = shapeOf.get(node)!;
      const group = groups.get(shape);
      if (group === undefined) groups.set(shape, { node, count: 1 });
      else group.count++;
    }
    return [...groups.values()];
  };
};

/** A number for each node, the same for equal subtrees and only for these. */
const shapes = (root: PstreeNode): ReadonlyMap<PstreeNode, number> => {
  const parentsFirst = [root];
  for (let i = 0; i < parentsFirst.length; i++) for (const child of parentsFirst[i]!.children) parentsFirst.push(child);
  const shapeOf = new Map<PstreeNode, number>();
  const numbers = new Map<string, number>();
  for (const node of parentsFirst.reverse()) {
    const text = `${node.bytes}\0${node.children.map((child) => shapeOf.get(child)).join(',')}`;
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    shapeOf.set(node, number);
  }
  return shapeOf;
};
