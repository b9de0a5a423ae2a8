/** The tree for the clipboard: what `pstree -T -c -p -A PID` prints. */
import type { Process } from '../../../shared/model.ts';
import { pstreeNodes } from '../../../shared/pstree-nodes.ts';
import { pstreeText } from '../../../shared/pstree-text.ts';

/** pstree counts bytes, one character each; a clipboard holds characters. */
const asCharacters = (bytes: string): string =>
  new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));

/** Below `rootPid`; the empty text if there is no such process. */
export const treeAsText = (processes: readonly Process[], rootPid: number): string => {
  const root = pstreeNodes(
    processes.map(({ pid, ppid, comm, euid }) => ({ pid, ppid, comm, uid: euid })),
    rootPid,
  );
  return root === null
    ? ''
    : asCharacters(pstreeText(root, { compact: false, pids: true, lines: 'ascii', width: null }));
};
