/** Processes and threads in the order in which pstree(1) draws them. */
import { encodeUtf8 } from './frames.ts';

export interface PstreeProcess {
  readonly pid: number;
  readonly ppid: number;
  /** As the model has it: bytes that are not UTF-8 are lone surrogates. */
  readonly comm: string;
  /** Owner of /proc/PID, which orders processes of the same name; the effective user mostly. `null` counts as root. */
  readonly uid: number | null;
}

/** A thread besides the first of its process. */
export interface PstreeThread {
  readonly tid: number;
  readonly comm: string;
}

export interface PstreeNode {
  readonly pid: number;
  /** As given; a thread's in braces. */
  readonly comm: string;
  /** The name as the kernel keeps it, one character a byte: what pstree sorts, compares and prints. */
  readonly bytes: string;
  readonly uid: number;
  readonly children: readonly PstreeNode[];
}

interface Growing extends PstreeNode {
  readonly children: Growing[];
}

/**
 * The tree below process `rootPid`; `null` if there is none. `processes` by pid. Without `threadsOf` it is that of -T.
 * A process whose parent is hidden is drawn where pstree draws it: below a `?` that hangs on the root.
 */
export const pstreeNodes = (
  processes: readonly PstreeProcess[],
  rootPid: number,
  threadsOf: (pid: number) => readonly PstreeThread[] = () => [],
): PstreeNode | null => {
  const nodes = new Map<number, Growing>();
  for (const { pid, comm, uid } of processes) nodes.set(pid, nodeOf(pid, comm, uid ?? 0));
  const root = nodes.get(rootPid);
  if (root === undefined) return null;
  for (const { pid, ppid } of processes) {
    const node = nodes.get(pid)!;
    // Threads come when their process is read, so they stand before children with greater pids and the same name.
    for (const { tid, comm } of threadsOf(pid)) {
      node.children.push(nodeOf(tid, `{${comm}}`, node.uid));
    }
    if (ppid === 0 || ppid === pid || node === root) continue;
    let parent = nodes.get(ppid);
    if (parent === undefined) {
      parent = nodeOf(ppid, '?', 0);
      nodes.set(ppid, parent);
      root.children.push(parent);
    }
    parent.children.push(node);
  }
  return order(root);
};

const nodeOf = (pid: number, comm: string, uid: number): Growing => ({
  pid,
  comm,
  bytes: bytesOf(comm),
  uid,
  children: [],
});

/** By bytes of the name, then user; the sort is stable, so that equals stay in the order in which they were read. */
const order = (root: Growing): PstreeNode => {
  const waiting = [root];
  const seen = new Set(waiting);
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // Two processes can be each other's parent when a pid is reused during the look; pstree would never end.
    const fresh = node.children.filter((child) => !seen.has(child));
    node.children.splice(0, Infinity, ...fresh.sort((a, b) => compareText(a.bytes, b.bytes) || a.uid - b.uid));
    for (const child of fresh) {
      seen.add(child);
      waiting.push(child);
    }
  }
  return root;
};

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The bytes that the kernel keeps, one character each, so that sorting and escaping see what pstree sees. */
const bytesOf = (text: string): string => {
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) bytes += character;
    else if (code >= 0xdc80 && code <= 0xdcff) bytes += String.fromCharCode(code - 0xdc00);
    else bytes += String.fromCharCode(...encodeUtf8(character));
  }
  return bytes;
};
