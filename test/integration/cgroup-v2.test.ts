/** A machine with cgroup v2 only, for real: a Linux of its own in qemu, where the collectors look and limits are written. */
import { beforeAll, describe, expect, it } from 'vitest';
import { numbersIn } from '../../shared/cgroup-entries.ts';
import { frozen, oomKills } from '../../shared/cgroup-events.ts';
import { findFile } from '../../shared/cgroup-find.ts';
import { memoryUse } from '../../shared/cgroup-memory-use.ts';
import { cgroupSentence } from '../../shared/cgroup-summary.ts';
import { idOf } from '../guest/stage.ts';
import { guestUnavailable, runGuest } from '../guest/guest.ts';
import type { Report } from '../guest/report.ts';
import { buildCli } from './cli-run.ts';

const reason = await guestUnavailable();

describe.skipIf(reason !== null)(`cgroup v2 only${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let report: Report;
  beforeAll(async () => {
    buildCli();
    report = await runGuest([]);
  }, 170_000);
  const row = (name: string) => report.world.processes.find(({ pid }) => pid === report.cast[name])!;
  const limitOf = (name: string, resource: string) =>
    report.details[name]!.limits.find((limit) => limit.resource === resource);
  const fileOf = (path: string, name: string) => {
    const [place] = report.cgroups[path]!.places;
    return place?.files.ok ? place.files.value.find((file) => file.name === name) : undefined;
  };

  it('is what the machine is told to be, with the controllers of its one hierarchy', () => {
    expect(report.world.host).toMatchObject({ cgroup: 'v2', uid: 0, namespacesOf: 'pid 1' });
    expect(report.tree.hierarchies).toMatchObject([{ id: 'v2', version: 2, mountPoint: '/sys/fs/cgroup', root: '/' }]);
    expect(report.tree.hierarchies[0]?.controllers).toEqual(expect.arrayContaining(['cpu', 'memory', 'io', 'pids']));
    for (const { cgroups } of report.world.processes) expect(cgroups.map(({ hierarchy }) => hierarchy)).toEqual([0]);
  });

  it('leaves no process unread', () => {
    expect(report.world.unread).toEqual({ processes: 0, hidden: 0, files: [] });
    expect(report.world.processes.length).toBeGreaterThan(40);
  });

  it('shows containers by their cgroups alone, each with its first process', () => {
    const found = report.world.containers.map(({ id, runtime, pid }) => `${runtime} ${id.slice(0, 6)} ${pid}`);
    const told = (runtime: string, word: string, name: string) =>
      `${runtime} ${idOf(word).slice(0, 6)} ${report.cast[name]}`;
    expect(found.sort()).toEqual(
      [
        told('docker', 'db', 'db'),
        told('docker', 'web', 'web'),
        told('containerd', 'pg', 'pauseG'),
        told('containerd', 'pb', 'pauseB'),
        told('containerd', 'ex', 'exact'),
        told('containerd', 'bu', 'bursting'),
        told('crio', 'pe', 'pauseE'),
        told('crio', 'le', 'leftover'),
      ].sort(),
    );
    expect(row('cron').container).toBeNull();
  });

  it('knows who shares what', () => {
    const [db, web] = [row('db').namespaces, row('web').namespaces];
    expect([web.net, web.ipc, web.uts]).toEqual([db.net, db.ipc, db.uts]);
    for (const type of ['mnt', 'pid', 'cgroup'] as const) expect(web[type]).not.toBe(db[type]);
    expect(row('exact').namespaces.net).toBe(row('pauseG').namespaces.net);
    expect(row('exact').namespaces.net).not.toBe(row('bursting').namespaces.net);
    expect(db.user).toBe(row('cron').namespaces.user);
    expect(row('db').nspid).toEqual([report.cast['db'], 1]);
  });

  it('counts the same processes in the same namespaces as lsns', () => {
    // In those of the host, lsns itself and the kernel's workers come and go.
    const host = new Set<unknown>(Object.values(report.world.host.namespaces));
    const theirs = report.lsns
      .map(({ ns, type, nprocs }) => ({ id: `${type}:[${ns}]`, nprocs }))
      .filter(({ id }) => !host.has(id))
      .map(({ id, nprocs }) => `${id} ${nprocs}`);
    const counts = new Map<string, number>();
    for (const { namespaces } of report.world.processes) {
      for (const { type } of report.lsns.filter(
        (one, i, all) => all.findIndex(({ type }) => type === one.type) === i,
      )) {
        const id = namespaces[type as keyof typeof namespaces];
        if (id !== null && !host.has(id)) counts.set(id, (counts.get(id) ?? 0) + 1);
      }
    }
    expect(theirs.length).toBeGreaterThan(20);
    expect([...counts].map(([id, count]) => `${id} ${count}`).sort()).toEqual(theirs.sort());
  });

  it('finds the limit that holds, and the ancestor that sets it', () => {
    expect(limitOf('inner', 'memory')).toMatchObject({
      path: '/sys/fs/cgroup/lone/memory.max',
      limit: { ok: true, value: 67108864 },
    });
    expect(limitOf('inner', 'pids')).toMatchObject({
      path: '/sys/fs/cgroup/lone/inner/pids.max',
      limit: { value: 20 },
    });
    expect(limitOf('inner', 'cpu')).toMatchObject({ path: '/sys/fs/cgroup/lone/cpu.max', limit: { value: 0.8 } });
    expect(limitOf('web', 'memory')).toMatchObject({ path: '/sys/fs/cgroup/system.slice/memory.max' });
    expect(limitOf('bursting', 'memory')?.limit).toMatchObject({ value: 268435456 });
    expect(report.cgroups['/lone/inner']?.limits.map(({ resource, setBy }) => [resource, setBy])).toEqual([
      ['memory', '/lone'],
      ['cpu', '/lone'],
      ['pids', '/lone/inner'],
    ]);
  });

  it('counts a cpuset, memory.high and swap among the limits', () => {
    const { limits, furtherLimits = [] } = report.narrow;
    const told = [...limits, ...furtherLimits].map(({ effective, setBy }) => [effective.file, effective.limit, setBy]);
    expect(told.slice(0, 3)).toEqual([
      ['memory.high', { ok: true, value: 33554432 }, '/narrow'],
      ['cpuset.cpus.effective', { ok: true, value: 1 }, '/narrow'],
      ['pids.max', { ok: true, value: 'max' }, '/narrow'],
    ]);
    expect(limits[1]?.effective.cpus).toBe('1');
    for (const [file, value] of told.slice(3)) expect([file, value]).toEqual(['memory.swap.max', { ok: true, value: 0 }]); // prettier-ignore
    expect(cgroupSentence(report.narrow, 0, 0)).toMatch(/^0 processes\. May use 32 MiB before it is slowed.* one CPU \(1\)/); // prettier-ignore
  });

  it('has of each cgroup in the tree its memory and its own limits', () => {
    const lone = report.tree.nodes.find(({ path }) => path === '/lone');
    expect(lone?.memoryBytes).toBeGreaterThan(0);
    expect(lone?.limits?.map(({ file, limit }) => [file, limit.ok && limit.value])).toEqual([
      ['memory.max', 67108864],
      ['cpu.max', 0.8],
      ['pids.max', 100],
    ]);
  });

  it('makes memory up of parts that come to the whole, also at the root, which has no total', () => {
    const use = memoryUse(report.cgroups['/lone']!)!;
    const sum = use.parts.reduce((all, { bytes }) => all + bytes, 0);
    const other = use.parts.find(({ key }) => key === 'other')?.bytes ?? 0;
    expect(sum).toBeGreaterThanOrEqual(use.usedBytes);
    // Pages that each CPU holds ready for this cgroup; MEMCG_CHARGE_BATCH in mm/memcontrol.c.
    expect(other).toBeLessThan(2 * 1024 * 1024);
    const root = memoryUse(report.cgroups['/']!)!;
    expect(root.parts.map(({ label }) => label)).toEqual(expect.arrayContaining(['programs', 'kernel']));
    expect(root).toMatchObject({ workingSetBytes: null, definition: expect.stringContaining('root') });
  });

  it('tells whose events a cgroup counts', () => {
    const above = oomKills(report.cgroups['/lone']!)!;
    expect(above).toMatchObject({ of: 'here and below', own: 0 });
    expect(above.count).toBeGreaterThan(0);
    const killed = oomKills(report.cgroups['/lone/pressed']!)!;
    expect(killed.own).toBe(killed.count);
  });

  it('reads every file of a cgroup of v2, known ones in a form', () => {
    for (const [path, { places }] of Object.entries(report.cgroups)) {
      const files = places[0]?.files;
      if (!files?.ok) throw new Error(`${path} was not readable`);
      expect(files.value.length).toBeGreaterThan(path === '/' ? 10 : 30);
      const malformed = files.value.filter(({ value }) => value?.ok === false && value.why === 'malformed');
      expect(malformed).toEqual([]);
    }
  });

  it('tells of memory that ran out, of time not given and of pressure', () => {
    expect(fileOf('/lone/pressed', 'memory.events')?.text).toMatchObject({
      ok: true,
      value: expect.stringMatching(/oom_kill [1-9]/),
    });
    expect(fileOf('/lone/pressed', 'cpu.stat')?.text).toMatchObject({
      value: expect.stringMatching(/nr_throttled [1-9]/),
    });
    const pressure = fileOf('/lone/pressed', 'cpu.pressure')?.value;
    if (!pressure?.ok) throw new Error('cpu.pressure was not read');
    expect(JSON.stringify(pressure.value)).toMatch(/"some"/);
  });

  it.each([
    ['memory.max', '268435456', '49999872'],
    ['cpu.max', 'max 100000', '25000 100000'],
    ['pids.max', '20', '7'],
    ['memory.low', '0', '4997120'],
    ['memory.oom.group', '0', '1'],
    ['cpu.idle', '0', '1'],
  ])('writes %s as previewed, reads it back and undoes it', (name, before, after) => {
    const { preview, record, file, undone } = report.changes[name]!;
    expect(preview).toMatchObject({ readsNow: { ok: true, value: before }, readsBack: after });
    expect(record).toMatchObject({ name, of: '/lone/inner', from: before, readBack: after, error: null });
    expect([file, undone]).toEqual([after, before]);
  });

  it.each(['cpuset.cpus', 'cpuset.mems'])(
    'says of %s beforehand what is there, and that it cannot be emptied again',
    (name) => {
      const { preview, record, file, undone } = report.changes[name]!;
      expect(preview.effects[0]).toMatchObject({ kind: 'ok', words: expect.stringMatching(/^1 .* of the [12] above/) });
      expect(preview.effects[1]?.words).toContain('ENOSPC');
      expect(preview.canUndo).toBe(false);
      expect(record).toMatchObject({ from: '', readBack: '0', error: null, undo: 'none' });
      expect([file, undone]).toEqual(['0', '0']);
    },
  );

  it('says of a quota below a millisecond that the kernel would refuse it, and offers no way to write it', () => {
    // min_cfs_quota_period in kernel/sched/core.c.
    expect(report.refused).toMatchObject({ readsNow: { value: 'max 100000' }, writes: null, token: null });
    expect(report.refused.problem).toMatch(/ms|millisecond|µs/);
  });

  it('warns of memory that v2 kills for, also where an engine is asked, and reads its file beside what it keeps', () => {
    const { kills, kept, undone } = report.ofContainer;
    expect(kills.effects[0]).toMatchObject({ kind: 'danger', words: expect.stringContaining('killed (OOM)') });
    expect(kills.file).toMatchObject({ path: expect.stringMatching(/\.scope\/memory\.max$/), readsBack: '4096' });
    expect(kept).toMatchObject({ readBack: '50000000', file: { from: '67108864', readBack: '49999872' }, error: null });
    expect(undone).toMatchObject({ readBack: '67108864', file: { readBack: '67108864' }, error: null });
  });

  it('says of a container’s own file what its engine was asked for, that systemd may write it, and its name in v1', () => {
    const { limit, weight, byEngine } = report.ofContainer;
    expect(limit).toMatchObject({
      form: { version: 2, twins: [{ name: 'memory.limit_in_bytes', same: true }] },
      engine: { says: '67108864' },
    });
    expect(limit.effects.map(({ words }) => words).join(' ')).toMatch(
      /docker-[0-9a-f]+\.scope is systemd’s: .* To last, have it written by Docker\.$/,
    );
    expect(weight).toMatchObject({
      engine: { says: '--cpu-shares 512' },
      atRestart: 'back to what its runtime makes of --cpu-shares 512',
    });
    expect(byEngine).toMatchObject({ writes: '50', readsBack: null, via: { command: expect.stringMatching(/^docker update --cpu-shares 1287 db$/) } }); // prettier-ignore
    expect(byEngine.effects.map(({ words }) => words).join(' ')).not.toContain('systemd');
  });

  it('freezes a cgroup: its process gets no time, and is let go again', () => {
    const { record, events, state, told, cpuTicks, thawed } = report.frozen;
    expect(record).toMatchObject({ name: 'cgroup.freeze', from: '0', readBack: '1', error: null });
    expect(events).toMatch(/^frozen 1$/m);
    // v2 leaves the state at S, where v1 says D; Documentation/admin-guide/cgroup-v2.rst, cgroup.freeze.
    expect(state).toBe('S S');
    expect(told).toEqual(['thawed', 'frozen', 'thawed']);
    expect(cpuTicks[1]).toBe(cpuTicks[0]);
    expect(thawed).toBe('0');
  });

  it('says of a frozen cgroup that it is', () => {
    expect(frozen(report.frozen.detail)).toEqual({ whole: true, itself: true });
  });

  it('counts what is read from a disk and written to it', () => {
    const { device, bytes, use, detail } = report.disk;
    if (typeof use === 'string') throw new Error(use);
    expect(use.io.reading).toMatchObject({ ok: true, value: { readBytes: bytes, writtenBytes: bytes } });
    const value = findFile(detail, 'io.stat')?.file.value;
    const numbers = value?.ok ? numbersIn('io.stat', 2, value.value) : [];
    expect(numbers.filter(({ row }) => row === device)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ key: 'rbytes', value: bytes, unit: 'bytes' }),
        expect.objectContaining({ key: 'wbytes', value: bytes, unit: 'bytes' }),
      ]),
    );
  });

  it('writes io.max as previewed, reads it back and undoes it', () => {
    const { device, changed } = report.disk;
    const after = `${device} rbps=1048576 wbps=max riops=max wiops=20`;
    expect(changed.preview).toMatchObject({ readsNow: { ok: true, value: '' }, readsBack: after });
    expect(changed.record).toMatchObject({ name: 'io.max', from: '', readBack: after, error: null });
    expect([changed.file, changed.undone]).toEqual([after, '']);
  });

  it('limits with io.max what the kernel lets through', () => {
    const { device, bytes, detail, millis } = report.disk;
    expect(findFile(detail, 'io.max')?.file.value).toMatchObject({
      value: { rows: [{ key: device, entries: expect.arrayContaining([['rbps', bytes / 2]]) }] },
    });
    // Half of it a second: never faster, however busy the machine is. The first slice is given at once.
    expect(millis).toBeGreaterThan(1500);
  });

  it('is told by the built command as well', () => {
    const { snapshot, ns, cgroup, of } = report.cli;
    expect(snapshot.host.cgroup).toBe('v2');
    expect(snapshot.containers.map(({ id }) => id)).toEqual(report.world.containers.map(({ id }) => id));
    const told = (limits: typeof of.limits) => limits.map(({ path, limit }) => [path, limit]);
    expect(told(of.limits)).toEqual(told(report.details['inner']!.limits));
    expect(cgroup.nodes.map(({ path }) => path)).toEqual(report.tree.nodes.map(({ path }) => path));
    const view = ns.find(({ id }) => id === row('db').namespaces.net);
    expect(view?.processes.length).toBe(report.lsns.find(({ ns }) => ns === view?.inode)?.nprocs);
    expect([...(view?.containers ?? [])].sort()).toEqual([idOf('db'), idOf('web')].sort());
  });
});
