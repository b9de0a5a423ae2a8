import { describe, expect, it } from 'vitest';
import { readCgroupDetail } from '../../../electron/host/collect/cgroup-detail.ts';
import { readHierarchies } from '../../../electron/host/collect/cgroup-hierarchies.ts';
import { readCgroupTree } from '../../../electron/host/collect/cgroups.ts';
import { pressureMissing } from '../../../shared/cgroup-summary.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const V1 = (controllers: string, root = '/') =>
  `30 29 0:30 ${root} /sys/fs/cgroup/${controllers} rw - cgroup cgroup rw,${controllers}\n`;
const V2 = (root = '/', at = '/sys/fs/cgroup') => `31 29 0:31 ${root} ${at} rw - cgroup2 cgroup2 rw,nsdelegate\n`;
const ID = 'c0ffee00'.repeat(8);

const machine = (cgroup: string, mounts: string, files: Record<string, string> = {}): CapturedKernel => {
  const kernel = new CapturedKernel();
  kernel.write('/proc/self/cgroup', cgroup);
  kernel.write('/proc/self/mountinfo', mounts);
  for (const [path, text] of Object.entries(files)) kernel.write(`/sys/fs/cgroup/${path}`, `${text}\n`);
  return kernel;
};
const nodes = (kernel: CapturedKernel) =>
  readCgroupTree(kernel).nodes.map(({ path, parent, hierarchies, processes }) => [
    path,
    parent,
    hierarchies,
    processes,
  ]);
const detail = (kernel: CapturedKernel, path: string) => readCgroupDetail(kernel, path, { pageBytes: 4096 });

describe('hierarchies', () => {
  it('are what /proc/self/cgroup lists, where mountinfo shows them', () => {
    const mounts = V1('cpu,cpuacct') + V1('memory') + V2('/', '/sys/fs/cgroup/unified');
    const files = { 'unified/cgroup.controllers': 'hugetlb' };
    const { list } = readHierarchies(machine('5:cpu,cpuacct:/\n4:memory:/\n1:name=systemd:/\n0::/\n', mounts, files));
    expect(list.map(({ id, version, controllers, mountPoint }) => [id, version, controllers, mountPoint])).toEqual([
      ['v2', 2, ['hugetlb'], '/sys/fs/cgroup/unified'],
      ['cpu,cpuacct', 1, ['cpu', 'cpuacct'], '/sys/fs/cgroup/cpu,cpuacct'],
      ['memory', 1, ['memory'], '/sys/fs/cgroup/memory'],
      ['name=systemd', 1, ['name=systemd'], null],
    ]);
  });

  it('leave out v2 where only v1 is mounted', () => {
    expect(readHierarchies(machine('4:memory:/\n0::/\n', V1('memory'))).list.map(({ id }) => id)).toEqual(['memory']);
  });

  it('take the mount that shows most, and none from outside of the cgroup namespace', () => {
    const mounts = V2('/pod/x', '/a') + V2('/pod', '/b') + V2('/../..', '/c');
    const { list } = readHierarchies(machine('0::/pod/x\n', mounts));
    expect(list).toMatchObject([{ id: 'v2', mountPoint: '/b', root: '/pod' }]);
  });

  it('see that a mount lies over another', () => {
    const over = '32 31 0:32 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n';
    const same = over.replace('tmpfs tmpfs', 'cgroup2 cgroup2').replace('0:32 /', '0:31 /pod');
    expect(readHierarchies(machine('0::/\n', V2() + same)).list).toMatchObject([{ root: '/pod' }]);
    expect(readHierarchies(machine('0::/\n', V2() + over)).list).toMatchObject([{ mountPoint: null }]);
  });
});

