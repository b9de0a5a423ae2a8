/** What can be chosen for one browser: colours, and whether the machine is looked at. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli } from '../integration/cli-run.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();

describe.skipIf(reason !== null)(`settings${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let served: Served;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    buildCli();
    served = await serve({ DOCKER_HOST: 'unix:///nonexistent' });
    browser = await launchBrowser();
    page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(served.address);
    await page.getByText('every 1 s').waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.stop();
  });
  const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
  const age = () => page.evaluate(() => document.querySelector('footer.status')?.textContent ?? '');

  it('follow the system’s colours until one is chosen, which a reload keeps', async () => {
    expect(await theme()).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('radio', { name: 'Dark' }).click();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByText('every 1 s').waitFor();
    expect(await theme()).toBe('dark');
    await page.getByRole('button', { name: 'Settings', exact: true }).click();
    await page.getByRole('radio', { name: 'As the system' }).click();
    await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
    await page.keyboard.press('Escape');
  });

  it('keep what is on the screen on request, and go on from there', async () => {
    const rows = () => page.getByRole('treegrid').getByRole('row').count();
    await page.getByRole('button', { name: /Live/ }).click();
    await page.getByRole('button', { name: /Paused/ }).waitFor();
    await page.waitForFunction(() => /[3-9] s old/.test(document.querySelector('footer.status')?.textContent ?? ''));
    expect(await rows()).toBeGreaterThan(0);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('go on looking');
    await page.keyboard.press('Enter');
    await page.getByText('every 1 s').waitFor();
    expect(await age()).not.toContain('old');
  });

  it('name the keys there are', async () => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('settings and keys');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await dialog.getByText('to the next part of the window', { exact: false }).waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });
});
