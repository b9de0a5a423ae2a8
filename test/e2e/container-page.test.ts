/** The page of a container and acts on several, with a real engine, in a real browser. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());
const BUSY = 'i=0; while :; do i=$((i+1)); done';

describe.skipIf(reason !== null)(`a container’s page${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', '-m', '64m', '--cpus=0.3', '--pids-limit=40', '-e', 'HELLO=<b>x</b>', '-v', '/kept', 'busybox', 'sh', '-c', BUSY); // prettier-ignore
    await lab.docker('run', '-d', '--name=web', '--net=container:db', 'busybox', 'sleep', '1000');
    await lab.docker('run', '-d', '--name=one', 'busybox', 'sleep', '1000');
    await lab.docker('create', '--name=two', 'busybox', 'true');
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const main = (): Locator => page.getByRole('main');
  const grid = (): Locator => page.getByRole('grid', { name: 'Containers' });
  const row = (name: string): Locator =>
    grid()
      .getByRole('row')
      .filter({ has: page.getByText(name, { exact: true }) });
  const shot = async (name: string): Promise<void> => {
    const folder = process.env['PORTHOLE_SHOTS'];
    if (folder === undefined) return;
    for (const [scheme, width, height] of [
      ['light', 1024, 700],
      ['dark', 1440, 900],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `${folder}/container-page-${name}-${scheme}.png` });
    }
  };
  const tab = async (name: RegExp): Promise<void> => page.getByRole('tab', { name }).click();
  const back = (): Promise<void> => main().getByRole('button', { name: 'All containers' }).click();
  const state = async (name: string): Promise<string> =>
    (await lab.docker('inspect', '-f', '{{.State.Status}}', name)).stdout.trim();
  const popover = (): Locator => page.getByRole('dialog', { name: 'Memory limit of db' });

  it('opens by double click, and says of what is drawn what it is', async () => {
    // Rows move as the engine names them.
    for (const name of ['db', 'web', 'one', 'two']) await row(name).waitFor();
    await row('db').dblclick();
    await main().getByRole('heading', { name: /^db/ }).waitFor();
    await main()
      .getByText(/^Throttled in \d+ % of its periods: it wants more than 30 % of a CPU\./)
      .waitFor();
    await main()
      .getByRole('img', { name: /^CPU over the last 5 minutes: now [\d.]+ %/ })
      .waitFor();
    await main()
      .getByRole('img', { name: /^Memory over the last 5 minutes: now .*limit 64 MiB by memory\./ })
      .waitFor();
    await main().getByText('together with web').first().waitFor();
    await main()
      .getByLabel(/^By hand: docker stats --no-stream [0-9a-f]{64}$/)
      .waitFor();
    expect(await page.getByRole('complementary', { name: 'Inspector' }).count()).toBe(0);
    await main().getByRole('region', { name: 'I/O' }).getByText(/ reads\/s, .* writes\/s; .* written so far$/).waitFor(); // prettier-ignore
    await main().getByRole('region', { name: 'I/O' }).getByText('no limit', { exact: true }).waitFor();
    await main().getByText('docker stats tells the same of the same moment').waitFor();
    await shot('overview');
  });

  it('reads a moment of a chart by keyboard', async () => {
    await main()
      .getByRole('img', { name: /^Tasks over/ })
      .press('End');
    await main().getByRole('status').filter({ hasText: /now: \d+ tasks?/ }).waitFor(); // prettier-ignore
  });

  it('tells a chart as a table, too, and what its tasks waited for', async () => {
    await main().getByRole('button', { name: 'Tasks as a table' }).click();
    const table = main().getByRole('region', { name: 'Tasks as a table' });
    await table.getByText(/^\d+ tasks?$/).first().waitFor(); // prettier-ignore
    await main().getByRole('button', { name: 'Tasks as a table' }).click();
    await main().getByRole('img', { name: /^Tasks over/ }).waitFor(); // prettier-ignore
  });

  it('shows in the rail what memory each uses', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^db\b.*running, memory/ }).waitFor(); // prettier-ignore
  });

  it('has a tab for each account, moved through by arrows, and Back returns', async () => {
    await tab(/^Processes/);
    await main()
      .getByRole('button', { name: /sh -c i=0/ })
      .waitFor();
    await page.getByRole('tab', { name: /^Processes/ }).press('ArrowRight');
    await page.getByRole('tab', { name: /^Namespaces/, selected: true }).waitFor();
    await main().getByText('Shares net with web.', { exact: false }).waitFor();
    await tab(/^Capabilities/);
    await main().getByText('In effect: 14 of 41, Docker’s default', { exact: false }).waitFor();
    await tab(/^Mounts/);
    await main().getByText('1 of them asked for', { exact: false }).waitFor();
    await tab(/^Environment/);
    await main().getByText('<b>x</b>').first().waitFor();
    await main().getByText('the engine sets it').waitFor();
    await tab(/^Inspect/);
    await main().getByRole('textbox', { name: 'Search in it' }).fill('PidsLimit');
    await main().getByText('40', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Back', exact: false }).first().click();
    await page.getByRole('tab', { name: /^Environment/, selected: true }).waitFor();
  });

  it('compares its files with the image when asked to', async () => {
    await lab.docker('exec', 'db', 'touch', '/made-here');
    await tab(/^Files/);
    await main().getByRole('button', { name: 'Compare now' }).click();
    await main()
      .getByRole('button', { name: /made-here/ })
      .waitFor();
  });

  const memory = (): Locator => main().getByRole('region', { name: 'Memory limit', exact: true });

  it('has Docker change a limit: the command first, then read back, kept, undone', async () => {
    await tab(/^Limits/);
    await main()
      .getByRole('button', { name: /^Change memory\./ })
      .click();
    await popover().getByRole('textbox', { name: 'New value' }).fill('50000000');
    await popover().getByRole('button', { name: 'Write 50000000' }).waitFor();
    await popover().getByRole('radio', { name: 'Docker' }).click();
    await popover().getByLabel('By hand: docker update --memory 50000000 db').waitFor();
    await popover().getByText('49999872 still: the engine keeps it').waitFor();
    await popover().getByRole('button', { name: 'Update to 50000000' }).click();
    await popover()
      .getByText(/^Written: memory\..* reads 49999872\.$/)
      .waitFor();
    expect((await lab.docker('inspect', '-f', '{{.HostConfig.Memory}}', 'db')).stdout.trim()).toBe('50000000');
    await popover().getByRole('button', { name: 'Done' }).click();
    await memory().getByText('--memory 50000000', { exact: true }).waitFor();
    await main().getByText('read back 49999872, by Docker').waitFor();
    await main().getByRole('button', { name: 'Undo' }).click();
    await main().getByText('read back 49999872, by Docker, undone').waitFor();
    expect((await lab.docker('inspect', '-f', '{{.HostConfig.Memory}}', 'db')).stdout.trim()).toBe('67108864');
  });

  it('says what is asked for as soon as it is, also by another, and who joined a network', async () => {
    await memory().getByText('--memory 64m', { exact: true }).waitFor();
    await lab.docker('update', '-m', '96m', '--memory-swap', '192m', 'db');
    await memory().getByText('--memory 96m', { exact: true }).waitFor();
    await lab.docker('update', '-m', '64m', 'db');
    await memory().getByText('--memory 64m', { exact: true }).waitFor();
    await tab(/^Inspect/);
    await main().getByRole('textbox', { name: 'Search in it' }).fill('late-network');
    await lab.docker('network', 'create', 'late-network');
    await lab.docker('network', 'connect', 'late-network', 'db');
    await main().getByText('late-network', { exact: true }).first().waitFor();
    await lab.docker('network', 'disconnect', 'late-network', 'db');
    await main().getByText('late-network', { exact: true }).first().waitFor({ state: 'detached' });
    await lab.docker('network', 'rm', 'late-network');
    await tab(/^Limits/);
  });

  it('leads to its cgroup, with every file of it', async () => {
    await main().getByRole('button', { name: 'Its cgroup' }).click();
    await main().getByRole('heading', { name: 'Cgroups' }).waitFor();
    await main().getByRole('row', { name: /db/, selected: true }).waitFor(); // prettier-ignore
    await main().getByText('memory.stat', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Back', exact: false }).first().click();
    await main().getByRole('heading', { name: /^db/ }).waitFor();
  });

  it('tells of one that does not run how it would be started, and has Docker keep another limit', async () => {
    await back();
    await row('two').dblclick();
    await main().getByText('It was never started.').waitFor();
    await main().getByText('It is created: it has no cgroup', { exact: false }).waitFor();
    await tab(/^Environment/);
    await main().getByText('Not running (created): as configured, told by Docker.', { exact: false }).waitFor();
    await main().getByText('PATH', { exact: true }).waitFor();
    await tab(/^Capabilities/);
    await main().getByText('Root in it would have 14 of 41, Docker’s default; nothing was asked for.').waitFor();
    await tab(/^Limits/);
    await main().getByRole('button', { name: 'Change --pids-limit' }).click();
    const pids = page.getByRole('dialog', { name: 'Tasks limit of two' });
    await pids.getByRole('textbox', { name: 'New value' }).fill('55');
    await pids.getByText('It is created: it has no cgroup. Docker sets this when it starts.').waitFor();
    await pids.getByLabel('By hand: docker update --pids-limit 55 two').waitFor();
    await pids.getByRole('button', { name: 'Update to 55' }).click();
    await pids.getByText('Written: --pids-limit is 55, as Docker keeps it.').waitFor();
    expect((await lab.docker('inspect', '-f', '{{.HostConfig.PidsLimit}}', 'two')).stdout.trim()).toBe('55');
    await pids.getByRole('button', { name: 'Done' }).click();
    await main().getByText('read back 55, by Docker').waitFor();
    await main().getByRole('button', { name: 'Undo' }).click();
    await main().getByText('read back 55, by Docker, undone').waitFor();
  });

  it('does one act to several, and says how it went for each', async () => {
    await back();
    await row('one').click({ modifiers: ['Control'] });
    await grid().getByRole('checkbox', { name: 'Pick two' }).check({ force: true });
    await page.getByText('2 picked').waitFor();
    await page.getByRole('button', { name: 'Pause 1' }).click();
    const dialog = page.getByRole('alertdialog');
    await dialog.getByText('left out: it is created').waitFor();
    await dialog.getByLabel('By hand: docker pause one').waitFor();
    await dialog.getByRole('button', { name: 'Pause 1' }).click();
    await dialog.getByText('Done to all of them.').waitFor({ timeout: 45_000 });
    expect(await state('one')).toBe('paused');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await lab.docker('unpause', 'one');
    await page.getByRole('button', { name: 'Update all' }).click();
    await dialog.getByLabel('What to update').selectOption('--pids-limit');
    await dialog.getByLabel('New value').fill('71');
    await dialog.getByText(/→ 71$/).nth(1).waitFor(); // prettier-ignore
    await dialog.getByLabel('By hand: docker update --pids-limit 71 one; docker update --pids-limit 71 two').waitFor();
    await shot('update-many');
    await dialog.getByRole('button', { name: 'Update 2' }).click();
    await dialog.getByText('Written for 2 of 2.').waitFor({ timeout: 45_000 });
    await dialog.getByText('Written: --pids-limit is 71, as Docker keeps it', { exact: false }).nth(1).waitFor(); // prettier-ignore
    for (const name of ['one', 'two'])
      expect((await lab.docker('inspect', '-f', '{{.HostConfig.PidsLimit}}', name)).stdout.trim()).toBe('71');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Send a signal to 1' }).click();
    await dialog.getByLabel('Another signal').fill('cont');
    await dialog.getByLabel('By hand: docker kill --signal=CONT one').waitFor();
    await dialog.getByRole('button', { name: 'Send CONT to 1' }).click();
    await dialog.getByText('Done to all of them.').waitFor({ timeout: 45_000 });
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Remove all' }).click();
    await dialog.getByLabel('By hand: docker rm --force one; docker rm two').waitFor();
    await dialog.getByRole('button', { name: 'Remove 2' }).click();
    await dialog.getByText('Done to all of them.').waitFor({ timeout: 45_000 });
    await dialog.getByRole('button', { name: 'Close' }).click();
    await row('one').waitFor({ state: 'detached' });
    expect((await lab.docker('ps', '-aq')).stdout.trim().split('\n')).toHaveLength(2);
  });

  it('opens by keyboard and from the rail, and keeps what was last seen of one that is removed', async () => {
    await row('web').click();
    await grid().press('Enter');
    await main().getByRole('heading', { name: /^web/ }).waitFor();
    await lab.docker('rm', '-f', 'web');
    await main()
      .getByText(/^This container was removed\./)
      .waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^db/ }).click(); // prettier-ignore
    await main().getByRole('heading', { name: /^db/ }).waitFor();
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
