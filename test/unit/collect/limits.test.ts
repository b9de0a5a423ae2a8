import { describe, expect, it } from 'vitest';
import { readLimits } from '../../../electron/host/collect/limits.ts';
import { parseCgroup } from '../../../electron/host/parse/cgroup.ts';
import type { FurtherLimit } from '../../../shared/model.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const V1 = (controllers: string, root = '/') =>
  `30 29 0:30 ${root} /sys/fs/cgroup/${controllers} rw - cgroup cgroup rw,${controllers}\n`;
const V2 = (root = '/', at = '/sys/fs/cgroup') => `31 29 0:31 ${root} ${at} rw - cgroup2 cgroup2 rw\n`;
const read = (mounts: string, cgroup: string, files: Record<string, string>) => {
  const kernel = new CapturedKernel();
  kernel.write('/proc/self/mountinfo', mounts);
  for (const [path, content] of Object.entries(files)) kernel.write(`/sys/fs/cgroup/${path}`, `${content}\n`);
  return readLimits(kernel, parseCgroup(cgroup), { pageBytes: 4096, cpus: 8 });
};
const limits = (mounts: string, cgroup: string, files: Record<string, string>) => read(mounts, cgroup, files).limits;
const further = (mounts: string, cgroup: string, files: Record<string, string>) =>
  read(mounts, cgroup, files).furtherLimits ?? [];
const short = (found: readonly FurtherLimit[]) =>
  found.map(({ resource, path, limit, used }) => [
    resource,
    path.replace('/sys/fs/cgroup/', ''),
    limit.ok ? limit.value : limit.why,
    used === null ? null : used.ok ? used.value : used.why,
  ]);

describe('cgroup v2', () => {
  it('reads memory, CPU and tasks', () => {
    const found = limits(V2(), '0::/a\n', {
      'a/memory.max': '8000000',
      'a/memory.current': '5000',
      'a/cpu.max': '50000 100000',
      'a/pids.max': 'max',
      'a/pids.current': '3',
    });
    expect(short(found)).toEqual([
      ['memory', 'a/memory.max', 8000000, 5000],
      ['cpu', 'a/cpu.max', 0.5, null],
      ['pids', 'a/pids.max', 'max', 3],
    ]);
  });

  it('shows the ancestor that is tighter', () => {
    const found = limits(V2(), '0::/a/b/c\n', {
      'a/memory.max': '9000',
      'a/memory.current': '77',
      'a/b/memory.max': '4000',
      'a/b/memory.current': '55',
      'a/b/c/memory.max': 'max',
      'a/b/c/memory.current': '33',
    });
    expect(short(found)).toEqual([['memory', 'a/b/memory.max', 4000, 55]]);
  });

  it('leaves out a controller that no level has, as at the root', () => {
    expect(limits(V2(), '0::/\n', {})).toEqual([]);
  });

  it('finds the cgroup below the part of the hierarchy that is mounted', () => {
    const files = { 'x/pids.max': '10', 'x/pids.current': '1' };
    expect(short(limits(V2('/pod'), '0::/pod/x\n', files))).toEqual([['pids', 'x/pids.max', 10, 1]]);
  });

  it('guesses nothing where no mount shows the cgroup', () => {
    const files = { 'x/pids.max': '10', 'x/pids.current': '1' };
    expect(limits(V2('/pod'), '0::/podium/x\n', files)).toEqual([]);
    expect(limits(V2(), '0::/../x\n', files)).toEqual([]);
    expect(limits('', '0::/x\n', files)).toEqual([]);
  });
});

