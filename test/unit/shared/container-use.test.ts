import { describe, expect, it } from 'vitest';
import {
  NO_ENGINE_LIMITS,
  pointBetween,
  throttledBetween,
  type ContainerUse,
  type Counted,
} from '../../../shared/container-use.ts';
import { limitNow, useSentence, withoutLimit } from '../../../shared/container-use-words.ts';
import type { CgroupAllowance } from '../../../shared/cgroup-model.ts';

const read = <T>(value: T): Counted<T> => ({ file: 'f', path: '/f', reading: { ok: true, value } });
const unread: Counted<never> = {
  file: 'f',
  path: null,
  reading: { ok: false, why: 'denied', call: 'open("f")', errno: 'EACCES' },
};

interface Given {
  readonly at?: number;
  readonly micros?: number;
  readonly periods?: number | null;
  readonly throttled?: number | null;
  readonly memory?: number;
}
const use = ({ at = 0, micros = 0, periods = 0, throttled = 0, memory = 41 }: Given = {}): ContainerUse => ({
  takenAt: at,
  source: 'cgroup',
  because: null,
  memoryDefinition: '',
  cpu: read({ usedMicros: micros, periods, throttled, throttledMicros: 0 }),
  memory: read({ usedBytes: memory + 7, workingSetBytes: memory, limitHits: 0, oomKills: 0 }),
  tasks: read(6),
  io: read({ readBytes: at * 2, writtenBytes: at * 3, reads: at / 100, writes: null }),
  network: read({ receivedBytes: at, sentBytes: 0, interfaces: ['eth0'] }),
  limits: [],
  ioLimits: { ok: true, value: [] },
  engineLimits: NO_ENGINE_LIMITS,
});

describe('a point between two readings', () => {
  it('makes rates of counters, each by the time between', () => {
    const point = pointBetween(use({ at: 1000, micros: 0 }), use({ at: 3000, micros: 500_000, memory: 12 }));
    expect(point).toMatchObject({ cpuPercent: 25, readRate: 2000, writeRate: 3000, receiveRate: 1000, sendRate: 0 });
    expect(point).toMatchObject({ readsRate: 10, writesRate: null });
    expect(point).toMatchObject({ memoryBytes: 12, tasks: 6 });
  });

  it('says no rate of the first reading, of two at once, or of a counter begun anew', () => {
    expect(pointBetween(null, use()).cpuPercent).toBeNull();
    expect(pointBetween(use({ at: 0 }), use({ at: 100, micros: 9 })).cpuPercent).toBeNull();
    expect(pointBetween(use({ at: 0, micros: 900 }), use({ at: 1000, micros: 10 })).cpuPercent).toBeNull();
  });

  it('says no rate between two sources that count from different moments', () => {
    const engine = { ...use({ at: 1000, micros: 500_000 }), source: 'engine' as const };
    expect(pointBetween(use({ at: 0 }), engine).cpuPercent).toBeNull();
  });

  it('leaves unknown what could not be read, and never says 0 of it', () => {
    const point = pointBetween(use({ at: 0 }), { ...use({ at: 1000 }), memory: unread, io: unread, tasks: unread });
    expect(point).toMatchObject({ memoryBytes: null, readRate: null, writeRate: null, tasks: null });
  });

  it('gives the share of throttled periods, 0 where none passed', () => {
    const before = use({ at: 0, periods: 10, throttled: 1 });
    expect(pointBetween(before, use({ at: 1000, periods: 20, throttled: 6 })).throttledShare).toBe(0.5);
    expect(pointBetween(before, use({ at: 1000, periods: 10, throttled: 1 })).throttledShare).toBe(0);
    expect(pointBetween(before, use({ at: 1000, periods: null, throttled: null })).throttledShare).toBeNull();
    expect(throttledBetween(before, use({ at: 9000, periods: 110, throttled: 13 }))).toBe(0.12);
  });
});

const allowance = (resource: 'cpu' | 'memory', limit: number | 'max', setBy = '/a'): CgroupAllowance => {
  const path = setBy === '/a' ? '/sys/a' : '/sys/above';
  const level = { resource, file: `${resource}.max`, path, limit: { ok: true as const, value: limit }, used: null };
  return { resource, own: { ...level, path: '/sys/a' }, effective: level, setBy };
};

describe('the sentence above the charts', () => {
  it('says how often it was throttled, what it wants, and how full its memory is', () => {
    const limits = [allowance('cpu', 0.5), allowance('memory', 64)];
    const now = { ...use({ at: 9000, periods: 110, throttled: 13 }), limits };
    expect(useSentence(now, use({ periods: 10, throttled: 1 }))).toBe(
      'Throttled in 12 % of its periods: it wants more than half a CPU. Memory is at 64 % of its limit.',
    );
  });

  it('names the cgroup above whose limit holds', () => {
    const now = { ...use(), limits: [allowance('cpu', 1), allowance('memory', 82, '/system.slice')] };
    expect(useSentence(now, null)).toBe('Memory is at 50 % of the limit that system.slice sets.');
    expect(limitNow(now, 'memory')).toEqual({ value: 82, file: 'memory.max', setBy: '/system.slice' });
  });

  it('says what its tasks waited for, when that was long', () => {
    const of = (avg10: number) => ({ ok: true as const, value: { some: { avg10, avg60: 0, avg300: 0, total: 1 }, full: null } }); // prettier-ignore
    const pressure = [
      { resource: 'cpu' as const, path: '/cpu.pressure', reading: of(41.6) },
      { resource: 'io' as const, path: '/io.pressure', reading: of(9) },
    ];
    expect(useSentence({ ...use(), pressure }, null)).toContain('Of the last 10 s its tasks waited for a CPU 42 %.');
    expect(useSentence(use(), null)).not.toContain('waited');
  });

  it('says that there is no limit', () => {
    expect(useSentence({ ...use(), limits: [allowance('cpu', 'max'), allowance('memory', 'max')] }, null)).toBe(
      'No limit on CPU or memory.',
    );
  });

  it('never says so of a limit that it could not read', () => {
    const denied = { ok: false as const, why: 'denied' as const, call: 'open("/sys/a")', errno: 'EACCES' };
    const memory = allowance('memory', 'max');
    const closed = { ...memory, effective: { ...memory.effective, limit: denied } };
    const now = { ...use(), limits: [allowance('cpu', 'max'), closed] };
    expect(useSentence(now, null)).toBe('No limit on CPU. Its limit on memory is not readable.');
    expect(limitNow(now, 'memory')).toBe('unread');
    expect([withoutLimit(now, 'cpu'), withoutLimit(now, 'memory')]).toEqual(['no limit', 'limit not readable']);
  });

  it('takes an engine’s word for a limit where that is the source, and says what it did not tell', () => {
    const engine = { ...use(), source: 'engine' as const };
    const told = { ...engine, engineLimits: { cpu: 0.5, memory: 82, pids: 'max' as const } };
    expect(useSentence(told, null)).toBe('Memory is at 50 % of its limit.');
    expect(withoutLimit(told, 'pids')).toBe('no limit');
    expect(useSentence(engine, null)).toBe('Its limits on CPU and memory are not readable.');
  });

  it('says of a container without a cgroup of its own that it has no limits of its own, not that there are none', () => {
    const summed = { ...use(), source: 'processes' as const };
    expect(useSentence(summed, null)).toBe('It has no cgroup of its own, and so no limits of its own.');
    expect(withoutLimit(summed, 'memory')).toBe('no limit of its own');
  });
});
