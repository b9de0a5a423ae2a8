/** Changes of real cgroups and processes, as the page asks for them: seen, written, read back, undone, refused. */
import { spawn, type ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  symlinkSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Acts } from '../../electron/host/change/acts.ts';
import { Changes } from '../../electron/host/change/changes.ts';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { parseStat } from '../../electron/host/parse/stat.ts';
import type { Change } from '../../shared/change.ts';
import type { EngineOption } from '../../shared/engine-options.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const V1 = '/sys/fs/cgroup';
const reason =
  process.getuid?.() !== 0
    ? 'making cgroups needs root'
    : existsSync(`${V1}/memory/memory.limit_in_bytes`) && existsSync(`${V1}/pids`) && existsSync(`${V1}/cpu`)
      ? null
      : 'no memory, pids and cpu hierarchies of cgroup v1 are mounted here';
const labReason = reason ?? (await labUnavailable());

const NOBODY = { current: () => ({ engines: [], containers: [] }), inspect: () => Promise.reject(new Error('none')) };
const pageBytes = async () => 4096;
const read = (path: string): string => readFileSync(path, 'utf8').trim();
const limit = (path: string, typed: string): Change => ({ what: 'limit', path, typed, unit: 'plain' });
const keyOf = (pid: number) => `${pid}@${parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).starttime}`;

const children: ChildProcess[] = [];
const child = (...argv: string[]): number => {
  const one = spawn(argv[0]!, argv.slice(1), { stdio: 'ignore' });
  children.push(one);
  return one.pid!;
};
afterEach(async () => {
  for (const one of children.splice(0)) {
    if (one.exitCode !== null || one.signalCode !== null) continue;
    const ended = new Promise((resolve) => one.once('exit', resolve));
    one.kill('SIGCONT');
    one.kill('SIGKILL');
    await ended;
  }
});

const applied = async (changes: Changes, change: Change) => {
  const { token } = await changes.preview(change);
  return changes.apply(token!);
};

