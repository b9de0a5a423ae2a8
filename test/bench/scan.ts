/**
 * What a look at the machine costs, beside lsns, ps and pstree in the same run: --processes N adds N idle ones, --json.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { Collector } from '../../electron/host/collect/collector.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { diff } from '../../shared/delta.ts';
import { encodeUtf8 } from '../../shared/frames.ts';
import type { World } from '../../shared/model.ts';

const { values } = parseArgs({
  options: {
    processes: { type: 'string', default: '0' },
    looks: { type: 'string', default: '12' },
    interval: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
  },
});

const TOOLS: Readonly<Record<string, readonly string[]>> = {
  lsns: ['lsns'],
  ps: ['ps', '-eo', 'pid,ppid,stat,euser,tty,rss,vsz,args'],
  pstree: ['pstree', '-p'],
};
/** Enough for a median that a single disturbed run does not move. */
const RUNS = 9;

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? NaN;
const millisOf = (work: () => void): number => {
  const started = performance.now();
  work();
  return performance.now() - started;
};
const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));
const bytes = (value: unknown): number => encodeUtf8(JSON.stringify(value)).length;

/** Idle processes, in a process group of their own by which they are ended. */
const crowd = async (count: number): Promise<ChildProcess | null> => {
  if (count === 0) return null;
  const script = 'i=0; while [ $i -lt "$1" ]; do sleep 600 >/dev/null & i=$((i+1)); done; echo ready; wait';
  const shell = spawn('sh', ['-c', script, 'sh', String(count)], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  await once(shell.stdout, 'data');
  return shell;
};

const tools = (): Record<string, number | null> =>
  Object.fromEntries(
    Object.entries(TOOLS).map(([name, [command = '', ...args]]) => {
      const run = () => void execFileSync(command, args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1e8 });
      try {
        run();
        return [name, median(Array.from({ length: RUNS }, () => millisOf(run)))];
      } catch {
        return [name, null];
      }
    }),
  );

const measure = async () => {
  // A denied file is an exception; the sampler does without their stacks too.
  Error.stackTraceLimit = 0;
  const kernel = new LinuxKernel();
  const whole = () => new Collector(kernel).collect([], []);
  const firstMillis = millisOf(whole);
  const fulls = Array.from({ length: RUNS }, () => whole());
  const collector = new Collector(kernel);
  let world: World = collector.collect([], []);
  const looks: World[] = [];
  const deltas: number[] = [];
  const diffMillis: number[] = [];
  for (let i = 0; i < Number(values.looks); i++) {
    await pause(Number(values.interval));
    const next = collector.collect([], []);
    diffMillis.push(millisOf(() => deltas.push(bytes(diff(world, next)))));
    looks.push(next);
    world = next;
  }
  return {
    processes: world.processes.length,
    firstMillis,
    fullMillis: median(fulls.map(({ scanMillis }) => scanMillis)),
    fullBytes: bytes(world),
    steadyMillis: median(looks.map(({ scanMillis }) => scanMillis)),
    steadyCpuMillis: looks.reduce((sum, { scanCpuMillis }) => sum + scanCpuMillis, 0) / looks.length,
    diffMillis: median(diffMillis),
    deltaBytes: median(deltas),
    toolMillis: tools(),
  };
};

const shell = await crowd(Number(values.processes));
try {
  const result = await measure();
  const ratio = Object.fromEntries(
    Object.entries(result.toolMillis).map(([name, millis]) => [
      name,
      millis === null ? null : { full: result.fullMillis / millis, steady: result.steadyMillis / millis },
    ]),
  );
  if (values.json) console.log(JSON.stringify({ bench: 'scan', ...result, ratio }));
  else {
    const ms = (millis: number) => `${millis.toFixed(1)} ms`.padStart(10);
    console.log(`${result.processes} processes`);
    console.log(`first look        ${ms(result.firstMillis)}  cold, as the command line does it`);
    console.log(`full look         ${ms(result.fullMillis)}  ${result.fullBytes} bytes`);
    console.log(`steady look       ${ms(result.steadyMillis)}  ${ms(result.steadyCpuMillis)} of CPU on average`);
    console.log(`difference        ${ms(result.diffMillis)}  ${result.deltaBytes} bytes`);
    for (const [name, millis] of Object.entries(result.toolMillis)) {
      const by = ratio[name];
      if (millis === null || by == null) console.log(`${name.padEnd(17)} not installed`);
      else {
        const times = `a full look is ${by.full.toFixed(2)} of it, a steady one ${by.steady.toFixed(2)}`;
        console.log(`${name.padEnd(17)} ${ms(millis)}  ${times}`);
      }
    }
  }
} finally {
  if (shell?.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
}
