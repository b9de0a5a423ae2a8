/** The dock's own shells, by keyboard and menu: opened, split, named, marked, searched, pasted into; in a real browser. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockOf, PLAIN_BASH } from './dock-page.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();

describe.skipIf(reason !== null)(`shells of this machine${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'porthole-dock-'));

  beforeAll(async () => {
    app = await serve(PLAIN_BASH);
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByText('Live', { exact: true }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const { dock, tabs, taken, panels, active, focused, type, says, choose, boxes } = dockOf(() => page);

  it('opens the user’s own shell from the menu, which shows its command first', async () => {
    await dock().getByRole('button', { name: 'New shell', exact: true }).click();
    const item = page.getByRole('menuitem', { name: /^Shell on this machine/ });
    await expect.poll(() => item.innerText()).toContain('/bin/bash');
    await item.click();
    await tabs().first().waitFor();
    await type('echo $((40+2)) $0');
    await says(/^42 .*bash$/m);
    await dock()
      .getByText(/read back/)
      .waitFor();
  });

  it('opens one from the palette and by key, and goes from tab to tab by key, around the ends', async () => {
    await page.getByRole('heading', { name: 'Processes' }).click();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('shell on this machine');
    await page.keyboard.press('Enter');
    await expect.poll(() => tabs().count()).toBe(2);
    await focused();
    await page.keyboard.press('Control+Shift+Enter');
    await expect.poll(() => tabs().count()).toBe(3);
    await expect.poll(taken).toBe(2);
    await focused();
    for (const [key, at] of [
      ['ArrowDown', 0],
      ['ArrowUp', 2],
      ['ArrowUp', 1],
    ] as const) {
      await page.keyboard.press(`Control+Shift+${key}`);
      await expect.poll(taken).toBe(at);
      await focused();
    }
    expect(await panels().count()).toBe(1);
  });

  it('closes by key, with the keyboard in the next', async () => {
    await page.keyboard.press('Control+Shift+Backspace');
    await expect.poll(() => tabs().count()).toBe(2);
    await focused();
    await page.keyboard.press('Control+Shift+Backspace');
    await expect.poll(() => tabs().count()).toBe(1);
    await focused();
  });

  it('stands a new shell beside the one that is worked in, and another tab on request', async () => {
    await page.keyboard.press('Control+Shift+d');
    await expect.poll(() => panels().count()).toBe(2);
    await focused();
    await type('echo the right $((1+1))');
    await says(/^the right 2$/m);
    const [left, right] = await boxes();
    expect(Math.abs((left?.width ?? 0) - (right?.width ?? 1e4))).toBeLessThan(3);
    expect(right?.id).toBe(await (await active()).getAttribute('id'));

    await page.keyboard.press('Control+Shift+Enter');
    await expect.poll(() => tabs().count()).toBe(3);
    await expect.poll(() => panels().count()).toBe(2);
    await choose('Split', /^Beside it: /);
    await expect.poll(() => panels().count()).toBe(3);
    await focused();
    await choose('Split', /^Only this one/);
    await expect.poll(() => panels().count()).toBe(1);
    await focused();
    await page.keyboard.press('Control+Shift+Backspace');
    await expect.poll(() => tabs().count()).toBe(2);
  });

  it('gives one more room by the divider, and keeps order, room and direction over a reload', async () => {
    await choose('Split', /^Beside it: /);
    await expect.poll(() => panels().count()).toBe(2);
    const divider = dock().getByRole('separator', { name: 'Between two terminals' });
    await divider.focus();
    for (let n = 0; n < 5; n++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => divider.getAttribute('aria-valuenow')).toBe('40');
    const place = await divider.boundingBox();
    await page.mouse.move(place?.x ?? 0, (place?.y ?? 0) + 20);
    await page.mouse.down();
    await page.mouse.move((place?.x ?? 0) - 120, (place?.y ?? 0) + 20, { steps: 4 });
    await page.mouse.up();
    const side = await boxes();
    expect(side[0]?.width).toBeLessThan(0.36 * ((side[0]?.width ?? 0) + (side[1]?.width ?? 0)));
    await page.reload();
    await expect.poll(boxes).toEqual(side);

    await choose('Split', /^One above the other/);
    await expect.poll(async () => new Set((await boxes()).map(({ x }) => x)).size).toBe(1);
    const above = await boxes();
    await page.reload();
    await expect.poll(boxes).toEqual(above);
    await choose('Split', /^Side by side/);
    await expect.poll(boxes).toEqual(side);
  });

  it('goes from tab to tab with the arrows, each in its own place', async () => {
    const before = await boxes();
    await tabs()
      .nth(await taken())
      .focus();
    for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End', 'ArrowRight']) {
      await page.keyboard.press(key);
      await expect.poll(boxes).toEqual(before);
    }
    await expect.poll(taken).toBe(0);
    await page.reload();
    await expect.poll(boxes).toEqual(before);
    expect(await taken()).toBe(0);
  });

  it('starts one again in its place while the other is worked in', async () => {
    const before = await boxes();
    await panels().first().click();
    await focused();
    const gone = (await (await active()).getAttribute('id')) ?? '';
    await type('exit 3');
    const again = dock().getByRole('button', { name: 'Start again' });
    await again.waitFor();
    await dock().getByText('ended, exit code 3').waitFor();
    await page.keyboard.press('Control+Shift+o');
    await expect.poll(async () => (await active()).getAttribute('id')).not.toBe(gone);
    await again.click();
    await expect.poll(async () => (await boxes()).map(({ id }) => id)).not.toContain(gone);
    const after = await boxes();
    expect(after.map(({ x, width }) => [x, width])).toEqual(before.map(({ x, width }) => [x, width]));
    expect(after.filter(({ id }) => before.some((each) => each.id === id))).toHaveLength(1);
    await focused();
    await type('echo lives $((2+2))');
    await says(/^lives 4$/m);
    await choose('Split', /^Only this one/);
  });

  it('marks a tab whose program wrote or rang unseen, until it is looked at, and says what it calls itself', async () => {
    const marked = (mark: string) => tabs().filter({ has: page.getByRole('img', { name: mark }) });
    const [here, there] = [await taken(), 1 - (await taken())];
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    /** Switches to the other tab, has a program in this one go on, and waits for its mark. */
    const unseen = async (output: string, mark: string): Promise<void> => {
      await type(`cat ${fifo}; printf '${output}'`);
      await page.keyboard.press('Control+Shift+ArrowDown');
      await expect.poll(taken).toBe(there);
      await focused();
      await writeFile(fifo, '');
      await marked(mark).waitFor();
    };
    await unseen('\\e]0;a name of its own\\awords\\n', 'wrote something');
    await expect.poll(() => tabs().nth(here).innerText()).toMatch(/a name of its own/);
    expect(await tabs().nth(here).getAttribute('title')).toContain('Its program calls it: a name of its own');
    await page.keyboard.press('Control+Shift+ArrowUp');
    await expect.poll(() => marked('wrote something').count()).toBe(0);
    await unseen('\\a', 'rang the bell');
    await page.keyboard.press('Control+Shift+ArrowUp');
    await expect.poll(() => marked('rang the bell').count()).toBe(0);
  });

  it('marks what happens in a tab that this page has not looked at since it was loaded', async () => {
    const here = await taken();
    const fifo = join(folder, 'again');
    execFileSync('mkfifo', [fifo]);
    await type(`cat ${fifo}; printf '\\a'`);
    await page.keyboard.press('Control+Shift+ArrowDown');
    await expect.poll(taken).toBe(1 - here);
    await page.reload();
    await panels().first().waitFor();
    await expect.poll(taken).toBe(1 - here);
    await writeFile(fifo, '');
    await tabs().nth(here).getByRole('img', { name: 'rang the bell' }).waitFor();
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
