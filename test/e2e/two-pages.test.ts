/** One terminal on two pages of different size: each shows the same, whole, and who works in it has it in full size. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostClient } from './host-client.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();

describe.skipIf(reason !== null)(`two pages${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: Served;
  let browser: Browser;
  let wide: Page;
  let narrow: Page;
  const complaints: string[] = [];

  const open = async (width: number, height: number): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width, height } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(app.address);
    await page.getByRole('button', { name: /^Open the dock/ }).click();
    await panel(page).waitFor();
    return page;
  };
  const panel = (page: Page) => page.getByRole('tabpanel').locator('visible=true').first();
  const note = (page: Page) => panel(page).getByText(/as another page has it/);
  const text = async (page: Page): Promise<string> => {
    const dock = page.getByRole('region', { name: 'Terminals' });
    await dock.getByRole('button', { name: /^(Copy as text|Copied)$/ }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  /** What stands on the screen after the line that draws at its right edge and says its size. */
  const MEASURE = 'clear; stty size; printf "\\033[2;999HX\\n"; echo measured\n';
  const measured = async (page: Page): Promise<{ rows: number; cols: number; edge: number }> => {
    await expect.poll(() => text(page)).toMatch(/^measured$/m);
    const [, size = '', edge = ''] = /^(\d+ \d+)\n(.*X)$/m.exec(await text(page)) ?? [];
    const [rows = 0, cols = 0] = size.split(' ').map(Number);
    return { rows, cols, edge: edge.length };
  };
  const type = async (page: Page, words: string): Promise<void> => {
    await panel(page).click();
    await page.keyboard.type(words);
  };
  /** Whether all of its lines and columns are within its panel. */
  const isWhole = (page: Page): Promise<boolean> =>
    panel(page).evaluate((element) => {
      const [outer, inner] = [element, element.querySelector('.xterm-screen')!].map((one) =>
        one.getBoundingClientRect(),
      );
      return inner!.right <= outer!.right && inner!.bottom <= outer!.bottom;
    });

  beforeAll(async () => {
    app = await serve({ SHELL: '/bin/bash' });
    browser = await launchBrowser();
    const client = hostClient(app.address);
    await client.call('terminal.run', { argv: ['sh'], program: 'sh', cols: 80, rows: 24 });
    client.close();
    wide = await open(1440, 900);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  it('draw for the same size: that of the page where something was done last', async () => {
    await type(wide, MEASURE);
    const before = await measured(wide);
    expect(before.edge).toBe(before.cols);
    expect(await note(wide).count()).toBe(0);

    narrow = await open(1024, 700);
    await note(wide).waitFor();
    await type(narrow, MEASURE);
    const after = await measured(narrow);
    expect(after.cols).toBeLessThan(before.cols);
    expect(after.edge).toBe(after.cols);
    expect(await measured(wide)).toEqual(after);
    expect(await note(wide).innerText()).toContain(`${after.cols} × ${after.rows}, as another page has it`);
  });

  it('show all of it where it is larger than the page, and give it back its size on a click', async () => {
    await panel(wide).click();
    await note(wide).waitFor({ state: 'detached' });
    await type(wide, MEASURE);
    const again = await measured(wide);
    expect(again.edge).toBe(again.cols);
    await note(narrow).waitFor();
    await expect.poll(async () => (await measured(narrow)).edge).toBe(again.cols);
    await expect.poll(() => isWhole(narrow)).toBe(true);
    await panel(narrow).click();
    await note(narrow).waitFor({ state: 'detached' });
    await expect.poll(() => isWhole(narrow)).toBe(true);
    await note(wide).waitFor();
  });

  it('are both cleared when one is', async () => {
    await type(narrow, 'clear; echo to be cleared\n');
    for (const page of [narrow, wide]) await expect.poll(() => text(page)).toMatch(/^to be cleared$/m);
    await panel(wide).click({ button: 'right' });
    await wide.getByRole('menuitem', { name: 'Clear' }).click();
    for (const page of [narrow, wide]) await expect.poll(() => text(page)).not.toContain('to be cleared');
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
