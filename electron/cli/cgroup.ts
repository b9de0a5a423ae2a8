/** porthole cgroup: the tree of cgroups, or all files of one. */
import { parseArgs } from 'node:util';
import { readCgroupDetail } from '../host/collect/cgroup-detail.ts';
import { readCgroupTree } from '../host/collect/cgroups.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { cgroupFile } from '../../shared/cgroup-files.ts';
import type { CgroupDetail, CgroupFile, CgroupNode, CgroupPlace, CgroupTree } from '../../shared/cgroup-model.ts';
import { memoryUse } from '../../shared/cgroup-memory-use.ts';
import { cgroupSentence } from '../../shared/cgroup-summary.ts';
import { shortText, valueInWords } from '../../shared/cgroup-words.ts';
import { bytesInWords } from '../../shared/sentence.ts';
import { normalCgroupPath } from '../../shared/contract.ts';
import { PortholeError } from '../../shared/frames.ts';
import type { CgroupMembership, Process, World } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';
import { Failure, UsageFault } from './fault.ts';
import { containerBy, lookFor, notFound, processByPid, processIn } from './find.ts';
import { note, print, printJson, table } from './print.ts';

export const usage = `porthole cgroup [PATH|PID|CONTAINER] [--json]

All cgroups as a tree; or one of them, by its path as /proc/PID/cgroup has it, with every file: what it holds, what the
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
    { title: 'CGROUP', cell: label },
    { title: 'HIERARCHIES', cell: ({ hierarchies }) => hierarchies.join(' ') },
  ]);
};

const detailOf = (path: string, machine: { readonly pageBytes: number }): CgroupDetail => {
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
  return json ? printJson(detail) : print(detailText(detail));
};

const ofProcess = async (text: string, json: boolean): Promise<void> => {
  const { world, detail } = await lookFor([text]);
  const process = processBy(world, text);
  const limits = detail(process)?.limits ?? [];
  const details = detailsOf(process.cgroups, world);
  if (json) return printJson({ pid: process.pid, cgroups: process.cgroups, limits, details });
  const lines = process.cgroups.map(
    ({ hierarchy, controllers, path }) => `${hierarchy}:${controllers.join(',')}:${visible(path)}\n`,
  );
  return print([`${lines.join('')}`, ...details.map(detailText)].join('\n'));
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
      const detail = readCgroupDetail(kernel, path, host);
      const places = detail.places.filter(({ hierarchy }) => here.has(hierarchy));
      return places.length === 0 ? [] : [{ ...detail, places }];
    } catch (error) {
      // Its cgroup may be outside of what is mounted here.
      if (error instanceof PortholeError && error.code === 'not-found') return [];
      throw error;
    }
  });
};

const detailText = (detail: CgroupDetail): string => {
  const { nodes } = readCgroupTree(kernel);
  const node = nodes.find(({ path }) => path === detail.path);
  const inside = detail.path === '/' ? '/' : `${detail.path}/`;
  const below = nodes.filter(({ path }) => path !== detail.path && path.startsWith(inside)).length;
  const memory = memoryUse(detail);
  const use =
    memory?.workingSetBytes == null
      ? ''
      : `Memory working set ${bytesInWords(memory.workingSetBytes)} (${memory.definition}).\n`;
  const head = `${visible(detail.path)}\n${cgroupSentence(detail, node?.processes ?? null, below)}\n${use}`;
  return [head, ...detail.places.map(placeText)].join('\n');
};

const placeText = ({ hierarchy, version, folder, files }: CgroupPlace): string => {
  const title = `${visible(folder)} (${version === 2 ? 'v2' : `v1, ${hierarchy}`})\n`;
  if (!files.ok) return `${title}not readable: ${visible(files.call)} ${files.errno ?? ''}\n`;
  return (
    title +
    table(files.value, [
      { title: 'FILE', cell: ({ name }) => name },
      { title: 'VALUE', cell: (file) => valueCell(file, version) },
      { title: 'IN WORDS', cell: (file) => wordsCell(file, version) },
      { title: version === 2 ? 'IN V1' : 'IN V2', cell: ({ name }) => cgroupFile(name, version)?.twin ?? '' },
      { title: 'MEANING', cell: ({ name }) => cgroupFile(name, version)?.meaning ?? '' },
    ])
  );
};

const valueCell = ({ name, text }: CgroupFile, version: CgroupPlace['version']): string => {
  if (text === null) return cgroupFile(name, version)?.writable === true ? 'write only' : 'no text';
  if (!text.ok) return `not readable: ${text.errno ?? text.why}`;
  return shortText(text.value) ?? '…';
};

const wordsCell = ({ name, value }: CgroupFile, version: CgroupPlace['version']): string => {
  if (value === null) return '';
  if (!value.ok) return value.why === 'malformed' ? 'malformed' : '';
  return valueInWords(value.value, cgroupFile(name, version)?.unit ?? null) ?? '';
};
