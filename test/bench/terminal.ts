/** How fast a flood goes through a terminal of the host, beside node-pty alone and the screen's parser alone. */
import { parseArgs } from 'node:util';
import { spawn } from 'node-pty';
import { Screen } from '../../electron/host/shells/screen.ts';
import { Terminals } from '../../electron/host/shells/terminals.ts';
import { NO_UNSHARE } from '../../shared/unshare-presets.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, megabytes: { type: 'string', default: '50' } },
});
const BYTES = Number(values.megabytes) * 1_000_000;
const LINE = 'drwxr-xr-x  2 root root   4096 Nov 23 18:40 \u001b[01;34mpörthole\u001b[0m';
const PROGRAM = ['sh', '-c', `yes '${LINE}' | head -c ${BYTES}`];
const SIZE = { cols: 120, rows: 40 } as const;

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** What came, newlines made two by the terminal. */
  readonly bytes: number;
  /** How much the process grew at most while it ran. */
  readonly grownBytes: number;
}

const measured = async (flood: () => Promise<number>): Promise<Run> => {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const bytes = await flood();
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes, grownBytes: most - before };
};

const plain = (): Promise<number> =>
  new Promise((resolve) => {
    let bytes = 0;
    const [file = '', ...args] = PROGRAM;
    const pty = spawn(file, args, { ...SIZE, encoding: null });
    pty.onData((chunk) => (bytes += chunk.length));
    pty.onExit(() => resolve(bytes));
  });

const parser = (): Promise<number> =>
  new Promise((resolve) => {
    const screen = new Screen(SIZE.cols, SIZE.rows, () => {});
    // As a terminal gives it: pieces of 4 KB, a screenful of them at a time.
    const piece = Buffer.from(`${LINE}\r\n`.repeat(60)).subarray(0, 4095);
    let bytes = 0;
    const next = (): void => {
      if (bytes >= BYTES) return resolve(bytes);
      for (let turn = 0; turn < 15; turn++) screen.write(piece, () => {});
      bytes += 16 * piece.length;
      screen.write(piece, next);
    };
    next();
  });

const host = async (): Promise<number> => {
  const terminals = new Terminals({ namespacesOf: async () => null });
  let bytes = 0;
  const ended = new Promise<void>((resolve) => terminals.onChange(([info]) => info?.ended && resolve()));
  const { id } = await terminals.unshare({ ...NO_UNSHARE, program: PROGRAM }, SIZE.cols, SIZE.rows);
  terminals.attach('bench', id, (chunk) => {
    bytes += chunk.length;
    terminals.acknowledge('bench', id, chunk.length);
  });
  await ended;
  await terminals.shutdown();
  return bytes;
};

const runs = { plain: await measured(plain), parser: await measured(parser), host: await measured(host) };
const speed = ({ bytes, seconds }: Run): number => bytes / 1e6 / seconds;
const result = {
  megabytes: BYTES / 1e6,
  runs,
  /** 1 would be a host that costs nothing beside the other. */
  hostToPlain: speed(runs.host) / speed(runs.plain),
  hostToParser: speed(runs.host) / speed(runs.parser),
  /** CPU time against what reading and parsing take by themselves; steadier than speed on a busy machine. */
  hostCpuToBoth: runs.host.cpuSeconds / (runs.plain.cpuSeconds + runs.parser.cpuSeconds),
};

if (values.json) console.log(JSON.stringify(result, null, 2));
else {
  for (const [name, run] of Object.entries(runs)) {
    const grown = (run.grownBytes / 1e6).toFixed(0);
    console.log(
      `${name.padEnd(7)} ${speed(run).toFixed(1).padStart(6)} MB/s  ${run.seconds.toFixed(2).padStart(6)} s  ` +
        `${run.cpuSeconds.toFixed(2).padStart(6)} s CPU  grown by ${grown} MB`,
    );
  }
  console.log(
    `speed: host to plain node-pty ${result.hostToPlain.toFixed(2)}, to parser ${result.hostToParser.toFixed(2)}; ` +
      `CPU time: host to both ${result.hostCpuToBoth.toFixed(2)}`,
  );
}