describe('what limits without being called the limit', () => {
  const files = {
    'cpuset.cpus.effective': '0-7',
    'a/memory.max': '9000',
    'a/memory.current': '7',
    'a/cpu.max': 'max 100000',
    'a/cpuset.cpus.effective': '2-3',
    'a/b/memory.max': 'max',
    'a/b/memory.current': '5',
    'a/b/cpu.max': 'max 100000',
    'a/b/cpuset.cpus.effective': '2-3',
  };

  it('is a cpuset: CPUs are the fewer of the quota and the set, and the outermost set of equals sets it', () => {
    const [, cpu] = limits(V2(), '0::/a/b\n', files);
    expect(short([cpu!])).toEqual([['cpu', 'a/cpuset.cpus.effective', 2, null]]);
    expect(cpu?.cpus).toBe('2-3');
    expect(short(limits(V2(), '0::/a/b\n', { ...files, 'a/cpu.max': '150000 100000' })).at(1)).toEqual(
      ['cpu', 'a/cpu.max', 1.5, null], // prettier-ignore
    );
    expect(short(further(V2(), '0::/a/b\n', { ...files, 'a/cpu.max': '150000 100000' }))).toEqual([
      ['cpu', 'a/cpuset.cpus.effective', 2, null],
    ]);
  });

  it('is no cpuset of all CPUs, and none that nothing can run in yet', () => {
    const of = (set: string) => limits(V2(), '0::/a\n', { 'a/cpu.max': 'max 100000', 'a/cpuset.cpus.effective': set });
    expect(short(of('0-7'))).toEqual([['cpu', 'a/cpu.max', 'max', null]]);
    expect(short(of(''))).toEqual([['cpu', 'a/cpu.max', 'max', null]]);
    expect(limits(V2(), '0::/a\n', { 'cpuset.cpus.effective': '0-7' })).toEqual([]);
  });

  it('is the cpuset of v1, in a hierarchy of its own', () => {
    const found = limits(V1('cpuset') + V1('cpu'), '2:cpuset:/s\n1:cpu:/c\n', {
      'cpuset/s/cpuset.effective_cpus': '1,3',
      'cpu/c/cpu.cfs_quota_us': '-1',
    });
    expect(short(found)).toEqual([['cpu', 'cpuset/s/cpuset.effective_cpus', 2, null]]);
  });

  it('is memory.high, and what is looser is told beside it', () => {
    const high = { ...files, 'a/b/memory.high': '4000' };
    expect(short(limits(V2(), '0::/a/b\n', high))[0]).toEqual(['memory', 'a/b/memory.high', 4000, 5]);
    expect(short(further(V2(), '0::/a/b\n', high))).toEqual([['memory', 'a/memory.max', 9000, 7]]);
  });

  it('is swap, by either version', () => {
    const swap = { ...files, 'a/memory.swap.max': '0', 'a/memory.swap.current': '0' };
    expect(short(further(V2(), '0::/a/b\n', swap))).toEqual([['swap', 'a/memory.swap.max', 0, 0]]);
    const v1 = further(V1('memory'), '1:memory:/m\n', {
      'memory/m/memory.limit_in_bytes': '4096',
      'memory/m/memory.usage_in_bytes': '1',
      'memory/m/memory.memsw.limit_in_bytes': '8192',
      'memory/m/memory.memsw.usage_in_bytes': '2',
    });
    expect(short(v1)).toEqual([['swap', 'memory/m/memory.memsw.limit_in_bytes', 8192, 2]]);
    expect(further(V2(), '0::/a/b\n', files)).toEqual([]);
  });
});

describe('the way up', () => {
  const memory = (at: string, limit: string, more = {}) => ({
    [`${at}memory.limit_in_bytes`]: limit,
    [`${at}memory.usage_in_bytes`]: '1',
    ...more,
  });

  it('is as long as any mount that can be seen shows it', () => {
    const mounts = V2('/pod/x', '/sys/fs/cgroup/x') + V2('/pod', '/sys/fs/cgroup/pod');
    const files = { 'x/a/memory.max': 'max', 'pod/memory.max': '4096', 'pod/x/a/memory.max': 'max' };
    expect(short(limits(mounts, '0::/pod/x/a\n', files)).map((row) => row.slice(0, 3))).toEqual([
      ['memory', 'pod/memory.max', 4096],
    ]);
  });

  it('does not lead through what another mount lies over', () => {
    const over = V2('/a', '/sys/fs/cgroup').replace('31 29', '32 31');
    const files = { 'memory.max': '4096', 'b/memory.max': 'max', 'a/b/memory.max': '1' };
    expect(short(limits(V2() + over, '0::/a/b\n', files)).map((row) => row.slice(0, 3))).toEqual([
      ['memory', 'memory.max', 4096],
    ]);
  });

  it('ends in v1 where a cgroup does not count those below it', () => {
    const at = (use: string) => ({
      ...memory('memory/a/', '4096', { 'memory/a/memory.use_hierarchy': use }),
      ...memory('memory/a/b/', '9223372036854771712', { 'memory/a/b/memory.use_hierarchy': '0' }),
    });
    const found = (use: string) => short(limits(V1('memory'), '1:memory:/a/b\n', at(use)))[0]?.slice(1, 3);
    expect(found('0')).toEqual(['memory/a/b/memory.limit_in_bytes', 'max']);
    expect(found('1')).toEqual(['memory/a/memory.limit_in_bytes', 4096]);
  });

  it('may lead further than is mounted: what the kernel tells in v1 is taken, and no use of it made up', () => {
    const stat = (limit: string) => ({
      'memory/memory.stat': `cache 5\nhierarchical_memory_limit ${limit}\nhierarchical_memsw_limit 9223372036854771712\n`,
    });
    const found = (limit: string) =>
      short(limits(V1('memory', '/pod'), '1:memory:/pod\n', memory('memory/', '8192', stat(limit))));
    expect(found('4096')).toEqual([['memory', 'memory/memory.stat', 4096, null]]);
    expect(found('8192')).toEqual([['memory', 'memory/memory.limit_in_bytes', 8192, 1]]);
    expect(found('9223372036854771712')).toEqual([['memory', 'memory/memory.limit_in_bytes', 8192, 1]]);
  });
});

