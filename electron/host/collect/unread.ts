import type { Process, Unread, Why } from '../../../shared/model.ts';

/**
 * What one look missed, in processes. A file that a process has no more (a zombie's namespaces) is no gap in what we know
 * and is not counted; one that this kernel has not at all is told, but makes no process a half-read one.
 */
export const summarise = (processes: readonly Process[], hidden: number, tasks?: number | null): Unread => {
  const counts = new Map<string, { file: string; why: Why; count: number }>();
  let halfRead = 0;
  for (const process of processes) {
    const seen = new Set<string>();
    let half = false;
    for (const { file, why } of process.unread) {
      if (why === 'gone') continue;
      half ||= why !== 'absent';
      const group = file.startsWith('ns/') ? 'ns/*' : file;
      const key = `${group}: ${why}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const count = counts.get(key) ?? { file: group, why, count: 0 };
      count.count++;
      counts.set(key, count);
    }
    if (half) halfRead++;
  }
  const files = [...counts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  return { processes: halfRead, hidden, ...(tasks === undefined ? null : { tasks }), files };
};
