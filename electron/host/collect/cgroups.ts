/** The tree of cgroups, the hierarchies of v1 and v2 laid over each other by path. */
import { recogniseContainer } from '../../../shared/cgroup-path.ts';
import {
  CGROUPS_AT_MOST,
  type CgroupHierarchy,
  type CgroupNode,
  type CgroupTree,
} from '../../../shared/cgroup-model.ts';
import type { CgroupLimit, Reading } from '../../../shared/model.ts';
import { parsePids } from '../parse/cgroup-list.ts';
import { parsed } from '../parse/format-error.ts';
import type { Kernel } from '../read/kernel.ts';
import { readHierarchies } from './cgroup-hierarchies.ts';
import { readCgroupFile } from './cgroup-read.ts';
import { LIMITED } from './limit-files.ts';
import { ownLimits } from './own-limits.ts';

interface Found {
  readonly hierarchies: string[];
  memoryBytes?: number;
  readonly limits: CgroupLimit[];
  /** `null` until a hierarchy has told them. */
  pids: Set<number> | null;
  /** Processes without a pid that we could know, because they are outside of our pid namespace. */
  nameless: number;
}

/** Every cgroup that can be seen, read now. One that is removed meanwhile is left out. */
export const readCgroupTree = (kernel: Kernel, atMost = CGROUPS_AT_MOST): CgroupTree => {
  const { list, mounts } = readHierarchies(kernel);
  const found = new Map<string, Found>();
  const unread: { path: string; reading: Reading<never> }[] = [];
  const mountPoints = new Set(mounts.map(({ mountPoint }) => mountPoint));
  let cut = false;
  for (const hierarchy of list) {
    if (hierarchy.mountPoint === null) continue;
    let count = 0;
    const waiting: { path: string; folder: string }[] = [{ path: hierarchy.root, folder: hierarchy.mountPoint }];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { path, folder } = next;
      if (++count > atMost) {
        cut = true;
        break;
      }
      const below = kernel.folders(folder);
      if (!below.ok && below.why !== 'denied') continue;
      if (!below.ok) unread.push({ path, reading: below });
      const here = add(found, path, hierarchy, parsed(readCgroupFile(kernel, `${folder}/cgroup.procs`), pidsIn));
      const own = ownLimits(kernel, hierarchy, folder);
      here.limits.push(...own.limits);
      if (own.memoryBytes !== null) here.memoryBytes = own.memoryBytes;
      for (const name of below.ok ? below.value : []) {
        // What somebody mounted over a cgroup is no cgroup of this hierarchy.
        if (!mountPoints.has(`${folder}/${name}`)) {
          waiting.push({ path: `${path === '/' ? '' : path}/${name}`, folder: `${folder}/${name}` });
        }
      }
    }
  }
  return { takenAt: Date.now(), hierarchies: list, nodes: inOrder(found), unread, cut };
};

const pidsIn = (text: string): number[] => parsePids(text, 'cgroup.procs');

const add = (
  found: Map<string, Found>,
  path: string,
  { id }: CgroupHierarchy,
  pids: Reading<readonly number[]>,
): Found => {
  const here = found.get(path) ?? { hierarchies: [], limits: [], pids: null, nameless: 0 };
  found.set(path, here);
  here.hierarchies.push(id);
  if (!pids.ok) return here;
  here.pids ??= new Set();
  let nameless = 0;
  for (const pid of pids.value) {
    if (pid === 0) nameless++;
    else here.pids.add(pid);
  }
  here.nameless = Math.max(here.nameless, nameless);
  return here;
};

export const parentOf = (path: string): string => path.slice(0, Math.max(1, path.lastIndexOf('/')));

const inOrderOfResources = (a: CgroupLimit, b: CgroupLimit): number =>
  LIMITED.indexOf(a.resource) - LIMITED.indexOf(b.resource);

/** Parents before children, siblings by name. */
const inOrder = (found: ReadonlyMap<string, Found>): CgroupNode[] => {
  const children = new Map<string | null, string[]>();
  for (const path of found.keys()) {
    const above = path === '/' ? null : parentOf(path);
    const parent = above !== null && found.has(above) ? above : null;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [path]);
    else siblings.push(path);
  }
  const nodes: CgroupNode[] = [];
  const waiting: { path: string; parent: string | null }[] = [];
  const push = (parent: string | null): void => {
    const siblings = (children.get(parent) ?? []).sort().reverse();
    for (const path of siblings) waiting.push({ path, parent });
  };
  push(null);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { hierarchies, pids, nameless, memoryBytes, limits } = found.get(next.path) as Found;
    nodes.push({
      ...next,
      hierarchies,
      processes: pids === null ? null : pids.size + nameless,
      container: recogniseContainer(next.path)?.id ?? null,
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(limits.length === 0 ? {} : { limits: limits.sort(inOrderOfResources) }),
    });
    push(next.path);
  }
  return nodes;
};
