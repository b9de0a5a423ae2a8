/** The flood through node-pty alone, through the parser alone, and through the host's terminals. */
import { spawn } from 'node-pty';
import { Screen } from '../../../electron/host/shells/screen.ts';
import { Terminals } from '../../../electron/host/shells/terminals.ts';
import { onKey, SIZE, type Flood } from './floods.ts';

export interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** What came of what was written. */
  readonly bytes: number;
  /** How much the process grew at most while it ran. */
  readonly grownBytes: number;
}

const measured = async (flood: Flood, run: (begun: () => void) => Promise<number>): Promise<Run> => {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
  let cpu = process.cpuUsage();
  let start = performance.now();
  const bytes = await run(() => {
    cpu = process.cpuUsage();
    start = performance.now();
  });
  const seconds = (performance.now() - start) / 1000;
  clearInterval(watch);
  const { user, system } = process.cpuUsage(cpu);
  if (bytes !== flood.bytes) throw new Error(`${flood.name}: ${flood.bytes} bytes were written and ${bytes} came`);
  return { seconds, cpuSeconds: (user + system) / 1e6, bytes, grownBytes: most - before };
};

/** Resolves once each of them has been called. */
const all = (count: number): { readonly done: Promise<void>; readonly one: () => void } => {
  let one: () => void = () => {};
  const done = new Promise<void>((resolve) => (one = () => --count === 0 && resolve()));
  return { done, one };
};

/** node-pty loses the last output of a program that ends at once; so the end is known by the count. */
export const measurePlain = (flood: Flood): Promise<Run> =>
  measured(flood, async (begun) => {
    const ready = all(flood.terminals);
    const ended = all(flood.terminals);
    const [file = '', ...args] = onKey(`${flood.script}; sleep 60`);
    let bytes = 0;
    const ptys = Array.from({ length: flood.terminals }, () => {
      const pty = spawn(file, args, { ...SIZE, encoding: null });
      let own = -1;
      pty.onData((chunk) => {
        if (own < 0) ready.one();
        else bytes += chunk.length;
        own += chunk.length;
        if (own >= flood.bytes / flood.terminals) ended.one();
      });
      return pty;
    });
    await ready.done;
    begun();
    for (const pty of ptys) pty.write('g');
    await ended.done;
    for (const pty of ptys) pty.kill('SIGKILL');
    return bytes;
  });

/** Pieces as a terminal gives them, a screenful of them at a time. */
export const measureParser = (flood: Flood): Promise<Run> =>
  measured(flood, async () => {
    const each = flood.bytes / flood.terminals;
    const one = (): Promise<void> =>
      new Promise((resolve) => {
        const screen = new Screen(SIZE.cols, SIZE.rows, () => {});
        let left = each;
        const next = (): void => {
          if (left <= 0) {
            screen.dispose();
            return resolve();
          }
          for (let turn = 0; turn < 16 && left > 0; turn++) {
            const from = ((each - left) % flood.sample.length) & ~4095;
            const piece = flood.sample.subarray(from, from + Math.min(4096, left));
            left -= piece.length;
            screen.write(piece, turn === 15 || left <= 0 ? next : () => {});
          }
        };
        next();
      });
    await Promise.all(Array.from({ length: flood.terminals }, one));
    return flood.bytes;
  });

/** With a viewer that draws at once. */
export const measureHost = (flood: Flood): Promise<Run> =>
  measured(flood, async (begun) => {
    const terminals = new Terminals({ namespacesOf: async () => null });
    const ready = all(flood.terminals);
    const ended = new Promise<void>((resolve) =>
      terminals.onChange((list) => list.length === flood.terminals && list.every((one) => one.ended) && resolve()),
    );
    let bytes = 0;
    const ids: string[] = [];
    for (let turn = 0; turn < flood.terminals; turn++) {
      const { id } = await terminals.run(onKey(flood.script), 'flood', SIZE.cols, SIZE.rows);
      ids.push(id);
      let begins = true;
      terminals.attach('bench', id, (chunk) => {
        // The program's R is the first to come; or it stands in the replay.
        if (begins) ready.one();
        else bytes += chunk.length;
        begins = false;
        terminals.acknowledge('bench', id, chunk.length);
      });
    }
    await ready.done;
    begun();
    for (const id of ids) terminals.input(id, Uint8Array.of(0x67));
    await ended;
    await terminals.shutdown();
    return bytes;
  });
