/** Held against find(1) and cat(1) over the mount points that the kernel names, and against a container with limits. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { readCgroupDetail } from '../../electron/host/collect/cgroup-detail.ts';
import { readCgroupTree } from '../../electron/host/collect/cgroups.ts';
import { cgroupFile } from '../../shared/cgroup-files.ts';
import type { CgroupDetail, CgroupFile, CgroupHierarchy, CgroupTree } from '../../shared/cgroup-model.ts';
import { memoryUse } from '../../shared/cgroup-memory-use.ts';
import { cgroupSentence } from '../../shared/cgroup-summary.ts';
import type { CgroupLimit, CgroupMembership } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { buildCli, porthole, portholeJson, whileQuiet } from './cli-run.ts';

const reason = await labUnavailable();
const kernel = new LinuxKernel();
const machine = { pageBytes: Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' })) };
/** These move by themselves between two reads. */
const MOVING = /stat|usage|current|pressure|procs|tasks|threads|peak|service|io_/;
const filesOf = (detail: CgroupDetail): CgroupFile[] =>
  detail.places.flatMap(({ files }) => (files.ok ? files.value : []));
const mounted = () => readCgroupTree(kernel).hierarchies.filter(({ mountPoint }) => mountPoint !== null);

/** Paths of one hierarchy as find(1) sees them, in the words of /proc/PID/cgroup. */
const found = ({ mountPoint, root }: CgroupHierarchy): string[] =>
  execFileSync('find', [mountPoint as string, '-mindepth', '0', '-type', 'd', '-printf', '%P\\n'], { encoding: 'utf8' })
    .split('\n')
    .slice(0, -1)
    .map((path) => (path === '' ? root : `${root === '/' ? '' : root}/${path}`))
    .sort();

describe('the tree of cgroups', () => {
  it('is what find lists, hierarchy by hierarchy', async () => {
    const witness = async () => JSON.stringify(mounted().map(found));
    const [listed, tree] = await whileQuiet(witness, async () => readCgroupTree(kernel));
    const ours = mounted().map(
      ({ id }) =>
      tree.nodes.filter(({ hierarchies }) => hierarchies.includes(id)).map(({ path }) => path).sort(), // prettier-ignore
    );
    expect(ours).toEqual(JSON.parse(listed));
  });

  it('finds this process where /proc/self/cgroup says it is', () => {
    const { nodes } = readCgroupTree(kernel);
    for (const line of readFileSync('/proc/self/cgroup', 'utf8').trimEnd().split('\n')) {
      const [hierarchy, controllers, path] = line.split(':');
      const id = hierarchy === '0' ? 'v2' : controllers;
      if (!mounted().some((one) => one.id === id)) continue;
      const node = nodes.find((one) => one.path === path);
      expect(node?.hierarchies, line).toContain(id);
      expect(node?.processes, line).toBeGreaterThan(0);
    }
  });
});

describe('the files of a cgroup', () => {
  it('are those of the directory, and say what cat says', () => {
    for (const { hierarchy, folder, files } of readCgroupDetail(kernel, '/', machine).places) {
      if (!files.ok) throw new Error(`${folder} is not readable`);
      const names = execFileSync('find', [folder, '-maxdepth', '1', '-type', 'f', '-printf', '%f\\n'], {
        encoding: 'utf8',
      });
      expect(files.value.map(({ name }) => name), hierarchy).toEqual(names.trimEnd().split('\n').sort()); // prettier-ignore
    }
    const still = filesOf(readCgroupDetail(kernel, '/', machine)).filter(({ name }) => !MOVING.test(name));
    expect(still.length).toBeGreaterThan(0);
    for (const { path, text } of still) {
      if (text?.ok) expect(text.value, path).toBe(execFileSync('cat', [path], { encoding: 'utf8' }));
    }
  });

  it('are all known or shown raw, and of the known none is malformed', () => {
    const { nodes } = readCgroupTree(kernel);
    for (const { path } of nodes.slice(0, 30)) {
      let detail: CgroupDetail;
      try {
        detail = readCgroupDetail(kernel, path, machine);
      } catch {
        continue; // It was removed in the meantime: other tests run containers here.
      }
      for (const { path: file, text, value } of filesOf(detail)) {
        if (text?.ok && value !== null) expect(value, file).toMatchObject({ ok: true });
      }
    }
  });
});

