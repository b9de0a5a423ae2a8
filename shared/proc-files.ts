/** Every entry under /proc/PID that is known, and the rules of what is never read. Unknown ones are shown raw. */
import { rowInfo, type ProcFileInfo } from './proc-file.ts';
import { BELOW_FILES } from './proc-files-below.ts';
import { OWN_FILES } from './proc-files-own.ts';

export const PROC_FILES: readonly ProcFileInfo[] = [...OWN_FILES, ...BELOW_FILES].map(rowInfo);

const byName = new Map(PROC_FILES.map((info) => [info.name, info]));
const patterns = PROC_FILES.filter(({ name }) => name.includes('*')).map((info) => ({
  info,
  matches: new RegExp(`^${info.name.replaceAll('*', '[^/]+')}$`),
}));

/** A thread's directory has the same files as the process's. */
const ofThread = (path: string): string => path.replace(/^task\/[^/]+\/(?=.)/, '');

/** What is known of the file at this path relative to /proc/PID; `null` if nothing is. */
export const procFile = (path: string): ProcFileInfo | null => {
  const own = ofThread(path);
  return byName.get(own) ?? patterns.find(({ matches }) => matches.test(own))?.info ?? null;
};

/**
 * Why the file at this path is never read, whoever asks; `null` if it may be. The channels of net/rpc hand requests to
 * the daemon that reads them, and use-gss-proxy waits for one (net/sunrpc): a look would take a message or never end.
 */
export const neverRead = (path: string): string | null => {
  if (/^net\/rpc\//.test(ofThread(path))) return 'reading it could take away a message that is meant for a daemon';
  return procFile(path)?.why ?? null;
};

/** True if a listing may look into the file: what is unknown or costs much is read only when somebody opens it. */
export const glimpsed = (path: string): boolean => {
  if (neverRead(path) !== null) return false;
  const info = procFile(path);
  return info === null ? /^net\/[^/]+$/.test(ofThread(path)) : info.cost === 'free' && info.form !== 'binary';
};
