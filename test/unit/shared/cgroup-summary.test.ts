import { describe, expect, it } from 'vitest';
import { readCgroupDetail } from '../../../electron/host/collect/cgroup-detail.ts';
import type { CgroupDetail } from '../../../shared/cgroup-model.ts';
import {
  cgroupSentence,
  cpuPercentBetween,
  cpuUse,
  limitHits,
  memoryUse,
  oomKills,
  pressures,
  throttledShare,
  throttledSince,
} from '../../../shared/cgroup-summary.ts';
import { microsInWords, numberInWords, shortText, valueInWords } from '../../../shared/cgroup-words.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const read = (version: 1 | 2, files: Record<string, string>, path = '/a'): CgroupDetail => {
  const kernel = new CapturedKernel();
  const v1 = ['memory', 'cpu', 'cpuacct', 'pids'];
  kernel.write('/proc/self/cgroup', version === 2 ? '0::/\n' : v1.map((name, i) => `${i + 1}:${name}:/\n`).join(''));
  kernel.write(
    '/proc/self/mountinfo',
    version === 2
      ? '31 29 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n'
      : v1.map((name) => `30 29 0:30 / /sys/fs/cgroup/${name} rw - cgroup cgroup rw,${name}\n`).join(''),
  );
  for (const [file, text] of Object.entries(files)) {
    const [controller] = file.split('/').at(-1)!.split('.');
    const folder = version === 2 ? '' : `/${controller}`;
    kernel.write(`/sys/fs/cgroup${folder}/${file}`, `${text}\n`);
  }
  return readCgroupDetail(kernel, path, { pageBytes: 4096, cpus: 8 });
};

describe('memory', () => {
  it('is reckoned without inactive_file in v2', () => {
    const use = memoryUse(read(2, { 'a/memory.current': '1000', 'a/memory.stat': 'anon 500\ninactive_file 300' }));
    expect(use).toMatchObject({ usedBytes: 1000, workingSetBytes: 700 });
    expect(use?.definition).toBe('memory.current − inactive_file of memory.stat');
    expect(use?.parts.map(({ key, bytes }) => [key, bytes])).toEqual([['anon', 500], ['inactive_file', 300]]); // prettier-ignore
  });

  it('is reckoned without total_inactive_file in v1, for usage counts all below', () => {
    const stat = 'inactive_file 1\ntotal_inactive_file 300\ntotal_rss 5';
    const use = memoryUse(read(1, { 'a/memory.usage_in_bytes': '1000', 'a/memory.stat': stat }));
    expect(use).toMatchObject({ usedBytes: 1000, workingSetBytes: 700 });
  });

  it('has no working set where memory.stat cannot tell, and none below zero', () => {
    expect(memoryUse(read(2, { 'a/memory.current': '1000' }))).toMatchObject({ workingSetBytes: null });
    const late = read(2, { 'a/memory.current': '10', 'a/memory.stat': 'inactive_file 20' });
    expect(memoryUse(late)).toMatchObject({ workingSetBytes: 0 });
    expect(memoryUse(read(2, { 'a/pids.max': 'max' }))).toBeNull();
  });
});

describe('CPU', () => {
  const v2 = (usage: number, throttled: number) =>
    read(2, { 'a/cpu.stat': `usage_usec ${usage}\nnr_periods 100\nnr_throttled ${throttled}\nthrottled_usec 7000` });

  it('is told in microseconds, whatever the version counts in', () => {
    expect(cpuUse(v2(5000, 12))).toEqual({ usedMicros: 5000, periods: 100, throttled: 12, throttledMicros: 7000 });
    const v1 = read(1, {
      'a/cpu.stat': 'nr_periods 100\nnr_throttled 12\nthrottled_time 7000000',
      'a/cpuacct.usage': '5000000',
    });
    expect(cpuUse(v1)).toEqual(cpuUse(v2(5000, 12)));
  });

  it('makes a rate of two readings, and none of one, of another cgroup or of too close ones', () => {
    const before = { ...v2(1_000_000, 12), takenAt: 1000 };
    const now = { ...v2(1_500_000, 12), takenAt: 2000 };
    expect(cpuPercentBetween(before, now)).toBe(50);
    expect(cpuPercentBetween(null, now)).toBeNull();
    expect(cpuPercentBetween({ ...before, path: '/b' }, now)).toBeNull();
    expect(cpuPercentBetween({ ...before, takenAt: 1900 }, now)).toBeNull();
    expect(cpuPercentBetween(now, { ...before, takenAt: 3000 })).toBeNull();
  });

  it('tells throttling of its whole life from throttling now', () => {
    expect(throttledShare(v2(1, 12))).toBe(0.12);
    expect(throttledSince(v2(1, 12), v2(2, 12))).toBe(false);
    expect(throttledSince(v2(1, 12), v2(2, 13))).toBe(true);
    expect(throttledShare(read(2, { 'a/cpu.stat': 'usage_usec 5' }))).toBeNull();
  });
});

