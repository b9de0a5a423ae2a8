import type { World } from '../../shared/model.ts';

/** What the last look cost, in percent of one CPU since the look before; `null` where there was none. */
export const scanShare = (before: World | null, now: World): number | null => {
  if (before === null) return null;
  const elapsedMillis = (now.uptimeSeconds - before.uptimeSeconds) * 1000;
  return elapsedMillis > 0 ? (100 * now.scanCpuMillis) / elapsedMillis : null;
};
