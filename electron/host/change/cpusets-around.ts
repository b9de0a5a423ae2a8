/** What the cgroup above a cpuset has to give, and what those below it have taken. */
import { readdir, readFile } from 'node:fs/promises';
import type { CgroupVersion } from '../../../shared/cgroup-file.ts';
import { cpuListText, parseCpuList } from '../../../shared/cpu-list.ts';
import { encode } from '../read/bytes.ts';
import type { CgroupFilePlace } from './cgroup-place.ts';

/** More than a container has, and still quick. */
const LOOKED_AT_MOST = 500;

const listIn = (path: string): Promise<string | null> =>
  readFile(encode(path), 'latin1').then(
    (text) => text.trim(),
    () => null,
  );

/** As lists of CPUs or memory nodes; `null` where it could not be read, or there is none below. */
export const cpusetsAround = async (
  { folder, cgroup, file }: CgroupFilePlace,
  version: CgroupVersion | null,
): Promise<{ readonly above: string | null; readonly below: string | null }> => {
  const kind = file.name === 'cpuset.mems' ? 'mems' : 'cpus';
  const parent = cgroup === '/' ? folder : folder.slice(0, folder.lastIndexOf('/'));
  // v1 compares with what is asked for above, v2 with what is really there.
  const above = await listIn(`${parent}/cpuset.${kind}${version === 2 ? '.effective' : ''}`);
  const names = await readdir(encode(folder), { withFileTypes: true }).catch(() => []);
  const taken = new Set<number>();
  for (const { name } of names.filter((entry) => entry.isDirectory()).slice(0, LOOKED_AT_MOST)) {
    for (const one of parseCpuList((await listIn(`${folder}/${name}/cpuset.${kind}`)) ?? '') ?? []) taken.add(one);
  }
  return { above, below: taken.size === 0 ? null : cpuListText([...taken].sort((a, b) => a - b)) };
};
