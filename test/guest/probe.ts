/** The first program of the guest: sets the stage, has Porthole look at it, changes limits, and tells all on the serial line. */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { Changes } from '../../electron/host/change/changes.ts';
import { readCgroupDetail } from '../../electron/host/collect/cgroup-detail.ts';
import { readCgroupTree } from '../../electron/host/collect/cgroups.ts';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import type { CgroupTree } from '../../shared/cgroup-model.ts';
import type { Change } from '../../shared/change.ts';
import type { ProcessDetail, World } from '../../shared/model.ts';
import type { NamespaceView } from '../../shared/namespaces.ts';
import { capture } from '../trees/capture.ts';
import { onDisk } from './disk.ts';
import { lookAtListed } from './listed.ts';
import { ofContainer } from './of-container.ts';
import type { Cast, Changed, Frozen, Lsns, Report } from './report.ts';
import { kubepods, lone, onV1, two, type Scene } from './scenes.ts';
import { cgroup, mounted, plain, unprivileged, until, V2 } from './stage.ts';

const words = /porthole=(\S*)/.exec(readFileSync('/proc/cmdline', 'utf8'))?.[1]?.split(',') ?? [];
const read = (path: string): string => readFileSync(path, 'utf8').trim();
const NOBODY = { current: () => ({ engines: [], containers: [] }), inspect: () => Promise.reject(new Error('none')) };
const changes = new Changes({ engines: NOBODY, pageBytes: async () => 4096 });
const limit = (path: string, typed: string): Change => ({ what: 'limit', path, typed, unit: 'plain' });

const applied = async (path: string, typed: string): Promise<Changed> => {
  const preview = await changes.preview(limit(path, typed));
  if (preview.token === null) throw new Error(`${path}: ${preview.problem}`);
  const record = await changes.apply(preview.token);
  const file = read(path);
  if (record.undo === 'possible') await changes.undo(record.id);
  return { preview, record, file, undone: read(path) };
};

const set = async (path: string, typed: string): Promise<void> => {
  const { token, problem } = await changes.preview(limit(path, typed));
  if (token === null) throw new Error(`${path}: ${problem}`);
  await changes.apply(token);
};

const tell = (report: Partial<Report>): void => {
  const packed = gzipSync(JSON.stringify({ error: null, ...report })).toString('base64');
  process.stdout.write(`<<${packed.replace(/.{100}/g, '$&\n')}>>\n`);
};

const cli = async (...args: string[]): Promise<unknown> => {
  const { stdout } = await promisify(execFile)('node', ['/app/dist/cli.js', ...args, '--json'], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout);
};

