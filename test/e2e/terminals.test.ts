/** The dock as a person works in it: two terminals side by side, a link, a name; on real shells in a real browser. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (process.getuid?.() === 0 ? null : 'needs root to unshare');

describe.skipIf(reason !== null)(`the dock${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: Served;
  let browser: Browser;
  let page: Page;
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
    await page.goto(app.address);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  const panels = () => page.getByRole('tabpanel').locator('visible=true');
  /** Starts a program from the launcher and waits until the kernel says what it became. */
  const start = async (program: string, tabs: number): Promise<void> => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'New shell' }).last().click();
    await page.getByRole('button', { name: /^Own hostname/ }).click();
    await page.getByRole('textbox', { name: /^Program/ }).fill(program);
    await page.keyboard.press('Control+Enter');
    await expect
      .poll(() =>
        page
          .getByRole('tab')
          .filter({ has: page.locator('.title') })
          .count(),
      )
      .toBe(tabs);
  };
  const text = async (): Promise<string> => {
    const dock = page.getByRole('region', { name: 'Terminals' });
    await dock.getByRole('button', { name: /^(Copy as text|Copied)$/ }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };

  const split = async (how: RegExp): Promise<void> => {
    await page.getByRole('region', { name: 'Terminals' }).getByRole('button', { name: 'Split', exact: true }).click();
    await page.getByRole('menuitem', { name: how }).click();
    await page.getByRole('menu').waitFor({ state: 'hidden' });
  };

  it('shows two side by side, each as wide as its half, and types into the one with the keyboard', async () => {
    await start('sh', 1);
    await start('sh', 2);
    await split(/^Beside it: /);
    await expect.poll(() => panels().count()).toBe(2);
    const boxes = await Promise.all([0, 1].map((at) => panels().nth(at).boundingBox()));
    expect(Math.abs((boxes[0]?.width ?? 0) - (boxes[1]?.width ?? 1000))).toBeLessThan(3);
    await panels().first().click();
    await page.keyboard.type('stty size; echo first; unset HISTFILE\n');
    await expect.poll(text).toMatch(/^first$/m);
    // Half of the width: fewer columns than the whole 1,440 px would hold.
    await expect.poll(async () => Number(/^\d+ (\d+)$/m.exec(await text())?.[1])).toBeLessThan(95);
    await panels().first().click();
    await page.keyboard.press('Control+Shift+O');
    await page.keyboard.type('echo second\n');
    await expect.poll(text).toMatch(/^second$/m);
    expect(await text()).not.toMatch(/^first$/m);
  });

  it('keeps both over a reload, and is one again on request', async () => {
    await page.reload();
    await expect.poll(() => panels().count()).toBe(2);
    await expect.poll(text).toMatch(/^(first|second)$/m);
    await split(/^Only this one/);
    await expect.poll(() => panels().count()).toBe(1);
  });

  it('moves a tab that is dragged or sent by keyboard, for every page and over a reload', async () => {
    const tabs = page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab');
    const titles = () => tabs.allTextContents().then((all) => all.map((each) => each.trim()));
    const name = async (at: number, title: string): Promise<void> => {
      await tabs.nth(at).focus();
      await page.keyboard.press('F2');
      await page.getByRole('textbox', { name: 'Name of this terminal' }).fill(title);
      await page.keyboard.press('Enter');
    };
    await name(0, 'first');
    await name(1, 'second');
    await expect.poll(titles).toEqual(['first', 'second']);
    await tabs.nth(1).dragTo(tabs.nth(0), { targetPosition: { x: 4, y: 10 } });
    await expect.poll(titles).toEqual(['second', 'first']);
    await tabs.nth(0).focus();
    await page.keyboard.press('Control+Shift+ArrowRight');
    await expect.poll(titles).toEqual(['first', 'second']);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('second');
    await page.keyboard.press('Control+Shift+ArrowLeft');
    await expect.poll(titles).toEqual(['second', 'first']);
    await page.reload();
    await expect.poll(titles).toEqual(['second', 'first']);
  });

  it('says where a link leads before it opens it', async () => {
    await panels().first().click();
    await page.keyboard.type('clear; printf "%s\\n" "see http://127.0.0.1:9/there now"\n');
    await expect.poll(text).toMatch(/see http/);
    const box = await panels().first().boundingBox();
    const hint = page.getByText(/click opens/);
    // The line that was written is the first or second of the cleared screen.
    await expect
      .poll(async () => {
        for (const y of [14, 31, 48]) {
          await page.mouse.move((box?.x ?? 0) + 110, (box?.y ?? 0) + y, { steps: 3 });
          if (await hint.isVisible()) return hint.innerText();
        }
        return '';
      })
      .toContain('http://127.0.0.1:9/there');
  });

  it('is answered once what its program asks the terminal, however many pages look on', async () => {
    const other = await page.context().newPage();
    await other.goto(app.address);
    await other.getByRole('tabpanel').locator('visible=true').first().waitFor();
    await panels().first().click();
    await page.keyboard.type(
      'clear; stty raw -echo min 0 time 10; printf "\\033[c\\033[6n"; a=$(dd bs=1 count=400 2>/dev/null | tr -cd cR); stty sane; echo "answers $a."\n',
    );
    await expect.poll(text).toMatch(/^answers cR\.$/m);
    await other.close();
  });

  it('has a menu: what is selected is copied, what is copied pasted, and cleared stays cleared over a reload', async () => {
    const choose = async (name: RegExp): Promise<void> => {
      await panels().first().click({ button: 'right' });
      await page.getByRole('menu', { name: 'Terminal' }).getByRole('menuitem', { name }).click();
      await page.getByRole('menu', { name: 'Terminal' }).waitFor({ state: 'hidden' });
    };
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await panels().first().click();
    await page.keyboard.type('clear; echo to be $((40+2)) selected\n');
    await expect.poll(text).toMatch(/^to be 42 selected$/m);
    await choose(/^Select all/);
    await page.evaluate(() => navigator.clipboard.writeText(''));
    await choose(/^Copy/);
    await expect.poll(copied).toMatch(/^to be 42 selected$/m);

    await page.evaluate(() => navigator.clipboard.writeText('echo from the clip$((1+1))board'));
    await choose(/^Paste/);
    await page.keyboard.press('Enter');
    await expect.poll(text).toMatch(/^from the clip2board$/m);

    const saved = page.waitForEvent('download');
    await choose(/^Save as text/);
    const file = readFileSync((await (await saved).path()) ?? '', 'utf8');
    expect(file).toMatch(/^from the clip2board$/m);

    await choose(/^Clear/);
    await expect.poll(text).not.toContain('clip2board');
    await page.reload();
    await panels().first().waitFor();
    await panels().first().click();
    await page.keyboard.type('echo after\n');
    await expect.poll(text).toMatch(/^after$/m);
    expect(await text()).not.toContain('clip2board');
  });

  it('tells its lines to a screen reader on request, and keeps to that', async () => {
    const aloud = panels().first().locator('.xterm-accessibility');
    await panels().first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'For screen readers: off' }).click();
    await expect.poll(() => aloud.innerText(), { timeout: 10_000 }).toMatch(/after/);
    await page.reload();
    await expect.poll(() => aloud.innerText(), { timeout: 10_000 }).toMatch(/after/);
    await panels().first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'For screen readers: on' }).click();
    await expect.poll(() => aloud.count()).toBe(0);
  });

  it('brings a paste of any size whole to its program, and says of one that does not read that it waits', async () => {
    const paste = async (size: number): Promise<void> => {
      await page.evaluate((length) => navigator.clipboard.writeText('0123456789'.repeat(length / 10)), size);
      await panels().first().click({ button: 'right' });
      await page.getByRole('menuitem', { name: /^Paste/ }).click();
    };
    const strip = page.getByRole('group', { name: 'What the kernel says of this terminal' }).first();
    await panels().first().click();
    await page.keyboard.type('clear; stty raw -echo; echo waits; head -c 6000000 | sha1sum; stty sane\n');
    await expect.poll(text).toMatch(/^waits$/m);
    await paste(6_000_000);
    const sum = createHash('sha1').update('0123456789'.repeat(600_000)).digest('hex');
    await expect.poll(text, { timeout: 30_000 }).toContain(sum);

    await panels().first().click();
    await page.keyboard.type('clear; stty raw -echo; echo deaf; sleep 1000\n');
    await expect.poll(text).toMatch(/^deaf$/m);
    await paste(1_000_000);
    await expect
      .poll(() => strip.innerText(), { timeout: 20_000 })
      .toMatch(/its program does not read: \d+\.?\d* KiB that you typed or pasted/);
    await strip.getByRole('button', { name: /^Forget / }).click();
    await expect.poll(() => strip.getByRole('button', { name: /^Forget / }).count()).toBe(0);
    expect(await strip.innerText()).toContain('its program does not read: 128 KiB');
    const tabs = page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab');
    await tabs.and(page.getByRole('tab', { selected: true })).focus();
    await page.keyboard.press('Delete');
    await expect.poll(() => tabs.count()).toBe(1);
    await expect.poll(() => strip.innerText()).not.toContain('does not read');
  });

  it('leaves the right button to a program that takes the mouse, but for Shift', async () => {
    await panels().first().click();
    await page.keyboard.type('clear; printf "\\033[?1000h"; echo mouse\n');
    await expect.poll(text).toMatch(/^mouse$/m);
    await panels().first().click({ button: 'right' });
    await page.keyboard.press('Control+c');
    expect(await page.getByRole('menu', { name: 'Terminal' }).count()).toBe(0);
    await panels()
      .first()
      .click({ button: 'right', modifiers: ['Shift'] });
    await page.getByRole('menu', { name: 'Terminal' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('printf "\\033[?1000l"\n');
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
