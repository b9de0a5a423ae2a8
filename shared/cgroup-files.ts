/** Every file of every cgroup controller, in both versions: what it is called, what it counts, what it means. */
import type { CgroupFileInfo, CgroupVersion } from './cgroup-file.ts';
import { CORE_FILES } from './cgroup-files-core.ts';
import { CPU_FILES } from './cgroup-files-cpu.ts';
import { IO_FILES } from './cgroup-files-io.ts';
import { MEMORY_FILES } from './cgroup-files-memory.ts';
import { OTHER_FILES } from './cgroup-files-other.ts';

export const CGROUP_FILES: readonly CgroupFileInfo[] = [
  ...CORE_FILES,
  ...MEMORY_FILES,
  ...CPU_FILES,
  ...IO_FILES,
  ...OTHER_FILES,
];

const BY_NAME = new Map(CGROUP_FILES.map((info) => [`${info.version} ${info.name}`, info]));

/** hugetlb's files hold a page size in their names; mem_fmt() in mm/hugetlb_cgroup.c. */
const SIZED = /^hugetlb\.(\d+[KMG]B)\./;

/** What is known of the file of this name; `null` if nothing is. A page size stands in the names of the answer. */
export const cgroupFile = (name: string, version: CgroupVersion): CgroupFileInfo | null => {
  const size = SIZED.exec(name)?.[1];
  if (size === undefined) return BY_NAME.get(`${version} ${name}`) ?? null;
  const known = BY_NAME.get(`${version} ${name.replace(size, '*')}`);
  if (known === undefined) return null;
  return { ...known, name, twins: known.twins.map((twin) => ({ ...twin, name: twin.name.replace('*', size) })) };
};

/** The controller that a file seems to be of, known or not: the part before the first dot. */
export const controllerOf = (name: string, version: CgroupVersion): string => {
  const known = cgroupFile(name, version);
  if (known !== null) return known.controller;
  const dot = name.indexOf('.');
  return dot > 0 ? name.slice(0, dot) : 'cgroup';
};
