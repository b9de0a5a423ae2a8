/** What a container may call: asked for, confirmed, listed, searched and copied in a real browser. */
import { readFileSync } from 'node:fs';
import AxeBuilder from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

describe.skipIf(reason !== null)(`seccomp${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let pid: number;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', '--cap-add', 'SYS_NICE', 'redis:alpine');
    pid = Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'db')).stdout);
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByRole('main').getByRole('textbox', { name: /^Filter/ }).fill('redis-server'); // prettier-ignore
    await page.getByRole('main').getByRole('treegrid').getByRole('row').filter({ hasText: String(pid) }).last().click(); // prettier-ignore
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const inspector = (): Locator => page.getByRole('complementary');
  const panel = (): Locator => page.getByRole('dialog', { name: `What redis-server ${pid} may call` });
  const calls = (): Locator => panel().getByRole('list', { name: 'System calls' }).getByRole('listitem');
  const status = (name: string): string =>
    new RegExp(`^${name}:\t(\\S+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';

  it('marks what was added to the engine’s default capabilities', async () => {
    await inspector().getByText('Docker’s default with SYS_NICE added.').waitFor();
  });

  it('says first that the process is stopped, and does nothing when that is declined', async () => {
    await inspector().getByRole('button', { name: 'What may it call?' }).click();
    const question = page.getByRole('dialog', { name: 'Read the seccomp filter' });
    await question.getByRole('heading', { name: `Stops redis-server ${pid} for some milliseconds` }).waitFor();
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'hidden' });
    expect(await panel().count()).toBe(0);
  });

  it('then lists what is denied and how, and the process goes on', async () => {
    await inspector().getByRole('button', { name: 'What may it call?' }).click();
    await page.getByRole('button', { name: 'Stop and read' }).click();
    await panel()
      .getByText(/^Of \d+ system calls of \w+: \d+ allowed, \d+ by their arguments, \d+ denied\.$/)
      .waitFor();
    await calls().filter({ hasText: /^\s*mount\s/ }).filter({ hasText: 'fails with EPERM' }).waitFor(); // prettier-ignore
    expect([status('State'), status('TracerPid')]).toEqual(['S', '0']);
  });

  it('tells what depends on arguments, and finds a call in any list', async () => {
    await panel().getByRole('radio', { name: /^By arguments/ }).click(); // prettier-ignore
    await calls()
      .filter({
        hasText:
          'allow if arg0 & 0x7e020000 (CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNET) == 0',
      })
      .waitFor();
    await panel().getByRole('textbox', { name: 'Find a system call' }).fill('getppid');
    await expect.poll(() => calls().count()).toBe(1);
    expect(await calls().first().innerText()).toContain('reaches the kernel');
    await panel().getByRole('textbox', { name: 'Find a system call' }).fill('nosuchcall');
    await panel().getByText('No system call of this name or number.').waitFor();
    await panel().getByRole('button', { name: 'Clear' }).click();
  });

  it('shows the filter instruction by instruction', async () => {
    await panel().getByRole('radio', { name: 'Filter' }).click();
    await panel()
      .getByText(/^The filter: \d+ instructions/)
      .waitFor();
    await panel().getByText('A = arch').first().waitFor();
    await panel().getByLabel(`By hand: grep -E '^(NoNewPrivs|Seccomp)' /proc/${pid}/status`, { exact: true }).waitFor();
  });

  it('stands the checks of accessibility, and says in the inspector how long it took', async () => {
    await page.evaluate(AxeBuilder.source);
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof AxeBuilder };
      const { violations } = await axe.run('[role=dialog]');
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(found).toEqual([]);
    await panel().getByRole('button', { name: 'Close' }).click();
    await inspector()
      .getByText(/It stood still for \d+\.\d ms\./)
      .waitFor();
    expect(complaints).toEqual([]);
  });
});
