/** Text in a terminal: looked for, pasted, copied, saved, enlarged; and what the strip above it says; in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dockOf, PLAIN_BASH } from './dock-page.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();
const asRoot = process.getuid?.() === 0;

describe.skipIf(reason !== null)(`text in the dock${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

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
    await choose('New shell', /^Shell on this machine/);
    await tabs().first().waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  const { dock, tabs, panels, focused, copied, copy, text, type, says, choose } = dockOf(() => page);
  const question = () => page.getByRole('alertdialog', { name: 'Paste' });
  const menu = async (item: RegExp): Promise<void> => {
    await panels().first().click({ button: 'right' });
    await page.getByRole('menu', { name: 'Terminal' }).getByRole('menuitem', { name: item }).click();
    await page.getByRole('menu', { name: 'Terminal' }).waitFor({ state: 'hidden' });
  };

  describe('a paste', () => {
    /** What can be seen of an escape that came through. */
    const MARK = 'ran-$((40+2))';

    it('by key comes as it was copied', async () => {
      await copy('echo pasted-$((1+1))');
      await focused();
      await page.keyboard.press('Control+Shift+v');
      await page.keyboard.press('Enter');
      await says(/^pasted-2$/m);
      expect(await question().count()).toBe(0);
    });

    it('of several lines is not asked about where the shell can tell it from typing, and none of them runs', async () => {
      await copy('echo one-$((1+0))\necho two-$((1+1))');
      await page.keyboard.press('Control+Shift+v');
      await says(/echo two-\$/);
      expect(await question().count()).toBe(0);
      expect(await text()).not.toMatch(/^one-1$/m);
      await page.keyboard.press('Control+c');
    });

    it('cannot end its own brackets: it is asked about, and its control characters are gone', async () => {
      await copy(`echo quiet\u001b[201~\recho ${MARK}\r`);
      await page.keyboard.press('Control+Shift+v');
      await question().getByText('A control character was taken out').waitFor();
      await question().getByRole('button', { name: 'Paste' }).click();
      await says(/echo quiet\[201~/);
      expect(await text()).not.toMatch(/^ran-42$/m);
      await page.keyboard.press('Control+c');
    });

    it('of several lines is asked about where each would run, with the keyboard on Cancel', async () => {
      await type("bind 'set enable-bracketed-paste off'");
      await type('echo plain');
      await says(/^plain$/m);
      await copy(`echo ${MARK}\necho more-$((2+2))\n`);
      await page.keyboard.press('Control+Shift+v');
      await question().getByText('each line runs at once').waitFor();
      await question().getByText('Paste 2 lines?').waitFor();
      await page.keyboard.press('Enter');
      await expect.poll(() => question().count()).toBe(0);
      expect(await text()).not.toMatch(/^ran-42$/m);
      await copy(`echo ${MARK}\necho more-$((2+2))\n`);
      await menu(/^Paste/);
      await question().getByRole('button', { name: 'Paste' }).click();
      await says(/^ran-42$/m);
      await says(/^more-4$/m);
    });

    it('of one line with a control character is asked about, too', async () => {
      await copy('echo one\u0003line');
      await page.keyboard.press('Control+Shift+v');
      await question().getByText('echo oneline').waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => question().count()).toBe(0);
      await focused();
    });
  });

  it('copies what is selected by key, and without a selection leaves the clipboard alone', async () => {
    await type('clear; echo copied-$((20+1))');
    await says(/^copied-21$/m);
    await copy('as before');
    await page.keyboard.press('Control+Shift+c');
    expect(await copied()).toBe('as before');
    await menu(/^Select all/);
    await page.keyboard.press('Control+Shift+c');
    await expect.poll(copied).toMatch(/^copied-21$/m);
  });

  it('says so when the browser refuses to copy', async () => {
    await menu(/^Select all/);
    await page.evaluate(() => {
      Object.defineProperty(navigator.clipboard, 'writeText', {
        value: () => Promise.reject(new Error('no')),
        configurable: true,
      });
      document.execCommand = () => false;
    });
    await page.keyboard.press('Control+Shift+c');
    await dock().getByText('The browser refused to copy').waitFor();
    await dock().getByRole('button', { name: 'Dismiss' }).click();
    await page.reload();
    await panels().first().click();
  });

  it('copies the scrollback under a full-screen program along with what that draws', async () => {
    await type("clear; echo beneath-$((1+1)); printf '\\e[?1049h\\e[Hdrawn-%s' above; read -r; printf '\\e[?1049l'");
    await says(/^drawn-above$/m);
    expect(await text()).toMatch(/^beneath-2$/m);
    await type('');
    await expect.poll(text).not.toMatch(/drawn-above$/m);
  });

  describe('the search', () => {
    const search = () => panels().first().getByRole('search');
    const field = () => search().getByRole('textbox', { name: 'Find in this terminal' });
    const status = () => search().getByRole('status');
    const ofMany = (count: number) => expect.poll(() => status().innerText()).toMatch(new RegExp(` of ${count}$`));
    const answer = (words: string) => status().getByText(words, { exact: true }).waitFor();
    const option = (name: RegExp) => search().getByRole('button', { name });

    it('finds, and tells which of how many', async () => {
      await type("clear; printf '%s\\n' needle Needle needles 'a.b' 'acb'; unset x");
      await says(/^acb$/m);
      await page.keyboard.press('Control+Shift+f');
      await field().fill('needles');
      await answer('1 of 1');
      await field().fill('nowhere');
      await answer('not found');
    });

    it('tells letters of different case apart on request, and words from parts of words', async () => {
      await field().fill('needle');
      await ofMany(3);
      await option(/^Match case/).click();
      await ofMany(2);
      await field().focus();
      await page.keyboard.press('Alt+w');
      await ofMany(1);
      expect(await option(/^Whole words/).getAttribute('aria-pressed')).toBe('true');
      await page.keyboard.press('Alt+w');
      await page.keyboard.press('Alt+c');
    });

    it('takes a regular expression on request, and says what is none', async () => {
      await field().fill('^a.b$');
      await answer('not found');
      await page.keyboard.press('Alt+r');
      await ofMany(2);
      const first = await status().innerText();
      await page.keyboard.press('Enter');
      await expect.poll(() => status().innerText()).not.toBe(first);
      await page.keyboard.press('Shift+Enter');
      await answer(first);
      await field().fill('(');
      await answer('no regular expression');
      expect(await field().getAttribute('aria-invalid')).toBe('true');
      await option(/^Regular expression/).click();
      await page.keyboard.press('Escape');
    });

    it('comes back to what was asked for with the key again, and begins with what is selected', async () => {
      await field().fill('needles');
      await panels().first().locator('.xterm-screen').click();
      await focused();
      await page.keyboard.press('Control+Shift+f');
      await expect.poll(() => field().evaluate((input) => input === document.activeElement)).toBe(true);
      await page.keyboard.press('Escape');
      await expect.poll(() => search().count()).toBe(0);
      await focused();
      // The first line says how the shell was started; a double click takes a word of it.
      await type('clear');
      await expect.poll(text).not.toContain('needle');
      await type('echo selected');
      await says(/^selected$/m);
      const box = await panels().first().boundingBox();
      await page.mouse.dblclick((box?.x ?? 0) + 30, (box?.y ?? 0) + 5 + 17 + 8);
      await page.keyboard.press('Control+Shift+f');
      await expect.poll(() => field().inputValue()).toBe('selected');
      await page.keyboard.press('Escape');
    });
  });

  describe('a link', () => {
    const hint = () =>
      panels()
        .first()
        .getByText(/click opens/);
    /** Points at the words of a line, counted from 0 on the cleared screen, and says where they lead; `''` if nowhere. */
    const pointAt = async (line: number): Promise<void> => {
      const box = await panels().first().boundingBox();
      await page.mouse.move((box?.x ?? 0) + 500, (box?.y ?? 0) + 120);
      await page.mouse.move((box?.x ?? 0) + 30, (box?.y ?? 0) + 5 + 17 * line + 8, { steps: 4 });
    };
    const write = async (): Promise<void> => {
      await type(
        "clear; printf '\\e]8;;%s\\e\\\\%s\\e]8;;\\e\\\\\\n' http://127.0.0.1:9/given 'these words' file:///etc/passwd 'those words'; echo http://127.0.0.1:9/plain",
      );
      await says(/^these words\nthose words\nhttp:\/\/127.0.0.1:9\/plain$/m);
    };

    it('that a program gave to words says where it leads, also after a reload', async () => {
      await write();
      const leads = async (line: number): Promise<string> => {
        await pointAt(line);
        return (await hint().isVisible()) ? hint().innerText() : '';
      };
      await expect.poll(() => leads(0)).toContain('http://127.0.0.1:9/given');
      await page.reload();
      await panels().first().waitFor();
      await expect.poll(() => leads(1)).toContain('http://127.0.0.1:9/given');
    });

    it('opens with Ctrl and a click, if it leads to the web; one of another scheme opens nothing', async () => {
      await page.evaluate(() => {
        const seen: string[] = [];
        Object.assign(globalThis, { seen });
        window.open = (address) => (seen.push(String(address)), null);
      });
      const seen = () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
      const click = async (line: number, held: boolean): Promise<void> => {
        await pointAt(line);
        if (held) await page.keyboard.down('Control');
        await page.mouse.down();
        await page.mouse.up();
        if (held) await page.keyboard.up('Control');
      };
      await click(1, false);
      await click(2, true);
      // Under the pointer a link is found a moment later.
      await expect
        .poll(async () => {
          if ((await seen()).length === 0) await click(1, true);
          return seen();
        })
        .toEqual(['http://127.0.0.1:9/given']);
    });

    it('is reached without a pointer, too', async () => {
      await focused();
      await page.keyboard.press('Control+Shift+l');
      const list = page.getByRole('dialog', { name: 'Links' });
      await list.waitFor();
      expect(await list.getByRole('listitem').allTextContents()).toEqual([
        'http://127.0.0.1:9/plain',
        'http://127.0.0.1:9/given',
      ]);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect
        .poll(() => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen))
        .toEqual(['http://127.0.0.1:9/given', 'http://127.0.0.1:9/given']);
      await expect.poll(() => list.count()).toBe(0);
      await focused();
      await page.keyboard.press('Control+Shift+l');
      await page.keyboard.press('Escape');
      await expect.poll(() => list.count()).toBe(0);
      await focused();
      await page.reload();
      await panels().first().click();
    });
  });

  it('is larger or smaller by key, also after a reload, and the usual size again', async () => {
    const size = async (): Promise<number> => {
      await type('clear; stty size');
      let columns = 0;
      await expect.poll(async () => (columns = Number(/^\d+ (\d+)$/m.exec(await text())?.[1] ?? 0))).toBeGreaterThan(0);
      return columns;
    };
    const usual = await size();
    for (let n = 0; n < 4; n++) await page.keyboard.press('Control+Shift+Equal');
    await expect.poll(size).toBeLessThan(usual);
    const large = await size();
    await page.keyboard.press('Control+Shift+Minus');
    await expect.poll(size).toBeGreaterThan(large);
    await page.reload();
    await panels().first().click();
    await expect.poll(size).toBeLessThan(usual);
    await page.keyboard.press('Control+Shift+Digit0');
    await expect.poll(size).toBe(usual);
  });

  it('is as high as the window on request, and then as before', async () => {
    const height = async (): Promise<number> => (await panels().first().boundingBox())?.height ?? 0;
    const before = await height();
    await page.keyboard.press('Control+Shift+m');
    await expect.poll(height).toBeGreaterThan(600);
    await focused();
    await page.keyboard.press('Control+Shift+m');
    await expect.poll(height).toBe(before);
  });

  const root = asRoot ? '' : ' (cannot run: it needs root)';
  it.skipIf(!asRoot)(`says in which namespaces its program is now, each a link${root}`, async () => {
    const strip = page.getByRole('group', { name: 'What the kernel says of this terminal' });
    await strip.getByText('all eight are the host’s').waitFor();
    await type('exec unshare --uts sh');
    const chip = strip.getByRole('button', { name: /^uts/ });
    await chip.waitFor();
    await strip.getByText('the other seven are the host’s').waitFor();
    await expect.poll(() => strip.locator('button').first().innerText()).toMatch(/^sh \d+$/);
    const inode = /\d+/.exec(await chip.innerText())?.[0] ?? '';
    await type('readlink /proc/self/ns/uts');
    await says(new RegExp(`^uts:\\[${inode}\\]$`, 'm'));
    await strip.getByRole('button', { name: /^Select net:\[\d+\]$/ }).click();
    await page.getByRole('complementary').getByText(/net/).first().waitFor();
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
