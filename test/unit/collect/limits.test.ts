import { describe, expect, it } from 'vitest';
import { readLimits } from '../../../electron/host/collect/limits.ts';
import { parseCgroup } from '../../../electron/host/parse/cgroup.ts';
import type { CgroupLimit } from '../../../shared/model.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const V1 = (controllers: string, root = '/') =>
  `30 29 0:30 ${root} /sys/fs/cgroup/${controllers} rw - cgroup cgroup rw,${controllers}\n`;
const V2 = (root = '/', at = '/sys/fs/cgroup') => `31 29 0:31 ${root} ${at} rw - cgroup2 cgroup2 rw\n`;
const limits = (mounts: string, cgroup: string, files: Record<string, string>): CgroupLimit[] => {
  const kernel = new CapturedKernel();
  kernel.write('/proc/self/mountinfo', mounts);
  for (const [path, content] of Object.entries(files)) kernel.write(`/sys/fs/cgroup/${path}`, `${content}\n`);
  return readLimits(kernel, parseCgroup(cgroup), { pageBytes: 4096 });
};
const short = (found: CgroupLimit[]) =>
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
    const found = readLimits(kernel, parseCgroup('0::/a/b\n'), { pageBytes: 4096 });
    expect(short(found)).toEqual([['pids', 'a/pids.max', 'denied', 'absent']]);
  });
});
