/** Terminals drawn by WebGL, and what is seen of them when the graphics card is taken away. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostClient } from './host-client.ts';
import { browserUnavailable, launchBrowser, serve, SOFTWARE_WEBGL, type Served } from './served.ts';

const hasWebgl = async (): Promise<boolean> => {
  const browser = await launchBrowser(SOFTWARE_WEBGL);
  try {
    const page = await browser.newPage();
    return await page.evaluate(() => document.createElement('canvas').getContext('webgl2') !== null);
  } finally {
    await browser.close();
  }
};

const reason = browserUnavailable() ?? ((await hasWebgl()) ? null : 'this Chromium has no WebGL in software');

describe.skipIf(reason !== null)(`WebGL${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    app = await serve({ SHELL: '/bin/bash' });
    browser = await launchBrowser(SOFTWARE_WEBGL);
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    // The app leaves WebGL alone where a program plays graphics card; here that program has another name.
    await page.addInitScript(() => {
      const UNMASKED_RENDERER_WEBGL = 0x9246;
      const { getParameter } = WebGL2RenderingContext.prototype;
      WebGL2RenderingContext.prototype.getParameter = function (this: WebGL2RenderingContext, name: number): unknown {
        return name === UNMASKED_RENDERER_WEBGL ? 'a graphics card' : getParameter.call(this, name);
      };
    });
    await page.goto(app.address);
    const client = hostClient(app.address);
    await client.call('terminal.run', { argv: ['sh'], program: 'sh', cols: 80, rows: 24 });
    client.close();
    await page.getByRole('tab', { name: /^sh / }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });

  const panel = () => page.getByRole('tabpanel').locator('visible=true');
  /** Contexts of WebGL in the terminal that are not lost. */
  const contexts = (): Promise<number> =>
    panel().evaluate(
      (element) =>
        [...element.querySelectorAll('canvas')].filter(
          (canvas) => canvas.getContext('webgl2')?.isContextLost() === false,
        ).length,
    );
  /** What the page draws with text of its own. */
  const rows = () => panel().locator('.xterm-rows');

  it('draws them where there is a graphics card', async () => {
    await panel().click();
    await page.keyboard.type('echo drawn $((40+2)) times\n');
    await expect.poll(contexts, { timeout: 20_000 }).toBe(1);
    expect(await rows().count()).toBe(0);
  });

  it('is left when its context is lost: the page draws the same with text, and goes on', async () => {
    await panel().evaluate((element) => {
      for (const canvas of element.querySelectorAll('canvas')) {
        canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
      }
    });
    await expect
      .poll(() => rows().allInnerTexts(), { timeout: 20_000 })
      .toEqual([expect.stringMatching(/drawn.42.times/)]);
    await panel().click();
    await page.keyboard.type('echo and on\n');
    await expect.poll(() => rows().innerText(), { timeout: 20_000 }).toMatch(/^and.on/m);
  });

  it('is taken up again when the terminal is shown anew', async () => {
    const dock = page.getByRole('region', { name: 'Terminals' });
    await dock.getByRole('button', { name: /^Close the dock/ }).click();
    await dock.getByRole('button', { name: /^Open the dock/ }).click();
    await expect.poll(contexts, { timeout: 20_000 }).toBe(1);
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
