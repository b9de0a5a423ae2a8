import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Process, World } from '../../../shared/model.ts';
import { cpuPercent, cpuPercents, threadPercents } from '../../../shared/rates.ts';
import { worldOf } from './any-world.ts';

const host = { clockTicksPerSecond: 100 };
const at = (cpuTicks: number, key = '1@2') => ({ key, cpuTicks }) as Process;

describe('cpuPercent', () => {
  it('is of one CPU: two threads at work are 200', () => {
    expect(cpuPercent(at(1000), at(1050), 1, host)).toBe(50);
    expect(cpuPercent(at(1000), at(1400), 2, host)).toBe(200);
    expect(cpuPercent(at(1000), at(1000), 1, host)).toBe(0);
  });

  it('is not known at first sight, of another process with that pid, or without time in between', () => {
    expect(cpuPercent(undefined, at(5), 1, host)).toBeNull();
    expect(cpuPercent(at(5, '1@1'), at(9, '1@2'), 1, host)).toBeNull();
    expect(cpuPercent(at(5), at(9), 0, host)).toBeNull();
    expect(cpuPercent(at(5), at(9), -1, host)).toBeNull();
  });

  it('is never below zero, though utime may step back where the kernel scales it', () => {
    expect(cpuPercent(at(9), at(5), 1, host)).toBe(0);
  });
});

describe('cpuPercents', () => {
  it('answers for each process that is there, and for no other', () => {
    fc.assert(
      fc.property(worldOf, worldOf, (before: World, now: World) => {
        const percents = cpuPercents(before, now);
        expect([...percents.keys()]).toEqual(now.processes.map(({ key }) => key));
        expect([...cpuPercents(null, now).values()].every((percent) => percent === null)).toBe(true);
      }),
    );
  });
});

describe('threadPercents', () => {
  const thread = (tid: number, cpuTicks: number, starttime = 1) => ({ tid, starttime, cpuTicks });
  it('are of the threads that both sightings have, and of no other that got the number of one', () => {
    const before = { clock: 0, threads: [thread(7, 10), thread(8, 10), thread(9, 50)] };
    const now = { clock: 500, threads: [thread(7, 35), thread(8, 12, 2), thread(9, 40), thread(10, 5)] };
    expect(threadPercents(now, before, 100)).toEqual(new Map([[7, 50]]));
    expect(threadPercents(before, before, 100)).toEqual(new Map());
  });
});
