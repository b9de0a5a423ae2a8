/** The inside of namespaces, as a person looks into those of two containers. */
import { readlinkSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NamespaceType } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());
const id = (pid: number, type: NamespaceType): string => readlinkSync(`/proc/${pid}/ns/${type}`);

describe.skipIf(reason !== null)(`the inside of namespaces${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let db: number;
  let web: number;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', '--hostname=the-db', 'redis:alpine');
    await lab.docker('run', '-d', '--name=web', '--net=container:db', '--tmpfs=/extra', 'nginx:alpine');
    const pidOf = async (name: string) => Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout);
    [db, web] = [await pidOf('db'), await pidOf('web')];
    app = await serve({ ...lab.env, SHELL: '/bin/bash' });
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(15_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.keyboard.press('Control+2');
    await page.getByRole('radio', { name: 'List' }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const section = (name: string): Locator => inspector().getByRole('region', { name, exact: true });
  const look = async (namespace: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Filter namespaces' }).fill(namespace);
    const row = page
      .getByRole('grid', { name: 'Namespaces', exact: true })
      .getByRole('row')
      .filter({ hasText: namespace });
    await row.click();
    await inspector().getByRole('heading', { name: namespace }).waitFor();
  };

  it('shows interfaces with addresses, and who listens for both containers', async () => {
    await look(id(db, 'net'));
    await section('Interfaces').getByText('eth0', { exact: true }).waitFor();
    expect(await section('Interfaces').innerText()).toMatch(/172\.\d+\.0\.\d+\/16\s+global/);
    const listening = section('Listening').getByRole('table', { name: 'Listening sockets' });
    await listening
      .getByRole('row')
      .filter({ hasText: '0.0.0.0:6379' })
      .filter({ hasText: `redis-server ${db}` })
      .waitFor();
    await listening
      .getByRole('row')
      .filter({ hasText: '0.0.0.0:80' })
      .filter({ hasText: `nginx ${web}` })
      .waitFor();
    expect(await section('Routes').innerText()).toMatch(/default via 172\.\d+\.0\.1 dev eth0/);
  });

  it('puts the command of a section into the by-hand line', async () => {
    await section('Listening').hover();
    await section('Listening').getByRole('button', { name: 'Listening by hand' }).click();
    await inspector()
      .getByLabel(new RegExp(`nsenter -t ${db} --net ss --listening`))
      .waitFor();
  });

  it('leads by the other end of a pair to the namespace it is in', async () => {
    const bridge = id(lab.pid(), 'net');
    await section('Interfaces')
      .getByRole('button', { name: /\d{8,}/ })
      .click();
    await inspector().getByRole('heading', { name: bridge }).waitFor();
    await section('Interfaces').getByText('docker0', { exact: true }).waitFor();
  });

  it('shows the mount tree, finds in it, and tells the layers of an overlay', async () => {
    await look(id(db, 'mnt'));
    await section('Mounts').getByText(`As process ${db} sees them.`).waitFor();
    await section('Mounts').getByRole('textbox', { name: 'Filter mounts' }).fill('overlay');
    await section('Mounts').getByRole('row').getByRole('button').first().click();
    const words = await section('Mounts').innerText();
    expect(words).toMatch(/Upper\s+\/\S+\/diff/);
    expect(words).toMatch(/Lower\s+\/\S+/);
    expect(words).toMatch(/Propagation\s+(private|slave|shared)/);
  });

  it('tells names, numbers and the root of the smaller ones', async () => {
    await look(id(db, 'uts'));
    expect(await section('Names').innerText()).toContain('the-db');
    await look(id(db, 'pid'));
    await section('Numbers').getByText('pid_max').waitFor();
    expect(await section('Numbers').innerText()).toMatch(new RegExp(`Its PID 1\\s+redis-server ${db}`));
    await look(id(db, 'ipc'));
    await section('System V').getByText('No shared memory, no semaphores, no queues.').waitFor();
  });

  it('compares what both have mounted', async () => {
    await page.keyboard.press('Control+5');
    const compare = page.getByRole('region', { name: 'Compare' });
    await compare.getByRole('button', { name: /^Compare / }).click();
    const mounts = compare.getByRole('rowgroup', { name: 'Mounts' });
    const row = mounts
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: '/extra only in web', exact: true }) });
    await row.waitFor();
    expect(await row.innerText()).toContain('nothing mounted here');
    expect(await row.innerText()).toMatch(/tmpfs tmpfs 0:\d+/);
    await row.getByRole('img', { name: 'differs' }).waitFor();
  });

  it('says that their network is one, and gives each section its command', async () => {
    const compare = page.getByRole('region', { name: 'Compare' });
    await compare.getByRole('rowgroup', { name: 'Network' }).getByText('one namespace, the same for both').waitFor();
    const differences = compare.getByRole('navigation', { name: 'Differences' });
    for (const [section, command] of [
      ['Mounts', 'findmnt'],
      ['Environment', 'environ'],
      ['Capabilities', 'grep ^Cap'],
    ] as const) {
      await differences.getByRole('button', { name: new RegExp(`^${section}`) }).click();
      await compare.getByLabel(new RegExp(command.replace('^', '\\^'))).waitFor();
    }
  });

  it('puts interfaces and listening sockets of two networks beside each other', async () => {
    const compare = page.getByRole('region', { name: 'Compare' });
    await compare.getByRole('button', { name: /^Second/ }).click();
    await page.getByRole('option', { name: /the host/ }).click();
    const network = compare.getByRole('rowgroup', { name: 'Network' });
    const listens = network.getByRole('row').filter({ hasText: 'listens tcp 0.0.0.0:6379' });
    await listens.waitFor();
    await listens.getByRole('img', { name: 'differs' }).waitFor();
    expect(await network.innerText()).toMatch(/interface eth0\s+veth up 172\.\d+\.0\.\d+\/16/);
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
