/** What a container's page shows, held against the docker client, on a real engine under load. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Changes } from '../../electron/host/change/changes.ts';
import { NO_CGROUP, readContainerUse } from '../../electron/host/collect/container-use.ts';
import { useOfProcesses } from '../../electron/host/collect/process-use.ts';
import { readMounts } from '../../electron/host/collect/container-mounts.ts';
import { Collector } from '../../electron/host/collect/collector.ts';
import { parseDiff } from '../../electron/host/engines/diff.ts';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { parseTop } from '../../electron/host/engines/top.ts';
import { useFromStats } from '../../electron/host/engines/stats.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { topRows } from '../../renderer/views/containers/page/top-rows.ts';
import { configuredEnvironment, isOverwritten, pairEnvironment } from '../../shared/container-env.ts';
import { diffLine } from '../../shared/container-diff.ts';
import { askedMounts, joinMounts } from '../../shared/container-mounts.ts';
import { pointBetween, type ContainerUse } from '../../shared/container-use.ts';
import { containerUse } from '../../electron/host/container-use.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { podmanUnavailable, startPodman, type PodmanLab } from '../lab/podman.ts';

const reason = await labUnavailable();
const BUSY = 'i=0; while :; do i=$((i+1)); done';

/** One that limits can be set for: a real disk, with its file in /dev. */
const disk = ((): string | undefined => {
  try {
    return readdirSync('/sys/block').find((name) => !/^(?:loop|ram|zram)/.test(name) && existsSync(`/dev/${name}`));
  } catch {
    return undefined;
  }
})();

