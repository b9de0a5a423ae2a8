/** porthole cgroup: the tree of cgroups, or all files of one. */
import { parseArgs } from 'node:util';
import { readCgroupDetail } from '../host/collect/cgroup-detail.ts';
import { readCgroupTree } from '../host/collect/cgroups.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import type { CgroupDetail, CgroupNode, CgroupTree } from '../../shared/cgroup-model.ts';
import { cgroupSentence } from '../../shared/cgroup-summary.ts';
import { bytesInWords, limitInWords } from '../../shared/sentence.ts';
import { normalCgroupPath } from '../../shared/contract.ts';
import { PortholeError } from '../../shared/frames.ts';
import type { CgroupMembership, HostInfo, Process, World } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';
import { cgroupJson } from './cgroup-json.ts';
import { cgroupText } from './cgroup-text.ts';
import { Failure, UsageFault } from './fault.ts';
import { containerBy, lookFor, notFound, processByPid, processIn } from './find.ts';
import { note, print, printJson, table } from './print.ts';

export const usage = `porthole cgroup [PATH|PID|CONTAINER] [--json]

All cgroups as a tree, with the memory each uses and the limits set on it; or one of them, by its path as /proc/PID/cgroup has it, with every file: what it holds, what the
other cgroup version calls it, what it means. Of a process or container: its cgroup in each hierarchy.`;

const kernel = new LinuxKernel();

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [subject, ...more] = positionals;
  if (more.length > 0) throw new UsageFault('give one path, pid or container: porthole cgroup /');
  if (subject === undefined) return tree(values.json ?? false);
  if (subject.startsWith('/')) return byPath(subject, values.json ?? false);
  return ofProcess(subject, values.json ?? false);
};

const tree = async (json: boolean): Promise<void> => {
  const found = readCgroupTree(kernel);
  if (found.cut) note('there are more cgroups than a tree holds; the rest is left out');
  for (const { path, reading } of found.unread) {
    if (!reading.ok) note(`below ${visible(path)} is not readable: ${visible(reading.call)} ${reading.errno ?? ''}`);
  }
  for (const { id, mountPoint } of found.hierarchies) {
    if (mountPoint === null) note(`${id} is not mounted where it can be seen from here`);
  }
  if (json) return printJson(found);
  if (found.nodes.length === 0) throw new Failure('no cgroup hierarchy is mounted here');
  return print(treeText(found));
};

const treeText = ({ nodes }: CgroupTree): string => {
  const depths = new Map<string, number>();
  const label = ({ path, parent }: CgroupNode): string => {
    const depth = parent === null ? 0 : (depths.get(parent) as number) + 1;
    depths.set(path, depth);
    return '  '.repeat(depth) + (parent === null ? path : path.slice(path.lastIndexOf('/') + 1));
  };
  return table(nodes, [
    { title: 'PROCESSES', align: 'right', cell: ({ processes }) => (processes === null ? '?' : String(processes)) },
    {
      title: 'MEMORY',
      align: 'right',
      cell: ({ memoryBytes }) => (memoryBytes == null ? '' : bytesInWords(memoryBytes)),
    },
    { title: 'CGROUP', cell: label },
    { title: 'OWN LIMITS', cell: ({ limits = [] }) => limits.map(limitInWords).join(', ') },
    { title: 'HIERARCHIES', cell: ({ hierarchies }) => hierarchies.join(' ') },
  ]);
};

/** Says of a cgroup what it is, in a sentence; the tree is read once for all. */
const sayer = (): ((detail: CgroupDetail) => string) => {
  const { nodes } = readCgroupTree(kernel);
  return (detail) => {
    const node = nodes.find(({ path }) => path === detail.path);
    const inside = detail.path === '/' ? '/' : `${detail.path}/`;
    const below = nodes.filter(({ path }) => path !== detail.path && path.startsWith(inside)).length;
    return cgroupSentence(detail, node?.processes ?? null, below);
  };
};

const detailOf = (path: string, machine: HostInfo): CgroupDetail => {
  try {
    return readCgroupDetail(kernel, path, machine);
  } catch (error) {
    if (error instanceof PortholeError) throw new Failure(`${error.message}; "porthole cgroup" lists what there is`);
    throw error;
  }
};

const byPath = async (given: string, json: boolean): Promise<void> => {
  // A shell completes directories with a slash at the end.
  const path = given.length > 1 ? given.replace(/\/+$/, '') || '/' : given;
  if (!normalCgroupPath(path)) throw new UsageFault(`"${visible(given)}" is no cgroup path; write it without . and ..`);
  const { world } = await lookFor([]);
  const detail = detailOf(path, world.host);
  const said = sayer();
  return json ? printJson(cgroupJson(detail, said(detail))) : print(cgroupText(detail, said(detail)));
};

const ofProcess = async (text: string, json: boolean): Promise<void> => {
  const { world, detail } = await lookFor([text]);
  const process = processBy(world, text);
  const { limits = [], furtherLimits = [] } = detail(process) ?? {};
  const details = detailsOf(process.cgroups, world);
  const said = sayer();
  if (json) {
    const told = details.map((one) => cgroupJson(one, said(one)));
    return printJson({ pid: process.pid, cgroups: process.cgroups, limits, furtherLimits, details: told });
  }
  const lines = process.cgroups.map(
    ({ hierarchy, controllers, path }) => `${hierarchy}:${controllers.join(',')}:${visible(path)}\n`,
  );
  return print([`${lines.join('')}`, ...details.map((one) => cgroupText(one, said(one)))].join('\n'));
};

const processBy = (world: World, text: string): Process => {
  const process = processByPid(world, text);
  if (process !== null) return process;
  const container = containerBy(world, text);
  if (container === null) throw notFound(world, `no process or container "${visible(text)}"`, 'porthole snapshot');
  return processIn(world, container);
};

/** Each path once, in the hierarchies in which the process is there. */
const detailsOf = (cgroups: readonly CgroupMembership[], { host }: World): CgroupDetail[] => {
  const paths = [...new Set(cgroups.map(({ path }) => path))].filter(normalCgroupPath);
  return paths.flatMap((path): CgroupDetail[] => {
    const here = new Set(
      cgroups
        .filter((membership) => membership.path === path)
        .map(({ hierarchy, controllers }) => (hierarchy === 0 ? 'v2' : controllers.join(','))),
    );
    try {
      return [readCgroupDetail(kernel, path, host, here)];
    } catch (error) {
      // Its cgroup may be outside of what is mounted here.
      if (error instanceof PortholeError && error.code === 'not-found') return [];
      throw error;
    }
  });
};
