import { describe, expect, it } from 'vitest';
import { fileGroups } from '../../../renderer/views/cgroups/file-groups.ts';
import { factsOf, machineRows, pressureRows } from '../../../renderer/views/cgroups/overview.ts';
import { cgroupOfProcess } from '../../../renderer/views/cgroups/place-of.ts';
import { above, cgroupRows, lastPart, shortened } from '../../../renderer/views/cgroups/tree-rows.ts';
import type { CgroupDetail, CgroupFile, CgroupNode, CgroupPlace } from '../../../shared/cgroup-model.ts';

const ID = 'c0ffee00'.repeat(8);
const node = (path: string, parent: string | null, container: string | null = null): CgroupNode => ({
  path,
  parent,
  hierarchies: ['v2'],
  processes: 1,
  container,
});
const NODES = [
  node('/', null),
  node('/docker', '/'),
  node(`/docker/${ID}`, '/docker', ID),
  node(`/docker/${ID}/init`, `/docker/${ID}`, ID),
  node('/system.slice', '/'),
];
const rows = (options: { filter?: string; collapsed?: string[] } = {}) =>
  cgroupRows(NODES, {
    filter: options.filter ?? '',
    collapsed: new Set(options.collapsed),
    containerName: (id) => (id === ID ? 'db' : null),
  });
const paths = (found: ReturnType<typeof rows>) => found.map((row) => row.node.path);

describe('the rows of the tree', () => {
  it('are every cgroup, with its level, its guides and its container', () => {
    expect(rows().map(({ depth, last, expandable, ownContainer }) => [depth, last, expandable, ownContainer])).toEqual([
      [0, true, true, false],
      [1, false, true, false],
      [2, true, true, true],
      [3, true, false, false],
      [1, true, false, false],
    ]);
  });

  it('hide what is below a collapsed one', () => {
    expect(paths(rows({ collapsed: ['/docker'] }))).toEqual(['/', '/docker', '/system.slice']);
    expect(rows({ collapsed: ['/docker'] })[1]).toMatchObject({ expandable: true, expanded: false });
  });

  it('keep what a filter finds, by own name or container, and what leads there', () => {
    const found = rows({ filter: 'DB', collapsed: ['/docker'] });
    expect(paths(found)).toEqual(['/', '/docker', `/docker/${ID}`, `/docker/${ID}/init`]);
    expect(found.map(({ matches }) => matches)).toEqual([false, false, true, true]);
    expect(found[1]?.last).toBe(true);
    expect(paths(rows({ filter: 'slice' }))).toEqual(['/', '/system.slice']);
    expect(rows({ filter: 'no such' })).toEqual([]);
  });

  it('call a cgroup by its own part of the path', () => {
    expect([lastPart('/'), lastPart('/a.slice/b.scope')]).toEqual(['/', 'b.scope']);
    expect(shortened(`docker-${ID}.scope`)).toBe('docker-c0ffee00c0ff….scope');
    expect([above('/'), above('/a/b')]).toEqual([[], ['/a', '/']]); // prettier-ignore
  });
});

describe('the cgroup of a process', () => {
  it('is the deepest, whichever hierarchy it is in', () => {
    const at = (path: string, hierarchy: number) => ({ hierarchy, controllers: [], path });
    expect(cgroupOfProcess({ cgroups: [at('/', 9), at('/a/b', 4), at('/a', 0)] })).toBe('/a/b');
    expect(cgroupOfProcess({ cgroups: [] })).toBeNull();
  });
});

const file = (name: string, text: string, value: CgroupFile['value'] = null): CgroupFile => ({
  name,
  path: `/x/${name}`,
  text: { ok: true, value: text },
  cut: false,
  value,
});
const detail = (...places: CgroupPlace[]): CgroupDetail => ({
  takenAt: 0,
  path: '/',
  container: null,
  places,
  limits: [],
});

