/** One cgroup in all hierarchies: every file, and the limits that hold. */
import { cgroupFile } from '../../../shared/cgroup-files.ts';
import {
  CGROUP_TEXT_CHARACTERS,
  type CgroupDetail,
  type CgroupFile,
  type CgroupHierarchy,
  type CgroupPlace,
} from '../../../shared/cgroup-model.ts';
import { recogniseContainer } from '../../../shared/cgroup-path.ts';
import { PortholeError } from '../../../shared/frames.ts';
import type { CgroupMembership, Reading } from '../../../shared/model.ts';
import { visible } from '../../../shared/text.ts';
import { parseCgroupValue } from '../parse/cgroup-value.ts';
import { parsed } from '../parse/format-error.ts';
import type { Kernel } from '../read/kernel.ts';
import { folderOf, readHierarchies } from './cgroup-hierarchies.ts';
import { readCgroupFile } from './cgroup-read.ts';
import { machinePressure } from './container-pressure.ts';
import { readAllowances, type Machine } from './limits.ts';

/**
 * Read now. `path` as the contract takes it: absolute and normal. Throws {@link PortholeError} `not-found` if no hierarchy
 * has such a cgroup, `denied` if none may be looked into. `only`: the hierarchies that count, by id; a cgroup of the same path in
 * another may be somebody else's.
 */
export const readCgroupDetail = (
  kernel: Kernel,
  path: string,
  host: Machine,
  only: ReadonlySet<string> | null = null,
): CgroupDetail => {
  const takenAt = Date.now();
  const { list: all, mounts } = readHierarchies(kernel);
  const list = all.filter(({ id }) => only === null || only.has(id));
  const places = list.flatMap((hierarchy) => placeIn(kernel, hierarchy, path, host) ?? []);
  if (places.length === 0) throw new PortholeError('not-found', `there is no cgroup ${visible(path)}`);
  const memberships = list
    .filter(({ id }) => places.some(({ hierarchy }) => hierarchy === id))
    .map(({ version, controllers }): CgroupMembership =>
      version === 2 ? { hierarchy: 0, controllers: [], path } : { hierarchy: 1, controllers, path },
    );
  const { limits, further } = readAllowances(kernel, memberships, mounts, host);
  return {
    takenAt,
    path,
    container: recogniseContainer(path)?.id ?? null,
    places,
    limits,
    ...(further.length === 0 ? {} : { furtherLimits: further }),
    ...(tellsPressure(places) ? {} : { machinePressure: machinePressure(kernel) }),
  };
};

const placeIn = (kernel: Kernel, hierarchy: CgroupHierarchy, path: string, host: Machine): CgroupPlace | null => {
  const folder = folderOf(hierarchy, path);
  if (folder === null) return null;
  const { id, version, localEvents } = hierarchy;
  const names = filesIn(kernel, folder);
  if (!names.ok) return names.why === 'denied' ? { hierarchy: id, version, folder, files: names } : null;
  const read = (name: string) => fileAt(kernel, folder, name, version, host);
  // A file that went with its cgroup while it was read leaves the cgroup gone, not half there.
  const files = names.value.map(read);
  if (files.some(({ text }) => text?.ok === false && text.why === 'gone')) return null;
  const more = localEvents === undefined ? {} : { localEvents };
  return { hierarchy: id, version, folder, files: { ok: true, value: files }, ...more };
};

/** Some cgroup may have the name of a file that its parent has not: what is a directory is no file. */
const filesIn = (kernel: Kernel, folder: string): Reading<readonly string[]> => {
  const names = kernel.list(folder);
  const folders = kernel.folders(folder);
  if (!names.ok) return names;
  if (!folders.ok) return folders;
  const below = new Set(folders.value);
  return { ok: true, value: names.value.filter((name) => !below.has(name)).sort() };
};

const fileAt = (
  kernel: Kernel,
  folder: string,
  name: string,
  version: CgroupPlace['version'],
  { pageBytes }: Machine,
): CgroupFile => {
  const path = `${folder}/${name}`;
  const info = cgroupFile(name, version);
  if (info?.form === 'nothing') return { name, path, text: null, cut: false, value: null };
  const text = readCgroupFile(kernel, path);
  const value = info === null ? null : parsed(text, (whole) => parseCgroupValue(info, whole, pageBytes));
  const cut = text.ok && text.value.length > CGROUP_TEXT_CHARACTERS;
  return {
    name,
    path,
    text: cut ? { ok: true, value: text.value.slice(0, CGROUP_TEXT_CHARACTERS) } : text,
    cut,
    value,
  };
};

const tellsPressure = (places: readonly CgroupPlace[]): boolean =>
  places.some(
    ({ version, files }) => version === 2 && files.ok && files.value.some(({ name }) => name === 'cpu.pressure'),
  );
