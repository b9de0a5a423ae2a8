/** What the cgroups of a process allow it: memory, CPU, tasks. The files are found through mountinfo, never guessed. */
import type { CgroupLimit, CgroupMembership, HostInfo, Limit, Reading } from '../../../shared/model.ts';
import type { Kernel } from '../read/kernel.ts';
import { decimal, FormatError, parsed } from '../parse/format-error.ts';
import { parseMountinfo, type Mount } from '../parse/mountinfo.ts';

type Resource = CgroupLimit['resource'];

interface Files {
  readonly limit: string;
  readonly used: string | null;
  readonly parse: (text: string, pageBytes: number, beside: (file: string) => Reading<string>) => Limit;
}

const maxOr = (text: string, file: string): Limit => (text.trim() === 'max' ? 'max' : decimal(text.trim(), file));

/** Without a limit, memory of v1 reads LONG_MAX rounded down to pages; mm/page_counter.c. */
const v1Memory = (text: string, pageBytes: number): Limit => {
  const word = text.trim();
  if (!/^\d{1,20}$/.test(word)) throw new FormatError('memory.limit_in_bytes', word);
  const page = BigInt(pageBytes);
  return BigInt(word) >= ((2n ** 63n - 1n) / page) * page ? 'max' : Number(word);
};

/** Documentation/admin-guide/cgroup-v1/memory.rst, scheduler/sched-bwc.rst, cgroup-v1/pids.rst. */
const V1: Readonly<Record<Resource, Files>> = {
  memory: { limit: 'memory.limit_in_bytes', used: 'memory.usage_in_bytes', parse: v1Memory },
  cpu: {
    limit: 'cpu.cfs_quota_us',
    used: null,
    parse: (text, _, beside) => {
      const quota = decimal(text.trim(), 'cpu.cfs_quota_us');
      if (quota < 0) return 'max';
      const period = beside('cpu.cfs_period_us');
      if (!period.ok) throw new FormatError('cpu.cfs_period_us', period.call);
      return quota / decimal(period.value.trim(), 'cpu.cfs_period_us');
    },
  },
  pids: { limit: 'pids.max', used: 'pids.current', parse: (text) => maxOr(text, 'pids.max') },
};

/** Documentation/admin-guide/cgroup-v2.rst. */
const V2: Readonly<Record<Resource, Files>> = {
  memory: { limit: 'memory.max', used: 'memory.current', parse: (text) => maxOr(text, 'memory.max') },
  cpu: {
    limit: 'cpu.max',
    used: null,
    parse: (text) => {
      const [quota = '', period] = text.trim().split(' ');
      return quota === 'max' ? 'max' : decimal(quota, 'cpu.max') / decimal(period, 'cpu.max');
    },
  },
  pids: { limit: 'pids.max', used: 'pids.current', parse: (text) => maxOr(text, 'pids.max') },
};

/** Every resource that a cgroup of the process controls. The tightest of its own limit and its ancestors' holds. */
export const readLimits = (
  kernel: Kernel,
  cgroups: readonly CgroupMembership[],
  host: Pick<HostInfo, 'pageBytes'>,
): CgroupLimit[] => {
  const mounts = parsed(kernel.text('/proc/self/mountinfo'), parseMountinfo);
  if (!mounts.ok) return [];
  return LIMITED.flatMap((resource) => tightest(readLevels(kernel, resource, cgroups, mounts.value, host)) ?? []);
};

export const LIMITED: readonly Resource[] = ['memory', 'cpu', 'pids'];

/** The limits of a cgroup and of its ancestors as far as they are mounted, its own first. `[]` if no mount shows it. */
export const readLevels = (
  kernel: Kernel,
  resource: Resource,
  cgroups: readonly CgroupMembership[],
  mounts: readonly Mount[],
  host: Pick<HostInfo, 'pageBytes'>,
): CgroupLimit[] => {
  const place = locate(resource, cgroups, mounts);
  if (place === null) return [];
  return place.folders.map((folder) => readLevel(kernel, resource, place.files, folder, host.pageBytes));
};

interface Place {
  readonly files: Files;
  /** The process's own cgroup first, then its ancestors as far as they are mounted. */
  readonly folders: readonly string[];
}

/** On a hybrid machine a controller is on one hierarchy of v1 or on v2; /proc/PID/cgroup says which. */
const locate = (resource: Resource, cgroups: readonly CgroupMembership[], mounts: readonly Mount[]): Place | null => {
  const v1 = cgroups.find(({ controllers }) => controllers.includes(resource));
  if (v1 !== undefined) {
    const at = (mount: Mount) => mount.type === 'cgroup' && mount.superOptions.includes(resource);
    const folders = foldersOf(v1.path, mounts.filter(at));
    return folders === null ? null : { files: V1[resource], folders };
  }
  const v2 = cgroups.find(({ hierarchy }) => hierarchy === 0);
  const folders =
    v2 === undefined
      ? null
      : foldersOf(
          v2.path,
          mounts.filter(({ type }) => type === 'cgroup2'),
        );
  return folders === null ? null : { files: V2[resource], folders };
};

/** `null` if no mount shows this cgroup: a mount may show only a part of the hierarchy. */
export const foldersOf = (path: string, mounts: readonly Mount[]): string[] | null => {
  for (const { root, mountPoint } of mounts) {
    const prefix = root === '/' ? '' : root;
    if (path !== prefix && path !== root && !path.startsWith(`${prefix}/`)) continue;
    const names = path
      .slice(prefix.length)
      .split('/')
      .filter((name) => name !== '');
    if (names.includes('..')) continue;
    return [...names.keys(), names.length].reverse().map((depth) => [mountPoint, ...names.slice(0, depth)].join('/'));
  }
  return null;
};

const readLevel = (
  kernel: Kernel,
  resource: Resource,
  files: Files,
  folder: string,
  pageBytes: number,
): CgroupLimit => {
  const read = (file: string) => kernel.text(`${folder}/${file}`);
  const limit = parsed(read(files.limit), (text) => files.parse(text, pageBytes, read));
  const used = files.used === null ? null : files.used;
  return {
    resource,
    file: files.limit,
    path: `${folder}/${files.limit}`,
    limit,
    used: used === null ? null : parsed(read(used), (text) => decimal(text.trim(), used)),
  };
};

/** The level that decides; of equals the innermost. `null` if no level has the file, as where v2 has no such controller. */
export const tightest = (levels: readonly CgroupLimit[]): CgroupLimit | null => {
  let found: CgroupLimit | null = null;
  for (const level of levels) {
    if (!level.limit.ok && level.limit.why === 'absent') continue;
    if (found === null || (found.limit.ok && level.limit.ok && number(level.limit.value) < number(found.limit.value))) {
      found = level;
    }
    // What cannot be read may be tighter than what can: better to say so than to show a limit that may not hold.
    if (!level.limit.ok) return level;
  }
  return found;
};

const number = (limit: Limit): number => (limit === 'max' ? Infinity : limit);
