/** Terminals that flood, as a person meets them: every byte arrives, the page stays awake, Ctrl+C works within a blink. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../shared/client.ts';
import { onKey, SIZE } from '../bench/terminal/floods.ts';
import { interrupt } from '../bench/terminal/interrupt.ts';
import { arrivedOf, breathOf, countOutput, forget, sumOf } from './counted-output.ts';
import { hostClient } from './host-client.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();
/** A task this long would be felt; the machine may be a slow one with one processor to spare. */
const FELT_MILLIS = 500;
/** Screens and scrollbacks are kept, output is not: 20 full ones are 170 MB, and as much waits to be collected. */
const MOST_GROWN_BYTES = 450_000_000;

describe.skipIf(reason !== null)(`a flood${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'porthole-flood-'));
  let app: Served;
  let browser: Browser;
  let page: Page;
  let client: Client;
  const complaints: string[] = [];

  beforeAll(async () => {
    app = await serve({ SHELL: '/bin/bash' });
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await countOutput(page);
    await page.goto(app.address);
    await page.getByRole('button', { name: /^Open the dock/ }).click();
    client = hostClient(app.address);
    await client.call('hello', {});
  });
  afterAll(async () => {
    client?.close();
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true });
  });
  afterEach(async () => {
    for (const { id } of await client.call('terminal.list', {})) await client.call('terminal.close', { terminal: id });
  });

  const residentBytes = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) * 1024;
  const start = async (program: string, argv: readonly string[]): Promise<string> =>
    (await client.call('terminal.run', { argv: [...argv], program, ...SIZE })).id;
  const look = (program: string) => page.getByRole('tab', { name: new RegExp(`^${program} `) }).click();
  const begin = (id: string): void => client.terminalInput(id, Uint8Array.of(0x67));
  const arrived = async (id: string, bytes: number): Promise<void> => {
    await expect.poll(async () => (await arrivedOf(page, id))?.bytes ?? 0, { timeout: 50_000 }).toBeGreaterThanOrEqual(bytes); // prettier-ignore
  };
  const screen = async (): Promise<string> => {
    await page
      .getByRole('region', { name: 'Terminals' })
      .getByRole('button', { name: /^(Copy as text|Copied)$/ })
      .click();
    return page.evaluate(() => navigator.clipboard.readText());
  };

  it('of a binary comes to the page whole, and the page stays awake', async () => {
    const binary = randomBytes(5_000_000);
    writeFileSync(join(folder, 'binary'), binary);
    const id = await start('binary', onKey(`cat ${join(folder, 'binary')}`));
    await look('binary');
    await arrived(id, 1);
    await forget(page);
    begin(id);
    await arrived(id, binary.length);
    expect(await arrivedOf(page, id)).toEqual({ bytes: binary.length, sum: sumOf(binary) });
    const { longTasks, longestWait } = await breathOf(page);
    expect(Math.max(0, ...longTasks)).toBeLessThan(FELT_MILLIS);
    expect(longestWait).toBeLessThan(FELT_MILLIS);
  });

  it('of twenty at once keeps neither the page nor the host, and what was not seen is there when it is looked at', async () => {
    const LAST = 100_000;
    const written = Array.from({ length: LAST }, (_, at) => `${at + 1}\r\n`).join('');
    const script = `stty opost onlcr; seq 1 ${LAST}; sleep 600`;
    const names = Array.from({ length: 20 }, (_, at) => `flood${at + 1}`);
    const ids: string[] = [];
    for (const name of names) ids.push(await start(name, onKey(script)));
    const seen = ids[0] ?? '';
    await look('flood1');
    await arrived(seen, 1);
    await forget(page);
    const before = residentBytes();
    for (const id of ids) begin(id);
    await arrived(seen, written.length);
    expect(await arrivedOf(page, seen)).toEqual({ bytes: written.length, sum: sumOf(Buffer.from(written)) });
    expect(Math.max(0, ...(await breathOf(page)).longTasks)).toBeLessThan(FELT_MILLIS);

    for (const name of ['flood20', 'flood7']) {
      await look(name);
      await expect.poll(screen, { timeout: 30_000 }).toMatch(new RegExp(`^${LAST}$`, 'm'));
      const kept = (await screen()).trim().split('\n').map(Number);
      expect(kept.length).toBeGreaterThan(4900);
      expect(kept).toEqual(kept.map((_, at) => LAST - kept.length + 1 + at));
    }
    // One that was never looked at costs the page nothing.
    expect(await arrivedOf(page, ids[2] ?? '')).toBeNull();
    expect(residentBytes() - before).toBeLessThan(MOST_GROWN_BYTES);
  });

  it('is not held up by a page that sleeps, which shows all of it once it is awake', async () => {
    const LAST = 200_000;
    const id = await start('asleep', onKey(`stty opost onlcr; seq 1 ${LAST}; exec true`));
    await look('asleep');
    await arrived(id, 1);
    const debug = await page.context().newCDPSession(page);
    await debug.send('Debugger.enable');
    const asleep = new Promise((resolve) => debug.once('Debugger.paused', resolve));
    await debug.send('Debugger.pause');
    await asleep;
    begin(id);
    const hasEnded = async () => (await client.call('terminal.list', {})).find((one) => one.id === id)?.ended?.exitCode;
    await expect.poll(hasEnded, { timeout: 30_000 }).toBe(0);
    await debug.send('Debugger.resume');
    await debug.detach();
    await expect.poll(screen, { timeout: 30_000 }).toMatch(new RegExp(`^${LAST}$`, 'm'));
  });

  it('ends with Ctrl+C within a blink, while four others go on', async () => {
    const millis = await interrupt(page, client, { script: 'yes "$(seq 1 20)"', terminals: 5 }, 5);
    expect(millis[2]).toBeLessThan(FELT_MILLIS);
    expect(millis.at(-1)).toBeLessThan(4 * FELT_MILLIS);
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
