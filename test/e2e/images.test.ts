/** Images in a real browser, on a real engine, from a registry of the lab's own. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { startRegistry, type Registry } from '../lab/registry.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

describe.skipIf(reason !== null)(`images${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let registry: Registry;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    registry = await startRegistry(lab.pid());
    await lab.docker('run', '-d', '--name=db', 'redis:alpine');
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await open();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await registry?.close();
    await lab?.down();
  });

  const open = async (): Promise<void> => {
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: /^Containers/ })
      .click();
    await page.getByRole('radio', { name: 'Images' }).click();
  };
  const row = (text: string): Locator =>
    page.getByRole('grid', { name: 'Images' }).getByRole('row').filter({ hasText: text });
  const detail = (): Locator => page.getByRole('region', { name: /^Image / });
  const dialog = (): Locator => page.getByRole('alertdialog');
  const form = (): Locator => page.getByRole('form', { name: 'Pull an image' });
  const pull = async (image: string): Promise<void> => {
    await form().getByLabel('Image to pull').fill(image);
    await form().getByRole('button', { name: 'Pull', exact: true }).click();
  };

  it('are listed as the engine lists them, with who uses them', async () => {
    const ids = (await lab.docker('images', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}')).stdout.trim().split('\n');
    for (const line of ids) {
      const [name = '', id = ''] = line.split(' ');
      await row(name).getByText(id).waitFor();
    }
    await row('redis:alpine').getByText('1 container').waitFor();
    await row('nginx:alpine').getByText('none').waitFor();
    await page.getByLabel('By hand: docker images --no-trunc').waitFor();
  });

  it('show how they were made, who is made from them, and the engine’s own account', async () => {
    await row('redis:alpine').click();
    await detail()
      .getByRole('cell', { name: /Imported from|redis-server|CMD/ })
      .first()
      .waitFor();
    await detail()
      .getByRole('tab', { name: /^Containers/ })
      .click();
    await detail().getByRole('button', { name: /db/ }).waitFor();
    await detail().getByRole('tab', { name: 'Inspect' }).click();
    await detail().getByText('"RepoTags"').waitFor();
    await page.getByLabel(/^By hand: docker image inspect sha256:[0-9a-f]{64}$/).waitFor();
  });

  it('come and go as the engine says, and are filtered', async () => {
    await lab.docker('tag', 'busybox', 'fresh:1');
    await row('fresh:1').waitFor();
    await page.getByLabel('Filter images').fill('fresh');
    await row('redis:alpine').waitFor({ state: 'detached' });
    await page.getByLabel('Filter images').fill('nothing like it');
    await page.getByText('No image matches “nothing like it”').waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await row('redis:alpine').waitFor();
  });

  it('are removed after it was said what would go', async () => {
    await row('fresh:1').click();
    await detail().getByRole('button', { name: 'Remove…' }).click();
    await dialog().getByRole('radio', { name: 'the name fresh:1' }).check();
    await dialog().getByText('The name fresh:1 goes.').waitFor();
    await dialog().getByText('The image stays, under its other name.').waitFor();
    await dialog().getByLabel('By hand: docker rmi fresh:1').waitFor();
    await dialog().getByRole('button', { name: 'Remove', exact: true }).click();
    await dialog().waitFor({ state: 'detached' });
    await row('fresh:1').waitFor({ state: 'detached' });
    expect((await lab.docker('images', '-q', 'fresh')).stdout).toBe('');
    expect((await lab.docker('images', '-q', 'busybox')).stdout).not.toBe('');
  });

  it('are not removed while the engine refuses, and it says why in its own words', async () => {
    await row('redis:alpine').click();
    await detail().getByRole('button', { name: 'Remove…' }).click();
    await dialog()
      .getByText(/Docker would refuse: Container db is made from it/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Ask all the same' }).click();
    await dialog()
      .getByText(/^Not removed\. conflict: unable to remove repository reference/)
      .waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await row('redis:alpine').waitFor();
  });

  it('are given up on Cancel, and say why where they cannot be had', async () => {
    await page.getByRole('button', { name: 'Pull image' }).click();
    await pull(registry.image('stuck', '2'));
    await form()
      .getByText(/^Downloading/)
      .first()
      .waitFor();
    await form().getByRole('button', { name: 'Cancel' }).click();
    await form()
      .getByText(/^Cancelled\./)
      .waitFor();
    await pull(registry.image('missing'));
    await form()
      .getByText(/^Not pulled\..*manifest unknown/)
      .waitFor();
  });

  it('are pulled with a bar for each layer', async () => {
    const image = registry.image('slow');
    await pull(image);
    const layers = form().getByRole('region', { name: 'Pull' });
    for (const id of registry.layers) await layers.getByText(id).waitFor();
    await layers
      .getByText(/^Downloading|^Extracting|^Pull complete/)
      .first()
      .waitFor();
    await form().getByText(`${image} is here.`).waitFor();
    await row(image).waitFor();
  });

  it('are run: one that is here from its row, a missing one after it was fetched', async () => {
    await row('nginx:alpine').click();
    await detail().getByRole('button', { name: 'Run' }).click();
    const run = page.getByRole('region', { name: 'Run a container' });
    await expect.poll(() => run.getByLabel('Image', { exact: true }).inputValue()).toBe('nginx:alpine');
    const image = registry.image('plain', '3');
    await run.getByLabel('Image', { exact: true }).fill(image);
    await run.getByLabel('Name', { exact: true }).fill('fetched');
    await run.getByText('not here: it will be pulled').waitFor();
    await run.getByRole('button', { name: 'Run', exact: true }).click();
    await expect
      .poll(
        () =>
          lab.docker('inspect', '-f', '{{.State.Status}}', 'fetched').then(
            ({ stdout }) => stdout.trim(),
            () => '',
          ),
        { timeout: 15_000 },
      )
      .toBe('running');
    await page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: 'fetched' }).waitFor();
    await open();
    await row(image).getByText('1 container').waitFor();
  });

  it('stay as they were last told while the engine does not answer', { timeout: 60_000 }, async () => {
    lab.signal('SIGSTOP');
    try {
      await page.getByText(/The list is as it was told last/).waitFor({ timeout: 30_000 });
      await row('redis:alpine').waitFor();
    } finally {
      lab.signal('SIGCONT');
    }
    await page.getByText(/The list is as it was told last/).waitFor({ state: 'detached', timeout: 30_000 });
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
