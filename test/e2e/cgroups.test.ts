/** The limits of a real container, looked up in the tree of cgroups, in a real browser. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

describe.skipIf(reason !== null)(`cgroups${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let path: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=limited', '-m', '64m', '--pids-limit', '40', 'redis:alpine');
    const pid = (await lab.docker('inspect', '-f', '{{.State.Pid}}', 'limited')).stdout.trim();
    path = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n').map((line) => line.split(':')[2] ?? '').find((one) => one.length > 64)!; // prettier-ignore
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: /^Cgroups/ })
      .click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const tree = (): Locator => page.getByRole('treegrid', { name: 'Cgroups' });
  const main = (): Locator => page.getByRole('main');
  const shown = (): Promise<string> => main().getByRole('heading', { level: 2 }).innerText();

  it('finds the container by name, and says what it may use', async () => {
    await tree().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('limited');
    await tree().getByRole('row', { name: /limited/ }).click(); // prettier-ignore
    await main().getByText('1 process. May use 64 MiB and 40 tasks.').waitFor();
    await main().getByText(path, { exact: true }).waitFor();
  });

  it('shows in the tree what memory it uses and what is set on it, and pressure or why there is none', async () => {
    const memory = tree().getByRole('row', { name: /limited/ }).getByTitle(/^May use 64 MiB.* 40 tasks$/); // prettier-ignore
    await expect.poll(() => memory.innerText()).toMatch(/^[\d.]+ [KM]$/);
    const pressure = main().getByRole('region', { name: 'Pressure' });
    await expect.poll(() => pressure.innerText()).toMatch(/some\s+\d+\.\d\d|Pressure is measured|measures no pressure/);
  });

  it('shows the limit as cat prints it, with its meaning and what the other version calls it', async () => {
    const row = main().getByRole('button', { name: /^memory\.(limit_in_bytes|max) / }).first(); // prettier-ignore
    await row.waitFor();
    const words = (await row.innerText()).replaceAll('\n', ' ');
    const command = await main().getByLabel(/^By hand: cat/).getAttribute('aria-label'); // prettier-ignore
    const file = command?.replace('By hand: cat ', '') ?? '';
    expect(file).toContain(path);
    expect(words).toContain(execFileSync('cat', [file], { encoding: 'utf8' }).trim());
    expect(words).toContain('64 MiB');
    expect(words).toMatch(/Hard limit.*v[12] memory\./);
  });

  it('opens a file to every number in it and to its text, and puts its command below', async () => {
    const row = main().getByRole('button', { name: /^memory\.stat/ }).first(); // prettier-ignore
    await row.click();
    await main().getByText('page cache, not used lately: the first to be reclaimed').first().waitFor();
    expect(await main().getByLabel('memory.stat as it is').innerText()).toMatch(/inactive_file \d+/);
    await main().getByLabel(/^By hand: cat .*\/memory\.stat$/).waitFor(); // prettier-ignore
  });

  it('is walked by keyboard like the processes’ tree', async () => {
    await page.getByRole('textbox', { name: 'Filter cgroups' }).fill('');
    await tree().focus();
    await page.keyboard.press('Home');
    await expect.poll(shown).toBe('/');
    await page.keyboard.press('ArrowDown');
    await expect.poll(shown).not.toBe('/');
    const first = await shown();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(shown).toBe('/');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => tree().getByRole('row').count()).toBe(2);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(shown).toBe(first);
    // It was closed by the first of the three.
    await page.keyboard.press('ArrowRight');
  });

  it('keeps what was seen last of a cgroup that is removed', async () => {
    await tree().getByRole('row', { name: /limited/ }).click(); // prettier-ignore
    await main().getByText(path, { exact: true }).waitFor();
    await lab.docker('rm', '-f', 'limited');
    await main().getByText(/This cgroup was removed at .*Last seen state shown/).waitFor(); // prettier-ignore
    expect(await main().innerText()).toContain('64 MiB');
    expect(complaints).toEqual([]);
  });
});
