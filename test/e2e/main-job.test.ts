/**
 * The main job, as a person does it the first time: see the processes of this machine and its containers, compare two
 * containers' namespaces, open an unshared shell. A real engine, a real browser, real namespaces.
 */
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES, type NamespaceType } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

const inode = (pid: number, type: NamespaceType): string =>
  /\d+/.exec(readlinkSync(`/proc/${pid}/ns/${type}`))?.[0] ?? 'none';

describe.skipIf(reason !== null)(`the main job${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const pids = new Map<string, number>();
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', 'redis:alpine');
    await lab.docker('run', '-d', '--name=web', '--net=container:db', 'nginx:alpine');
    for (const name of ['db', 'web']) {
      pids.set(name, Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout));
    }
    app = await serve({ ...lab.env, SHELL: '/bin/bash' });
    browser = await launchBrowser();
    context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
  });

  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const rail = (): Locator => page.getByRole('navigation', { name: 'Views' });
  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const terminal = (): Locator => page.getByRole('tabpanel').locator('visible=true');
  const strip = (): Locator => page.getByRole('group', { name: 'What the kernel says of this terminal' });
  const processRow = (pid: number): Locator =>
    page.getByRole('row').filter({ has: page.getByRole('gridcell', { name: String(pid), exact: true }) });

  it('takes the token out of the address at once', async () => {
    await rail().waitFor();
    expect(page.url()).not.toContain('token');
  });

  it('shows both containers, running, with the PIDs that docker inspect gives', async () => {
    await rail()
      .getByRole('button', { name: /^Containers/ })
      .first()
      .click();
    for (const [name, image] of [
      ['db', 'redis:alpine'],
      ['web', 'nginx:alpine'],
    ] as const) {
      const row = page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: image });
      await row.waitFor();
      expect(await row.innerText()).toContain(name);
      expect(await row.innerText()).toContain(String(pids.get(name)));
      expect(await row.innerText()).toMatch(/running/i);
    }
  });

  it('shows their processes in the tree, found as one types', async () => {
    await rail()
      .getByRole('button', { name: /^Processes/ })
      .click();
    await page.keyboard.press('/');
    await page.keyboard.type('redis-server');
    const row = processRow(pids.get('db') ?? -1);
    await row.waitFor();
    expect(await row.innerText()).toContain('db');
    await row.click();
    await inspector()
      .getByText(inode(pids.get('db') ?? -1, 'net'))
      .first()
      .waitFor();
    const words = await inspector().innerText();
    for (const type of NAMESPACE_TYPES) expect(words).toContain(inode(pids.get('db') ?? -1, type));
    expect(words).toMatch(/shared with\s+web/);
    expect(words).toMatch(/filter/);
  });

  it('shows the threads of db on request, as pstree -t does, with its numbers', async () => {
    await page.getByRole('switch', { name: 'Threads' }).check();
    const printed = execFileSync('pstree', ['-t', '-c', '-p', '-A', String(pids.get('db'))], { encoding: 'utf8' });
    const threads = [...printed.matchAll(/\{([^}]+)\}\((\d+)\)/g)].map(([, name = '', tid = '']) => [name, tid]);
    expect(threads.length).toBeGreaterThan(2);
    for (const [name, tid] of threads) {
      const row = processRow(Number(tid));
      await row.waitFor();
      expect(await row.innerText()).toContain(`{${name}}`);
    }
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as text' }).first().click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    for (const [name, tid] of threads) expect(copied).toContain(`{${name}}(${tid})`);
    await page.getByText('pstree -t -c -p -A 1').waitFor();
    await processRow(pids.get('db') ?? -1).click();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const second = threads.map(([, tid]) => Number(tid)).sort((a, b) => a - b)[1];
    expect(await page.getByRole('treegrid').getAttribute('aria-activedescendant')).toMatch(new RegExp(`/${second}$`));
    await page.getByRole('switch', { name: 'Threads' }).uncheck();
    await expect.poll(() => page.getByText(/^\{.*\}$/).count()).toBe(0);
  });

  it('says in one sentence that they share net and nothing else, with both inodes of every type', async () => {
    await rail()
      .getByRole('button', { name: /^Compare/ })
      .click();
    const compare = page.getByRole('region', { name: 'Compare' });
    for (const [label, name] of [
      ['First', 'db'],
      ['Second', 'web'],
    ] as const) {
      await compare.getByRole('button', { name: new RegExp(`^${label}`) }).click();
      await page.getByRole('combobox').fill(name);
      await page.getByRole('option').filter({ hasText: name }).first().click();
    }
    await compare.getByText(/^They share net( and nothing else)?\./).waitFor();
    const section = compare.getByRole('rowgroup', { name: 'Namespaces' });
    const words = await section.innerText();
    for (const type of NAMESPACE_TYPES) {
      for (const name of ['db', 'web']) expect(words).toContain(inode(pids.get(name) ?? -1, type));
    }
    const shared = section.getByRole('row').filter({ hasText: inode(pids.get('db') ?? -1, 'net') });
    await shared.getByRole('img', { name: 'the same' }).waitFor();
    const own = section.getByRole('row').filter({ hasText: inode(pids.get('db') ?? -1, 'mnt') });
    await own.getByRole('img', { name: 'differs' }).waitFor();
  });

  it('opens a shell that is PID 1 of its own namespaces, and shows those in the app', async () => {
    await rail()
      .getByRole('button', { name: /^New shell/ })
      .first()
      .click();
    await page.getByRole('button', { name: /^Own PID 1/ }).click();
    const program = page.getByRole('textbox', { name: /Program/ });
    await program.fill('bash --norc');
    await page.getByLabel('unshare --fork --pid --mount-proc bash --norc').waitFor();
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/PID 1 inside, read back/)
      .waitFor();
    const pid = Number(/bash (\d+)/.exec(await strip().innerText())?.[1]);
    for (const type of ['pid', 'mnt'] as const) {
      expect(inode(pid, type)).not.toBe(inode(process.pid, type));
      await strip().getByText(inode(pid, type)).waitFor();
    }
    await terminal().click();
    await page.keyboard.type('ps -o pid,comm; echo "$$ is my PID"\n');
    await expect.poll(() => screen(page), { timeout: 10_000 }).toMatch(/ 1 bash[^]*1 is my PID/);
    await page.keyboard.press('F6');
    await rail()
      .getByRole('button', { name: /^Processes/ })
      .click();
    await page.getByRole('textbox', { name: 'Filter' }).fill(String(pid));
    await processRow(pid).click();
    await inspector().getByText(inode(pid, 'pid')).first().waitFor();
  });

  it('keeps the terminal over a reload, screen and all', async () => {
    await page.reload();
    await strip()
      .getByText(/PID 1 inside, read back/)
      .waitFor();
    await expect.poll(() => screen(page), { timeout: 10_000 }).toContain('1 is my PID');
  });

  it('shows how the shell ended', async () => {
    await terminal().click();
    await page.keyboard.type('exit 7\n');
    await strip()
      .getByText(/exit code 7/)
      .waitFor();
  });

  it('runs what a by-hand line says, and the kernel says the same there', async () => {
    await rail().getByRole('button', { name: /^db\b/ }).click();
    await page
      .getByRole('main')
      .getByRole('button', { name: /^redis-server/ })
      .click();
    await inspector().getByText('ls -l /proc/').waitFor();
    await inspector().getByRole('button', { name: 'Run in a terminal' }).click();
    await strip()
      .getByText(/exit code 0/)
      .waitFor();
    const shown = await screen(page);
    for (const type of NAMESPACE_TYPES) expect(shown).toContain(`${type}:[${inode(pids.get('db') ?? -1, type)}]`);
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});

/** What the terminal in sight shows: xterm draws on a canvas, but what is copied is what is there. */
const screen = async (page: Page): Promise<string> => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('region', { name: 'Terminals' }).getByRole('button', { name: 'Copy as text' }).click();
  return page.evaluate(() => navigator.clipboard.readText());
};