describe.skipIf(reason !== null)(`changing a cgroup${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const name = `porthole-test-change-${process.pid}`;
  const [memory, pids, cpu] = ['memory', 'pids', 'cpu'].map((one) => `${V1}/${one}/${name}`) as [
    string,
    string,
    string,
  ];
  const limitFile = `${memory}/memory.limit_in_bytes`;
  beforeAll(() => [memory, pids, cpu].forEach((folder) => mkdirSync(folder)));
  // A cgroup cannot be removed while what was killed in it is not reaped.
  afterAll(() => Promise.all([memory, pids, cpu].map((folder) => vi.waitUntil(() => removed(folder), 10_000))));
  const removed = (folder: string): boolean => {
    try {
      rmdirSync(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EBUSY') return false;
      throw error;
    }
    return true;
  };

  it('shows the value, the text, and the pages it will read back, and then it does', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const before = read(limitFile);
    const preview = await changes.preview(limit(limitFile, '8000000'));
    expect(preview).toMatchObject({
      path: limitFile,
      readsNow: { ok: true, value: before },
      writes: '8000000',
      readsBack: '7999488',
      engine: null,
      canUndo: true,
    });
    expect(read(limitFile)).toBe(before);
    const record = await changes.apply(preview.token!);
    expect(record).toMatchObject({ from: before, wanted: '8000000', readBack: '7999488', error: null });
    expect(record.byHand).toBe(`echo 8000000 > ${limitFile}`);
    expect(read(limitFile)).toBe('7999488');
    // Undone, it reads what it read before, and the list tells of both.
    expect(await changes.undo(record.id)).toMatchObject({ readBack: before, error: null, undoes: record.id });
    expect(read(limitFile)).toBe(before);
    expect(changes.list().map(({ undo }) => undo)).toEqual(['done', 'none']);
    await expect(changes.undo(record.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it.each([
    ['pids.max', '40', '40', pids],
    ['pids.max', 'max', 'max', pids],
    ['cpu.cfs_quota_us', '0.5 CPUs', '50000', cpu],
    ['cpu.cfs_quota_us', 'max', '-1', cpu],
    ['cpu.shares', '512', '512', cpu],
    ['memory.soft_limit_in_bytes', '10000000', '9998336', memory],
    ['memory.limit_in_bytes', 'max', '9223372036854771712', memory],
  ])('predicts what %s reads after %s', async (file, typed, expected, folder) => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const preview = await changes.preview(limit(`${folder}/${file}`, typed));
    expect(preview.readsBack).toBe(expected);
    expect(await changes.apply(preview.token!)).toMatchObject({ readBack: expected, error: null });
    expect(read(`${folder}/${file}`)).toBe(expected);
  });

  it('limits one disk, and takes the limit away again', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const folder = `${V1}/blkio/${name}`;
    mkdirSync(folder);
    try {
      const file = `${folder}/blkio.throttle.read_bps_device`;
      const [device] = (await changes.preview(limit(file, ''))).devices ?? [];
      expect(device).toMatchObject({ id: expect.stringMatching(/^\d+:\d+$/), bytes: expect.any(Number) });
      const preview = await changes.preview(limit(file, `${device!.id} 1 MiB`));
      expect(preview).toMatchObject({ writes: `${device!.id} 1048576`, readsBack: `${device!.id} 1048576` });
      const record = await changes.apply(preview.token!);
      expect(record).toMatchObject({ from: '', readBack: `${device!.id} 1048576`, error: null });
      expect(await changes.undo(record.id)).toMatchObject({ wanted: `${device!.id} 0`, readBack: '', error: null });
    } finally {
      rmdirSync(folder);
    }
  });

  it('warns that a unit is systemd’s, and says what makes a limit last there', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const folder = `${V1}/pids/${name}.slice`;
    mkdirSync(folder);
    try {
      const { effects } = await changes.preview(limit(`${folder}/pids.max`, '50'));
      expect(effects.at(-1)).toEqual({ kind: 'warn', words: expect.stringMatching(/systemctl set-property \S+\.slice TasksMax=50$/) }); // prettier-ignore
    } finally {
      rmdirSync(folder);
    }
  });

  it('says which CPUs there are before it puts a cgroup on one, and what the kernel refuses', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const folder = `${V1}/cpuset/${name}`;
    mkdirSync(folder);
    try {
      const file = `${folder}/cpuset.cpus`;
      const all = read(`${V1}/cpuset/cpuset.cpus`);
      const preview = await changes.preview(limit(file, '0'));
      expect(preview.effects[0]!.words).toContain(`above (${all})`);
      const record = await changes.apply(preview.token!);
      expect(record).toMatchObject({ from: '', readBack: '0', error: null });
      mkdirSync(`${folder}/below`);
      writeFileSync(`${folder}/below/cpuset.cpus`, '0');
      const emptied = await changes.preview(limit(file, 'none'));
      expect(emptied).toMatchObject({ writes: '', readsBack: '' });
      const missing = await changes.preview(limit(file, '4000'));
      expect(missing.effects[0]).toMatchObject({ kind: 'warn', words: expect.stringContaining('EACCES') });
      expect(await changes.apply(missing.token!)).toMatchObject({ error: { errno: expect.stringMatching(/^E/) }, readBack: '0' }); // prettier-ignore
      rmdirSync(`${folder}/below`);
      expect(await changes.undo(record.id)).toMatchObject({ readBack: '', error: null });
    } finally {
      if (existsSync(`${folder}/below`)) rmdirSync(`${folder}/below`);
      rmdirSync(folder);
    }
  });

  it('does nothing if the value changed since it was shown, and a token does not work twice', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const file = `${pids}/pids.max`;
    const { token } = await changes.preview(limit(file, '50'));
    writeFileSync(file, '33');
    await expect(changes.apply(token!)).rejects.toThrow('pids.max was changed meanwhile: it reads 33 now');
    expect(read(file)).toBe('33');
    await expect(changes.apply(token!)).rejects.toMatchObject({ code: 'not-found' });
    expect(changes.list()).toEqual([]);
  });

  it('undoes nothing that was changed by somebody else since', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const file = `${pids}/pids.max`;
    const { id } = await applied(changes, limit(file, '51'));
    writeFileSync(file, '34');
    await expect(changes.undo(id)).rejects.toThrow('pids.max reads 34 now, not the 51 that this change left');
    expect(read(file)).toBe('34');
  });

  it('writes to no cgroup that was made anew under the same name', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const folder = `${pids}/anew`;
    mkdirSync(folder);
    const { token } = await changes.preview(limit(`${folder}/pids.max`, '50'));
    rmdirSync(folder);
    await expect(changes.preview(limit(`${folder}/pids.max`, '50'))).rejects.toMatchObject({ code: 'not-found' });
    mkdirSync(folder);
    await expect(changes.apply(token!)).rejects.toMatchObject({ code: 'not-found' });
    expect(read(`${folder}/pids.max`)).toBe('max');
    rmdirSync(folder);
  });

  it('says before that v1 may refuse, and then the kernel’s word and what it still reads', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const swap = `${memory}/memory.swappiness`;
    if (existsSync(swap)) writeFileSync(swap, '0');
    // Anonymous memory, which cannot be reclaimed without swap.
    const pid = child('sh', '-c', `echo $$ > ${memory}/cgroup.procs && exec node -e 'globalThis.x = Buffer.alloc(3e7, 1); setInterval(() => x, 1e6)'`); // prettier-ignore
    await expect.poll(() => Number(read(`${memory}/memory.usage_in_bytes`)), { timeout: 20_000 }).toBeGreaterThan(3e7);
    expect(read(`${memory}/cgroup.procs`)).toBe(String(pid));
    const before = read(limitFile);
    const preview = await changes.preview(limit(limitFile, '1000000'));
    expect(preview.effects[0]).toMatchObject({ kind: 'warn', words: expect.stringContaining('EBUSY') });
    const record = await changes.apply(preview.token!);
    expect(record).toMatchObject({ error: { errno: 'EBUSY' }, readBack: before, undo: 'none' });
    expect(read(limitFile)).toBe(before);
    expect(changes.list()).toEqual([record]);
  });

  it('hands on what else the kernel refuses', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    mkdirSync(`${cpu}/below`);
    await applied(changes, limit(`${cpu}/cpu.cfs_quota_us`, '50000'));
    // A quota below may not exceed the one above; kernel/sched/core.c, tg_cfs_schedulable_down.
    const record = await applied(changes, limit(`${cpu}/below/cpu.cfs_quota_us`, '80000'));
    expect(record).toMatchObject({ error: { errno: 'EINVAL' }, readBack: '-1' });
    rmdirSync(`${cpu}/below`);
  });

  it.each([
    '/etc/passwd',
    '/tmp/memory.limit_in_bytes',
    '/sys/fs/cgroup/memory.limit_in_bytes',
    '/sys/fs/cgroup/memory/release_agent',
    '/sys/fs/cgroup/memory/cgroup.procs',
    '/sys/fs/cgroup/memory/memory.max',
    '/sys/fs/cgroupx/memory/memory.limit_in_bytes',
    '/proc/1/root/sys/fs/cgroup/memory/memory.limit_in_bytes',
    '/proc/self/oom_score_adj',
  ])('writes nothing but limits of mounted cgroups: not %s', async (path) => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    await expect(changes.preview(limit(path, '1'))).rejects.toMatchObject({ code: 'denied' });
  });

  it('says what is the root, and what holds Porthole itself, which it does not freeze', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const root = await changes.preview(limit(`${V1}/memory/memory.limit_in_bytes`, '1GiB'));
    expect(root.effects).toContainEqual({ kind: 'danger', words: expect.stringContaining('root') });
    const freezer = `${V1}/freezer/${name}`;
    mkdirSync(freezer);
    const [, , home] = read('/proc/self/cgroup').split('\n').map((line) => line.split(':')).find(([, of]) => of === 'freezer')!; // prettier-ignore
    try {
      writeFileSync(`${freezer}/cgroup.procs`, String(process.pid));
      const own = await changes.preview(limit(`${freezer}/freezer.state`, 'FROZEN'));
      expect(own).toMatchObject({ token: null, problem: expect.stringContaining('Porthole itself') });
    } finally {
      writeFileSync(`${V1}/freezer${home}/cgroup.procs`, String(process.pid));
      rmdirSync(freezer);
    }
  });

  it('freezes and thaws', async () => {
    const changes = new Changes({ engines: NOBODY, pageBytes });
    const freezer = `${V1}/freezer/${name}`;
    mkdirSync(freezer);
    const pid = child('sleep', '1000');
    try {
      writeFileSync(`${freezer}/cgroup.procs`, String(pid));
      const preview = await changes.preview(limit(`${freezer}/freezer.state`, 'FROZEN'));
      expect(preview.effects[0]!.words).toContain('its one process');
      const record = await changes.apply(preview.token!);
      expect(record.error).toBeNull();
      await expect.poll(() => read(`${freezer}/freezer.state`)).toBe('FROZEN');
      expect((await changes.undo(record.id)).error).toBeNull();
      await expect.poll(() => read(`${freezer}/freezer.state`)).toBe('THAWED');
    } finally {
      writeFileSync(`${freezer}/freezer.state`, 'THAWED');
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => removed(freezer)).toBe(true);
    }
  });
});

describe.skipIf(process.platform !== 'linux')('changing a process', () => {
  const changes = new Changes({ engines: NOBODY, pageBytes });

  it('sends it a signal, and lists that', async () => {
    const pid = child('sleep', '1000');
    const preview = await changes.preview({ what: 'signal', process: keyOf(pid), signal: 'TERM' });
    expect(preview).toMatchObject({ writes: 'SIGTERM 15', canUndo: false, path: null });
    const ended = new Promise((resolve) => children.at(-1)!.once('exit', (_, signal) => resolve(signal)));
    expect(await changes.apply(preview.token!)).toMatchObject({
      name: 'signal',
      of: `sleep ${pid}`,
      error: null,
      undo: 'none',
      byHand: `kill -TERM ${pid}`,
    });
    expect(await ended).toBe('SIGTERM');
  });

  it('sends any signal that Linux has, a real-time one too', async () => {
    const pid = child(
      'sh',
      '-c',
      'trap "exit 7" RTMIN+1 2>/dev/null || trap "exit 7" 35; while :; do sleep 0.05; done',
    );
    // Until the shell has set its trap the signal would end it.
    const caught = (): bigint =>
      BigInt(`0x${/^SigCgt:\s*(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0}`);
    await expect.poll(() => (caught() >> 34n) & 1n).toBe(1n);
    const preview = await changes.preview({ what: 'signal', process: keyOf(pid), signal: 'RTMIN+1' });
    expect(preview.writes).toBe('SIGRTMIN+1 35');
    const ended = new Promise((resolve) => children.at(-1)!.once('exit', (code) => resolve(code)));
    expect(await changes.apply(preview.token!)).toMatchObject({ error: null, byHand: `kill -RTMIN+1 ${pid}` });
    expect(await ended).toBe(7);
  });

  it('sends nothing to another process that has the number now, nor to one that ended', async () => {
    const pid = child('sleep', '1000');
    const other = `${pid}@1`;
    await expect(changes.preview({ what: 'signal', process: other, signal: 'KILL' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('another has its number'),
    });
    const { token } = await changes.preview({ what: 'signal', process: keyOf(pid), signal: 'KILL' });
    const ended = new Promise((resolve) => children.at(-1)!.once('exit', resolve));
    process.kill(pid, 'SIGKILL');
    await ended;
    await expect(changes.apply(token!)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('does not halt itself', async () => {
    const own = await changes.preview({ what: 'signal', process: keyOf(process.pid), signal: 'STOP' });
    expect(own).toMatchObject({ token: null, problem: expect.stringContaining('Porthole itself') });
  });

  it('moves it in the order of the OOM killer, and back', async () => {
    const pid = child('sleep', '1000');
    const file = `/proc/${pid}/oom_score_adj`;
    const before = read(file);
    const change: Change = { what: 'oom_score_adj', process: keyOf(pid), typed: '777' };
    const preview = await changes.preview(change);
    expect(preview).toMatchObject({ path: file, readsNow: { ok: true, value: before }, readsBack: '777' });
    const record = await changes.apply(preview.token!);
    expect(record).toMatchObject({ readBack: '777', of: expect.stringContaining(String(pid)) });
    expect(read(file)).toBe('777');
    expect(await changes.undo(record.id)).toMatchObject({ readBack: before, error: null });
    await expect(changes.preview({ ...change, process: `${pid}@1` })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe.skipIf(labReason !== null)(
  `changing a container${labReason === null ? '' : ` (cannot run: ${labReason})`}`,
  () => {
    let lab: Lab;
    let engines: Engines;
    beforeAll(async () => {
      lab = await startLab();
      await lab.docker('run', '-d', '--name=limited', '-m', '64m', '--cpus=0.5', '--pids-limit=40', 'redis:alpine');
      engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
      engines.start();
      await engines.settled();
    });
    afterAll(async () => {
      engines?.stop();
      await lab?.down();
    });

    it.each([
      ['memory', 'memory.limit_in_bytes', '50000000', '49999872', '67108864'],
      ['cpu', 'cpu.cfs_quota_us', '30000', '30000', '50000'],
      ['pids', 'pids.max', '30', '30', '40'],
    ])(
      'says what Docker was asked for, and that a restart brings it back: %s',
      async (controller, name, typed, back, asked) => {
        const changes = new Changes({ engines, pageBytes });
        const pid = (await lab.docker('inspect', '-f', '{{.State.Pid}}', 'limited')).stdout.trim();
        const line = read(`/proc/${pid}/cgroup`).split('\n').find((one) => one.split(':')[1]!.split(',').includes(controller))!; // prettier-ignore
        const file = `${V1}/${controller}${line.split(':')[2]}/${name}`;
        const preview = await changes.preview(limit(file, typed));
        expect(preview).toMatchObject({
          readsNow: { ok: true, value: asked },
          readsBack: back,
          engine: { name: 'Docker', says: asked },
          atRestart: `back to ${asked}`,
        });
        const record = await changes.apply(preview.token!);
        expect(record).toMatchObject({ readBack: back, error: null });
        expect(read(file)).toBe(back);
        expect((await changes.undo(record.id)).readBack).toBe(asked);
      },
    );

    const idOf = async (name: string) => (await lab.docker('inspect', '-f', '{{.Id}}', name)).stdout.trim();
    const fileOf = async (name: string, controller: string, file: string) => {
      const pid = (await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout.trim();
      const line = read(`/proc/${pid}/cgroup`).split('\n').find((one) => one.split(':')[1]!.split(',').includes(controller))!; // prettier-ignore
      return `${V1}/${controller}${line.split(':')[2]}/${file}`;
    };

    it('reads the cgroup file as well where Docker keeps and writes an option, and brings both back', async () => {
      const changes = new Changes({ engines, pageBytes });
      const file = await fileOf('limited', 'memory', 'memory.limit_in_bytes');
      const engine = engines.current().engines[0]!.id;
      const before = engines.current().containers.find(({ name }) => name === 'limited')!.told;
      const preview = await changes.preview({ what: 'option', engine, container: await idOf('limited'), option: '--memory', typed: '50000000', unit: 'plain' }); // prettier-ignore
      expect(preview).toMatchObject({
        path: null,
        readsNow: { value: '67108864' },
        readsBack: '50000000',
        file: { path: file, readsNow: '67108864', readsBack: '49999872' },
        atRestart: 'still: the engine keeps it',
      });
      expect(preview.effects[0]!.words).toMatch(/in use: fits/);
      const record = await changes.apply(preview.token!);
      expect(record).toMatchObject({ readBack: '50000000', file: { path: file, from: '67108864', readBack: '49999872' }, error: null }); // prettier-ignore
      expect(read(file)).toBe('49999872');
      // Whoever asked Docker for its account before is told to ask again.
      await expect.poll(() => engines.current().containers.find(({ name }) => name === 'limited')!.told).toBeGreaterThan(before); // prettier-ignore
      const undone = await changes.undo(record.id);
      expect(undone).toMatchObject({ readBack: '67108864', file: { readBack: '67108864' }, error: null });
      expect(read(file)).toBe('67108864');
    });

    it('undoes no option whose cgroup file was written by somebody else since', async () => {
      const changes = new Changes({ engines, pageBytes });
      const file = await fileOf('limited', 'pids', 'pids.max');
      const engine = engines.current().engines[0]!.id;
      const record = await applied(changes, { what: 'option', engine, container: await idOf('limited'), option: '--pids-limit', typed: '30', unit: 'plain' }); // prettier-ignore
      expect(record).toMatchObject({ readBack: '30', file: { path: file, readBack: '30' } });
      writeFileSync(file, '33');
      await expect(changes.undo(record.id)).rejects.toThrow(`${file} reads 33 now, not 30.`);
      writeFileSync(file, '30');
      expect(await changes.undo(record.id)).toMatchObject({ readBack: '40', file: { readBack: '40' } });
    });

    it('sets the period back with --cpus, and says so before', async () => {
      const changes = new Changes({ engines, pageBytes });
      const [quota, period] = [await fileOf('limited', 'cpu', 'cpu.cfs_quota_us'), await fileOf('limited', 'cpu', 'cpu.cfs_period_us')]; // prettier-ignore
      writeFileSync(quota, '25000');
      writeFileSync(period, '50000');
      const engine = engines.current().engines[0]!.id;
      const preview = await changes.preview({ what: 'update', engine, container: await idOf('limited'), path: quota, typed: '0.3 CPUs', unit: 'CPUs' }); // prettier-ignore
      expect(preview).toMatchObject({ writes: '15000', readsBack: '30000', via: { command: 'docker update --cpus 0.3 limited' } }); // prettier-ignore
      expect(preview.effects.map(({ words }) => words)).toContain('With --cpus the period is 100000 µs again; it is 50000 now.'); // prettier-ignore
      const record = await changes.apply(preview.token!);
      expect(record).toMatchObject({ readBack: '30000', error: null });
      expect([read(quota), read(period)]).toEqual(['30000', '100000']);
      await applied(changes, { what: 'update', engine, container: await idOf('limited'), path: quota, typed: '0.5 CPUs', unit: 'CPUs' }); // prettier-ignore
    });

    it('lists what Docker is asked to do with a container, and takes it back', async () => {
      const changes = new Changes({ engines, pageBytes });
      const acts = new Acts(engines, changes.made);
      const which = { engine: engines.current().engines[0]!.id, id: await idOf('limited') };
      await acts.act(which, { do: 'pause' });
      await acts.act(which, { do: 'rename', name: 'limited-2' });
      const [pause, rename] = changes.list();
      expect(pause).toMatchObject({ from: 'running', readBack: 'paused', byHand: 'docker pause limited' });
      expect(await changes.undo(rename!.id)).toMatchObject({ readBack: 'limited' });
      expect(await changes.undo(pause!.id)).toMatchObject({ name: 'unpause', readBack: 'running' });
      await expect(acts.act(which, { do: 'unpause' })).rejects.toThrow(/not paused/);
      expect(changes.list().at(-1)).toMatchObject({ name: 'unpause', error: { call: expect.stringMatching(/^Docker said: .*not paused/) } }); // prettier-ignore
    });

    it('changes what Docker keeps of a container that does not run, and says that there is no cgroup', async () => {
      await lab.docker('create', '--name=off', 'busybox:latest', 'sleep', '60');
      const id = (await lab.docker('inspect', '-f', '{{.Id}}', 'off')).stdout.trim();
      await expect.poll(() => engines.current().containers.some((one) => one.id === id)).toBe(true);
      const engine = engines.current().engines[0]!.id;
      const changes = new Changes({ engines, pageBytes });
      const option = (name: EngineOption, typed: string): Change => ({ what: 'option', engine, container: id, option: name, typed, unit: 'plain' }); // prettier-ignore
      const kept = async (format: string) => (await lab.docker('inspect', '-f', `{{.HostConfig.${format}}}`, 'off')).stdout.trim(); // prettier-ignore

      const preview = await changes.preview(option('--restart', 'on-failure:3'));
      expect(preview).toMatchObject({ path: null, readsNow: { value: 'no' }, writes: 'on-failure:3', canUndo: true });
      expect(preview.via?.command).toMatch(/^docker update --restart on-failure:3 off$/);
      const record = await changes.apply(preview.token!);
      expect(record).toMatchObject({ name: '--restart', of: 'off', container: id, path: null, from: 'no', readBack: 'on-failure:3', error: null, via: 'Docker' }); // prettier-ignore
      expect(await kept('RestartPolicy.Name')).toBe('on-failure');
      const undone = await changes.undo(record.id);
      expect(undone).toMatchObject({ readBack: 'no', error: null, byHand: 'docker update --restart no off' });

      // Docker refuses memory alone where nothing was asked for before: both go together.
      const memory = await changes.preview(option('--memory', '64 MiB'));
      expect(memory.effects.map(({ words }) => words).join(' ')).toMatch(/has no cgroup.*twice as much.*cannot take it away/); // prettier-ignore
      expect(memory).toMatchObject({ canUndo: false });
      expect(await changes.apply(memory.token!)).toMatchObject({ readBack: '67108864', error: null, undo: 'none' });
      expect(await kept('MemorySwap')).toBe('134217728');

      const cpus = await applied(changes, option('--cpuset-cpus', '0'));
      expect(cpus).toMatchObject({ from: 'nothing', readBack: '0', undo: 'none' });
      const refused = await applied(changes, option('--cpuset-cpus', '4000'));
      expect(refused).toMatchObject({ readBack: '0', error: { call: expect.stringMatching(/^Docker said: .*not available/i) } }); // prettier-ignore
    });
  },
);

it('follows no link', async () => {
  const { readHeld, writeHeld } = await import('../../electron/host/change/held-file.ts');
  const folder = mkdtempSync(join(tmpdir(), 'porthole-held-'));
  try {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real/file'), 'kept\n');
    symlinkSync('real/file', join(folder, 'link'));
    symlinkSync('real', join(folder, 'way'));
    expect((await readHeld(join(folder, 'real/file'))).text).toBe('kept');
    await expect(writeHeld(join(folder, 'link'), 'x', null)).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(writeHeld(join(folder, 'way/file'), 'x', null)).rejects.toMatchObject({ code: 'denied' });
    expect(readFileSync(join(folder, 'real/file'), 'utf8')).toBe('kept\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