describe.skipIf(reason !== null)(`a limited container${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let id: string;
  let pid: string;
  const memberships = (): CgroupMembership[] =>
    readFileSync(`/proc/${pid}/cgroup`, 'utf8').trimEnd().split('\n').map((line) => {
      const [hierarchy, controllers = '', path = ''] = line.split(':');
      return { hierarchy: Number(hierarchy), controllers: controllers.split(','), path };
    }); // prettier-ignore
  const path = () => memberships().find(({ path }) => path.includes(id))?.path as string;

  beforeAll(async () => {
    buildCli();
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', '-m', '64m', '--cpus', '0.5', '--pids-limit', '100', 'redis:alpine');
    const { stdout } = await lab.docker('inspect', '-f', '{{.Id}} {{.State.Pid}}', 'db');
    [id, pid] = stdout.trim().split(' ') as [string, string];
  });
  afterAll(() => lab?.down());

  it('is in the tree once, recognised, with its process', () => {
    const here = readCgroupTree(kernel).nodes.filter(({ container }) => container === id);
    expect(here.map(({ path }) => path)).toEqual([path()]);
    expect(here[0]?.processes).toBe(1);
  });

  it('has the limits it was given, read from the file that cat reads', () => {
    const { limits, container } = readCgroupDetail(kernel, path(), machine);
    expect(container).toBe(id);
    expect(limits.map(({ resource, setBy, effective }) => [resource, setBy, effective.limit])).toEqual([
      ['memory', path(), { ok: true, value: 67108864 }],
      ['cpu', path(), { ok: true, value: 0.5 }],
      ['pids', path(), { ok: true, value: 100 }],
    ]);
    for (const { effective } of limits) {
      const text = execFileSync('cat', [effective.path], { encoding: 'utf8' });
      expect(text.startsWith({ memory: '67108864', cpu: '50000', pids: '100' }[effective.resource])).toBe(true);
    }
  });

  it('shows every value as cat does, and each file with a meaning', () => {
    const detail = readCgroupDetail(kernel, path(), machine);
    for (const place of detail.places) {
      for (const { name, path, text } of place.files.ok ? place.files.value : []) {
        if (text === null || MOVING.test(name)) continue;
        if (text.ok) expect(text.value, path).toBe(execFileSync('cat', [path], { encoding: 'utf8' }));
        else expect(() => execFileSync('cat', [path], { stdio: 'pipe' }), path).toThrow();
      }
    }
    const strange = filesOf(detail).filter(({ name }) => cgroupFile(name, 1) === null && cgroupFile(name, 2) === null);
    for (const { value } of strange) expect(value).toBeNull();
  });

  it('reckons its working set as docker stats does', async () => {
    const { stdout } = await lab.docker('stats', '--no-stream', '--format', '{{.MemUsage}}', 'db');
    const [, number, unit] = /^([\d.]+)(KiB|MiB)/.exec(stdout) ?? [];
    const docker = Number(number) * (unit === 'MiB' ? 1024 ** 2 : 1024);
    const ours = memoryUse(readCgroupDetail(kernel, path(), machine));
    expect(ours?.workingSetBytes).toBeGreaterThan(docker * 0.9);
    expect(ours?.workingSetBytes).toBeLessThan(docker * 1.1);
  });

  it('says that an ancestor is tighter when it is, and which', async () => {
    const parent = path().slice(0, path().lastIndexOf('/'));
    const { effective } = readCgroupDetail(kernel, path(), machine).limits.find(({ resource }) => resource === 'pids')!;
    const folder = effective.path.slice(0, -`${path()}/pids.max`.length);
    // Below /docker, and so another test's containers too: far above what they need, and gone at once.
    const inner = `${folder}${path()}/inner`;
    mkdirSync(inner);
    try {
      writeFileSync(`${inner}/pids.max`, '4000');
      const { limits } = readCgroupDetail(kernel, `${path()}/inner`, machine);
      const pids = limits.find(({ resource }) => resource === 'pids');
      expect(pids).toMatchObject({
        setBy: path(),
        own: { limit: { value: 4000 } },
        effective: { limit: { value: 100 } },
      });
      expect(cgroupSentence(readCgroupDetail(kernel, `${path()}/inner`, machine), 0, 0)).toContain(`set by ${path()}`);
    } finally {
      rmdirSync(inner);
    }
    expect(parent).toBe('/docker');
  });

  it('is pinned to a CPU by its cpuset, whatever its quota allows', async () => {
    await lab.docker('run', '-d', '--name=pinned', '--cpuset-cpus=0', 'redis:alpine');
    const first = (await lab.docker('inspect', '-f', '{{.State.Pid}}', 'pinned')).stdout.trim();
    const told = (await portholeJson(['cgroup', 'pinned'], lab.env)) as { limits: CgroupLimit[] };
    const cpu = told.limits.find(({ resource }) => resource === 'cpu');
    const allowed = execFileSync('taskset', ['-cp', first], { encoding: 'utf8' }).trim().split(': ').at(-1);
    // On a machine of one CPU the set is no limit.
    if (availableParallelism() > 1) expect(cpu).toMatchObject({ limit: { value: 1 }, cpus: allowed });
    else expect(cpu?.limit).toMatchObject({ value: 'max' });
    await lab.docker('rm', '-f', 'pinned');
  });

  it('tells programs of each file what it tells people', async () => {
    interface Told {
      readonly sentence: string;
      readonly memory: {
        readonly workingSetBytes: number;
        readonly definition: string;
        readonly parts: readonly object[];
      };
      readonly places: { files: { value: { name: string; known: unknown; inWords: unknown; numbers: unknown[] }[] } }[];
    }
    const told = (await portholeJson(['cgroup', path()])) as Told;
    expect(told.sentence).toMatch(/^1 process\. May use 64 MiB/);
    expect(told.memory.workingSetBytes).toBeGreaterThan(0);
    expect(told.memory.definition).toMatch(/^memory\./);
    expect(told.memory.parts.length).toBeGreaterThan(2);
    const files = told.places.flatMap(({ files }) => files.value);
    expect(files.find(({ name }) => /^memory\.(?:max|limit_in_bytes)$/.test(name))).toMatchObject({
      inWords: '64 MiB',
      known: { controller: 'memory', unit: 'bytes', writable: true, twins: [{ same: true }] },
    });
    expect(files.find(({ name }) => name === 'memory.stat')?.numbers).toEqual(
      expect.arrayContaining([expect.objectContaining({ key: 'inactive_file', unit: 'bytes' })]),
    );
  });

  it('is answered by the command line, by name, by path and as a tree', async () => {
    const of = (await portholeJson(['cgroup', 'db'], lab.env)) as { pid: number; details: CgroupDetail[] };
    expect(of.pid).toBe(Number(pid));
    expect(of.details.map((detail) => detail.path)).toEqual([path()]);
    const one = (await portholeJson(['cgroup', path()])) as CgroupDetail;
    expect(one.limits).toEqual(readCgroupDetail(kernel, path(), machine).limits.map((limit) => expect.objectContaining({ resource: limit.resource, setBy: limit.setBy }))); // prettier-ignore
    const tree = (await portholeJson(['cgroup'])) as CgroupTree;
    expect(tree.nodes.some(({ container }) => container === id)).toBe(true);
    const text = await porthole(['cgroup', 'db'], lab.env);
    expect(text.stdout).toMatch(/\n(?:memory\.limit_in_bytes|memory\.max) +67108864 +64 MiB +memory\./);
    expect(text.stdout).toMatch(/\nMemory in all [\d.]+ \w+: .*programs/);
    const listed = (await porthole(['cgroup'])).stdout;
    expect(listed).toMatch(new RegExp(`\\d +[\\d.]+ [KM]iB +${id} +64 MiB, half a CPU, 100 tasks `));
    expect((await porthole(['cgroup', '/nowhere'])).code).toBe(1);
    expect((await porthole(['cgroup', '/a/../b'])).code).toBe(2);
    expect((await porthole(['cgroup', 'a', 'b'])).code).toBe(2);
  });
});