const stateOf = (pid: number): string =>
  read(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ')[0]!;

/** One that would use all the time it gets, and uses none. */
const freeze = async (): Promise<Frozen> => {
  const folder = cgroup('/lone/frozen');
  const child = spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
  const pid = child.pid!;
  writeFileSync(`${folder}/cgroup.procs`, String(pid));
  const kernel = new LinuxKernel();
  const rowOf = (collector: Collector) => collector.collect([], []).processes.find((process) => process.pid === pid)!;
  const row = () => rowOf(new Collector(kernel));
  const watching = new Collector(kernel);
  const told = [rowOf(watching).frozen];
  const { token } = await changes.preview(limit(`${folder}/cgroup.freeze`, '1'));
  const record = await changes.apply(token!);
  const events = until('the cgroup is frozen', () => /frozen 1/.test(read(`${folder}/cgroup.events`)) && read(`${folder}/cgroup.events`)); // prettier-ignore
  told.push(rowOf(watching).frozen);
  const [before, kernels] = [row(), stateOf(pid)];
  const detail = readCgroupDetail(kernel, '/lone/frozen', { pageBytes: 4096 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const after = row();
  await changes.undo(record.id);
  const thawed = until('the cgroup is thawed', () => /frozen 0/.test(read(`${folder}/cgroup.events`)) && read(`${folder}/cgroup.freeze`)); // prettier-ignore
  told.push(rowOf(watching).frozen);
  watching.close();
  child.kill('SIGKILL');
  const [state, cpuTicks] = [`${before.state} ${kernels}`, [before.cpuTicks, after.cpuTicks] as const];
  return { record, events, state, told, cpuTicks, thawed, detail };
};

/** Runs over its memory limit, and waits for CPU time that its limit does not give it. */
const pressed = (folder: string): void => {
  const inIt = (program: string) =>
    spawn('sh', ['-c', `echo 0 > "$0/cgroup.procs"; exec ${program}`, folder], { stdio: 'ignore' });
  inIt('tail /dev/zero');
  until('the memory limit kills', () => /oom_kill [1-9]/.test(read(`${folder}/memory.events`)));
  // Not before, or running out of memory would take for ever.
  writeFileSync(`${folder}/cpu.max`, '1000 100000');
  const busy = inIt('dd if=/dev/zero of=/dev/null');
  until('the CPU limit holds', () => /nr_throttled [1-9]/.test(read(`${folder}/cpu.stat`)));
  until('it is under pressure', () => !/some .*total=0\b/.test(read(`${folder}/cpu.pressure`)));
  busy.kill('SIGKILL');
};

const treesOf = (scenes: readonly Scene[]): Record<string, string> => {
  const trees: Record<string, string> = {};
  for (const { name, comment, pids, cgroups } of scenes) {
    trees[name] = capture(new LinuxKernel(), { comment, pids, cgroups });
  }
  return trees;
};

/** The same looks by somebody who is shown less; the last thing done, for /proc stays that way. */
const hidden = (): Record<string, string> => {
  plain('watcher', null, 1000);
  const own = unprivileged('apart', 1000);
  const trees: Record<string, string> = {};
  mkdirSync('/tmp/trees', { mode: 0o777 });
  execFileSync('chmod', ['777', '/tmp/trees']);
  for (const level of ['1', '2']) {
    execFileSync('mount', ['-o', `remount,hidepid=${level}`, '/proc']);
    const file = `/tmp/trees/hidepid-${level}`;
    execFileSync('node', ['/probe.mjs', file, level, String(own)], {
      uid: 1000,
      gid: 1000,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    trees[`hidepid-${level}`] = readFileSync(file, 'utf8');
  }
  return trees;
};

const asOrdinaryUser = (file: string, level: string, own: string): void => {
  const pids = new Set([1, 2, Number(own)]);
  for (const { pid, uid, ppid } of new Collector(new LinuxKernel()).collect([], []).processes) {
    if (uid === 1000 && pid !== process.pid) pids.add(pid).add(ppid);
  }
  const comment = `Linux 6.1, cgroup v2, /proc mounted with hidepid=${level}, read by the ordinary user 1000.`;
  writeFileSync(file, capture(new LinuxKernel(), { comment, pids: [...pids], cgroups: ['/'] }));
};

const everything = async (): Promise<Partial<Report>> => {
  if (words.includes('listed')) return { listed: lookAtListed() };
  if (words.includes('v1')) return { trees: treesOf([onV1()]) };
  mounted('cgroup2', V2);
  const scenes = [two(), kubepods(), lone()];
  const cast: Cast = Object.assign({}, ...scenes.map((scene) => scene.cast));
  pressed(`${V2}/lone/pressed`);
  const kernel = new LinuxKernel();
  const collector = new Collector(kernel);
  const world = collector.collect([], []);
  const keyOf = (pid: number) => world.processes.find((process) => process.pid === pid)!.key;
  const details = Object.fromEntries(Object.entries(cast).map(([name, pid]) => [name, collector.detail(keyOf(pid))]));
  const tree = readCgroupTree(kernel);
  const paths = ['/', '/lone', '/lone/inner', '/lone/pressed'];
  const cgroups = Object.fromEntries(paths.map((path) => [path, readCgroupDetail(kernel, path, world.host)]));
  const lsns = JSON.parse(execFileSync('lsns', ['-J', '-o', 'NS,TYPE,NPROCS,PID'], { encoding: 'utf8' })) as {
    namespaces: Lsns[];
  };
  const [snapshot, ns, of, listed] = [
    (await cli('snapshot')) as World,
    (await cli('ns')) as NamespaceView[],
    (await cli('cgroup', String(cast['inner']))) as { limits: ProcessDetail['limits'] },
    (await cli('cgroup')) as CgroupTree,
  ];
  const at = (file: string) => `${V2}/lone/inner/${file}`;
  const made = {
    'memory.max': await applied(at('memory.max'), '50000000'),
    'cpu.max': await applied(at('cpu.max'), '0.25 CPUs'),
    'pids.max': await applied(at('pids.max'), '7'),
    'memory.low': await applied(at('memory.low'), '5000000'),
    'memory.oom.group': await applied(at('memory.oom.group'), '1'),
    'cpu.idle': await applied(at('cpu.idle'), '1'),
  };
  const refused = await changes.preview(limit(at('cpu.max'), '0.001 CPUs'));
  const played = await ofContainer(world);
  const frozen = await freeze();
  const trees = words.includes('trees') ? { ...treesOf(scenes.slice(0, 2)), ...hidden() } : {};
  // Not before the trees were captured: these files would be in all of them.
  for (const above of ['', '/lone']) writeFileSync(`${V2}${above}/cgroup.subtree_control`, '+cpuset');
  const placed = {
    'cpuset.cpus': await applied(at('cpuset.cpus'), '0'),
    'cpuset.mems': await applied(at('cpuset.mems'), '0'),
  };
  const swap = existsSync(at('memory.swap.max')) ? { 'memory.swap.max': '0' } : {};
  cgroup('/narrow', { 'cpuset.cpus': '1', 'memory.high': '33554432', ...swap });
  const narrow = readCgroupDetail(kernel, '/narrow', world.host);
  const disk = await onDisk(kernel, world.host, { applied, set });
  return {
    cast,
    world,
    details,
    tree,
    cgroups,
    lsns: lsns.namespaces,
    cli: { snapshot, ns, cgroup: listed, of },
    changes: { ...made, ...placed },
    refused,
    ofContainer: played,
    frozen,
    narrow,
    disk,
    trees,
  };
};

const [file, level, own] = process.argv.slice(2);
if (file !== undefined && level !== undefined && own !== undefined) asOrdinaryUser(file, level, own);
else {
  await everything().then(tell, (error: unknown) =>
    tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  process.exit(0);
}
