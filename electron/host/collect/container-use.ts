/** What a container uses, from the few files of its cgroup that tell it: a dozen reads, once a second while it is looked at. */
import type { CgroupAllowance, CgroupEntry, CgroupHierarchy } from '../../../shared/cgroup-model.ts';
import { containersIn } from '../../../shared/cgroup-path.ts';
import type {
  ContainerUse,
  Counted,
  CpuCounters,
  EngineLimits,
  IoCounters,
  MemoryCounters,
  MemoryNow,
  NetworkCounters,
} from '../../../shared/container-use.ts';
import type { CgroupMembership, HostInfo, Reading } from '../../../shared/model.ts';
import { parseCgroup } from '../parse/cgroup.ts';
import { parseFlat } from '../parse/cgroup-flat.ts';
import { parseNested } from '../parse/cgroup-nested.ts';
import { parseOperations } from '../parse/blkio-operations.ts';
import { decimal, parsed } from '../parse/format-error.ts';
import { parseNetDev } from '../parse/net-dev.ts';
import type { Kernel } from '../read/kernel.ts';
import { steadyMillis } from '../read/steady-clock.ts';
import { folderOf, readHierarchies, type Hierarchies } from './cgroup-hierarchies.ts';
import { readCgroupFile } from './cgroup-read.ts';
import { readIoLimits } from './io-limits.ts';
import { pressureOf } from './container-pressure.ts';
import { readAllowances } from './limits.ts';

/** A container by its id and, in the host's numbering, its first process. */
export interface RunningContainer {
  readonly id: string;
  readonly pid: number;
}

/** As with a rootless Podman on cgroup v1: it is in a cgroup with others. */
export const NO_CGROUP = 'it has no cgroup of its own';

/** Where a container's own cgroups are, by controller; `null` where it has none of its own. */
interface Places {
  readonly memberships: readonly CgroupMembership[];
  readonly mounts: Hierarchies['mounts'];
  folder(controller: string): { readonly folder: string; readonly version: 1 | 2 } | null;
  /** In the v2 hierarchy, whichever controllers that has. */
  unified(): string | null;
}

/** `hierarchies` are read when a container is found that is in one: of many containers, once. */
export const placesOf = (
  kernel: Kernel,
  { id, pid }: RunningContainer,
  hierarchies: () => Hierarchies = () => readHierarchies(kernel),
): Reading<Places | null> => {
  const memberships = parsed(kernel.record(`/proc/${pid}/cgroup`), parseCgroup);
  if (!memberships.ok) return memberships;
  const own = memberships.value.flatMap((membership): CgroupMembership[] => {
    const path = containersIn(membership.path, (one) => one === id).find((found) => found.id === id)?.path;
    return path === undefined ? [] : [{ ...membership, path }];
  });
  if (own.length === 0) return { ok: true, value: null };
  const { list, mounts } = hierarchies();
  const at = (hierarchy: CgroupHierarchy | undefined, membership: CgroupMembership | undefined) => {
    const folder = hierarchy && membership ? folderOf(hierarchy, membership.path) : null;
    return folder === null || hierarchy === undefined ? null : { folder, version: hierarchy.version };
  };
  const folder = (controller: string) => {
    const v1 = own.find(({ controllers }) => controllers.includes(controller));
    if (v1) return at(list.find((one) => one.version === 1 && one.controllers.includes(controller)), v1); // prettier-ignore
    return at(list.find(({ version }) => version === 2), own.find(({ hierarchy }) => hierarchy === 0)); // prettier-ignore
  };
  const unified = (): string | null =>
    at(list.find(({ version }) => version === 2), own.find(({ hierarchy }) => hierarchy === 0))?.folder ?? null; // prettier-ignore
  return { ok: true, value: { memberships: own, mounts, folder, unified } };
};

const absent = (what: string): Reading<never> => ({ ok: false, why: 'absent', call: what, errno: null });
const flat = (reading: Reading<string>, file: string): Reading<ReadonlyMap<string, number>> =>
  parsed(reading, (text) => {
    const counts = parseFlat(text, file, () => false).filter((entry): entry is CgroupEntry => entry[1] !== 'max');
    return new Map(counts.map(([key, count]) => [key, Number(count)]));
  });
const keyOf = (reading: Reading<ReadonlyMap<string, number>>, key: string): number | null =>
  reading.ok ? (reading.value.get(key) ?? null) : null;