describe('files', () => {
  it('stand by controller, what one looks for first and what is not known last', () => {
    const found = fileGroups(
      detail(
        {
          hierarchy: 'pids',
          version: 1,
          folder: '/p',
          files: { ok: true, value: [file('cgroup.procs', ''), file('pids.max', '')] },
        },
        {
          hierarchy: 'memory',
          version: 1,
          folder: '/m',
          files: {
            ok: true,
            value: ['memory.failcnt', 'memory.fancy', 'memory.usage_in_bytes', 'tasks'].map((name) => file(name, '')),
          },
        },
        { hierarchy: 'v2', version: 2, folder: '/u', files: { ok: false, why: 'denied', call: '', errno: 'EACCES' } },
      ),
    );
    expect(found.map(({ title, version, files }) => [title, version, files.map((one) => one.file.name)])).toEqual([
      ['memory', 'v1', ['memory.usage_in_bytes', 'memory.failcnt', 'memory.fancy']],
      ['pids', 'v1', ['pids.max']],
      ['every cgroup', 'v1 pids', ['cgroup.procs']],
      ['every cgroup', 'v1 memory', ['tasks']],
    ]);
  });
});

describe('figures', () => {
  const place = (...files: CgroupFile[]): CgroupPlace => ({
    hierarchy: 'v2',
    version: 2,
    folder: '/x',
    files: { ok: true, value: files },
  });

  it('are left out where no file tells them', () => {
    expect(factsOf(detail(place()), null)).toEqual([]);
  });

  it('warn of what went wrong, and only of that', () => {
    const events = (oom_kill: number) =>
      detail(
        place(file('memory.events', '', { ok: true, value: { kind: 'flat', entries: [['max', 1], ['oom_kill', oom_kill]] } })), // prettier-ignore
      );
    const said = (oom_kill: number) => factsOf(events(oom_kill), null).map(({ value, warn }) => [value, warn]);
    expect(said(0)).toEqual([['1 hit', false], ['0 OOM kills', false]]); // prettier-ignore
    expect(said(2)).toEqual([['1 hit', false], ['2 OOM kills', true]]); // prettier-ignore
  });

  it('warn of throttling only while it lasts', () => {
    const at = (nr_periods: number, nr_throttled: number) =>
      detail(place(file('cpu.stat', '', { ok: true, value: { kind: 'flat', entries: [['nr_periods', nr_periods], ['nr_throttled', nr_throttled]] } }))); // prettier-ignore
    const said = (before: CgroupDetail | null, now: CgroupDetail) =>
      factsOf(now, before).map(({ value, note, warn }) => [value, note, warn]);
    expect(said(null, at(100, 12))).toEqual([['12 %', 'since it was made: 12 of 100 periods', false]]);
    expect(said(at(100, 12), at(110, 12))).toEqual([['now 0 %', '11 % since it was made: 12 of 110 periods', false]]);
    expect(said(at(100, 12), at(110, 17))).toEqual([['now 50 %', '15 % since it was made: 17 of 110 periods', true]]);
  });

  it('are of the machine’s pressure where the cgroup has none', () => {
    const line = { avg10: 1.5, avg60: 0.25, avg300: 0, total: 9 };
    const reading = { ok: true as const, value: { some: line, full: null } };
    const machinePressure = [{ resource: 'cpu' as const, path: '/proc/pressure/cpu', reading }];
    expect(machineRows({ ...detail(place()), machinePressure })).toEqual([
      { resource: 'CPU', path: '/proc/pressure/cpu', some: ['1.50', '0.25', '0.00'], full: null, why: null },
    ]);
    expect(machineRows(detail(place()))).toEqual([]);
  });

  it('say why pressure could not be read', () => {
    const off: CgroupFile = {
      ...file('cpu.pressure', ''),
      text: { ok: false, why: 'absent', call: 'read("/x/cpu.pressure")', errno: 'EOPNOTSUPP' },
    };
    expect(pressureRows(detail(place(off)))).toMatchObject([
      { resource: 'CPU', some: null, full: null, why: 'read("/x/cpu.pressure"): EOPNOTSUPP' },
    ]);
  });
});
