/** What the files are that a launcher's form names. */
import { stat, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PathLook } from '../../../shared/launch-paths.ts';
import { startDirectory } from './environment.ts';

/** A file on a hung network drive answers never, and each such question holds one of four threads. */
const TIMEOUT_MILLIS = 1000;
/** linux/magic.h NSFS_MAGIC. */
const NSFS = 0x6e736673;

/** Questions without an answer so far: no second one is asked meanwhile. */
let pending = 0;

const look = async (path: string, whole: string): Promise<PathLook> => {
  try {
    const about = await stat(whole);
    if (about.isDirectory()) return { path, is: 'directory', inode: about.ino };
    const { type } = await statfs(whole);
    return { path, is: type === NSFS ? 'namespace' : 'other', inode: about.ino };
  } catch (thrown) {
    const absent = ['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? '');
    return { path, is: absent ? 'absent' : 'unknown', inode: null };
  }
};

/** From where a terminal's program starts, unless the path is absolute. Never rejects. */
export const pathLooks = async (paths: readonly string[], from = startDirectory()): Promise<readonly PathLook[]> => {
  const unknown = (path: string): PathLook => ({ path, is: 'unknown', inode: null });
  const looks: PathLook[] = [];
  for (const path of paths) {
    if (pending > 0) {
      looks.push(unknown(path));
      continue;
    }
    pending++;
    const asked = look(path, resolve(from, path)).finally(() => pending--);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<PathLook>((settle) => (timer = setTimeout(() => settle(unknown(path)), TIMEOUT_MILLIS)));
    looks.push(await Promise.race([asked, late]));
    clearTimeout(timer);
  }
  return looks;
};
