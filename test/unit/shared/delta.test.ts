import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, diff, type WorldDelta } from '../../../shared/delta.ts';
import type { World } from '../../../shared/model.ts';
import { same } from '../../../shared/same.ts';
import { worldOf } from './any-world.ts';

const sent = (delta: WorldDelta): WorldDelta => JSON.parse(JSON.stringify(delta)) as WorldDelta;
/** The same machine a moment later: some rows as they were, some changed a little, some gone, some new. */
const pairs = fc.oneof(
  fc.tuple(worldOf, worldOf),
  fc.tuple(worldOf, worldOf, fc.infiniteStream(fc.nat({ max: 3 }))).map(([a, b, dice]): [World, World] => {
    const throwDice = () => dice.next().value as number;
    const kept = a.processes.flatMap((process) => {
      const now = throwDice();
      return now === 0 ? [] : now === 1 ? [{ ...process, cpuTicks: process.cpuTicks + 1 }] : [process];
    });
    const born = b.processes.filter(({ pid }) => throwDice() === 0 && kept.every((process) => process.pid !== pid));
    return [a, { ...a, takenAt: b.takenAt, processes: [...kept, ...born].sort((x, y) => x.pid - y.pid) }];
  }),
);

const CASES = { numRuns: 10_000 };
const MILLIS = 120_000;

describe('a delta', () => {
  it(
    'makes the second world of the first, also after a journey as JSON',
    () => {
      fc.assert(
        fc.property(pairs, ([a, b]) => {
          const there = apply(a, sent(diff(a, b)));
          expect(same(there, b)).toBe(true);
          // The order of rows is part of it, which `same` sees; the order of keys is not.
          expect(there).toEqual(b);
        }),
        CASES,
      );
    },
    MILLIS,
  );

  it(
    'says nothing of what did not change, and leaves it the same object',
    () => {
      fc.assert(
        fc.property(worldOf, (world) => {
          const copy = structuredClone(world);
          const delta = diff(world, { ...copy, takenAt: world.takenAt + 1 });
          expect(Object.keys(delta).sort()).toEqual(['scanCpuMillis', 'scanMillis', 'takenAt', 'uptimeSeconds']);
          const there = apply(world, delta);
          expect(there.processes).toBe(world.processes);
          expect(there.namespaces).toBe(world.namespaces);
          expect(there.host).toBe(world.host);
        }),
        CASES,
      );
    },
    MILLIS,
  );

  it(
    'leaves rows beside a changed one the same objects, and sends of that one only what changed',
    () => {
      fc.assert(
        fc.property(worldOf, (world) => {
          const [first, ...others] = world.processes;
          if (first === undefined) return;
          const b = { ...world, processes: [{ ...first, cpuTicks: first.cpuTicks + 7 }, ...others] };
          const delta = diff(world, b);
          expect(delta.processes).toEqual({
            gone: [],
            born: [],
            changed: [[first.key, { cpuTicks: first.cpuTicks + 7 }]],
          });
          const there = apply(world, sent(delta)).processes;
          expect(there.slice(1).every((process, i) => process === others[i])).toBe(true);
        }),
        CASES,
      );
    },
    MILLIS,
  );

  it(
    'tells a reused pid from the process that had it before',
    () => {
      fc.assert(
        fc.property(worldOf, (world) => {
          const [first, ...others] = world.processes;
          if (first === undefined) return;
          const heir = { ...first, key: `${first.pid}@99` as const, starttime: 99 };
          const delta = diff(world, { ...world, processes: [heir, ...others] });
          expect(delta.processes).toEqual({ gone: [first.key], born: [heir], changed: [] });
        }),
        CASES,
      );
    },
    MILLIS,
  );
});
