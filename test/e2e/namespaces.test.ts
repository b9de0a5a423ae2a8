/** The namespaces view, as a person uses it on a machine with two containers: the matrix, the list, what the inspector says. */
import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES, type NamespaceType } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());
const id = (pid: number, type: NamespaceType): string => readlinkSync(`/proc/${pid}/ns/${type}`);
const inode = (pid: number, type: NamespaceType): string => /\d+/.exec(id(pid, type))?.[0] ?? 'none';

describe.skipIf(reason !== null)(`the namespaces view${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const pids = new Map<string, number>();
  const pid = (name: string): number => pids.get(name) ?? -1;
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
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const matrix = (): Locator => page.getByRole('grid', { name: 'Namespaces by who is in them' });
  const list = (): Locator => page.getByRole('grid', { name: 'Namespaces', exact: true });
  const rowOf = (name: string): Locator =>
    matrix()
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${name} .* ${pid(name)}$`) }) });
  const filter = (): Locator => page.getByRole('textbox', { name: 'Filter namespaces' });

  it('is the second of the rail, and says in a sentence that db and web share net', async () => {
    await page.keyboard.press('Control+2');
    await page.getByRole('heading', { name: 'Namespaces' }).waitFor();
    await filter().fill('db');
    await rowOf('db').waitFor();
    await filter().fill('');
    await page.getByText('db and web share net.', { exact: true }).waitFor();
  });

  it('has a row for each container with the inode of every type', async () => {
    for (const name of ['db', 'web']) {
      for (const type of NAMESPACE_TYPES) {
        await rowOf(name)
          .getByRole('gridcell', { name: new RegExp(`^${type}:\\[${inode(pid(name), type)}\\]`) })
          .waitFor();
      }
    }
    expect(
      await rowOf('db')
        .getByRole('gridcell', { name: /, shared$/ })
        .allInnerTexts(),
    ).toEqual([inode(pid('db'), 'net')]);
  });

  it('puts those that share next to each other', async () => {
    const at = async (name: string): Promise<number> => Number(await rowOf(name).getAttribute('aria-rowindex'));
    expect(Math.abs((await at('db')) - (await at('web')))).toBe(1);
  });

  it('is walked by arrows, and Enter selects', async () => {
    await rowOf('db')
      .getByRole('gridcell', { name: new RegExp(`^uts:\\[${inode(pid('db'), 'uts')}\\]`) })
      .click();
    await inspector()
      .getByRole('heading', { name: id(pid('db'), 'uts') })
      .waitFor();
    await matrix().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await inspector()
      .getByRole('heading', { name: id(pid('db'), 'net') })
      .waitFor();
  });

  it('tells of the shared one who is in it, what holds it, who owns it, and that root may enter', async () => {
    const words = (name: string): Promise<string> => inspector().getByRole('region', { name }).innerText();
    await inspector()
      .getByText(/Shared by (db and web|web and db)\./)
      .waitFor();
    for (const name of ['db', 'web']) {
      expect(await words('Members')).toContain(name);
      expect(await words('Members')).toContain(String(pid(name)));
    }
    expect(await words('Why it is alive')).toMatch(/Bind mount\s+\/.*netns/);
    expect(await words('Owner and parent')).toContain(inode(pid('db'), 'user'));
    expect(await words('Owner and parent')).toContain('net has no hierarchy');
    expect(await words('Can you enter it?')).toMatch(/Yes\s+This session holds CAP_SYS_ADMIN/);
    await inspector()
      .getByLabel(`lsns ${inode(pid('db'), 'net')}`)
      .waitFor();
  });

  it('shows only what is shared when asked to', async () => {
    const before = Number(await matrix().getAttribute('aria-rowcount'));
    await page.getByRole('switch', { name: 'Only shared' }).click();
    await expect.poll(async () => Number(await matrix().getAttribute('aria-rowcount'))).toBeLessThan(before);
    await rowOf('db').waitFor();
    await page.getByRole('switch', { name: 'Only shared' }).click();
  });

  it('lists the same numbers as lsns', async () => {
    await page.getByRole('radio', { name: 'List' }).click();
    // In the host's own others come and go while we look.
    const own = NAMESPACE_TYPES.filter((type) => id(pid('web'), type) !== id(process.pid, type));
    expect(own).toContain('net');
    for (const type of own) {
      await filter().fill(id(pid('web'), type));
      const row = list()
        .getByRole('row')
        .filter({ hasText: id(pid('web'), type) });
      await row.waitFor();
      const cells = await row.getByRole('gridcell').allInnerTexts();
      expect([type, cells[2]]).toEqual([type, nprocs(inode(pid('web'), type))]);
    }
    await filter().fill('');
  });

  it('narrows to a type, finds as one types, and says when nothing matches', async () => {
    await page.getByRole('button', { name: /^Only net,/ }).click();
    await filter().fill('redis-server');
    const row = list()
      .getByRole('row')
      .filter({ hasText: id(pid('db'), 'net') });
    await row.waitFor();
    expect(
      await list()
        .getByText(/^mnt:\[/)
        .count(),
    ).toBe(0);
    await page.getByLabel('lsns --type net').waitFor();
    await filter().fill('no such namespace');
    await page.getByText('Nothing matches “no such namespace”').waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await expect.poll(async () => Number(await list().getAttribute('aria-rowcount'))).toBeGreaterThan(16);
  });

  it('sorts by a click on a title', async () => {
    const title = list().getByRole('columnheader', { name: 'Processes' });
    await title.getByRole('button').click();
    expect(await title.getAttribute('aria-sort')).toBe('ascending');
    await title.getByRole('button').click();
    expect(await title.getAttribute('aria-sort')).toBe('descending');
    const counts = (await list().getByRole('row').allInnerTexts()).slice(1).map((text) => Number(text.split('\n')[2]));
    expect(counts).toEqual(counts.toSorted((a, b) => b - a));
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});

/** How many processes lsns sees in it. */
const nprocs = (inode: string): string => {
  const lines = execFileSync('lsns', ['-n', '-o', 'NS,NPROCS'], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => line.trim().split(/\s+/)).find(([ns]) => ns === inode)?.[1] ?? 'none';
};
