/** What a person is told when the connection between the page and its host is not as it should be. */
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import type { Hello } from '../../shared/contract.ts';
import { decodeFrame, encodeFrame, type Frame, type ToPage } from '../../shared/frames.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();

describe.skipIf(reason !== null)(`the connection${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: Served;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    app = await serve({});
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
  });
  beforeEach(async () => {
    page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(10_000);
  });
  afterEach(() => page.context().close());

  const rows = () => page.getByRole('treegrid').getByRole('row');
  const banner = () =>
    page
      .getByRole('main')
      .getByRole('status')
      .filter({ hasText: /Connection lost|This page is of/ });

  it('keeps what was seen when it is lost, says how old that is, and comes back', async () => {
    let refusing = false;
    let last: WebSocketRoute | undefined;
    await page.routeWebSocket(/\/socket$/, (socket) => {
      if (refusing) return void socket.close();
      last = socket;
      socket.connectToServer();
    });
    await page.goto(app.address);
    await rows().nth(1).waitFor();
    expect(await banner().count()).toBe(0);
    refusing = true;
    await last!.close();
    await expect.poll(() => banner().innerText()).toMatch(/^Connection lost: the host .*\. What you see is .+ old\./);
    expect(await rows().count()).toBeGreaterThan(1);
    refusing = false;
    // It may have come back by itself meanwhile.
    await banner()
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => undefined);
    await expect.poll(() => banner().count()).toBe(0);
  });

  it('says that the host is of another version, until it is of the same', async () => {
    let older = true;
    await page.routeWebSocket(/\/socket$/, (socket) => {
      socket.connectToServer().onMessage((data) => socket.send(older && typeof data !== 'string' ? aged(data) : data));
    });
    await page.goto(app.address);
    await expect
      .poll(() => banner().innerText())
      .toContain(`This page is of Porthole ${version}, its host of 0.0.1: what you see may be wrong.`);
    older = false;
    await banner().getByRole('button', { name: 'Reload' }).click();
    await rows().nth(1).waitFor();
    expect(await banner().count()).toBe(0);
  });

  it('says where the token went when the host was started anew', async () => {
    const first = await serve({});
    await page.goto(first.address);
    await rows().nth(1).waitFor();
    await first.stop();
    await banner().waitFor();
    const second = await serve({}, ['--port', new URL(first.address).port]);
    try {
      await page.getByText('The host does not know its token; it may have been started anew.').waitFor();
      await page.goto(second.address);
      await rows().nth(1).waitFor();
    } finally {
      await second.stop();
    }
  });
});

/** A frame as an older host would send it: where it says its version, an older one. */
const aged = (data: Buffer): Buffer => {
  const { header, ...rest } = decodeFrame(data) as Frame<ToPage>;
  if (header.k !== 'answer') return data;
  const value = header.value as Partial<Hello> | null;
  if (value?.version !== version || value.host === undefined) return data;
  return Buffer.from(encodeFrame({ header: { ...header, value: { ...value, version: '0.0.1' } }, ...rest }));
};
