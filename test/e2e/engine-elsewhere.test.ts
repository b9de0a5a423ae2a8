/** An engine whose processes are not on this machine: what it lists is shown, and nothing is said to be absent that is not. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeDaemon, idOf } from '../unit/engines/fake-daemon.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();

describe.skipIf(reason !== null)(`an engine elsewhere${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let daemon: FakeDaemon;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const FAR = idOf(7);
  const usual = (sizes: readonly string[][]) => ({ Titles: ['UID', 'PID', 'CMD'], Processes: sizes });

  beforeAll(async () => {
    daemon = await FakeDaemon.start();
    daemon.containers.set(FAR, { name: 'far', pid: 0 });
    daemon.instead.set(`/containers/${FAR}/top`, (_, response) =>
      response.end(JSON.stringify(usual([['999', '4711', 'redis-server \u001b[31m*:6379']]))),
    );
    app = await serve({ DOCKER_HOST: daemon.place.address });
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Containers/ }).first().click(); // prettier-ignore
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await daemon?.close();
  });

  it('has its processes listed by the engine, with its numbers, on the container’s page', async () => {
    await page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: 'far' }).click();
    await page
      .getByText('None of its processes is seen on this machine. Its page shows those that its engine')
      .waitFor();
    await page.getByRole('complementary', { name: 'Inspector' }).getByRole('button', { name: 'Open' }).click();
    await page.getByRole('tab', { name: /^Processes/ }).click();
    await page.getByRole('tab', { name: 'Processes', exact: true }).waitFor();
    const table = page.getByRole('table');
    await table.getByRole('columnheader', { name: 'PID' }).waitFor();
    await table.getByRole('cell', { name: '4711' }).waitFor();
    // What an escape would do is seen as text.
    await table.getByRole('cell', { name: /redis-server .+\[31m/ }).waitFor();
    await page.getByText('Docker lists 1 process; the numbers are those of its machine.').waitFor();
    const folder = process.env['PORTHOLE_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/engine-elsewhere.png` });
    await page.getByRole('tab', { name: /^Environment/ }).click();
    await page.getByText('None of its processes is seen on this machine').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says why the engine does not tell them either', async () => {
    daemon.instead.set(`/containers/${FAR}/top`, (_, response) =>
      response.writeHead(500).end(JSON.stringify({ message: 'ps: not found' })),
    );
    await page.reload();
    await page.getByRole('tab', { name: /^Processes/ }).click();
    await page.getByText('does not tell them either: ps: not found').waitFor();
  });
});
