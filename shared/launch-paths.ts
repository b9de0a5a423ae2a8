/** Files that a command of unshare(1) or nsenter(1) names, as they are before it is started. */
import * as v from 'valibot';
import { NamedPath } from './unshare.ts';

/** As many as a form can name: a file a type, a root and a working directory. */
export const LaunchPaths = v.pipe(v.array(NamedPath), v.maxLength(16));

export interface PathLook {
  readonly path: string;
  /** `namespace`: it stands for one. `unknown`: closed to this user, or it did not answer in time. */
  readonly is: 'directory' | 'namespace' | 'other' | 'absent' | 'unknown';
  readonly inode: number | null;
}

/** `null` while nobody has looked. */
export type LookAt = (path: string) => PathLook | null;

/** What errno says of a path that should be a directory; `null` where it is one, or nobody knows. */
export const notADirectory = (look: PathLook | null): string | null => {
  if (look?.is === 'absent') return 'No such file or directory';
  return look?.is === 'other' || look?.is === 'namespace' ? 'Not a directory' : null;
};
