/** What one process sees mounted, read now. */
import { PortholeError } from '../../../shared/frames.ts';
import type { Mount } from '../../../shared/mounts.ts';
import { processKey, type ProcessKey, type Reading } from '../../../shared/model.ts';
import { parsed } from '../parse/format-error.ts';
import { parseMountinfo } from '../parse/mountinfo.ts';
import { parseStat } from '../parse/stat.ts';
import type { Kernel } from '../read/kernel.ts';

/** Throws a PortholeError `not-found` if the process ended or its pid is another's by now. */
export const readMounts = (kernel: Kernel, key: ProcessKey): Reading<readonly Mount[]> => {
  const pid = Number(key.slice(0, key.indexOf('@')));
  const ended = (): PortholeError => new PortholeError('not-found', `process ${pid} has ended`);
  const pinned = kernel.pin(`/proc/${pid}`);
  if (!pinned.ok) throw pinned.why === 'denied' ? new PortholeError('denied', pinned.call) : ended();
  try {
    const stat = parsed(pinned.value.text('stat'), parseStat);
    if (!stat.ok || processKey(stat.value.pid, stat.value.starttime) !== key) throw ended();
    return parsed(pinned.value.text('mountinfo'), parseMountinfo);
  } finally {
    pinned.value.close();
  }
};
