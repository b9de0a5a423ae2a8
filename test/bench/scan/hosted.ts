/** The sampler as the host runs it: a worker thread, one page that takes every frame, once a second. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Sampler } from '../../../electron/host/sample/sampler.ts';
import { median, pause } from './numbers.ts';

export interface Hosted {
  readonly frames: number;
  /** At one look a second, after the first ones. */
  readonly cpuSecondsPerMinute: number;
  /** The longest that the main thread did not come to its timers, the first whole frame included. */
  readonly stallMillis: number;
  /** Of the whole program; Node itself takes about 45 MB. */
  readonly peakBytes: number;
  /** Resident in the first half of what is measured and in the second, medians for it rises and falls: flat if they are close. */
  readonly earlyBytes: number;
  readonly lateBytes: number;
  readonly firstFrameBytes: number;
  readonly frameBytes: number;
}

const TIMER_MILLIS = 2;
/** For a frame that does not come. */
const PATIENCE_MILLIS = 60_000;

/**
 * `script`: the built sampler. `seconds` of looking are measured, after `settle` of them: at a machine at rest, or at one of
 * which `churn` replaces some processes once a second; only there stalls are counted all the time, for counting costs CPU.
 */
export const measureHosted = async (
  script: string,
  seconds: number,
  settle: number,
  churn: (() => Promise<void>) | null = null,
): Promise<Hosted> => {
  const sampler = new Sampler(pathToFileURL(script));
  let stallMillis = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    stallMillis = Math.max(stallMillis, now - last - TIMER_MILLIS);
    last = now;
  }, TIMER_MILLIS);
  const sizes: number[] = [];
  const resident: number[] = [];
  let came = () => {};
  const first = new Promise<void>((resolve) => (came = resolve));
  sampler.attach('bench', ({ seq, json }) => {
    sizes.push(json.length);
    resident.push(process.memoryUsage.rss());
    sampler.ready('bench', seq);
    came();
  });
  sampler.onFailure((message) => console.error(message));
  await first;
  /** On a large machine a look takes longer than a second. */
  const framesAfter = async (frames: number, millis: number): Promise<void> => {
    const [wanted, until] = [sizes.length + frames, performance.now() + PATIENCE_MILLIS];
    await pause(millis);
    while (sizes.length < wanted && performance.now() < until) await pause(100);
  };
  await framesAfter(2, settle * 1000);
  if (churn === null) clearInterval(timer);
  const cpu = process.cpuUsage();
  const before = sizes.length;
  const started = performance.now();
  if (churn === null) await framesAfter(2, seconds * 1000);
  else {
    for (let second = 0; second < seconds; second++) {
      await churn();
      await framesAfter(1, 1000);
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  const minutes = (performance.now() - started) / 60_000;
  const half = before + Math.ceil((resident.length - before) / 2);
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  clearInterval(timer);
  await sampler.close();
  return {
    frames: sizes.length,
    cpuSecondsPerMinute: (user + system) / 1e6 / minutes,
    stallMillis,
    peakBytes: Number(peak) * 1024,
    earlyBytes: median(resident.slice(before, half)),
    lateBytes: median(resident.slice(half)),
    firstFrameBytes: sizes[0] ?? NaN,
    frameBytes: median(sizes.slice(before)),
  };
};
