/** A daemon that freezes, is killed and comes back while somebody works with it; and what is hostile in what it tells. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());
const LONG = { timeout: 40_000 };

describe.skipIf(reason !== null)(`a daemon in trouble${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=store', '--restart=unless-stopped', 'redis:alpine');
    await lab.docker('run', '-d', '--name=other', 'busybox', 'sleep', '1000');
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await containers();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const containers = (): Promise<void> =>
    page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: /^Containers/ })
      .click();
  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const dialog = (): Locator => page.getByRole('alertdialog');
  const row = (text: string): Locator =>
    page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: text });
  const down = (): Locator => page.getByRole('region', { name: 'Container engines' });
  const offered = async (name: string): Promise<readonly string[]> => {
    await row(name).click();
    await inspector().getByRole('heading', { name }).waitFor();
    const buttons = await inspector().getByRole('button').allTextContents();
    return ['Start', 'Stop', 'Restart', 'Pause', 'Unpause'].filter((verb) =>
      buttons.some((text) => text.trim() === verb),
    );
  };

  it('is said to be frozen, keeps its containers in sight, and comes back by itself', { timeout: 90_000 }, async () => {
    await row('store').waitFor();
    lab.signal('SIGSTOP');
    try {
      await down().getByText('does not answer').first().waitFor(LONG);
      await row('store').waitFor();
      // The page goes on: its figures come from the kernel.
      await page
        .getByRole('navigation', { name: 'Views' })
        .getByRole('button', { name: /^Processes/ })
        .click();
      await page.getByRole('treegrid').or(page.getByRole('tree')).first().waitFor();
      await containers();
    } finally {
      lab.signal('SIGCONT');
    }
    await down().waitFor({ state: 'detached', ...LONG });
    await row('store')
      .getByText(/^running/)
      .first()
      .waitFor(LONG);
  });

  it('ends what was asked of it with a word when it freezes meanwhile', { timeout: 120_000 }, async () => {
    await row('other').click();
    lab.signal('SIGSTOP');
    try {
      await inspector().getByRole('button', { name: 'Pause', exact: true }).click();
      await inspector()
        .getByText(/^Not paused\..*no answer to pause/)
        .waitFor(LONG);
    } finally {
      lab.signal('SIGCONT');
    }
    await down().waitFor({ state: 'detached', ...LONG });
    const state = async (): Promise<string> =>
      (await lab.docker('inspect', '-f', '{{.State.Status}}', 'other')).stdout.trim();
    // It may still have happened, as was said.
    if ((await state()) === 'paused') await lab.docker('unpause', 'other');
    await expect.poll(state).toBe('running');
  });

  it(
    'ends a stop under way with a word when it is killed, and shows the containers of the next one',
    { timeout: 120_000 },
    async () => {
      await lab.docker(
        'run',
        '-d',
        '--name=stubborn',
        'busybox',
        'sh',
        '-c',
        'trap "" TERM; while :; do sleep 0.2; done',
      );
      await row('stubborn').click();
      await inspector().getByRole('button', { name: 'Stop', exact: true }).click();
      await dialog().getByRole('button', { name: 'Stop stubborn' }).click();
      await dialog().getByRole('button', { name: 'Stopping…' }).waitFor();
      lab.signal('SIGKILL');
      await lab.ended();
      await dialog()
        .getByText(/^Not stopped\./)
        .waitFor(LONG);
      await dialog().getByRole('button', { name: 'Cancel' }).click();
      await down().getByText('refused').first().waitFor(LONG);
      await row('store').waitFor();
      await lab.start();
      await down().waitFor({ state: 'detached', ...LONG });
      // What a daemon makes of containers that outlived its forerunner is its own affair; the page says the same.
      const state = async (name: string): Promise<string> =>
        (await lab.docker('inspect', '-f', '{{.State.Status}}', name)).stdout.trim();
      for (const name of ['store', 'other', 'stubborn']) {
        const agrees = async (): Promise<boolean> => {
          const words = await state(name);
          const shown = await row(name)
            .getByText(new RegExp(`^${words}`))
            .count();
          return shown > 0 && words === (await state(name));
        };
        await expect.poll(agrees, { timeout: 30_000, interval: 250 }).toBe(true);
      }
      // Found again by the new daemon, they can be worked with.
      await lab.docker('start', 'store');
      await row('store')
        .getByText(/^running/)
        .first()
        .waitFor(LONG);
    },
  );

  it('tells a container that vanished while nobody could see it', { timeout: 120_000 }, async () => {
    await row('other').click();
    lab.signal('SIGTERM');
    await lab.ended();
    await down().waitFor(LONG);
    await lab.start();
    await lab.docker('rm', '-f', 'other');
    await down().waitFor({ state: 'detached', ...LONG });
    await inspector().getByText('This container was removed.').waitFor(LONG);
    await row('other').waitFor({ state: 'detached' });
  });

  it('offers what each state allows: created, restarting', { timeout: 90_000 }, async () => {
    await lab.docker('create', '--name=newborn', 'busybox', 'true');
    await lab.docker('run', '-d', '--name=looping', '--restart=always', 'busybox', 'sh', '-c', 'exit 1');
    await row('newborn')
      .getByText(/^created/)
      .first()
      .waitFor();
    expect(await offered('newborn')).toEqual(['Start']);
    // Between attempts; the pauses double, so that it is soon for long.
    await row('looping')
      .getByText(/^restarting/)
      .first()
      .waitFor(LONG);
    await row('looping').click();
    await expect.poll(async () => (await offered('looping')).join(' '), { timeout: 20_000 }).toBe('Stop Restart');
    await lab.docker('rm', '-f', 'newborn', 'looping');
  });

  it('shows hostile names and labels as text, however long', { timeout: 90_000 }, async () => {
    const image = 'hostile:1';
    const label = `<script>document.title='owned'</script>\u001b[31mred\u202e${'x'.repeat(64 * 1024)}`;
    const id = (await lab.docker('create', 'busybox', 'true')).stdout.trim();
    await lab.docker('commit', '--change', `LABEL bad=<img/src=x/onerror=document.title=1>`, id, image);
    await lab.docker('rm', id);
    await lab.docker(
      'run',
      '-d',
      '--name=hostile',
      '--label',
      `evil=${label}`,
      '--label',
      'com.docker.compose.project=<b>shop</b>',
      image,
      'sleep',
      '1000',
      '<script>',
      '\u001b]0;x\u0007',
    );
    await page.getByRole('rowgroup', { name: '<b>shop</b>' }).waitFor();
    await row('hostile')
      .getByText(/sleep 1000.*<script>/)
      .waitFor();
    await row('hostile').click();
    await inspector()
      .getByRole('heading', { name: /^hostile/ })
      .waitFor();
    await inspector().getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('tab', { name: /^Inspect/ }).click();
    await page.getByLabel('Search in it').fill('owned');
    await page.getByText("<script>document.title='owned'</script>").first().waitFor();
    expect(await page.title()).toMatch(/Porthole$/);
    expect(await page.locator('main script, main img').count()).toBe(0);
    await containers();
    await lab.docker('rm', '-f', 'hostile');
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