describe('events and pressure', () => {
  it('are counted by either version', () => {
    const v2 = read(2, { 'a/memory.events': 'low 0\nhigh 0\nmax 3\noom 1\noom_kill 2' });
    expect([limitHits(v2), oomKills(v2)]).toEqual([3, 2]);
    const v1 = read(1, {
      'a/memory.failcnt': '3',
      'a/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2',
    });
    expect([limitHits(v1), oomKills(v1)]).toEqual([3, 2]);
    const none = read(2, { 'a/pids.max': 'max' });
    expect([limitHits(none), oomKills(none)]).toEqual([null, null]);
  });

  it('are not made up where a file says nothing', () => {
    const detail = read(2, { 'a/cpu.pressure': 'strange', 'a/pids.max': '1' });
    expect(pressures(detail)).toMatchObject([{ resource: 'cpu', pressure: null }]);
  });
});

describe('the sentence', () => {
  it('says who is in it, what holds and who sets it', () => {
    const files = {
      'a/memory.max': '67108864',
      'a/memory.current': '5',
      'a/b/memory.max': 'max',
      'a/b/memory.current': '5',
      'a/b/cpu.max': '50000 100000',
      'a/b/cpu.stat': 'nr_periods 100\nnr_throttled 12',
      'a/b/memory.events': 'oom_kill 1',
    };
    expect(cgroupSentence(read(2, files, '/a/b'), 3, 0)).toBe(
      '3 processes. May use 64 MiB (set by /a) and half a CPU. Throttled in 12 % of its periods. ' +
        'Out of memory: 1 process killed.',
    );
  });

  it('does not call free what a cpuset, memory.high or swap limits', () => {
    const free = { 'a/memory.max': 'max', 'a/memory.current': '1', 'a/cpu.max': 'max 100000', 'a/pids.max': 'max' };
    const says = (more: Record<string, string>) => cgroupSentence(read(2, { ...free, ...more }), 1, 0);
    expect(says({})).toBe('1 process. No limit on memory, CPU or tasks.');
    expect(says({ 'a/cpuset.cpus.effective': '0-7' })).toBe(says({}));
    expect(says({ 'a/cpuset.cpus.effective': '3' })).toBe('1 process. May use one CPU (3).');
    expect(says({ 'a/memory.high': '33554432' })).toBe('1 process. May use 32 MiB before it is slowed.');
    expect(says({ 'a/memory.swap.max': '0' })).toBe('1 process. May use no swap.');
    expect(says({ 'a/memory.swap.max': '1048576' })).toBe('1 process. May use 1 MiB of swap.');
    expect(says({ 'a/memory.max': '4096', 'a/memory.swap.max': '1048576' })).toBe('1 process. May use 4 KiB.');
  });

  it('says what has no limit, and what could not be read', () => {
    const free = read(2, {
      'a/memory.max': 'max',
      'a/memory.current': '1',
      'a/pids.max': 'max',
      'a/pids.current': '1',
    });
    expect(cgroupSentence(free, 1, 2)).toBe('1 process, 2 cgroups below. No limit on memory or tasks.');
    const odd = read(2, { 'a/pids.max': 'lots', 'a/pids.current': '1' });
    expect(cgroupSentence(odd, null, 0)).toBe(
      'Its processes could not be counted. Its limit on tasks could not be read.',
    );
  });
});

describe('words', () => {
  it.each([
    [0, '0 µs'],
    [950, '950 µs'],
    [34_000, '34 ms'],
    [6_390_000, '6.39 s'],
    [4_521e6, '1 h 15 min'],
    [2.6e11, '3 d 0 h'],
  ])(
    'says %d µs as %s', // prettier-ignore
    (micros, words) => expect(microsInWords(micros)).toBe(words),
  );

  it('knows each unit', () => {
    expect(numberInWords(67108864, 'bytes')).toBe('64 MiB');
    expect(numberInWords('max', 'bytes')).toBe('no limit');
    expect(numberInWords(1, 'tasks')).toBe('1 task');
    expect(numberInWords(1250, 'ticks')).toBe('12.5 s');
    expect(numberInWords(100, 'weight')).toBeNull();
  });

  it('says what share of their speed CPUs are asked for', () => {
    expect(valueInWords({ kind: 'text', text: '25.50' }, '%')).toBe('25.5 %');
    expect(valueInWords({ kind: 'text', text: 'max' }, '%')).toBe('100 %');
  });

  it('sums up what is not one line', () => {
    expect(shortText('max 100000\n')).toBe('max 100000');
    expect(shortText('a\nb\n')).toBeNull();
    expect(valueInWords({ kind: 'bandwidth', quota: 50000, period: 100000 }, 'µs')).toBe('half a CPU');
    expect(valueInWords({ kind: 'bandwidth', quota: 5, period: 0 }, 'µs')).toBeNull();
    expect(valueInWords({ kind: 'flat', entries: [['a', 1]] }, null)).toBe('1 number');
    expect(valueInWords({ kind: 'pids', count: 3, pids: [1, 2, 3] }, null)).toBe('3 entries');
  });
});