/** Documentation/admin-guide/cgroup-v2.rst cpu.stat; cgroup-v1/cpuacct.rst, scheduler/sched-bwc.rst. */
const cpuOf = (kernel: Kernel, places: Places): Counted<CpuCounters> => {
  const [cpu, account] = [places.folder('cpu'), places.folder('cpuacct')];
  const v1 = account?.version === 1;
  const file = v1 ? 'cpuacct.usage' : 'cpu.stat';
  const folder = v1 ? account.folder : cpu?.folder;
  if (folder === undefined) return { file, path: null, reading: absent('no cpu controller') };
  const stat = flat(cpu === null ? absent('cpu.stat') : readCgroupFile(kernel, `${cpu.folder}/cpu.stat`), 'cpu.stat');
  const used: Reading<number> = v1
    ? parsed(readCgroupFile(kernel, `${folder}/${file}`), (text) => decimal(text.trim(), file) / 1000)
    : stat.ok
      ? (keyOf(stat, 'usage_usec') === null ? absent('usage_usec') : { ok: true, value: keyOf(stat, 'usage_usec')! })
      : stat; // prettier-ignore
  const waited = keyOf(stat, cpu?.version === 1 ? 'throttled_time' : 'throttled_usec');
  const reading: Reading<CpuCounters> = used.ok
    ? {
        ok: true,
        value: {
          usedMicros: used.value,
          periods: keyOf(stat, 'nr_periods'),
          throttled: keyOf(stat, 'nr_throttled'),
          throttledMicros: waited === null ? null : cpu?.version === 1 ? waited / 1000 : waited,
        },
      }
    : used;
  return { file, path: `${folder}/${file}`, reading };
};

/** Of v1 the total_ counter, since usage_in_bytes counts all below too; so reckon docker stats, cAdvisor and kubelet. */
const memoryOf = (kernel: Kernel, places: Places, events: boolean): Counted<MemoryCounters> => {
  const at = places.folder('memory');
  const file = at?.version === 1 ? 'memory.usage_in_bytes' : 'memory.current';
  if (at === null) return { file, path: null, reading: absent('no memory controller') };
  const read = (name: string) => readCgroupFile(kernel, `${at.folder}/${name}`);
  const number = (name: string) => parsed(read(name), (text) => decimal(text.trim(), name));
  const used = number(file);
  if (!used.ok) return { file, path: `${at.folder}/${file}`, reading: used };
  const inactive = keyOf(flat(read('memory.stat'), 'memory.stat'), at.version === 1 ? 'total_inactive_file' : 'inactive_file'); // prettier-ignore
  const told = events ? flat(read(at.version === 1 ? 'memory.oom_control' : 'memory.events'), 'memory.events') : null;
  const hits = !events ? null : at.version === 1 ? number('memory.failcnt') : null;
  const value = {
    usedBytes: used.value,
    workingSetBytes: inactive === null ? null : Math.max(0, used.value - inactive),
    limitHits: hits === null ? (told === null ? null : keyOf(told, 'max')) : hits.ok ? hits.value : null,
    oomKills: told === null ? null : keyOf(told, 'oom_kill'),
  };
  return { file, path: `${at.folder}/${file}`, reading: { ok: true, value } };
};

const tasksOf = (kernel: Kernel, places: Places): Counted<number> => {
  const at = places.folder('pids');
  const file = 'pids.current';
  if (at === null) return { file, path: null, reading: absent('no pids controller') };
  const path = `${at.folder}/${file}`;
  return { file, path, reading: parsed(readCgroupFile(kernel, path), (text) => decimal(text.trim(), file)) };
};

/** v1: with all below it where the kernel has that (5.1), as an engine reads it. */
const V1_IO = ['blkio.throttle.io_service_bytes_recursive', 'blkio.throttle.io_service_bytes'] as const;

