import { describe, expect, it } from 'vitest';
import { readCgroupDetail } from '../../../electron/host/collect/cgroup-detail.ts';
import type { CgroupDetail } from '../../../shared/cgroup-model.ts';
import { eventScope, forksRefused, frozen, limitHits, oomKills } from '../../../shared/cgroup-events.ts';
import { memoryUse, partsInWords } from '../../../shared/cgroup-memory-use.ts';
import {
  cgroupSentence,
  cpuPercentBetween,
  cpuUse,
  pressures,
  throttledNow,
  throttledShare,
} from '../../../shared/cgroup-summary.ts';
import { microsInWords, numberInWords, shortText, valueInWords } from '../../../shared/cgroup-words.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

const read = (version: 1 | 2, files: Record<string, string>, path = '/a', options = ''): CgroupDetail => {
  const kernel = new CapturedKernel();
  const v1 = ['memory', 'cpu', 'cpuacct', 'pids', 'freezer'];
  kernel.write('/proc/self/cgroup', version === 2 ? '0::/\n' : v1.map((name, i) => `${i + 1}:${name}:/\n`).join(''));
  kernel.write(
    '/proc/self/mountinfo',
    version === 2
      ? `31 29 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,${options}\n`
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
    expect(use?.parts.map(({ key, bytes }) => [key, bytes])).toEqual([['anon', 500], ['inactive_file', 300], ['other', 200]]); // prettier-ignore
  });

  it('is reckoned without total_inactive_file in v1, for usage counts all below', () => {
    const stat = 'inactive_file 1\ntotal_inactive_file 300\ntotal_rss 5';
    const use = memoryUse(read(1, { 'a/memory.usage_in_bytes': '1000', 'a/memory.stat': stat }));
    expect(use).toMatchObject({ usedBytes: 1000, workingSetBytes: 700 });
  });

  it('is made of parts that come to the whole, the kernel’s and the network’s too', () => {
    const parts = (stat: string) =>
      partsInWords(memoryUse(read(2, { 'a/memory.current': '10240', 'a/memory.stat': stat }))!);
    expect(parts('anon 4096\nkernel 2048\nsock 1024\nslab 1024')).toBe(
      'programs 4 KiB, kernel 2 KiB, network buffers 1 KiB, other 3 KiB',
    );
    // Before Linux 5.18 the kernel's own are not summed up.
    expect(parts('anon 4096\nslab_reclaimable 1024\nslab_unreclaimable 1024\nkernel_stack 512\npercpu 512')).toBe(
      'programs 4 KiB, kernel 3 KiB, other 3 KiB',
    );
    // What moved between two reads makes no negative rest.
    expect(parts('anon 20480')).toBe('programs 20 KiB');
    const v1 = read(1, { 'a/memory.usage_in_bytes': '8192', 'a/memory.kmem.usage_in_bytes': '2048', 'a/memory.stat': 'total_rss 4096' }); // prettier-ignore
    expect(partsInWords(memoryUse(v1)!)).toBe('programs 4 KiB, kernel 2 KiB, other 2 KiB');
  });

  it('of v2’s root is what memory.stat comes to, for there is nothing else', () => {
    const use = memoryUse(read(2, { 'memory.stat': 'anon 4096\nkernel 1024' }, '/'));
    expect(use).toMatchObject({
      usedBytes: 5120,
      workingSetBytes: null,
      definition: expect.stringMatching(/the root/),
    });
  });

  it('has no working set where memory.stat cannot tell, and none below zero', () => {
    expect(memoryUse(read(2, { 'a/memory.current': '1000' }))).toMatchObject({ workingSetBytes: null });
    const late = read(2, { 'a/memory.current': '10', 'a/memory.stat': 'inactive_file 20' });
    expect(memoryUse(late)).toMatchObject({ workingSetBytes: 0 });
    expect(memoryUse(read(2, { 'a/pids.max': 'max' }))).toBeNull();
  });
});

describe('CPU', () => {
  const v2 = (usage: number, throttled: number, periods = 100) =>
    read(2, {
      'a/cpu.stat': `usage_usec ${usage}\nnr_periods ${periods}\nnr_throttled ${throttled}\nthrottled_usec 7000`,
    });

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
    expect(throttledNow(v2(1, 12), v2(2, 12))).toBe(0);
    expect(throttledNow(v2(1, 12), v2(2, 17, 110))).toBe(0.5);
    expect(throttledNow(null, v2(2, 13))).toBeNull();
    expect(throttledNow(v2(1, 12), { ...v2(2, 17), path: '/b' })).toBeNull();
    expect(throttledShare(read(2, { 'a/cpu.stat': 'usage_usec 5' }))).toBeNull();
  });
});