describe('cgroup v1', () => {
  const cgroup = '3:memory:/docker/x\n2:cpu,cpuacct:/docker/x\n1:pids:/docker/x\n';
  const mounts = V1('memory') + V1('cpu,cpuacct') + V1('pids');

  it('reads the same by its own files', () => {
    const found = limits(mounts, cgroup, {
      'memory/docker/x/memory.limit_in_bytes': '7999488',
      'memory/docker/x/memory.usage_in_bytes': '4096',
      'cpu,cpuacct/docker/x/cpu.cfs_quota_us': '150000',
      'cpu,cpuacct/docker/x/cpu.cfs_period_us': '100000',
      'pids/docker/x/pids.max': '64',
      'pids/docker/x/pids.current': '2',
    });
    expect(short(found)).toEqual([
      ['memory', 'memory/docker/x/memory.limit_in_bytes', 7999488, 4096],
      ['cpu', 'cpu,cpuacct/docker/x/cpu.cfs_quota_us', 1.5, null],
      ['pids', 'pids/docker/x/pids.max', 64, 2],
    ]);
  });

  it('takes the huge number and -1 for no limit', () => {
    const found = limits(mounts, cgroup, {
      'memory/docker/x/memory.limit_in_bytes': '9223372036854771712',
      'memory/docker/x/memory.usage_in_bytes': '4096',
      'cpu,cpuacct/docker/x/cpu.cfs_quota_us': '-1',
    });
    expect(short(found).map((row) => row[2])).toEqual(['max', 'max']);
  });

  it('calls a strange value malformed', () => {
    const found = limits(mounts, cgroup, { 'pids/docker/x/pids.max': 'lots', 'pids/docker/x/pids.current': '2' });
    expect(short(found)).toEqual([['pids', 'pids/docker/x/pids.max', 'malformed', 2]]);
  });
});

describe('hybrid', () => {
  it('asks each controller where /proc/PID/cgroup says it is', () => {
    const found = limits(V1('memory') + V2('/', '/sys/fs/cgroup/unified'), '4:memory:/m\n0::/u\n', {
      'memory/m/memory.limit_in_bytes': '4096',
      'memory/m/memory.usage_in_bytes': '1',
      'unified/u/memory.max': '1',
      'unified/u/pids.max': '5',
      'unified/u/pids.current': '1',
    });
    expect(short(found)).toEqual([
      ['memory', 'memory/m/memory.limit_in_bytes', 4096, 1],
      ['pids', 'unified/u/pids.max', 5, 1],
    ]);
  });
});

describe('a level that may not be read', () => {
  it('is shown as such, for it may be the tightest', () => {
    const kernel = new CapturedKernel();
    kernel.write('/proc/self/mountinfo', V2());
    kernel.write('/sys/fs/cgroup/a/b/pids.max', '5\n');
    kernel.write('/sys/fs/cgroup/a/b/pids.current', '1\n');
    kernel.close('/sys/fs/cgroup/a/pids.max', 'denied');
    const { limits: found } = readLimits(kernel, parseCgroup('0::/a/b\n'), { pageBytes: 4096 });
    expect(short(found)).toEqual([['pids', 'a/pids.max', 'denied', 'absent']]);
  });
});
