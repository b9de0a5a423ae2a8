/** A process held by its directory in /proc, so that no other can take its place between the check and the deed. */
import { constants } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { PortholeError } from '../../../shared/frames.ts';
import { parseStat, type Stat } from '../parse/stat.ts';
import { decode } from '../read/bytes.ts';

export interface HeldProcess {
  readonly pid: number;
  readonly stat: Stat;
  /** Where its files are as long as it is held. */
  readonly folder: string;
}

/** Runs `use` while the process is held. Throws a PortholeError `not-found` if it is not (any more) the one of this key. */
export const withProcess = async <T>(key: string, use: (held: HeldProcess) => Promise<T>): Promise<T> => {
  const [pid, starttime] = key.split('@').map(Number) as [number, number];
  let held: FileHandle;
  let stat: Stat;
  try {
    held = await open(`/proc/${pid}`, constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (thrown) {
    throw gone(pid, thrown);
  }
  try {
    const folder = `/proc/self/fd/${held.fd}`;
    try {
      stat = parseStat(decode(await readFile(`${folder}/stat`)));
    } catch (thrown) {
      throw gone(pid, thrown);
    }
    if (stat.starttime !== starttime) {
      throw new PortholeError('not-found', `Process ${pid} ended; another has its number now. Nothing was done.`);
    }
    return await use({ pid, stat, folder });
  } finally {
    await held.close();
  }
};

const gone = (pid: number, thrown: unknown): unknown => {
  const code = typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : null;
  return code === 'ENOENT' || code === 'ESRCH'
    ? new PortholeError('not-found', `Process ${pid} has ended. Nothing was done.`)
    : thrown;
};
