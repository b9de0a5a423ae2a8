/** What a program inside its new namespaces is, in words. */
import { capabilityCount } from '../../../shared/capabilities.ts';
import type { IdMap, ProcessDetail } from '../../../shared/model.ts';

/** The ID inside for one outside, by a uid_map or gid_map; `null` if it is not mapped. man 7 user_namespaces. */
export const mappedId = (map: readonly IdMap[], outside: number): number | null => {
  const line = map.find((line) => outside >= line.outside && outside < line.outside + line.count);
  return line === undefined ? null : line.inside + (outside - line.outside);
};

const idWords = (uid: number): string => (uid === 0 ? 'root' : `uid ${uid}`);

/** `root`, `uid 1000`, `uid 65534, not mapped`: who it is to itself; `null` if that could not be read. */
export const userInside = (detail: ProcessDetail): string | null => {
  if (!detail.status.ok || !detail.uidMap.ok) return null;
  const euid = detail.status.value.uids[1];
  const inside = mappedId(detail.uidMap.value, euid);
  // What is not mapped shows as overflowuid, 65534 unless someone changed /proc/sys/kernel/overflowuid.
  return inside === null ? 'not mapped: the overflow uid' : (detail.userInside ?? idWords(inside));
};

/** `all 41`, `none`, `14 of 41`; `null` if it could not be read. `last`: see {@link capabilityCount}. */
export const effectiveWords = (detail: ProcessDetail, last: number | null): string | null =>
  detail.status.ok ? capabilityCount(detail.status.value.capabilities.effective, last) : null;
