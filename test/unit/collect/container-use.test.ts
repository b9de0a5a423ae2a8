import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readContainerUse, readMemoryNow } from '../../../electron/host/collect/container-use.ts';
import { isOwn, limitNow } from '../../../shared/container-use-words.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const ID = 'a'.repeat(64);
const host = { pageBytes: 4096, cpus: 8 };

const machine = (memberships: string, mounts: string, files: Record<string, string>): CapturedKernel => {
  const kernel = new CapturedKernel();
  kernel.write('/proc/self/mountinfo', mounts);
  kernel.write('/proc/self/cgroup', memberships.replace(/:\/.*/g, ':/'));
  kernel.write('/proc/7/cgroup', memberships);
  kernel.write('/proc/7/net/dev', 'Inter-|\n face |\n  lo: 9 1 0 0 0 0 0 0 9 1 0 0 0 0 0 0\n eth0: 500 1 0 0 0 0 0 0 70 1 0 0 0 0 0 0\n'); // prettier-ignore
  for (const [path, content] of Object.entries(files)) kernel.write(`/sys/fs/cgroup/${path}`, content);
  return kernel;
};
const used = (kernel: CapturedKernel) => {
  const use = readContainerUse(kernel, { id: ID, pid: 7 }, host);
  if (typeof use === 'string') throw new Error(use);
  return use;
};

const V2 = '31 29 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n';
const folder = `system.slice/docker-${ID}.scope`;
const v2 = (more: Record<string, string> = {}): CapturedKernel =>
  machine(`0::/${folder}/inner\n`, V2, {
    'cgroup.controllers': 'cpu io memory pids\n',
    [`${folder}/cpu.stat`]: 'usage_usec 2000000\nnr_periods 100\nnr_throttled 12\nthrottled_usec 77\n',
    [`${folder}/memory.current`]: '50000000\n',
    [`${folder}/memory.stat`]: 'anon 1\ninactive_file 8000000\n',
    [`${folder}/memory.events`]: 'low 0\nmax 3\noom_kill 1\n',
    [`${folder}/memory.max`]: '67108864\n',
    [`${folder}/cpu.max`]: '50000 100000\n',
    [`${folder}/pids.current`]: '6\n',
    [`${folder}/pids.max`]: '100\n',
    [`${folder}/io.stat`]: '8:0 rbytes=10 wbytes=20 rios=1 wios=1 dbytes=0 dios=0\n8:16 rbytes=1 wbytes=2\n',
    ...more,
  });

describe('what a container uses, on v2', () => {
  it('is read from its own cgroup, also where its first process is further in', () => {
    const use = used(v2());
    expect(use.cpu).toMatchObject({ path: `/sys/fs/cgroup/${folder}/cpu.stat`, reading: { value: { usedMicros: 2_000_000, periods: 100, throttled: 12 } } }); // prettier-ignore
    expect(use.memory.reading).toMatchObject({ value: { usedBytes: 50e6, workingSetBytes: 42e6, limitHits: 3, oomKills: 1 } }); // prettier-ignore
    expect(use.tasks.reading).toEqual({ ok: true, value: 6 });
    expect(use.io.reading).toEqual({ ok: true, value: { readBytes: 11, writtenBytes: 22, reads: 1, writes: 1 } });
    expect(use.memoryDefinition).toBe('memory.current − inactive_file of memory.stat');
  });

  it('gives the tightest limit of each disk, and the cgroup above that sets it', () => {
    const limits = (more: Record<string, string>) => used(v2(more)).ioLimits;
    expect(limits({})).toEqual({ ok: true, value: [] });
    const own = { [`${folder}/io.max`]: '8:0 rbps=1000 wbps=max riops=7 wiops=max\n' };
    expect(limits({ ...own, 'system.slice/io.max': '8:0 rbps=500 wbps=9 riops=8 wiops=max\n' })).toEqual({
      ok: true,
      value: [
        { device: '8:0', what: 'rbps', value: 500, file: 'io.max', setBy: '/sys/fs/cgroup/system.slice' },
        { device: '8:0', what: 'riops', value: 7, file: 'io.max', setBy: null },
        { device: '8:0', what: 'wbps', value: 9, file: 'io.max', setBy: '/sys/fs/cgroup/system.slice' },
      ],
    });
    const kernel = v2({ ...own, 'system.slice/io.max': '' });
    kernel.close('/sys/fs/cgroup/system.slice/io.max', 'denied');
    expect(used(kernel).ioLimits).toMatchObject({ ok: false, why: 'denied' });
  });

  it('tells pressure where the kernel measures it, and leaves out what it does not', () => {
    const line = 'avg10=12.00 avg60=3.50 avg300=0.10 total=99';
    const { pressure } = used(v2({ [`${folder}/cpu.pressure`]: `some ${line}\nfull ${line}\n`, [`${folder}/io.pressure`]: 'what?\n' })); // prettier-ignore
    expect(pressure).toMatchObject([
      { resource: 'cpu', path: `/sys/fs/cgroup/${folder}/cpu.pressure`, reading: { value: { some: { avg10: 12, total: 99 } } } }, // prettier-ignore
      { resource: 'io', reading: { ok: false, why: 'malformed' } },
    ]);
    expect(used(v2()).pressure).toEqual([]);
  });

  it('is timed by a clock that no setting of the time moves, so that rates stay true', () => {
    const before = used(v2()).takenAt;
    vi.useFakeTimers({ toFake: ['Date'], now: 0 });
    onTestFinished(() => void vi.useRealTimers());
    expect(used(v2()).takenAt).toBeGreaterThanOrEqual(before);
    vi.setSystemTime(before + 86_400_000);
    expect(used(v2()).takenAt).toBeLessThan(before + 43_200_000);
  });

  it('counts every interface but lo', () => {
    expect(used(v2()).network.reading).toEqual({
      ok: true,
      value: { receivedBytes: 500, sentBytes: 70, interfaces: ['eth0'] },
    });
  });

  it('names the ancestor whose limit is the tightest', () => {
    const [memory] = used(v2({ 'system.slice/memory.max': '1000\n' })).limits;
    expect(memory).toMatchObject({ setBy: '/system.slice', effective: { limit: { value: 1000 } }, own: { limit: { value: 67108864 } } }); // prettier-ignore
  });

  it('calls a limit its own by whichever of its files', () => {
    const [memory, cpu] = used(v2({ [`${folder}/memory.high`]: '1000\n', [`${folder}/cpu.max`]: 'max 100000\n', [`${folder}/cpuset.cpus.effective`]: '4\n' })).limits; // prettier-ignore
    expect([memory?.effective.file, cpu?.effective.file]).toEqual(['memory.high', 'cpuset.cpus.effective']);
    expect([memory, cpu].map((one) => isOwn(one!))).toEqual([true, true]);
  });

  it('has no limit of what no controller is on for, neither in its cgroup nor above', () => {
    const kernel = v2();
    kernel.remove(`/sys/fs/cgroup/${folder}/cpu.max`);
    const use = used(kernel);
    expect(use.limits.map(({ resource }) => resource)).toEqual(['memory', 'pids']);
    expect(limitNow(use, 'cpu')).toBe('none');
    kernel.close(`/sys/fs/cgroup/${folder}/memory.max`, 'denied');
    expect(limitNow(used(kernel), 'memory')).toBe('unread');
  });

  it('says why a file could not be read, and no 0 for it', () => {
    const kernel = v2();
    kernel.close(`/sys/fs/cgroup/${folder}/io.stat`, 'denied');
    expect(used(kernel).io.reading).toMatchObject({ ok: false, why: 'denied' });
  });

  it('says so where the container has no cgroup of its own', () => {
    expect(readContainerUse(machine('0::/user.slice\n', V2, {}), { id: ID, pid: 7 }, host)).toBe(
      'it has no cgroup of its own',
    );
  });

  it('says so where the process has ended', () => {
    const kernel = v2();
    kernel.remove('/proc/7');
    expect(readContainerUse(kernel, { id: ID, pid: 7 }, host)).toContain('/proc/7/cgroup');
  });
});

