/** The flood as the page meets it: the built app in Chromium, the dock open, one terminal in sight. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { arrivedOf, breathOf, countOutput, forget } from '../../e2e/counted-output.ts';
import { hostClient } from '../../e2e/host-client.ts';
import { browserUnavailable, launchBrowser } from '../../e2e/served.ts';
import type { Client } from '../../../shared/client.ts';
import { onKey, SIZE, type Flood } from './floods.ts';
import { interrupt } from './interrupt.ts';

export interface PageRun {
  readonly seconds: number;
  /** What the programs wrote; those out of sight are parsed by the host alone. */
  readonly bytes: number;
  /** Every byte for the page arrived. */
  readonly exact: boolean;
  readonly longTasks: number;
  readonly longestTaskMillis: number;
  /** The host's resident memory at most, and the page's JavaScript heap. */
  readonly hostBytes: number;
  readonly heapBytes: number;
  /** From Ctrl+C until the prompt is on the screen, while the same flood comes; the 20 at once flood the others. */
  readonly interruptMedianMillis: number;
  readonly interruptWorstMillis: number;
}

const residentBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  while (!(await holds())) await sleep(20);
};

const one = async (page: Page, client: Client, pid: number, flood: Flood): Promise<PageRun> => {
  const each = flood.bytes / flood.terminals;
  const ids: string[] = [];
  for (let turn = 0; turn < flood.terminals; turn++) {
    const argv = [...onKey(`${flood.script}; sleep 0.2`)];
    ids.push((await client.call('terminal.run', { argv, program: `flood ${turn + 1}`, ...SIZE })).id);
  }
  const [seen = ''] = ids;
  await page.getByRole('tab', { name: /^flood 1 / }).click();
  await until(async () => ((await arrivedOf(page, seen))?.bytes ?? 0) > 0);
  await sleep(500);
  await forget(page);
  const devtools = await page.context().newCDPSession(page);
  let [hostBytes, heapBytes] = [0, 0];
  const watch = setInterval(() => {
    hostBytes = Math.max(hostBytes, residentBytes(pid));
    void devtools
      .send('Runtime.getHeapUsage')
      .then(({ usedSize }) => (heapBytes = Math.max(heapBytes, usedSize)))
      .catch(() => undefined);
  }, 100);
  const ended = new Promise<void>((resolve) =>
    client.on('terminals', (list) => {
      if (list.filter(({ id }) => ids.includes(id)).every((info) => info.ended)) resolve();
    }),
  );
  const begin = performance.now();
  for (const id of ids) client.terminalInput(id, Uint8Array.of(0x67));
  await until(async () => ((await arrivedOf(page, seen))?.bytes ?? 0) >= each);
  await ended;
  const seconds = (performance.now() - begin) / 1000 - 0.2;
  const { longTasks } = await breathOf(page);
  const exact = (await arrivedOf(page, seen))?.bytes === each;
  clearInterval(watch);
  for (const id of ids) await client.call('terminal.close', { terminal: id });
  const presses = await interrupt(page, client, flood);
  return {
    seconds,
    bytes: flood.bytes,
    exact,
    longTasks: longTasks.length,
    longestTaskMillis: Math.max(0, ...longTasks),
    hostBytes,
    heapBytes,
    interruptMedianMillis: presses[Math.floor(presses.length / 2)] ?? NaN,
    interruptWorstMillis: presses.at(-1) ?? NaN,
  };
};

/** A string says why no page can be measured here. */
export const measurePage = async (floods: readonly Flood[]): Promise<readonly PageRun[] | string> => {
  const reason = browserUnavailable();
  if (reason !== null) return reason;
  const dist = process.env['PORTHOLE_DIST'];
  if (dist === undefined) throw new Error('this is started by npm run bench -- terminal');
  const host = spawn(process.execPath, [join(dist, 'cli.js'), 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const address = await new Promise<string>((resolve) => createInterface(host.stdout).once('line', resolve));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      await countOutput(page);
      await page.goto(address);
      await page.getByRole('button', { name: /^Open the dock/ }).click();
      const client = hostClient(address);
      await client.call('hello', {});
      const runs: PageRun[] = [];
      for (const flood of floods) runs.push(await one(page, client, host.pid ?? -1, flood));
      client.close();
      return runs;
    } finally {
      await browser.close();
    }
  } finally {
    host.kill('SIGINT');
  }
};