describe('the tree', () => {
  it('lays hierarchies over each other by path, parents first, siblings by name', () => {
    const kernel = machine('4:memory:/\n3:pids:/\n', V1('memory') + V1('pids'), {
      'memory/cgroup.procs': '1\n2\n3',
      'memory/b/cgroup.procs': '7\n8',
      'memory/b/deep/cgroup.procs': '9',
      'memory/a/cgroup.procs': '5',
      'pids/cgroup.procs': '1\n2\n4',
      'pids/b/cgroup.procs': '8\n10',
    });
    expect(nodes(kernel)).toEqual([
      ['/', null, ['memory', 'pids'], 4],
      ['/a', '/', ['memory'], 1],
      ['/b', '/', ['memory', 'pids'], 3],
      ['/b/deep', '/b', ['memory'], 1],
    ]);
  });

  it('begins with what is mounted, where that is not the root', () => {
    const kernel = machine(`4:memory:/docker/${ID}\n`, V1('memory', `/docker/${ID}`), {
      'memory/cgroup.procs': '1',
      'memory/inner/cgroup.procs': '2',
    });
    expect(nodes(kernel)).toEqual([
      [`/docker/${ID}`, null, ['memory'], 1],
      [`/docker/${ID}/inner`, `/docker/${ID}`, ['memory'], 1],
    ]);
    expect(readCgroupTree(kernel).nodes.map(({ container }) => container)).toEqual([ID, ID]);
  });

  it('has of each the memory it uses and the limits that are set on it, by either version', () => {
    const told = (kernel: CapturedKernel) =>
      readCgroupTree(kernel).nodes.map(({ path, memoryBytes, limits }) => [
        path,
        memoryBytes,
        limits?.map(({ file, limit }) => `${file} ${limit.ok ? limit.value : limit.why}`),
      ]);
    const v2 = machine('0::/\n', V2(), {
      'cgroup.controllers': 'cpu memory pids',
      'cgroup.procs': '1',
      'a/memory.current': '4096',
      'a/memory.max': '8192',
      'a/cpu.max': '50000 100000',
      'a/pids.max': 'max',
    });
    const limits = ['memory.max 8192', 'cpu.max 0.5'];
    expect(told(v2)).toEqual([['/', undefined, undefined], ['/a', 4096, limits]]); // prettier-ignore
    const v1 = machine('4:memory:/\n3:pids:/\n', V1('memory') + V1('pids'), {
      'memory/memory.usage_in_bytes': '9',
      'memory/memory.limit_in_bytes': '9223372036854771712',
      'memory/a/memory.usage_in_bytes': '5',
      'memory/a/memory.limit_in_bytes': '8192',
      'pids/a/pids.max': '7',
    });
    expect(told(v1)).toEqual([['/', 9, undefined], ['/a', 5, ['memory.limit_in_bytes 8192', 'pids.max 7']]]); // prettier-ignore
  });

  it('counts processes outside of the pid namespace, which are all called 0', () => {
    expect(nodes(machine('0::/\n', V2(), { 'cgroup.procs': '0\n0\n3' }))).toEqual([['/', null, ['v2'], 3]]);
  });

  it('makes up no count and no children where it may not look', () => {
    const kernel = machine('0::/\n', V2(), { 'cgroup.procs': '1', 'shut/cgroup.procs': '2' });
    kernel.close('/sys/fs/cgroup/shut', 'denied');
    kernel.close('/sys/fs/cgroup/shut/cgroup.procs', 'denied');
    const tree = readCgroupTree(kernel);
    expect(tree.nodes.map(({ path, processes }) => [path, processes])).toEqual([['/', 1], ['/shut', null]]); // prettier-ignore
    expect(tree.unread.map(({ path }) => path)).toEqual(['/shut']);
  });

  it('leaves out a cgroup that is removed while it looks', () => {
    const kernel = machine('0::/\n', V2(), { 'cgroup.procs': '1', 'brief/cgroup.procs': '2' });
    kernel.before = (path) => {
      if (path === '/sys/fs/cgroup/brief') kernel.remove(path);
    };
    expect(nodes(kernel)).toEqual([['/', null, ['v2'], 1]]);
  });

  it('does not walk into what somebody mounted over a cgroup', () => {
    const mounts = `${V2()}40 31 0:40 / /sys/fs/cgroup/odd rw - tmpfs tmpfs rw\n`;
    expect(nodes(machine('0::/\n', mounts, { 'cgroup.procs': '1', 'odd/deep/cgroup.procs': '2' }))).toHaveLength(1);
  });

  it('stops at a bound and says so', () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`c${i}/cgroup.procs`, '1']));
    const tree = readCgroupTree(machine('0::/\n', V2(), { 'cgroup.procs': '1', ...files }), 10);
    expect(tree.cut).toBe(true);
    expect(tree.nodes).toHaveLength(10);
  });
});

