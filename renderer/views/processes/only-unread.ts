import type { Process } from '../../../shared/model.ts';

/** The processes of which something could not be read, with the ancestors that lead to them. */
export const onlyUnread = (processes: readonly Process[]): readonly Process[] => {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const kept = new Set<Process>();
  for (const process of processes) {
    if (process.unread.length === 0) continue;
    for (let up: Process | undefined = process; up !== undefined && !kept.has(up); up = byPid.get(up.ppid))
      kept.add(up);
  }
  return processes.filter((process) => kept.has(process));
};
