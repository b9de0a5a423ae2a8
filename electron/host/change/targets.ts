/** What a change is aimed at: one file, read and written only as that very file. */
import { access, constants } from 'node:fs/promises';
import type { Change } from '../../../shared/change.ts';
import { OOM_SCORE_ADJ, type ChangeFile } from '../../../shared/change-files.ts';
import { encode } from '../read/bytes.ts';
import type { Kernel } from '../read/kernel.ts';
import { cgroupPlace, type CgroupFilePlace } from './cgroup-place.ts';
import { readHeld, writeHeld, type Held } from './held-file.ts';
import { withProcess } from './one-process.ts';

export interface Target {
  readonly file: ChangeFile;
  /** `null` for what is in no file. */
  readonly path: string | null;
  /** The cgroup's path; of a process its name and pid, once it was read; of an engine's option the container's name. */
  of: string;
  /** Full ID, where it is an engine's own account that is changed. */
  readonly container?: string;
  /** `null` for a file of a process. */
  readonly place: CgroupFilePlace | null;
  /** Throws the kernel's error, or a PortholeError where it is not what was meant. */
  read(): Promise<Held>;
  /** Resolves with what an engine remarked on it, if one was asked. */
  write(text: string, identity: string): Promise<readonly string[] | void>;
  /** Brings the former value back, where that is another thing than to write it. */
  restore?(): Promise<readonly string[]>;
  /** What a person would type to have {@link restore} done. */
  restoreByHand?(): string;
  /** False where there is no way back. Known once it was written. */
  canUndo?(): boolean;
  /** Of what an engine keeps: the cgroup's own file for it; `null` where there is none, or it could not be read. */
  beside?(): Promise<{ readonly path: string; readonly text: string } | null>;
  /** The kernel's word if this user may not write it; `null` if so, as far as access(2) can tell. */
  closed(): Promise<string | null>;
}

/** What {@link targetOf} takes; what an engine is asked for is in engine-target.ts. */
type FileChange = Exclude<Change, { readonly what: 'signal' | 'update' | 'option' }>;

const closed = async (path: string): Promise<string | null> =>
  access(encode(path), constants.W_OK).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code ?? 'EACCES',
  );

/** Throws a PortholeError `denied` for a path that Porthole does not write. */
export const targetOf = (kernel: Kernel, change: FileChange): Target => {
  if (change.what === 'limit') {
    const place = cgroupPlace(kernel, change.path);
    return {
      file: place.file,
      path: place.path,
      of: place.cgroup,
      place,
      read: () => readHeld(place.path),
      write: (text, identity) => writeHeld(place.path, text, identity),
      closed: () => closed(place.path),
    };
  }
  const key = change.process;
  const pid = Number(key.split('@')[0]);
  const path = `/proc/${pid}/oom_score_adj`;
  const target: Target = {
    file: OOM_SCORE_ADJ,
    path,
    of: String(pid),
    place: null,
    read: () =>
      withProcess(key, async ({ folder, stat }) => {
        target.of = `${stat.comm} ${pid}`;
        // Inodes of /proc come and go with the cache; the process is what tells.
        return { text: (await readHeld(`${folder}/oom_score_adj`, path)).text, identity: key };
      }),
    write: (text) => withProcess(key, ({ folder }) => writeHeld(`${folder}/oom_score_adj`, text, null, path)),
    closed: () => closed(path),
  };
  return target;
};