describe('one cgroup', () => {
  it('has every file with its text and what it holds, unknown ones raw', () => {
    const kernel = machine('0::/\n', V2(), {
      'a/memory.max': '4096',
      'a/memory.current': 'strange',
      'a/memory.fancy': '12 of 13',
      'a/cgroup.kill': '',
    });
    kernel.close('/sys/fs/cgroup/a/memory.stat', 'denied');
    const [place] = detail(kernel, '/a').places;
    const files = place?.files.ok ? place.files.value : [];
    expect(files.map(({ name, text, value }) => [name, text?.ok, value?.ok ?? null])).toEqual([
      ['cgroup.kill', undefined, null],
      ['memory.current', true, false],
      ['memory.fancy', true, null],
      ['memory.max', true, true],
      ['memory.stat', false, false],
    ]);
    expect(files[1]?.value).toMatchObject({ why: 'malformed' });
    expect(files[2]?.text).toEqual({ ok: true, value: '12 of 13\n' });
    expect(files[3]?.value).toEqual({ ok: true, value: { kind: 'limit', limit: 4096 } });
    expect(files[4]?.text).toMatchObject({ why: 'denied', errno: 'EACCES' });
  });

  it('takes a cgroup that has the name of a file for a cgroup', () => {
    const kernel = machine('0::/\n', V2(), { 'a/cgroup.procs': '1', 'a/memory.max/cgroup.procs': '2' });
    const [place] = detail(kernel, '/a').places;
    expect(place?.files.ok && place.files.value.map(({ name }) => name)).toEqual(['cgroup.procs']);
  });

  it('names the ancestor whose limit holds', () => {
    const kernel = machine('4:memory:/\n0::/\n', V1('memory') + V2('/', '/sys/fs/cgroup/unified'), {
      'memory/memory.limit_in_bytes': '9223372036854771712',
      'memory/memory.usage_in_bytes': '9',
      'memory/a/memory.limit_in_bytes': '8192',
      'memory/a/memory.usage_in_bytes': '5',
      'memory/a/b/memory.limit_in_bytes': '16384',
      'memory/a/b/memory.usage_in_bytes': '3',
      'unified/a/b/pids.max': 'max',
      'unified/a/b/pids.current': '1',
    });
    expect(detail(kernel, '/a/b').limits).toMatchObject([
      {
        resource: 'memory',
        setBy: '/a',
        own: { limit: { value: 16384 }, used: { value: 3 } },
        effective: { limit: { value: 8192 }, used: { value: 5 }, file: 'memory.limit_in_bytes' },
      },
      { resource: 'pids', setBy: '/a/b', effective: { limit: { value: 'max' } } },
    ]);
    expect(detail(kernel, '/').limits).toMatchObject([{ resource: 'memory', setBy: '/' }]);
  });

  it('may be looked at in some hierarchies only: what another has by the same path counts for nothing', () => {
    const kernel = machine('4:memory:/\n3:pids:/\n', V1('memory') + V1('pids'), {
      'memory/a/memory.limit_in_bytes': '8192',
      'memory/a/memory.usage_in_bytes': '5',
      'pids/a/pids.max': '7',
    });
    const only = readCgroupDetail(kernel, '/a', { pageBytes: 4096 }, new Set(['pids']));
    expect(only.places.map(({ hierarchy }) => hierarchy)).toEqual(['pids']);
    expect(only.limits.map(({ resource }) => resource)).toEqual(['pids']);
  });

  it('has the machine’s pressure beside it where it has none of its own, and says why', () => {
    const line = 'some avg10=1.50 avg60=0.20 avg300=0.10 total=9';
    const v1 = machine('4:memory:/\n', V1('memory'), { 'memory/a/memory.limit_in_bytes': '8192' });
    expect(detail(v1, '/a').machinePressure).toEqual([]);
    v1.write('/proc/pressure/cpu', `${line}\n`);
    expect(detail(v1, '/a').machinePressure).toMatchObject([
      { resource: 'cpu', path: '/proc/pressure/cpu', reading: { ok: true, value: { some: { avg10: 1.5 } } } },
    ]);
    expect(pressureMissing(detail(v1, '/a'))).toMatch(/of v2 alone/);
    const bare = machine('0::/\n', V2(), { 'a/cgroup.procs': '1' });
    expect(pressureMissing(detail(bare, '/a'))).toMatch(/^This kernel measures no pressure/);
    const own = machine('0::/\n', V2(), { 'a/cpu.pressure': line });
    expect(detail(own, '/a').machinePressure).toBeUndefined();
    expect(pressureMissing(detail(own, '/a'))).toBeNull();
  });

  it('is not found where no mount shows it', () => {
    const kernel = machine('0::/pod\n', V2('/pod'), { 'x/cgroup.procs': '1' });
    expect(detail(kernel, '/pod/x').places[0]?.folder).toBe('/sys/fs/cgroup/x');
    for (const path of ['/', '/podium', '/x', '/pod/y']) expect(() => detail(kernel, path)).toThrow(PortholeError);
  });

  it('is not found when it is removed while it is read', () => {
    const kernel = machine('0::/\n', V2(), { 'a/cgroup.procs': '1', 'a/memory.max': 'max' });
    kernel.close('/sys/fs/cgroup/a/memory.max', 'gone');
    expect(() => detail(kernel, '/a')).toThrow(/no cgroup \/a/);
  });
});
