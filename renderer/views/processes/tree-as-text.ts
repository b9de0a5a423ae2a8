/** The tree for the clipboard: what `pstree -T -c -p -A PID` prints. */
import type { Process } from '../../../shared/model.ts';
import { pstreeNodes } from '../../../shared/pstree-nodes.ts';
import { pstreeText } from '../../../shared/pstree-text.ts';

/** Below `rootPid`; the empty text if there is no such process. */
export const treeAsText = (processes: readonly Process[], rootPid: number): string => {
  const root = pstreeNodes(
    processes.map(({ pid, ppid, comm, euid }) => ({ pid, ppid, comm, uid: euid })),
    rootPid,
  );
  return root === null ? '' : pstreeText(root, { compact: false, pids: true, lines: 'ascii', width: null });
};
