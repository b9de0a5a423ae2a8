/** Programs in containers and their logs, as a person meets them: a real engine, a real browser. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

describe.skipIf(reason !== null)(`exec and logs${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const TALKER = [
    'i=0; while [ $i -lt 3000 ]; do echo "line $i of the log"; i=$((i+1)); done',
    String.raw`printf '\033[31mred\033[0m plain \033]0;title\007\033[2J<script>alert(1)</script>\n'`,
    // Each pipe is read apart: without a pause their order is anyone's.
    'sleep 0.5; echo "a word on stderr" >&2',
    'while read word; do echo "heard $word"; done',
  ].join('; ');

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=kv-store', 'redis:alpine');
    await lab.docker('run', '-d', '-i', '--name=talker', 'busybox:latest', 'sh', '-c', TALKER);
    await lab.docker('run', '-d', '--name=mute', '--log-driver=none', 'busybox:latest', 'sleep', '600');
    await lab.docker('run', '-d', '--name=shell-less', 'busybox:latest', 'sleep', '600');
    await lab.docker('exec', 'shell-less', 'rm', '-f', '/bin/sh', '/bin/bash');
    app = await serve({ ...lab.env, SHELL: '/bin/bash' });
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, acceptDownloads: true });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
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
  const strip = (): Locator => page.getByRole('group', { name: 'What the kernel says of this terminal' });
  const form = (): Locator => page.getByRole('region', { name: 'New program in a container' });
  const inspectorOf = async (name: string): Promise<Locator> => {
    await rail()
      .getByRole('button', { name: /^Containers/ })
      .first()
      .click();
    const back = page.getByRole('button', { name: 'All containers' });
    if (await back.isVisible()) await back.click();
    await page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: name }).first().click();
    return page.getByRole('complementary', { name: 'Inspector' });
  };
  const shellOf = async (name: string): Promise<void> => {
    await (await inspectorOf(name)).getByRole('button', { name: 'Shell', exact: true }).click();
    await form()
      .getByRole('button', { name: new RegExp(`^Container: ${name}`) })
      .waitFor();
  };
  const openLogs = async (name: string): Promise<Locator> => {
    const id = (await lab.docker('inspect', '-f', '{{.Id}}', name)).stdout.trim();
    await page.evaluate((id) => {
      const place = { view: 'containers', params: { id, tab: 'logs' }, subject: null };
      sessionStorage.setItem('porthole-place', JSON.stringify(place));
    }, id);
    await page.reload();
    return page.getByRole('region', { name: 'Log of this container' });
  };
  const screen = async (): Promise<string> => {
    await page.getByRole('button', { name: 'Copy as text' }).last().click();
    return page.evaluate(() => navigator.clipboard.readText());
  };

  it('offers exec from the container, with the shell that it has and the line by hand', async () => {
    await shellOf('kv-store');
    await form().getByText('its shell: sh').waitFor();
    await page.getByLabel('docker exec -it kv-store sh').waitFor();
  });

  it('starts it, shows the container’s namespaces and takes keys', async () => {
    await page.keyboard.press('Control+Enter');
    const pid = Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'kv-store')).stdout);
    const inode = /\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0] ?? 'none';
    await strip().getByText(inode).waitFor();
    await page.getByRole('tabpanel').locator('visible=true').last().click();
    await page.keyboard.type('echo $((6*7)) from inside\n');
    await expect.poll(screen, { timeout: 10_000 }).toContain('42 from inside');
  });

  it('is still there after a reload, and its exit code is said', async () => {
    await page.reload();
    await strip().waitFor();
    await expect.poll(screen, { timeout: 10_000 }).toContain('42 from inside');
    await page.getByRole('tabpanel').locator('visible=true').last().click();
    await page.keyboard.type('exit 4\n');
    await strip()
      .getByText(/exit code 4/)
      .waitFor();
  });

  it('runs env by its preset, as another user and with a variable', async () => {
    await shellOf('kv-store');
    await page.getByRole('button', { name: /^Environment/ }).click();
    const file = '# an env file\r\nGREETING=good day\r\n\r\n  EMPTY=\r\n';
    await page.getByRole('textbox', { name: 'Variable 1' }).evaluate((field, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, file);
    await page.getByRole('button', { name: 'Remove variable 2' }).click();
    await page.getByRole('textbox', { name: '--user' }).fill('12');
    await page.getByLabel("docker exec -it --user 12 --env 'GREETING=good day' kv-store env").waitFor();
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/exit code 0/)
      .waitFor();
    await expect.poll(screen, { timeout: 10_000 }).toContain('GREETING=good day');
  });

  it('says that its container ended', async () => {
    await lab.docker('run', '-d', '--name=short-lived', 'redis:alpine');
    await shellOf('short-lived');
    await form().getByText('its shell: sh').waitFor();
    await page.getByRole('button', { name: /^Its shell The first/ }).click();
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/inside, read back/)
      .waitFor();
    await lab.docker('kill', 'short-lived');
    await strip().getByText('The container ended with exit code 137.').waitFor();
  });

  it('offers this machine’s tools where there is no shell', async () => {
    await shellOf('shell-less');
    await form()
      .getByText(/It has no shell/)
      .waitFor();
    await form()
      .getByText(/a ps that shows its processes/)
      .waitFor();
    await page.getByRole('button', { name: 'Debug shell' }).click();
    await page.getByRole('region', { name: 'New shell in existing namespaces' }).waitFor();
    const pid = (await lab.docker('inspect', '-f', '{{.State.Pid}}', 'shell-less')).stdout.trim();
    await page
      .getByLabel(new RegExp(`^nsenter --target ${pid} (?!.*--mount ).*--net.* unshare --mount-proc bash$`))
      .waitFor();
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/inside, read back/)
      .waitFor();
    await page.getByRole('tabpanel').locator('visible=true').click();
    await page.keyboard.type('ps -e | wc -l; echo $((40 + 2))\n');
    // A head, its own program, bash, ps and wc.
    await expect.poll(screen, { timeout: 10_000 }).toMatch(/^5\n42$/m);
  });

  it('names what goes on where it may not be signalled, and ends it from inside', async () => {
    const weak = await serve(lab.env, [], ['setpriv', '--bounding-set=-kill', '--inh-caps=-kill']);
    const other = await browser.newPage();
    other.setDefaultTimeout(10_000);
    try {
      await other.goto(weak.address);
      await other.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Containers/ }).first().click(); // prettier-ignore
      await other.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: 'kv-store' }).first().click(); // prettier-ignore
      const inspector = other.getByRole('complementary', { name: 'Inspector' });
      await inspector.getByRole('button', { name: 'Shell', exact: true }).click();
      await other
        .getByRole('textbox', { name: 'Program and its arguments' })
        .fill(`sh -c 'trap "" INT HUP TERM; while :; do sleep 1; done'`);
      await other.getByRole('textbox', { name: '--user' }).fill('4242');
      await other.keyboard.press('Control+Enter');
      await other.getByRole('group', { name: 'What the kernel says of this terminal' }).getByText(/inside, read back/).waitFor(); // prettier-ignore
      const deaf = Number(/^ *(\d+) .*trap/m.exec(execFileSync('ps', ['-o', 'pid=,args=', '-U', '4242'], { encoding: 'utf8' }))?.[1]); // prettier-ignore
      // Whose it is, the next look at the machine tells.
      await other.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Processes/ }).click(); // prettier-ignore
      await other.getByRole('textbox', { name: 'Filter processes' }).fill(String(deaf));
      await other.getByRole('treegrid').getByText(String(deaf), { exact: true }).waitFor(); // prettier-ignore
      await other.getByRole('tab', { name: /kv-store/ }).press('Delete');
      await other
        .getByRole('alertdialog')
        .getByText(/runs as uid 4242, and uid 0 may not signal it/)
        .waitFor();
      await other
        .getByRole('alertdialog')
        .getByRole('button', { name: /^Close/ })
        .click();
      await other.getByText(new RegExp(`is closed, but sh \\(PID ${deaf}\\).* on: Porthole may not signal`)).waitFor();
      expect(existsSync(`/proc/${deaf}`)).toBe(true);
      await other.getByRole('button', { name: /^kill -KILL .* inside, as root$/ }).click();
      await expect.poll(() => existsSync(`/proc/${deaf}`), { timeout: 10_000 }).toBe(false);
    } finally {
      await other.close();
      await weak.stop();
    }
  });

  it('says beforehand that a paused container starts nothing', async () => {
    await lab.docker('pause', 'kv-store');
    await shellOf('kv-store');
    await form()
      .getByText(/It is paused/)
      .waitFor();
    await lab.docker('unpause', 'kv-store');
    await form()
      .getByText(/It is paused/)
      .waitFor({ state: 'detached' });
  });

  it('shows the end of a log, its stderr marked, its colours and no other escape', async () => {
    const logs = await openLogs('talker');
    const rows = logs.getByRole('log');
    await rows.getByText('a word on stderr').waitFor();
    await rows.getByText('err', { exact: true }).waitFor();
    expect(await rows.getByText('red', { exact: true }).getAttribute('style')).toContain('--danger');
    await rows.getByText(/\\e\]0;title\\x07\\e\[2J<script>alert\(1\)<\/script>/).waitFor();
    expect(await rows.locator('.row').count()).toBeLessThan(100);
    await logs.getByText('docker logs -f --tail 5000 talker').waitFor();
    await logs.getByText('3,002 lines, 1 from stderr').waitFor();
  });

  it('follows, stops where one scrolls to, and says how many lines have come', async () => {
    const logs = page.getByRole('region', { name: 'Log of this container' });
    const rows = logs.getByRole('log');
    await rows.hover();
    await page.mouse.wheel(0, -4000);
    await logs.getByText('Paused where you are').waitFor();
    await lab.docker('exec', 'talker', 'sh', '-c', 'echo one > /proc/1/fd/1; echo two > /proc/1/fd/1');
    await logs.getByRole('button', { name: '2 new lines' }).click();
    await rows.getByText('two', { exact: true }).waitFor();
    await logs.getByText('Following', { exact: true }).waitFor();
  });

  it('finds, counts and steps', async () => {
    const logs = page.getByRole('region', { name: 'Log of this container' });
    await logs.getByRole('textbox', { name: 'Find in the log' }).fill('LINE 12');
    await logs.getByText('111 lines', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await logs.getByText(/\d+ of 111 lines/).waitFor();
    await logs.getByRole('log').locator('mark').first().waitFor();
    await logs.getByRole('textbox', { name: 'Find in the log' }).fill('');
  });

  it('finds by a regular expression, and says of what is none', async () => {
    const logs = page.getByRole('region', { name: 'Log of this container' });
    const find = logs.getByRole('textbox', { name: 'Find in the log' });
    await logs.getByRole('button', { name: 'As a regular expression' }).click();
    await find.fill('^line 29\\d\\d ');
    await logs.getByText('100 lines', { exact: true }).waitFor();
    await find.fill('(');
    await logs.getByText('not an expression').waitFor();
    await find.fill('');
    await logs.getByRole('button', { name: 'As a regular expression' }).click();
  });

  it('shows a span of time, and follows no further than its end', async () => {
    const logs = page.getByRole('region', { name: 'Log of this container' });
    await logs.getByLabel('How far back').selectOption({ label: 'Between two moments' });
    await logs.getByText('a word on stderr').waitFor();
    await logs.getByLabel('Until').fill('2001-01-01T00:00:00');
    await logs.getByText('Nothing between these two moments.').waitFor();
    await logs.getByText(/docker logs --since \S+Z --until 200\S+Z talker/).waitFor();
    await logs.getByLabel('How far back').selectOption({ label: 'Last 5,000 lines' });
    await logs.getByText('a word on stderr').waitFor();
  });

  it('shows stderr alone, times, and breaks lines', async () => {
    const logs = page.getByRole('region', { name: 'Log of this container' });
    await logs.getByRole('switch', { name: 'stderr only' }).click();
    await expect.poll(() => logs.getByRole('log').locator('.row').count()).toBe(1);
    await logs.getByRole('switch', { name: 'Times' }).click();
    await logs.getByText(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/).waitFor();
    await logs.getByText('docker logs -f -t --tail 5000 talker').waitFor();
    await logs.getByRole('switch', { name: 'stderr only' }).click();
    await logs.getByRole('switch', { name: 'Wrap' }).click();
    await logs.getByRole('log').getByText('a word on stderr').waitFor();
  });

  it('saves what is shown as text', async () => {
    const logs = page.getByRole('region', { name: 'Log of this container' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      logs.getByRole('button', { name: 'Save as text' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('talker.log');
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.split('\n').length).toBe(3005);
    expect(text).toMatch(/^\S+Z line 0 of the log$/m);
  });

  it('says in the engine’s words that there is nothing to read', async () => {
    const logs = await openLogs('mute');
    await logs.getByText(/logging driver does not support reading/).waitFor();
  });

  it('keeps the last of 100 MB, says so, and goes on answering', async () => {
    const line = 'x'.repeat(999);
    await lab.docker('run', '-d', '--name=flood', 'busybox:latest', 'sh', '-c', `yes ${line} | head -n 100000; echo the end`); // prettier-ignore
    await lab.docker('wait', 'flood');
    const logs = await openLogs('flood');
    await logs.getByLabel('How far back').selectOption({ label: 'Everything' });
    await logs.getByText('Ended with its container').waitFor({ timeout: 45_000 });
    await logs.getByText(/older lines let go; the last 64 MB are kept/).waitFor();
    await logs.getByRole('log').getByText('the end').waitFor();
    const heap = await page.evaluate(
      () => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize,
    );
    expect(heap).toBeLessThan(400 * 1024 * 1024);
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
