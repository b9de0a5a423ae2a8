/** Captures a machine by letting the collectors look at it: a capture can hold neither less nor more than they ask for. */
import { readCgroupDetail } from '../../electron/host/collect/cgroup-detail.ts';
import { readHierarchies } from '../../electron/host/collect/cgroup-hierarchies.ts';
import { readCgroupTree } from '../../electron/host/collect/cgroups.ts';
import { Collector } from '../../electron/host/collect/collector.ts';
import type { Kernel } from '../../electron/host/read/kernel.ts';
import { PortholeError } from '../../shared/frames.ts';
import { NAMESPACE_TYPES, type World } from '../../shared/model.ts';
import { RecordingKernel } from './recording-kernel.ts';
import { redacted } from './redact.ts';
import { formatTree } from './tree-text.ts';

export interface CaptureOptions {
  /** What machine this is, in a sentence or two; the tree begins with it. */
  readonly comment: string;
  /** Instead of what {@link chosen} would take. */
  readonly pids?: readonly number[];
  /** Cgroups of which every file is taken; of the others only what limits and counts. */
  readonly cgroups?: readonly string[];
}

/** More make a tree nobody reads. */
const PROCESSES_AT_MOST = 40;

/** The first two processes, those in containers or in namespaces of their own, and all their ancestors; not ourselves. */
export const chosen = ({ processes, host }: World): Set<number> => {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const apart = processes.filter(
    ({ container, namespaces, kernelThread }) =>
      !kernelThread &&
      (container !== null ||
        NAMESPACE_TYPES.some((type) => namespaces[type] !== null && namespaces[type] !== host.namespaces[type])),
  );
  const keep = new Set([1, 2].filter((pid) => byPid.has(pid)));
  for (const { pid } of apart.slice(0, PROCESSES_AT_MOST)) {
    for (let at = byPid.get(pid); at !== undefined && !keep.has(at.pid); at = byPid.get(at.ppid)) keep.add(at.pid);
  }
  keep.delete(host.pid);
  return keep;
};

const orNothing = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch (error) {
    if (error instanceof PortholeError) return null;
    throw error;
  }
};

/** Directories of the cgroups that these processes are in, and of all above. */
const foldersWith = (kernel: Kernel, pids: ReadonlySet<number>, { processes }: World): Set<string> => {
  const { list } = readHierarchies(kernel);
  const folders = new Set<string>();
  for (const { pid, cgroups } of processes) {
    if (!pids.has(pid)) continue;
    for (const { hierarchy, controllers, path } of cgroups) {
      const at = list.find(({ id }) => id === (hierarchy === 0 ? 'v2' : controllers.join(',')));
      if (at?.mountPoint != null) folders.add(at.mountPoint);
      for (let above = path; at !== undefined && above !== ''; above = above.slice(0, above.lastIndexOf('/'))) {
        const root = at.root === '/' ? '' : at.root;
        if (at.mountPoint !== null && `${above}/`.startsWith(`${root}/`)) {
          folders.add(`${at.mountPoint}${above.slice(root.length)}`.replace(/\/$/, ''));
        }
      }
    }
  }
  return folders;
};

const firstLine = (kernel: Kernel, path: string): string[] => {
  const text = kernel.text(path);
  return text.ok ? [text.value.trim(), text.value.trim().replaceAll('-', '')] : [];
};

/** The text of the tree; secrets are left out. */
export const capture = (kernel: Kernel, { comment, pids, cgroups = [] }: CaptureOptions): string => {
  const first = new Collector(kernel).collect([], []);
  const keep = pids === undefined ? chosen(first) : new Set(pids);
  const folders = foldersWith(kernel, keep, first);
  const below = new Map<string, ReadonlySet<string>>();
  const foldersIn = (folder: string): ReadonlySet<string> => {
    const reading = kernel.folders(folder);
    const names = below.get(folder) ?? new Set(reading.ok ? reading.value : []);
    below.set(folder, names);
    return names;
  };
  // A cgroup's files are kept, and of the cgroups in it only those with processes of ours.
  const recording = new RecordingKernel(kernel, (folder, name) => {
    if (folder === '/proc') return !/^\d+$/.test(name) || keep.has(Number(name));
    return !folders.has(folder) || folders.has(`${folder}/${name}`) || !foldersIn(folder).has(name);
  });
  const collector = new Collector(recording);
  const world = collector.collect([], []);
  for (const { key } of world.processes) orNothing(() => collector.detail(key));
  orNothing(() => readCgroupTree(recording));
  for (const path of cgroups) orNothing(() => readCgroupDetail(recording, path, world.host));

  const tree = recording.tree();
  // How long we have run ourselves is no property of the machine.
  for (const path of tree.entries.keys()) if (path.startsWith('/proc/thread-self/')) tree.entries.delete(path);
  tree.comment = comment;
  const ids = ['/etc/machine-id', '/proc/sys/kernel/random/boot_id'].flatMap((path) => firstLine(kernel, path));
  return formatTree(redacted(tree, { hostname: world.host.hostname, ids }, keep));
};
