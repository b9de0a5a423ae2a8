/** A container's processes as its page lists them, with every number they have. */
import type { Process } from '../../../../shared/model.ts';
import { visible } from '../../../../shared/text.ts';
import { innerPid } from '../../processes/row-text.ts';

export interface TopRow {
  readonly process: Process;
  /** The process's own idea of its PID; `null` where it is the host's. */
  readonly inner: number | null;
  /** Its parent's number as it sees it: 0 for one outside of its pid namespace. `null` where it is the host's. */
  readonly parentInner: number | null;
}

/** By PID. `all`: to find parents that are not of the container. */
export const topRows = (own: readonly Process[], all: readonly Process[]): TopRow[] => {
  const byPid = new Map(all.map((process) => [process.pid, process]));
  return own
    .toSorted((a, b) => a.pid - b.pid)
    .map((process) => {
      const inner = innerPid(process);
      const parent = byPid.get(process.ppid);
      const level = process.nspid.length - 1;
      const same = parent?.namespaces.pid !== undefined && parent.namespaces.pid === process.namespaces.pid;
      return { process, inner, parentInner: inner === null ? null : same ? (parent.nspid[level] ?? 0) : 0 };
    });
};

/** Tab-separated, a head line first. */
export const topText = (rows: readonly TopRow[]): string =>
  [
    ['PID', 'PID inside', 'PPID', 'PPID inside', 'USER', 'S', 'CMD'],
    ...rows.map(({ process, inner, parentInner }) => [
      process.pid,
      inner ?? process.pid,
      process.ppid,
      parentInner ?? process.ppid,
      process.user ?? 'not readable',
      process.state,
      process.cmdline?.join(' ') ?? 'not readable',
    ]),
  ]
    .map((row) => row.map((cell) => visible(String(cell))).join('\t'))
    .join('\n');
