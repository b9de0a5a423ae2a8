/** Where in the hierarchies of cgroups a file is, and who is there. A path that is nowhere in them is not written. */
import { readdir, readFile } from 'node:fs/promises';
import { changeFile, type ChangeFile } from '../../../shared/change-files.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { readHierarchies } from '../collect/cgroup-hierarchies.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parsed } from '../parse/format-error.ts';
import { encode } from '../read/bytes.ts';
import type { Kernel } from '../read/kernel.ts';

export interface CgroupFilePlace {
  readonly file: ChangeFile;
  readonly path: string;
  /** The cgroup's directory. */
  readonly folder: string;
  /** As /proc/PID/cgroup spells it. */
  readonly cgroup: string;
  /** Porthole's own process is in this cgroup or below it. */
  readonly holdsUs: boolean;
}

/** Throws a PortholeError `denied` for whatever is not a limit of a mounted cgroup. `path` is normal. */
export const cgroupPlace = (kernel: Kernel, path: string): CgroupFilePlace => {
  const slash = path.lastIndexOf('/');
  const [folder, name] = [path.slice(0, slash), path.slice(slash + 1)];
  const hierarchies = readHierarchies(kernel).list.filter(({ mountPoint }) => mountPoint !== null);
  const around = hierarchies.filter(({ mountPoint }) => folder === mountPoint || folder.startsWith(`${mountPoint}/`));
  // One mounted in another's directory lies over it.
  const hierarchy = around.sort((a, b) => b.mountPoint!.length - a.mountPoint!.length)[0];
  const file = hierarchy === undefined ? null : changeFile(name, hierarchy.version);
  if (hierarchy === undefined || file === null) {
    throw new PortholeError('denied', `${path} is not a limit of a mounted cgroup. Porthole writes nothing else.`);
  }
  const below = folder.slice(hierarchy.mountPoint!.length);
  const cgroup = `${hierarchy.root === '/' ? '' : hierarchy.root}${below}` || '/';
  const ours = parsed(kernel.text('/proc/self/cgroup'), parseCgroup);
  const mine = ours.ok
    ? ours.value.find((one) =>
        hierarchy.version === 2 ? one.hierarchy === 0 : one.controllers.join(',') === hierarchy.id,
      )?.path
    : undefined;
  const holdsUs = mine !== undefined && (cgroup === '/' || mine === cgroup || mine.startsWith(`${cgroup}/`));
  return { file, path, folder, cgroup, holdsUs };
};

/** Counting stops here: an answer is waited for. */
const FOLDERS_AT_MOST = 500;

/** Processes in the cgroup and in all below; `null` if that could not be counted, or not in good time. */
export const countProcesses = async (folder: string): Promise<number | null> => {
  const queue = [folder];
  let count = 0;
  try {
    for (let at = 0; at < queue.length; at++) {
      if (queue.length > FOLDERS_AT_MOST) return null;
      const here = queue[at]!;
      const procs = await readFile(encode(`${here}/cgroup.procs`), 'latin1');
      count += procs.split('\n').length - 1;
      const entries = await readdir(encode(here), { withFileTypes: true });
      queue.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${here}/${name}`));
    }
    return count;
  } catch {
    return null;
  }
};
