/** A host that is killed: what it had started is ended, and the page keeps what it has and says so. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NO_UNSHARE } from '../../shared/unshare-presets.ts';
import { hostClient } from './host-client.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (process.getuid?.() === 0 ? null : 'needs root to unshare');

/** Command lines of living processes that hold `word`. */
const running = (word: string): string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
        const cmdline = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
        return state !== 'Z' && cmdline.includes(word) ? [cmdline] : [];
      } catch {
        return [];
      }
    });

describe.skipIf(reason !== null)(`a host that is killed${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let browser: Browser;
  let page: Page;
  let app: Served;
  const complaints: string[] = [];
  const token = `t${process.pid}`;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    app = await serve({ SHELL: '/bin/bash', PORTHOLE_TOKEN: token });
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterEach(async () => {
    await page.context().close();
    await app.stop();
  });

  const dock = () => page.getByRole('region', { name: 'Terminals' });
  const tabs = () => dock().getByRole('tab').allTextContents();
  const text = async (): Promise<string> => {
    await dock()
      .getByRole('button', { name: /^(Copy as text|Copied)$/ })
      .click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const strip = () => dock().getByRole('group', { name: 'What the kernel says of this terminal' });
  const kill = async (): Promise<void> => {
    process.kill(app.pid, 'SIGKILL');
    await app.ended;
  };
  const again = async (own: string): Promise<void> => {
    app = await serve({ SHELL: '/bin/bash', PORTHOLE_TOKEN: own }, ['--port', new URL(app.address).port]);
  };
  const begin = async (): Promise<void> => {
    await page.goto(app.address);
    const client = hostClient(app.address);
    await client.call('terminal.run', { argv: ['bash'], program: 'bash', cols: 80, rows: 24 });
    client.close();
    await dock().getByRole('tab').first().click();
    await page.keyboard.type('echo kept $((40+2))\n');
    await expect.poll(text).toMatch(/^kept 42$/m);
  };

  it('leaves none of its programs behind, not even PID 1 of a PID namespace or what is deaf to SIGHUP', async () => {
    const mark = `1000.${process.pid}`;
    const client = hostClient(app.address);
    const start = (program: string[], pid: boolean) =>
      client.call('terminal.unshare', {
        options: { ...NO_UNSHARE, ...(pid ? { namespaces: ['pid' as const], fork: true } : {}), program },
        cols: 80,
        rows: 24,
      });
    await start(['sleep', mark], true);
    await start(['sh', '-c', `trap '' HUP TERM; sleep ${mark}; : again`], false);
    // The host knows what became of both; with its own shell and the two sleeps.
    await expect
      .poll(async () => (await client.call('terminal.list', {})).every(({ inside }) => inside !== null))
      .toBe(true);
    await expect.poll(() => running(mark).length).toBe(4);
    await kill();
    client.close();
    await expect.poll(() => running(mark), { timeout: 30_000 }).toEqual([]);
  });

  it('is said in the tab, with what was on the screen, once another answers in its place', async () => {
    await begin();
    await kill();
    await expect.poll(() => strip().innerText()).toContain('no connection to the host: what you type is not sent');
    await again(token);
    await expect
      .poll(() => strip().innerText(), { timeout: 30_000 })
      .toContain('Its host was killed, or ended without closing it.');
    expect(await strip().getByRole('button', { name: 'Start again' }).count()).toBe(0);
    expect(await text()).toMatch(/^kept 42$/m);
    const client = hostClient(app.address);
    await client.call('terminal.run', { argv: ['sh'], program: 'sh', cols: 80, rows: 24 });
    client.close();
    await expect.poll(tabs).toHaveLength(2);
    expect(await text()).toMatch(/^kept 42$/m);
    await dock().getByRole('tab').first().focus();
    await page.keyboard.press('Delete');
    await expect.poll(tabs).toHaveLength(1);
  });

  it('and whose successor does not let the page in leaves it all that it had', async () => {
    await begin();
    await kill();
    await again('another');
    const banner = page.getByRole('main').getByText('The host does not know its token');
    await banner.waitFor({ timeout: 30_000 });
    await expect.poll(() => strip().innerText()).toContain('Its host was killed, or ended without closing it.');
    expect(await text()).toMatch(/^kept 42$/m);
    await page.goto(app.address);
    await expect.poll(() => banner.count()).toBe(0);
    await expect.poll(() => page.getByText('Live', { exact: true }).count()).toBe(1);
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});
