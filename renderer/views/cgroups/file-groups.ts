/** The files of a cgroup by controller, in the order in which one asks for them. */
import { cgroupFile, CGROUP_FILES, controllerOf } from '../../../shared/cgroup-files.ts';
import type { CgroupFileInfo } from '../../../shared/cgroup-file.ts';
import type { CgroupDetail, CgroupFile, CgroupPlace } from '../../../shared/cgroup-model.ts';

export interface ShownFile {
  readonly file: CgroupFile;
  readonly version: CgroupPlace['version'];
  /** `null` for a file that is not known: it is shown raw. */
  readonly info: CgroupFileInfo | null;
}

export interface FileGroup {
  /** Unique: the hierarchy and the controller. */
  readonly id: string;
  readonly title: string;
  /** `v2`, or `v1` with what its hierarchy is called. */
  readonly version: string;
  readonly folder: string;
  readonly files: readonly ShownFile[];
}

const FIRST = ['memory', 'cpu', 'cpuacct', 'pids', 'io', 'blkio', 'cpuset', 'hugetlb'];
const rank = (controller: string): number => {
  if (controller === 'cgroup') return FIRST.length + 1;
  const at = FIRST.indexOf(controller);
  return at < 0 ? FIRST.length : at;
};

/** The table begins with what one looks for; unknown files come last, as the kernel lists them. */
const PLACE = new Map(CGROUP_FILES.map(({ version, name }, index) => [`${version} ${name}`, index]));
const placeOf = ({ file, version }: ShownFile): number =>
  PLACE.get(`${version} ${file.name.replace(/^(hugetlb\.)\d+[KMG]B/, '$1*')}`) ?? PLACE.size;
const inTableOrder = (a: ShownFile, b: ShownFile): number => placeOf(a) - placeOf(b);

/** Files that every cgroup has come last, once for each hierarchy. Places that could not be read are in no group. */
export const fileGroups = ({ places }: CgroupDetail): FileGroup[] => {
  const groups: { rank: number; group: FileGroup }[] = [];
  for (const { hierarchy, version, folder, files } of places) {
    const byController = new Map<string, ShownFile[]>();
    for (const file of files.ok ? files.value : []) {
      const controller = controllerOf(file.name, version);
      const shown = { file, version, info: cgroupFile(file.name, version) };
      const group = byController.get(controller);
      if (group === undefined) byController.set(controller, [shown]);
      else group.push(shown);
    }
    for (const [controller, shown] of byController) {
      groups.push({
        rank: rank(controller),
        group: {
          id: `${hierarchy} ${controller}`,
          title: controller === 'cgroup' ? 'every cgroup' : controller,
          version: version === 2 ? 'v2' : controller === hierarchy ? 'v1' : `v1 ${hierarchy}`,
          folder,
          files: shown.sort(inTableOrder),
        },
      });
    }
  }
  return groups.sort((a, b) => a.rank - b.rank).map(({ group }) => group);
};
