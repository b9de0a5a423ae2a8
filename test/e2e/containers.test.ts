/** Containers stopped, started, renamed and removed by clicking, on a real engine, in a real browser. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

describe.skipIf(reason !== null)(`containers${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', 'redis:alpine');
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page
      .getByRole('navigation', { name: 'Views' })
      .getByRole('button', { name: /^Containers/ })
      .click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const dialog = (): Locator => page.getByRole('alertdialog');
  const button = (name: string): Locator => inspector().getByRole('button', { name, exact: true });
  const state = async (name: string): Promise<string> =>
    (await lab.docker('inspect', '-f', '{{.State.Status}}', name)).stdout.trim();
  const row = (text: string): Locator =>
    page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: text });
  const shot = async (name: string): Promise<void> => {
    const folder = process.env['PORTHOLE_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/containers-${name}.png` });
  };
  const menu = async (item: RegExp): Promise<void> => {
    await inspector()
      .getByRole('button', { name: /^More for/ })
      .click();
    await page.getByRole('menuitem', { name: item }).click();
  };

  it('pauses and goes on at one click, and the list follows', async () => {
    await row('redis:alpine').click();
    await button('Pause').click();
    await row('redis:alpine')
      .getByText(/^paused/)
      .first()
      .waitFor();
    expect(await state('db')).toBe('paused');
    await button('Unpause').click();
    await row('redis:alpine')
      .getByText(/^running/)
      .first()
      .waitFor();
    expect(await state('db')).toBe('running');
  });

  it('asks before it stops one, with the command that would, and does nothing on Cancel', async () => {
    await button('Stop').click();
    await dialog().getByLabel('By hand: docker stop db').waitFor();
    await dialog().getByLabel('Seconds to end by itself').fill('3');
    await dialog().getByLabel('By hand: docker stop -t 3 db').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    expect(await state('db')).toBe('running');
  });

  it('says before it stops one who else is in its namespaces, and of one made with --rm what goes with it', async () => {
    const program = ['busybox', 'sleep', '1000'];
    await lab.docker('run', '-d', '--rm', '--name=guest', '--net=container:db', '-v', '/scratch', ...program);
    await row('guest').waitFor();
    await button('Stop').click();
    await dialog().getByText('guest is in its network namespace, and loses its interfaces until it is').waitFor();
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await row('guest').click();
    await button('Stop').click();
    await dialog().getByText('It was made with --rm: when it ends it is removed, with all it wrote').waitFor();
    await dialog().getByText('at /scratch').waitFor();
    await shot('stop-rm');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await lab.docker('rm', '-fv', 'guest');
    await row('guest').waitFor({ state: 'detached' });
    await row('redis:alpine').click();
  });

  it('stops and starts one; only what its state allows is offered', async () => {
    await button('Stop').click();
    await dialog().getByRole('button', { name: 'Stop db' }).click();
    await row('redis:alpine')
      .getByText(/^exited/)
      .first()
      .waitFor();
    expect(await state('db')).toBe('exited');
    await button('Start').waitFor();
    expect(await button('Stop').count()).toBe(0);
    await button('Start').click();
    await row('redis:alpine')
      .getByText(/^running/)
      .first()
      .waitFor();
  });

  it('says in the engine’s words why a name is refused, then takes another', async () => {
    await menu(/^Rename/);
    await dialog().getByLabel('New name').fill('no/slash');
    await dialog().getByRole('button', { name: 'Rename it' }).click();
    await dialog()
      .getByText(/^Not renamed\..*Invalid container name.*A name begins with a letter or digit/)
      .waitFor();
    await dialog().getByLabel('New name').fill('store');
    await dialog().getByLabel('By hand: docker rename db store').waitFor();
    await dialog().getByRole('button', { name: 'Rename it' }).click();
    await row('store').waitFor();
  });

  it('sends any signal', async () => {
    await menu(/^Send a signal/);
    await dialog().getByLabel('Another signal').fill('sigterm');
    await dialog().getByLabel('By hand: docker kill --signal=SIGTERM store').waitFor();
    await dialog().getByRole('button', { name: 'Send SIGTERM' }).click();
    await row('store')
      .getByText(/^exited/)
      .first()
      .waitFor();
  });

  it('removes one, and says that it was removed', async () => {
    await menu(/^Remove/);
    await dialog().getByLabel('By hand: docker rm store').waitFor();
    await dialog().getByRole('button', { name: 'Remove store' }).click();
    await inspector().getByText('This container was removed.').waitFor();
    expect((await lab.docker('ps', '-aq')).stdout).toBe('');
  });

  const form = (): Locator => page.getByRole('region', { name: 'Run a container' });
  const fill = (label: string, text: string): Promise<void> => form().getByLabel(label, { exact: true }).fill(text);

  it('runs the walk-through’s db, selected when it is up', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await fill('Image', 'redis:alpine');
    await fill('Name', 'db');
    await form().getByText('here already').waitFor();
    await form().getByLabel('docker run -d --name=db redis:alpine', { exact: true }).waitFor();
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await inspector().getByRole('heading', { name: /^db/ }).waitFor();
    expect(await state('db')).toBe('running');
  });

  it('runs web in the network namespace of db', async () => {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Run a container' }).click();
    await fill('Image', 'nginx:alpine');
    await fill('Name', 'web');
    await form().getByLabel('net namespace').selectOption({ label: 'db' });
    await form().getByLabel('docker run -d --name=web --net=container:db nginx:alpine', { exact: true }).waitFor();
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await inspector().getByRole('heading', { name: /^web/ }).waitFor();
    await inspector()
      .getByText(/[Ss]hares net with db/)
      .waitFor();
    const mode = (await lab.docker('inspect', '-f', '{{.HostConfig.NetworkMode}}', 'web')).stdout.trim();
    expect(mode).toMatch(/^container:/);
  });

  it('shows of one that ended at once how, and what it said last', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await form().getByRole('button', { name: 'Clear' }).click();
    await fill('Image', 'busybox:latest');
    await fill('Name', 'brief');
    await fill('Command and arguments', 'sh -c "echo spoken; echo broken >&2; exit 3"');
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await inspector().getByRole('heading', { name: /^brief/ }).waitFor(); // prettier-ignore
    await inspector().getByText('It ended with exit code 3: the program’s own code for a failure.').waitFor();
    const log = inspector().getByRole('region', { name: 'The end of its log' });
    await log.getByText('spoken', { exact: true }).waitFor();
    await log.getByTitle('stderr').waitFor();
    await log.getByText('broken', { exact: true }).waitFor();
    await shot('brief');
  });

  it('says of one that could not be started why, in the engine’s words, and keeps saying it', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await fill('Name', 'never');
    await fill('Command and arguments', 'nosuchprogram');
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await form()
      .getByText(/^Created, and not started\..*nosuchprogram/)
      .waitFor();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
    await row('never').click();
    await inspector()
      .getByText(/^It could not be started\..*nosuchprogram/)
      .waitFor();
    await shot('never');
  });

  it('says of a port that another has which it is', async () => {
    await lab.docker('run', '-d', '--name=first', '-p', '18080:80', 'busybox:latest', 'sleep', '1000');
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await fill('Name', 'second');
    await fill('Command and arguments', 'sleep 1000');
    await fill('Port 1', '18080:80');
    await form().getByLabel('docker run -d --name=second --publish=18080:80 busybox:latest sleep 1000', { exact: true }).waitFor(); // prettier-ignore
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await form()
      .getByText(/^Created, and not started\..*18080.*already (?:allocated|in use)/)
      .waitFor();
    await shot('port');
    await form().getByRole('button', { name: 'Remove it…' }).click();
    await dialog().getByLabel('By hand: docker rm second').waitFor();
    await dialog().getByRole('button', { name: 'Remove second' }).click();
    await form().getByRole('button', { name: 'Remove it…' }).waitFor({ state: 'detached' });
    await form().getByRole('checkbox', { name: 'remove it' }).check({ force: true });
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await form()
      .getByText(/^Not started, and removed at once: it was made with --rm\..*18080/)
      .waitFor();
    expect(await form().getByRole('button', { name: 'Remove it…' }).count()).toBe(0);
    expect((await lab.docker('ps', '-aq', '--filter', 'name=second')).stdout).toBe('');
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
  });

  it('runs a shell that waits, because its input is open, and says so in the command', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await form().getByRole('button', { name: 'Clear' }).click();
    await fill('Image', 'docker.io/library/busybox');
    await form().getByText('here already').waitFor();
    await fill('Name', 'shell');
    await fill('Command and arguments', 'sh');
    await form().getByRole('checkbox', { name: 'keep its input open' }).check({ force: true });
    await form().getByRole('checkbox', { name: 'a terminal' }).check({ force: true });
    await form().getByRole('radio', { name: 'on-failure' }).click();
    await fill('Times at most', '3');
    await fill('Volume 1', '/usr:/host:ro,rprivate');
    await fill('Seccomp profile', 'unconfined');
    await form().getByText('uts, user and cgroup it does not.').waitFor();
    await shot('run-form');
    const line = 'docker run -d --interactive --tty --name=shell --restart=on-failure:3 --volume=/usr:/host:ro,rprivate --security-opt=seccomp=unconfined docker.io/library/busybox sh'; // prettier-ignore
    await form().getByLabel(line, { exact: true }).waitFor();
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await inspector()
      .getByRole('heading', { name: /^shell/ })
      .waitFor();
    expect(await state('shell')).toBe('running');
    await lab.docker('rm', '-f', 'shell');
  });

  it('says in the engine’s words why an image could not be pulled', async () => {
    await page.getByRole('button', { name: 'Run container', exact: true }).click();
    await form().getByRole('button', { name: 'Clear' }).click();
    await fill('Image', '127.0.0.1:1/no/such:image');
    await form().getByText('not here: it will be pulled').waitFor();
    await form().getByRole('button', { name: 'Run', exact: true }).click();
    await form()
      .getByText(/^Not run\..*connection refused/)
      .waitFor();
  });

  it('does not run what is not of its form, and says so', async () => {
    await fill('Image', 'busybox');
    await fill('Memory', '12x');
    await form().getByRole('button', { name: 'Run', exact: true, disabled: true }).waitFor();
    await fill('Memory', '64m');
    await fill('Command and arguments', 'sh -c "exit 3');
    await form().getByText('the quote " is not closed').waitFor();
    await form().getByRole('button', { name: 'Run', exact: true, disabled: true }).waitFor();
    await fill('Command and arguments', "sh -c 'exit 3'");
    await form().getByLabel(`docker run -d --memory=64m busybox sh -c 'exit 3'`, { exact: true }).waitFor();
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