describe.skipIf(reason !== null)(`a container’s page${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let engines: Engines;
  let engine: string;
  let changes: Changes;
  const kernel = new LinuxKernel();
  const collector = new Collector(kernel);
  const ids = new Map<string, string>();
  const id = (name: string): string => ids.get(name)!;
  const run = async (name: string, ...args: string[]): Promise<void> => {
    ids.set(name, (await lab.docker('run', '-d', `--name=${name}`, ...args)).stdout.trim());
    await vi.waitUntil(() => container(name)?.pid != null, { timeout: 20_000, interval: 20 });
  };
  const container = (name: string) => engines.current().containers.find((one) => one.id === id(name));
  const use = (name: string): ContainerUse => {
    const read = readContainerUse(kernel, { id: id(name), pid: container(name)!.pid! }, collector.hostInfo());
    if (typeof read === 'string') throw new Error(read);
    return read;
  };
  const inspect = async (name: string): Promise<Record<string, unknown>> =>
    (await engines.inspect(engine, id(name))) as Record<string, unknown>;

  beforeAll(async () => {
    lab = await startLab();
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
    engines.start();
    await engines.settled();
    changes = new Changes({ engines, pageBytes: async () => collector.hostInfo().pageBytes });
    await run('busy', '--cpus=0.4', '-m', '64m', '--pids-limit=50', '-e', 'HELLO=a=b', 'busybox', 'sh', '-c', BUSY);
    await run('db', '-e', 'HELLO=a', '-v', '/kept', 'redis:alpine');
  });
  afterAll(async () => {
    engines?.stop();
    await lab?.down();
  });

  it('agrees with docker stats on CPU within 15 points, on memory within 2 MiB, on tasks exactly', async () => {
    const before = use('busy');
    // The client takes two readings a second apart; ours are those around it.
    const { stdout } = await lab.docker('stats', '--no-stream', '--format', '{{.CPUPerc}} {{.MemUsage}} {{.PIDs}}', 'busy'); // prettier-ignore
    const now = use('busy');
    const [cpu = '', memory = '', , limit = '', pids] = stdout.trim().split(' ');
    const point = pointBetween(before, now);
    expect(Math.abs(point.cpuPercent! - parseFloat(cpu))).toBeLessThan(15);
    const unit = { B: 1, KiB: 1024, MiB: 2 ** 20, GiB: 2 ** 30 }[/[KMG]?i?B$/.exec(memory)![0] as 'B']!;
    expect(Math.abs(point.memoryBytes! - parseFloat(memory) * unit)).toBeLessThan(2 * 2 ** 20);
    expect(limit).toBe('64MiB');
    expect(point.tasks).toBe(Number(pids));
    expect(point.throttledShare).not.toBeNull();
  });

  it('agrees with the engine’s own counters, where those are the only ones to be had', async () => {
    const ours = use('busy');
    const theirs = useFromStats(await engines.stats(engine, id('busy')), '');
    const micros = (of: ContainerUse): number => (of.cpu.reading.ok ? of.cpu.reading.value.usedMicros : NaN);
    expect(theirs.takenAt - ours.takenAt).toBeGreaterThanOrEqual(0);
    const wall = (Math.max(theirs.takenAt, Date.now()) - ours.takenAt) * 1000;
    expect(micros(theirs) - micros(ours)).toBeGreaterThanOrEqual(0);
    expect(micros(theirs) - micros(ours)).toBeLessThan(wall);
    expect(theirs.tasks.reading).toEqual(ours.tasks.reading);
    // What is counted meanwhile lies between our reading before and ours after.
    const after = use('busy');
    const counters = (of: ContainerUse): number[] => {
      const [io, network] = [of.io.reading, of.network.reading];
      if (!io.ok || !network.ok) throw new Error('not counted');
      return [io.value.readBytes, io.value.writtenBytes, io.value.reads ?? 0, io.value.writes ?? 0, network.value.receivedBytes, network.value.sentBytes]; // prettier-ignore
    };
    for (const [at, value] of counters(theirs).entries()) {
      expect(value, `counter ${at}`).toBeGreaterThanOrEqual(counters(ours)[at]!);
      expect(value, `counter ${at}`).toBeLessThanOrEqual(counters(after)[at]!);
    }
    expect(theirs.engineLimits).toEqual({ memory: 64 * 2 ** 20, cpu: 0.4, pids: 50 });
    const free = useFromStats(await engines.stats(engine, id('db')), '');
    expect(free.engineLimits).toEqual({ memory: 'max', cpu: 'max', pids: 'max' });
  });

  it.skipIf(disk === undefined)('reads what its disks are limited to, as it was asked for', async () => {
    await run('slow', `--device-read-bps=/dev/${disk}:1mb`, `--device-write-iops=/dev/${disk}:50`, 'busybox', 'sleep', '1000'); // prettier-ignore
    const { ioLimits } = use('slow');
    const device = readFileSync(`/sys/block/${disk}/dev`, 'utf8').trim();
    if (!ioLimits.ok) throw new Error(ioLimits.call);
    expect(ioLimits.value.map((limit) => [limit.device, limit.what, limit.value])).toEqual([
      [device, 'rbps', 2 ** 20],
      [device, 'wiops', 50],
    ]);
    const asked = useFromStats(await engines.stats(engine, id('slow')), '').ioLimits;
    expect(asked).toMatchObject({ value: [{ device: `/dev/${disk}`, what: 'rbps', value: 2 ** 20 }, { what: 'wiops', value: 50 }] }); // prettier-ignore
    expect(use('busy').ioLimits).toEqual({ ok: true, value: [] });
    await lab.docker('rm', '-f', 'slow');
  });

  it('lists the processes that docker top lists, with the same numbers, and those inside as well', async () => {
    const world = collector.collect(engines.current().engines, engines.current().containers);
    const rows = topRows(world.processes.filter((process) => process.container === id('db')), world.processes); // prettier-ignore
    const top = (await lab.docker('top', 'db', '-eo', 'pid,ppid')).stdout.trim().split('\n').slice(1);
    expect(rows.map(({ process }) => `${process.pid} ${process.ppid}`)).toEqual(top.map((line) => line.trim().replace(/\s+/, ' '))); // prettier-ignore
    expect(rows[0]).toMatchObject({ inner: 1, parentInner: 0 });
  });

  it('has the engine’s own list of them as well, as docker top prints it', async () => {
    const { titles, rows, total } = parseTop(await engines.top(engine, id('db')));
    const [head, ...lines] = (await lab.docker('top', 'db')).stdout.trim().split('\n');
    expect(titles).toEqual(head!.trim().split(/\s+/));
    // Its time on the CPU may have grown meanwhile.
    const known = (row: readonly string[]): string => [row[0], row[1], row[2], row.at(-1)].join(' ');
    expect(rows.map(known)).toEqual(lines.map((line) => known(line.trim().split(/\s{2,}/))));
    expect(total).toBe(lines.length);
    await expect(engines.top(engine, 'nosuch')).rejects.toMatchObject({ code: 'not-found' });
  });

  const environment = async (name: string) => {
    const world = collector.collect(engines.current().engines, engines.current().containers);
    const first = world.processes.find(({ pid }) => pid === container(name)!.pid)!;
    const environ = collector.detail(first.key).environ;
    const actual = environ.ok ? environ.value : [];
    return { actual, pairs: pairEnvironment(configuredEnvironment(await inspect(name))!, actual) };
  };

  it('pairs the configured environment with the process’s own', async () => {
    const { actual, pairs } = await environment('busy');
    expect(pairs.find(({ name }) => name === 'HELLO')).toMatchObject({ mark: 'same', actual: 'a=b' });
    expect(pairs.filter(({ mark }) => mark === 'added').map(({ name }) => name)).toContain('HOSTNAME');
    expect(pairs.filter(({ mark }) => mark === 'missing')).toEqual([]);
    expect(isOverwritten(actual)).toBe(false);
  });

  it('says of redis, which writes its title over it, that its environment cannot be known any more', async () => {
    const { actual, pairs } = await environment('db');
    expect(isOverwritten(actual)).toBe(true);
    const marks = pairs.map(({ mark }) => mark);
    expect(marks).toContain('unknown');
    expect(marks).not.toContain('missing');
  });

  it('joins a volume that was asked for with the mount that is there', async () => {
    const world = collector.collect(engines.current().engines, engines.current().containers);
    const first = world.processes.find(({ pid }) => pid === container('db')!.pid)!;
    const mounts = readMounts(kernel, first.key);
    const rows = joinMounts(mounts.ok ? mounts.value : [], askedMounts(await inspect('db')));
    const lines = readFileSync(`/proc/${first.pid}/mountinfo`, 'utf8').trim().split('\n').length;
    expect(rows).toHaveLength(lines);
    expect(rows.find(({ mountPoint }) => mountPoint === '/kept')).toMatchObject({ asked: { type: 'volume' }, kernel: { mountPoint: '/kept' } }); // prettier-ignore
  });

  it('tells the files that docker diff tells', async () => {
    await lab.docker('exec', 'busy', 'sh', '-c', 'mkdir /new && echo x > "/new/we ird" && rm -f /etc/hostname.none');
    const told = parseDiff(await engines.diff(engine, id('busy'))).entries.map(diffLine);
    const diff = (await lab.docker('diff', 'busy')).stdout.trim().split('\n').sort();
    expect(told.toSorted()).toEqual(diff);
    expect(told).toContain('A /new/we ird');
  });

  const update = (name: string, file: string, typed: string) => {
    const own = use(name).limits.find((one) => one.own?.file === file)!.own!;
    return { what: 'update' as const, engine, container: id(name), path: own.path, typed, unit: 'plain' as const };
  };

  it('changes a limit by the engine’s update call: previewed, done, read back, kept by the engine, undone', async () => {
    const memory = use('busy').limits.find(({ resource }) => resource === 'memory')!.own!;
    const preview = await changes.preview(update('busy', memory.file, '50000000'));
    expect(preview).toMatchObject({
      writes: '50000000',
      via: { name: 'Docker', command: expect.stringMatching(/docker.* update --memory 50000000 busy$/) },
      engine: { says: '67108864' },
      canUndo: true,
    });
    expect(preview.atRestart).toContain('keeps it');
    expect(readFileSync(memory.path, 'utf8').trim()).toBe('67108864');
    const record = await changes.apply(preview.token!);
    expect(record).toMatchObject({ error: null, via: 'Docker', readBack: '49999872', undo: 'possible' });
    const memoryAsked = async () => ((await inspect('busy'))['HostConfig'] as { Memory: number }).Memory;
    expect(await memoryAsked()).toBe(50000000);
    await changes.undo(record.id);
    expect(readFileSync(memory.path, 'utf8').trim()).toBe('67108864');
    expect(await memoryAsked()).toBe(67108864);
  });

  it('changes CPU as --cpus where that was used, and tasks', async () => {
    const cpu = use('busy').limits.find(({ resource }) => resource === 'cpu')!.own!;
    const preview = await changes.preview({ ...update('busy', cpu.file, '0.25'), unit: 'CPUs' });
    expect(preview.via?.command).toContain('--cpus 0.25');
    expect(await changes.apply(preview.token!)).toMatchObject({ error: null, undo: 'possible' });
    expect(use('busy').limits.find(({ resource }) => resource === 'cpu')!.own!.limit).toEqual({ ok: true, value: 0.25 }); // prettier-ignore
    const tasks = await changes.apply((await changes.preview(update('busy', 'pids.max', 'max'))).token!);
    expect(tasks).toMatchObject({ error: null, readBack: 'max' });
    await changes.undo(tasks.id);
    expect(use('busy').limits.find(({ resource }) => resource === 'pids')!.own!.limit).toEqual({ ok: true, value: 50 });
  });

  it('says what the engine said where it refuses, and that nothing changed', async () => {
    const memory = use('busy').limits.find(({ resource }) => resource === 'memory')!.own!;
    const record = await changes.apply((await changes.preview(update('busy', memory.file, '4096'))).token!);
    expect(record).toMatchObject({ readBack: '67108864', undo: 'none' });
    expect(record.error?.call).toMatch(/^Docker said: .*[Mm]inimum memory limit/);
  });

  it('does not have an engine write what is not the container’s', async () => {
    const memory = use('busy').limits.find(({ resource }) => resource === 'memory')!.own!;
    const above = memory.path.replace(/\/[^/]+\/([^/]+)$/, '/$1');
    await expect(changes.preview({ ...update('busy', memory.file, '1'), path: above })).rejects.toMatchObject({
      code: 'denied',
    });
  });
});

const rootless = await podmanUnavailable(true);

describe.skipIf(rootless !== null)(
  `use of a rootless container${rootless === null ? '' : ` (cannot run: ${rootless})`}`,
  () => {
    let lab: PodmanLab;
    let engines: Engines;
    beforeAll(async () => {
      lab = await startPodman({ rootless: true });
      engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
      engines.start();
      await engines.settled();
    });
    afterAll(async () => {
      engines?.stop();
      await lab?.down();
    });

    it('is of its cgroup where it has one, else of its processes, and never that of the cgroup it is in with others', async () => {
      const id = (await lab.podman('run', '-d', '--network=none', 'busybox', 'sleep', '1000')).stdout.trim();
      await vi.waitUntil(() => engines.current().containers.some((one) => one.id === id && one.pid !== null), { timeout: 30_000, interval: 50 }); // prettier-ignore
      const { engines: states, containers } = engines.current();
      const { pid, engine } = containers.find((one) => one.id === id)!;
      const kernel = new LinuxKernel();
      const collector = new Collector(kernel);
      const own = readContainerUse(kernel, { id, pid: pid! }, collector.hostInfo());
      if (typeof own === 'string') {
        expect(own).toBe(NO_CGROUP);
        const asked = containerUse({ containerUse: () => Promise.resolve(own) }, engines, { engine, id, pid });
        await expect(asked).rejects.toMatchObject({ message: NO_CGROUP });
        const use = useOfProcesses(kernel, collector.collect(states, containers), { id, pid: pid! });
        expect(use).toMatchObject({ source: 'processes', because: NO_CGROUP, tasks: { reading: { value: 1 } } });
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) * 1024;
        expect(use).toMatchObject({ memory: { reading: { value: { usedBytes: resident } } } });
      } else expect(own.source).toBe('cgroup');
      await lab.podman('rm', '-f', '-t', '0', id);
    });
  },
);
