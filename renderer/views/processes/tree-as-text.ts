/** The tree for the clipboard: what `pstree -T -c -p -A PID` prints, or with threads `pstree -t -c -p -A PID`. */
import type { Process } from '../../../shared/model.ts';
import type { ThreadsByProcess } from '../../../shared/process-tree.ts';
import { pstreeNodes } from '../../../shared/pstree-nodes.ts';
import { pstreeText } from '../../../shared/pstree-text.ts';

/** Below `rootPid`; the empty text if there is no such process. */
export const treeAsText = (
  processes: readonly Process[],
  rootPid: number,
  threads: ThreadsByProcess = new Map(),
): string => {
  const keys = new Map(processes.map(({ pid, key }) => [pid, key]));
  const root = pstreeNodes(
    processes.map(({ pid, ppid, comm, euid }) => ({ pid, ppid, comm, uid: euid })),
    rootPid,
    (pid) => threads.get(keys.get(pid)!) ?? [],
  );
  return root === null ? '' : pstreeText(root, { compact: false, pids: true, lines: 'ascii', width: null });
};