const ioOf = (kernel: Kernel, places: Places): Counted<IoCounters> => {
  const v1 = places.folder('blkio');
  const at = v1?.version === 1 ? v1 : places.folder('io');
  if (at === null) return { file: 'io.stat', path: null, reading: absent('no io controller') };
  const sum = (rows: readonly { readonly entries: readonly CgroupEntry[] }[], key: string): number =>
    rows.reduce((all, { entries }) => all + Number(entries.find(([name]) => name === key)?.[1] ?? 0), 0);
  if (at.version === 2) {
    const path = `${at.folder}/io.stat`;
    const reading = parsed(readCgroupFile(kernel, path), (text) => {
      const rows = parseNested(text, 'io.stat', () => false);
      return { readBytes: sum(rows, 'rbytes'), writtenBytes: sum(rows, 'wbytes'), reads: sum(rows, 'rios'), writes: sum(rows, 'wios') }; // prettier-ignore
    });
    return { file: 'io.stat', path, reading };
  }
  const texts = V1_IO.map((file) => ({ file, text: readCgroupFile(kernel, `${at.folder}/${file}`) }));
  const { file, text } = texts.find((one) => one.text.ok) ?? texts[0]!;
  const requests = parsed(
    readCgroupFile(kernel, `${at.folder}/${file.replace('service_bytes', 'serviced')}`),
    (whole) => parseOperations(whole, file).filter(({ key }) => key !== ''),
  );
  const reading = parsed(text, (whole) => {
    const rows = parseOperations(whole, file).filter(({ key }) => key !== '');
    const count = (key: string): number | null => (requests.ok ? sum(requests.value, key) : null);
    return { readBytes: sum(rows, 'Read'), writtenBytes: sum(rows, 'Write'), reads: count('Read'), writes: count('Write') }; // prettier-ignore
  });
  return { file, path: `${at.folder}/${file}`, reading };
};

/** Of the network namespace the process is in, whoever else is in it; without lo, as docker stats counts. */
export const networkOf = (kernel: Kernel, pid: number): Counted<NetworkCounters> => {
  const path = `/proc/${pid}/net/dev`;
  const reading = parsed(kernel.text(path), (text) => {
    const devices = parseNetDev(text).filter(({ name }) => name !== 'lo');
    return {
      receivedBytes: devices.reduce((all, one) => all + one.rxBytes, 0),
      sentBytes: devices.reduce((all, one) => all + one.txBytes, 0),
      interfaces: devices.map(({ name }) => name),
    };
  });
  return { file: 'net/dev', path, reading };
};

/** A controller that is on neither for its cgroup nor above has no file that could limit it; cgroup-v2.rst, "Enabling and Disabling". */
const uncontrolled = (places: Places, limits: readonly CgroupAllowance[]): EngineLimits => {
  const of = (resource: CgroupAllowance['resource']): 'max' | null =>
    places.folder(resource) === null || limits.some((one) => one.resource === resource) ? null : 'max';
  return { cpu: of('cpu'), memory: of('memory'), pids: of('pids') };
};

/** Read now. A text in place of a use says why the cgroup cannot be the source: then an engine may be asked. */
export const readContainerUse = (
  kernel: Kernel,
  container: RunningContainer,
  host: Pick<HostInfo, 'pageBytes'>,
): ContainerUse | string => {
  const takenAt = steadyMillis();
  const found = placesOf(kernel, container);
  if (!found.ok) return `${found.call}: ${found.errno ?? found.why}`;
  const places = found.value;
  if (places === null) return NO_CGROUP;
  const cpu = cpuOf(kernel, places);
  const memory = memoryOf(kernel, places, true);
  if (!cpu.reading.ok && !memory.reading.ok) return `${cpu.reading.call}: ${cpu.reading.errno ?? cpu.reading.why}`;
  const { limits } = readAllowances(kernel, places.memberships, places.mounts, host);
  return {
    takenAt,
    source: 'cgroup',
    because: null,
    memoryDefinition: `${memory.file} − ${memory.file === 'memory.current' ? '' : 'total_'}inactive_file of memory.stat`,
    cpu,
    memory,
    tasks: tasksOf(kernel, places),
    io: ioOf(kernel, places),
    network: networkOf(kernel, container.pid),
    pressure: pressureOf(kernel, places.unified()),
    limits,
    ioLimits: readIoLimits(kernel, places.memberships, places.mounts),
    engineLimits: uncontrolled(places, limits),
  };
};

/** Two files a container, for lists. */
export const readMemoryNow = (kernel: Kernel, containers: readonly RunningContainer[]): MemoryNow[] => {
  let read: Hierarchies | null = null;
  const hierarchies = (): Hierarchies => (read ??= readHierarchies(kernel));
  return containers.map((container) => {
    const found = placesOf(kernel, container, hierarchies);
    const memory = found.ok && found.value !== null ? memoryOf(kernel, found.value, false).reading : null;
    return { id: container.id, bytes: memory?.ok ? (memory.value.workingSetBytes ?? memory.value.usedBytes) : null };
  });
};
