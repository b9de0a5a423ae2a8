/** The collector by itself: what whole and further looks take, and how much of them travels. */
import { Collector } from '../../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../../electron/host/read/kernel.ts';
import type { ReadMany } from '../../../electron/host/read/read-many.ts';
import { diff } from '../../../shared/delta.ts';
import { encodeUtf8 } from '../../../shared/frames.ts';
import type { World } from '../../../shared/model.ts';
import { atMost, median, pause } from './numbers.ts';

export interface Looks {
  readonly processes: number;
  /** The very first, in a program just started, as the command line makes it. */
  readonly firstMillis: number;
  /** Later ones, each by a collector that knows nothing yet. */
  readonly fullMillis: number;
  /** Of all threads that look; unlike the time, it does not depend on what else the machine does. */
  readonly fullCpuMillis: number;
  readonly fullBytes: number;
  readonly steadyMillis: number;
  readonly steadyCpuMillis: number;
  readonly steadyBytes: number;
  /** After a hundredth of the crowd was replaced; `null` without a crowd. */
  readonly churnMillis: number | null;
  readonly churnBytes: number | null;
  readonly churnDiffMillis: number | null;
}

const WARM_MILLIS = 3000;

const bytes = (value: unknown): number => encodeUtf8(JSON.stringify(value)).length;

/** `churn` replaces some of the crowd. */
export const measureLooks = async (
  readMany: ReadMany | null,
  { fulls, looks, interval }: { readonly fulls: number; readonly looks: number; readonly interval: number },
  churn: (() => Promise<void>) | null,
): Promise<Looks> => {
  // A denied file is an exception where koffi is absent; the sampler does without their stacks too.
  Error.stackTraceLimit = 0;
  const kernel = new LinuxKernel(undefined, readMany);
  const whole = () => {
    const collector = new Collector(kernel);
    return collector.collect([], []);
  };
  const firstMillis = whole().scanMillis;
  // V8 compiles for seconds what a small machine needs milliseconds of.
  const until = performance.now() + WARM_MILLIS;
  while (performance.now() < until) whole();
  const full = atMost(fulls, Infinity, whole);
  const collector = new Collector(kernel);
  let world: World = collector.collect([], []);
  const further = async (count: number, before: () => Promise<void>) => {
    const millis: number[] = [];
    const cpuMillis: number[] = [];
    const sizes: number[] = [];
    const diffs: number[] = [];
    for (let i = 0; i < count; i++) {
      await before();
      const next = collector.collect([], []);
      const started = performance.now();
      const delta = diff(world, next);
      diffs.push(performance.now() - started);
      sizes.push(bytes(delta));
      millis.push(next.scanMillis);
      cpuMillis.push(next.scanCpuMillis);
      world = next;
    }
    const mean = cpuMillis.reduce((sum, each) => sum + each, 0) / count;
    return { millis: median(millis), cpuMillis: mean, bytes: median(sizes), diffMillis: median(diffs) };
  };
  const steady = await further(looks, () => pause(interval));
  const churned = churn === null ? null : await further(Math.max(3, looks >> 1), churn);
  return {
    processes: world.processes.length,
    firstMillis,
    fullMillis: median(full.map(({ scanMillis }) => scanMillis)),
    fullCpuMillis: median(full.map(({ scanCpuMillis }) => scanCpuMillis)),
    fullBytes: bytes(world),
    steadyMillis: steady.millis,
    steadyCpuMillis: steady.cpuMillis,
    steadyBytes: steady.bytes,
    churnMillis: churned?.millis ?? null,
    churnBytes: churned?.bytes ?? null,
    churnDiffMillis: churned?.diffMillis ?? null,
  };
};
