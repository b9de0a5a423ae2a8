import { describe, expect, it } from 'vitest';
import { twinsInWords } from '../../../shared/cgroup-words.ts';
import { cgroupKey } from '../../../shared/cgroup-keys.ts';
import { numbersIn } from '../../../shared/cgroup-entries.ts';
import { cgroupFile, CGROUP_FILES, controllerOf } from '../../../shared/cgroup-files.ts';

describe('the table of cgroup files', () => {
  it('has each file of a version once', () => {
    const names = CGROUP_FILES.map(({ version, name }) => `${version} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  const other = (version: 1 | 2) => (version === 1 ? 2 : 1);
  const pairs = CGROUP_FILES.flatMap(({ version, name, twins }) => twins.map((twin) => ({ version, name, twin })));

  it('names only twins that it knows', () => {
    const lost = pairs.filter(({ version, twin }) => cgroupFile(twin.name, other(version)) === null);
    expect(lost.map(({ version, name, twin }) => `${version} ${name} ↔ ${twin.name}`)).toEqual([]);
  });

  it('calls two files the same from both sides, or from none', () => {
    const lost = pairs.filter(({ version, name, twin }) => {
      const back = cgroupFile(twin.name, other(version))?.twins.find((one) => one.name === name);
      return twin.same ? back?.same !== true : back?.same === true;
    });
    expect(lost.map(({ version, name, twin }) => `${version} ${name} ↔ ${twin.name}`)).toEqual([]);
  });

  it('tells apart what is the same and what is only the nearest', () => {
    const words = (name: string, version: 1 | 2) => twinsInWords(cgroupFile(name, version)!);
    expect(words('cpu.max', 2)).toBe('The same in v1: cpu.cfs_quota_us and cpu.cfs_period_us.');
    expect(words('cpu.weight', 2)).toBe('Nearest in v1: cpu.shares.');
    expect(words('io.max', 2)).toContain('blkio.throttle.write_iops_device');
    expect(words('cpuacct.usage', 1)).toBe('The same in v2: cpu.stat.');
    expect(words('memory.soft_limit_in_bytes', 1)).toBe('Nearest in v2: memory.low.');
    expect(words('memory.high', 2)).toBe('');
  });

  it('says one sentence of each', () => {
    for (const { name, meaning } of CGROUP_FILES) expect(meaning, name).toMatch(/^(?:[A-Z]|\d).*\.$/);
  });

  it('finds the other version’s name', () => {
    const twin = (name: string, version: 1 | 2) => cgroupFile(name, version)?.twins[0]?.name ?? null;
    expect(twin('memory.limit_in_bytes', 1)).toBe('memory.max');
    expect(twin('memory.max', 2)).toBe('memory.limit_in_bytes');
    expect(twin('hugetlb.2MB.max', 2)).toBe('hugetlb.2MB.limit_in_bytes');
    expect(twin('memory.high', 2)).toBeNull();
  });

  it('knows nothing of what it does not know', () => {
    expect(cgroupFile('memory.shown_ram_in_bytes', 1)).toBeNull();
    expect(cgroupFile('memory.max', 1)).toBeNull();
    expect(cgroupFile('constructor', 2)).toBeNull();
    expect(controllerOf('memory.shown_ram_in_bytes', 1)).toBe('memory');
    expect(controllerOf('tasks', 1)).toBe('cgroup');
  });
});

describe('keys within a file', () => {
  it.each([
    ['memory.stat', 2, 'pgscan_direct', 'pages'],
    ['memory.stat', 2, 'zswpwb', 'pages'],
    ['hugetlb.2MB.events', 2, 'max', 'times'],
    ['rdma.events', 2, 'hca_object.alloc_fail', 'times'],
    ['io.latency', 2, 'target', 'µs'],
    ['cgroup.stat', 2, 'nr_dying_subsys_memory', 'cgroups'],
    ['cpu.stat.local', 1, 'throttled_time', 'ns'],
  ] as const)('of %s (v%i) know %s', (file, version, key, unit) => {
    expect(cgroupKey(file, version, key)).toMatchObject({ unit, meaning: expect.stringMatching(/\w/) });
  });

  it('have units and meanings of their own', () => {
    expect(cgroupKey('cpu.stat', 2, 'throttled_usec')?.unit).toBe('µs');
    expect(cgroupKey('cpu.stat', 1, 'throttled_time')?.unit).toBe('ns');
    expect(cgroupKey('memory.stat', 2, 'pgfault')?.unit).toBe('times');
    expect(cgroupKey('memory.stat', 1, 'total_rss')?.meaning).toMatch(/all below included$/);
    expect(cgroupKey('memory.stat', 2, 'total_rss')).toBeNull();
    expect(cgroupKey('memory.stat', 2, '__proto__')).toBeNull();
    expect(cgroupKey('memory.stat', 2, 'constructor')).toBeNull();
  });

  it('of swap are not those of memory', () => {
    expect(cgroupKey('memory.swap.events', 2, 'high')?.meaning).toContain('memory.swap.high');
    expect(cgroupKey('memory.swap.events', 2, 'max')?.meaning).toContain('refused');
    expect(cgroupKey('memory.events', 2, 'fail')).toBeNull();
  });
});

describe('the numbers of a file', () => {
  const rows = (key: string, entries: [string, number][]) => ({ kind: 'nested' as const, rows: [{ key, entries }] });

  it('are of v2’s memory nodes in the unit that their row counts', () => {
    const units = (row: string) => numbersIn('memory.numa_stat', 2, rows(row, [['N0', 5]])).map(({ unit, meaning }) => [unit, meaning]); // prettier-ignore
    expect(units('anon')).toEqual([['bytes', 'heaps, stacks and other memory without a file, on node 0']]);
    expect(units('workingset_refault_file')[0]?.[0]).toBe('times');
    expect(units('pgdemote_kswapd')[0]?.[0]).toBe('pages');
    expect(units('newer_than_we_are')).toEqual([[null, null]]);
    expect(numbersIn('memory.numa_stat', 1, rows('total', [['total', 5]]))).toMatchObject([{ unit: 'pages' }]);
  });

  it('are of devices in the unit of the file, and without one where a name is not known', () => {
    const flat = (key: string) => ({ kind: 'flat' as const, entries: [[key, 7] as const] });
    expect(numbersIn('blkio.throttle.read_bps_device', 1, flat('8:0'))).toMatchObject([{ row: null, unit: 'bytes/s' }]);
    expect(numbersIn('memory.stat', 2, flat('fancy'))).toMatchObject([{ unit: null, meaning: null }]);
    expect(numbersIn('memory.stat', 2, flat('workingset_refault'))).toMatchObject([{ unit: 'times' }]);
    expect(numbersIn('io.stat', 2, rows('8:0', [['cost.vrate', 99.5]]))).toMatchObject([{ row: '8:0', unit: '%' }]);
  });
});