describe('events and pressure', () => {
  it('are counted in v2 with all below and, by a file of its own, without', () => {
    const files = { 'a/memory.events': 'low 0\nhigh 0\nmax 3\noom 1\noom_kill 2' };
    const older = read(2, files);
    expect([limitHits(older), oomKills(older)]).toMatchObject([{ count: 3, own: null }, { count: 2, own: null }]); // prettier-ignore
    expect(eventScope(limitHits(older)!)).toBe('here and below');
    const v2 = read(2, { ...files, 'a/memory.events.local': 'max 1\noom_kill 0' });
    expect(limitHits(v2)).toEqual({ count: 3, of: 'here and below', own: 1 });
    expect(eventScope(limitHits(v2)!)).toBe('here and below; 1 of this cgroup alone');
    const none = read(2, { 'a/pids.max': 'max' });
    expect([limitHits(none), oomKills(none), forksRefused(none)]).toEqual([null, null, null]);
  });

  it('are counted in v1 for the cgroup alone', () => {
    const v1 = read(1, {
      'a/memory.failcnt': '3',
      'a/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2',
      'a/pids.events': 'max 4',
    });
    const told = [limitHits(v1), oomKills(v1), forksRefused(v1)];
    expect(told.map((event) => [event?.count, event?.of])).toEqual([
      [3, 'this cgroup alone'],
      [2, 'this cgroup alone'],
      [4, 'this cgroup alone'],
    ]);
  });

  it('are of the cgroup alone in v2 as well, where it is mounted so or the kernel counts no other way', () => {
    const local = read(
      2,
      { 'a/memory.events': 'max 3\noom_kill 2', 'a/pids.events': 'max 5' },
      '/a',
      'memory_localevents',
    );
    expect(limitHits(local)).toEqual({ count: 3, of: 'this cgroup alone', own: 3 });
    expect(forksRefused(local)).toMatchObject({ count: 5, of: 'this cgroup alone' });
    const apart = read(2, { 'a/pids.events': 'max 5', 'a/pids.events.local': 'max 0' });
    expect(forksRefused(apart)).toEqual({ count: 5, of: 'here and below', own: 0 });
  });

  it('know a frozen cgroup, and whether it was frozen itself', () => {
    const v2 = (freeze: number, all: number) => frozen(read(2, { 'a/cgroup.freeze': `${freeze}`, 'a/cgroup.events': `populated 1\nfrozen ${all}` })); // prettier-ignore
    expect([v2(0, 0), v2(1, 0), v2(1, 1), v2(0, 1)]).toEqual([
      null,
      { whole: false, itself: true },
      { whole: true, itself: true },
      { whole: true, itself: false },
    ]);
    const v1 = (state: string, self: number) => frozen(read(1, { 'a/freezer.state': state, 'a/freezer.self_freezing': `${self}` })); // prettier-ignore
    expect([v1('THAWED', 0), v1('FREEZING', 1), v1('FROZEN', 0)]).toEqual([
      null,
      { whole: false, itself: true },
      { whole: true, itself: false },
    ]);
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
      '3 processes. May use 64 MiB (set by /a) and half a CPU. Throttled in 12 % of its periods since it was made. ' +
        'Out of memory: 1 process killed.',
    );
  });

  it('says first that it is frozen, and where processes were killed', () => {
    const files = { 'a/cgroup.freeze': '1', 'a/cgroup.events': 'populated 1\nfrozen 1' };
    expect(cgroupSentence(read(2, files), 2, 0)).toBe('2 processes. Frozen: none of its processes runs.');
    const killed = { 'a/memory.events': 'oom_kill 3', 'a/memory.events.local': 'oom_kill 1' };
    expect(cgroupSentence(read(2, killed), 0, 1)).toContain('Out of memory: 3 processes killed, 1 of them here.');
  });

  it('does not call free what a cpuset, memory.high or swap limits', () => {
    const free = { 'a/memory.max': 'max', 'a/memory.current': '1', 'a/cpu.max': 'max 100000', 'a/pids.max': 'max' };
    const says = (more: Record<string, string>) => cgroupSentence(read(2, { ...free, ...more }), 1, 0);
    expect(says({})).toBe('1 process. No limit on memory, CPU or tasks.');
    expect(says({ 'a/cpuset.cpus.effective': '0-7' })).toBe(says({}));
    expect(says({ 'a/cpuset.cpus.effective': '3' })).toBe('1 process. May use one CPU (3).');
    const above = read(2, { 'a/cpuset.cpus.effective': '3', 'a/b/cpu.max': 'max 100000' }, '/a/b');
    expect(cgroupSentence(above, 1, 0)).toBe('1 process. May use one CPU (3, set by /a).');
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