const V1 = ['cpu,cpuacct', 'memory', 'pids', 'blkio']
  .map((id, at) => `3${at} 29 0:3${at} / /sys/fs/cgroup/${id} rw - cgroup cgroup rw,${id}\n`)
  .join('');
const V1_OF = `4:cpu,cpuacct:/docker/${ID}\n3:memory:/docker/${ID}\n2:pids:/docker/${ID}\n1:blkio:/docker/${ID}\n`;
const v1 = (): CapturedKernel =>
  machine(V1_OF, V1, {
    [`cpu,cpuacct/docker/${ID}/cpuacct.usage`]: '3000000000\n',
    [`cpu,cpuacct/docker/${ID}/cpu.stat`]: 'nr_periods 10\nnr_throttled 5\nthrottled_time 4000\n',
    [`memory/docker/${ID}/memory.usage_in_bytes`]: '5000\n',
    [`memory/docker/${ID}/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 1000\n',
    [`memory/docker/${ID}/memory.failcnt`]: '8\n',
    [`memory/docker/${ID}/memory.oom_control`]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    [`pids/docker/${ID}/pids.current`]: '4\n',
    [`blkio/docker/${ID}/blkio.throttle.io_service_bytes`]: '8:0 Read 40\n8:0 Write 50\n8:0 Total 90\nTotal 90\n',
    [`blkio/docker/${ID}/blkio.throttle.io_serviced`]: '8:0 Read 4\n8:0 Write 5\n8:0 Total 9\nTotal 9\n',
    [`blkio/docker/${ID}/blkio.throttle.write_bps_device`]: '8:0 900\n',
    'blkio/docker/blkio.throttle.write_bps_device': '8:0 1\n',
  });

describe('what a container uses, on v1', () => {
  it('is read from each hierarchy, in the same units as on v2', () => {
    const use = used(v1());
    expect(use.cpu.reading).toMatchObject({ value: { usedMicros: 3e6, periods: 10, throttled: 5, throttledMicros: 4 } }); // prettier-ignore
    expect(use.memory.reading).toMatchObject({ value: { usedBytes: 5000, workingSetBytes: 4000, limitHits: 8, oomKills: 2 } }); // prettier-ignore
    expect(use.io).toMatchObject({ file: 'blkio.throttle.io_service_bytes', reading: { value: { readBytes: 40, writtenBytes: 50, reads: 4, writes: 5 } } }); // prettier-ignore
    expect(use.ioLimits).toEqual({ ok: true, value: [{ device: '8:0', what: 'wbps', value: 900, file: 'blkio.throttle.write_bps_device', setBy: null }] }); // prettier-ignore
  });

  it('gives the memory of many for a list, and null for one that cannot be read', () => {
    const other = { id: 'b'.repeat(64), pid: 7 };
    expect(readMemoryNow(v1(), [{ id: ID, pid: 7 }, other])).toEqual([
      { id: ID, bytes: 4000 },
      { id: other.id, bytes: null },
    ]);
  });

  it('looks for the hierarchies once, however many containers there are', () => {
    const kernel = v1();
    readMemoryNow(kernel, Array(5).fill({ id: ID, pid: 7 }));
    expect(kernel.reads.filter((path) => path === '/proc/self/mountinfo')).toHaveLength(1);
  });
});
