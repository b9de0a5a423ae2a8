/** Podman from the list to the last act, on a real service, in a real browser; every line by hand is podman's. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podmanUnavailable, REGISTRY_PORT, startPodman, type PodmanLab } from '../lab/podman.ts';
import { startRegistry, type Registry } from '../lab/registry.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const v1 = ((): boolean => {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').includes(' /sys/fs/cgroup/memory ');
  } catch {
    return false;
  }
})();
const reason = browserUnavailable() ?? (await podmanUnavailable());

describe.skipIf(reason !== null)(`Podman${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: PodmanLab;
  let registry: Registry;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let podman: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startPodman();
    registry = await startRegistry(lab.pid(), { port: REGISTRY_PORT });
    podman = `podman --url unix://${lab.socket}`;
    await lab.podman('run', '-d', '--name=db', '-m', '64m', 'redis:alpine');
    await lab.podman('pod', 'create', '--name=shop');
    await lab.podman('run', '-d', '--pod=shop', '--name=cart', 'nginx:alpine');
    await lab.podman('run', '-d', '--name=talker', 'localhost/busybox', 'sh', '-c', 'echo spoken; exec sleep 1000');
    app = await serve({ ...lab.env, SHELL: '/bin/bash' });
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await list();
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await registry?.close();
    await lab?.down();
  }, 60_000);

  const views = (): Locator => page.getByRole('navigation', { name: 'Views' });
  const grid = (): Locator => page.getByRole('grid', { name: 'Containers' });
  const row = (name: string): Locator =>
    grid()
      .getByRole('row')
      .filter({ has: page.getByText(name, { exact: true }) });
  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const run = (): Locator => page.getByRole('region', { name: 'Run a container' });
  const fill = (label: string, text: string): Promise<void> => run().getByLabel(label, { exact: true }).fill(text);
  const list = async (): Promise<void> => {
    await views().getByRole('button', { name: /^Containers/ }).first().click(); // prettier-ignore
    const back = page.getByRole('button', { name: 'All containers' });
    if (await back.isVisible()) await back.click();
  };
  const open = async (name: string, tab: string): Promise<void> => {
    const id = (await lab.podman('inspect', '--format', '{{.Id}}', name)).stdout.trim();
    await page.evaluate(
      ([id, tab]) => {
        const place = { view: 'containers', params: { id, tab }, subject: null };
        sessionStorage.setItem('porthole-place', JSON.stringify(place));
      },
      [id, tab],
    );
    await page.reload();
  };
  const shot = async (name: string): Promise<void> => {
    const folder = process.env['PORTHOLE_SHOTS'];
    if (folder === undefined) return;
    for (const [scheme, width, height] of [
      ['dark', 1440, 900],
      ['light', 1024, 700],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `${folder}/podman-${name}-${scheme}.png` });
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  };

  it('is listed with its pods, and the line by hand is podman’s', async () => {
    await row('db').waitFor();
    await row('cart').waitFor();
    await grid().getByText('shop', { exact: true }).first().waitFor();
    await grid().getByRole('checkbox', { name: 'Pick all of pod shop' }).check({ force: true });
    await page.getByText('2 picked').waitFor();
    await grid().getByRole('checkbox', { name: 'Pick all of pod shop' }).uncheck({ force: true });
    await page.getByText('2 picked').waitFor({ state: 'detached' });
    const line = `${podman} ps -a --no-trunc`;
    await page.getByLabel(`By hand: ${line}`).waitFor();
    expect(execFileSync('bash', ['-c', line], { encoding: 'utf8' })).toMatch(/ db\n/);
    await shot('list');
  });

  it('runs one by the line that is shown, with limits that may be set', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await fill('Image', 'redis:alpine');
    await run().getByText('here already').waitFor();
    await fill('Image', 'docker.io/library/redis:alpine');
    await fill('Name', 'made');
    await run().getByLabel('uts namespace').selectOption({ label: 'db' });
    await run().getByLabel(`${podman} run -d --name=made --uts=container:db docker.io/library/redis:alpine`, { exact: true }).waitFor(); // prettier-ignore
    await run().getByLabel('uts namespace').selectOption({ label: 'its own' });
    await fill('Label 1', 'color=blue');
    const line = `${podman} run -d --name=made --label=color=blue docker.io/library/redis:alpine`;
    await run().getByLabel(line, { exact: true }).waitFor();
    await shot('run');
    await run().getByRole('button', { name: 'Run', exact: true }).click();
    await inspector().getByRole('heading', { name: /^made/ }).waitFor(); // prettier-ignore
    const told = await lab.podman('inspect', '--format', '{{.State.Status}} {{.Config.Labels.color}}', 'made');
    expect(told.stdout.trim()).toBe('running blue');
  });

  it('says in Podman’s words that a name is taken, and what to do', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await run().getByRole('button', { name: 'Clear' }).click();
    await fill('Image', 'docker.io/library/redis:alpine');
    await fill('Name', 'db');
    await run().getByRole('button', { name: 'Run', exact: true }).click();
    await run()
      .getByText(
        /^Not run\. .*already in use.* Choose another name, or rename or remove the container called db first\./,
      )
      .waitFor();
    await shot('taken');
  });

  it('fetches a missing image with a bar for each layer, and says with which credentials', async () => {
    await run().getByRole('button', { name: 'Clear' }).click();
    await fill('Image', registry.image('slow'));
    await fill('Name', 'fetched');
    await run().getByText('not here: it will be pulled').waitFor();
    await run().getByRole('button', { name: 'Run', exact: true }).click();
    const pull = run().getByRole('region', { name: 'Pull' });
    await pull.getByText('without credentials').waitFor();
    for (const id of registry.layers) await pull.getByText(id).waitFor();
    await shot('pull');
    await inspector().getByRole('heading', { name: /^fetched/ }).waitFor(); // prettier-ignore
  });

  it('starts a program in one', async () => {
    await list();
    await row('made').click();
    await inspector().getByRole('button', { name: 'Shell', exact: true }).click();
    await page.getByLabel(`${podman} exec -it made sh`).waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('group', { name: 'What the kernel says of this terminal' }).getByText(/inside, read back/).waitFor(); // prettier-ignore
    await page.getByRole('tabpanel').locator('visible=true').last().click();
    await page.keyboard.type('echo $((6*7)) from inside; exit 4\n');
    const screen = async (): Promise<string> => {
      await page.getByRole('button', { name: 'Copy as text' }).last().click();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    await expect.poll(screen, { timeout: 10_000 }).toContain('42 from inside');
  });

  it('shows a log', async () => {
    await open('talker', 'logs');
    const logs = page.getByRole('region', { name: 'Log of this container' });
    await logs.getByRole('log').getByText('spoken', { exact: true }).waitFor();
    await logs.getByText(`${podman} logs -f --tail 5000 talker`).waitFor();
  });

  it.skipIf(!v1)('changes a limit, reads it back and undoes it', async () => {
    const pid = (await lab.podman('inspect', '--format', '{{.State.Pid}}', 'db')).stdout.trim();
    const line = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n').find((one) => one.split(':')[1] === 'memory')!; // prettier-ignore
    const read = (): string =>
      readFileSync(`/sys/fs/cgroup/memory${line.split(':')[2]}/memory.limit_in_bytes`, 'utf8').trim();
    await open('db', 'overview');
    await page.getByRole('button', { name: 'Change memory.limit_in_bytes' }).click();
    const popover = page.getByRole('dialog', { name: 'Memory limit of db' });
    await popover.getByRole('textbox', { name: 'New value' }).fill('50000000');
    await popover.getByRole('button', { name: 'Write 50000000' }).waitFor();
    await shot('limit');
    await popover.getByRole('button', { name: 'Write 50000000' }).click();
    await popover.getByText('Written: memory.limit_in_bytes reads 49999872.').waitFor();
    expect(read()).toBe('49999872');
    await popover.getByRole('button', { name: 'Undo' }).click();
    await popover.getByText('Undone: memory.limit_in_bytes reads 67108864.').waitFor();
    expect(read()).toBe('67108864');
    await popover.getByRole('button', { name: 'Done' }).click();
  });

  it('removes one, by the line that is shown', async () => {
    await list();
    await row('made').click();
    await inspector().getByRole('button', { name: /^More for/ }).click(); // prettier-ignore
    await page.getByRole('menuitem', { name: /^Remove/ }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByLabel(`By hand: ${podman} rm --force made`).waitFor();
    await dialog.getByRole('button', { name: /^Remove made/ }).click();
    await inspector().getByText('This container was removed.').waitFor();
    expect((await lab.podman('ps', '-aq', '--filter', 'name=made')).stdout.trim()).toBe('');
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
