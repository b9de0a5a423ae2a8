/** A process's files under /proc, walked by mouse and keyboard in a real browser, against what cat prints. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable();

describe.skipIf(reason !== null)(`files under /proc${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let child: ChildProcess;
  let app: Served;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    const script =
      'printf procwalker >/proc/self/comm; echo ready; read -r _; printf renamed >/proc/self/comm; read -r _';
    child = spawn('bash', ['-c', script, '\u001b[31mred', 'two words'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'], GREETING: 'a=b\nc' },
    });
    await once(createInterface(child.stdout!), 'line');
    app = await serve({ DOCKER_HOST: 'unix:///nonexistent/docker.sock' });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    child.kill('SIGKILL');
  });

  const main = (): Locator => page.getByRole('main');
  const list = (folder = ''): Locator => main().getByRole('grid', { name: `/proc/${child.pid}${folder}`, exact: true });
  const row = (name: string): Locator =>
    list().getByRole('row').filter({ has: page.getByText(name, { exact: true }) }); // prettier-ignore
  /** By filter, for only the rows in sight are drawn. */
  const choose = async (name: string): Promise<void> => {
    await main().getByRole('textbox', { name: 'Filter files' }).fill(name);
    await row(name).click();
    await main().getByRole('textbox', { name: 'Filter files' }).fill('');
  };
  const shown = (): Promise<string> => main().getByRole('heading', { level: 2 }).innerText();

  it('tells on request what else the process says of itself, and reads nothing of it before', async () => {
    await main().getByRole('textbox', { name: /^Filter/ }).fill('procwalker'); // prettier-ignore
    await main().getByRole('treegrid').getByRole('row', { name: /procwalker/ }).last().click(); // prettier-ignore
    const section = (title: string): Locator => page.getByRole('region', { name: title, exact: true });
    const unfold = (title: string): Promise<void> => section(title).getByRole('button', { name: title, exact: true }).click(); // prettier-ignore
    expect(await section('Open files').innerText()).toBe('Open files');
    await unfold('Open files');
    const files = section('Open files').getByRole('table').getByRole('row');
    await files.filter({ hasText: readlinkSync(`/proc/${child.pid}/fd/0`) }).waitFor();
    expect(await files.count()).toBe(readdirSync(`/proc/${child.pid}/fd`).length);
    await unfold('Threads');
    await section('Threads')
      .getByRole('row')
      .filter({ hasText: String(child.pid) })
      .getByText('procwalker')
      .waitFor();
    await unfold('Running and I/O');
    const score = readFileSync(`/proc/${child.pid}/oom_score`, 'utf8').trim();
    await section('Running and I/O').getByText(score, { exact: false }).first().waitFor();
    await unfold('Memory');
    await section('Memory').getByRole('row').filter({ hasText: '/bash' }).first().waitFor();
    await section('Memory').getByRole('button', { name: 'Memory by hand' }).click();
    await page.getByLabel(`By hand: cat /proc/${child.pid}/smaps_rollup`, { exact: true }).waitFor();
  });

  it('is reached from the inspector of a process', async () => {
    await page.getByRole('button', { name: 'Files in /proc' }).click();
    await list().waitFor();
    await main().getByLabel(`By hand: ls -lA /proc/${child.pid}`, { exact: true }).waitFor();
  });

  it('says of each file what it means and what it holds now', async () => {
    await main().getByRole('textbox', { name: 'Filter files' }).fill('oom_score_adj');
    const words = (await row('oom_score_adj').innerText()).split('\n');
    expect(words).toContain(readFileSync(`/proc/${child.pid}/oom_score_adj`, 'utf8').trim());
    expect(words.join(' ')).toContain('What is added to that score');
    await main().getByRole('textbox', { name: 'Filter files' }).fill('');
  });

  it('shows the environment as a list split at NUL, and text from the machine as text', async () => {
    await choose('environ');
    await main().getByText('GREETING=a=b\\nc', { exact: true }).waitFor();
    await main().getByText('proc_pid_environ(5)').waitFor();
    await main().getByLabel(`By hand: tr '\\0' '\\n' < /proc/${child.pid}/environ`, { exact: true }).waitFor();
    await main().getByRole('button', { name: 'Run in a terminal' }).click();
    await page.getByRole('tabpanel').getByText('GREETING=a=b').waitFor();
    await page.getByRole('button', { name: /^Close the dock/ }).click();
    await choose('cmdline');
    await main().getByRole('list').getByText('\\e[31mred', { exact: true }).waitFor();
  });

  it('shows status as a table with what each field means, and as the text that cat prints', async () => {
    await choose('status');
    const field = main().getByRole('row').filter({ hasText: /^Seccomp\s/ }); // prettier-ignore
    expect(await field.innerText()).toMatch(/Seccomp\s+\d\s+0 disabled, 1 strict, 2 filter/);
    await main().getByRole('radio', { name: 'Text' }).click();
    const text = await main().getByLabel('status as it is').innerText();
    expect(text.split('\n').slice(0, 8)).toEqual(readFileSync(`/proc/${child.pid}/status`, 'utf8').split('\n').slice(0, 8)); // prettier-ignore
    await main().getByRole('radio', { name: 'Bytes' }).click();
    await main().getByText('00000000: 4e 61 6d 65 3a 09', { exact: false }).waitFor();
  });

  it('reads the file that is shown again with every look', async () => {
    await choose('comm');
    await main().getByText('procwalker', { exact: true }).last().waitFor();
    child.stdin?.write('\n');
    await main().getByLabel('comm as it is').getByText('renamed').waitFor();
  });

  it('is walked by keyboard, into directories and up again', async () => {
    await list().focus();
    await page.keyboard.press('Home');
    await expect.poll(shown).toBe('arch_status');
    await page.keyboard.type('ns');
    await expect.poll(shown).toBe('ns');
    await page.keyboard.press('Enter');
    await list('/ns').waitFor();
    await page.keyboard.press('Home');
    await expect.poll(shown).toBe('cgroup');
    await main().getByText(/^→ cgroup:\[\d+\]$/).last().waitFor(); // prettier-ignore
    await main().getByText('cgroup_namespaces(7)').waitFor();
    await page.keyboard.press('Backspace');
    await list().waitFor();
    await expect.poll(shown).toBe('ns');
    await page.keyboard.press('/');
    await page.keyboard.type('no such file');
    await main().getByText('No file matches “no such file”').waitFor();
    await page.keyboard.press('Escape');
  });

  it('says what is not read, and why', async () => {
    await choose('mem');
    await main().getByText(/Porthole does not read it: it is the memory itself/).waitFor(); // prettier-ignore
    await choose('clear_refs');
    await main().getByText('Porthole does not read it: it is only for writing.').waitFor();
  });

  it('comes back after a reload, and is found in the palette', async () => {
    await choose('limits');
    await main().getByText(/Max open files/).waitFor(); // prettier-ignore
    await page.reload();
    await main().getByLabel('limits as it is').getByText(/Max open files/).waitFor(); // prettier-ignore
    await page.keyboard.press('Control+k');
    await page.keyboard.type('files in /proc');
    await page.getByRole('option', { name: new RegExp(`Files in /proc of renamed ${child.pid}`) }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('goes on behind the first part of what is too large for one, and back', async () => {
    const env = { FIRST: '1', A: 'a'.repeat(100_000), B: 'b'.repeat(100_000), C: 'c'.repeat(100_000), LAST: '2' };
    const huge = spawn('/bin/bash', ['-c', 'echo ready; read -r _'], { stdio: ['pipe', 'pipe', 'inherit'], env });
    try {
      await once(createInterface(huge.stdout), 'line');
      const stat = readFileSync(`/proc/${huge.pid}/stat`, 'latin1');
      const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
      const other = await browser.newPage();
      other.on('pageerror', (error) => complaints.push(error.message));
      const params = { key: `${huge.pid}@${started}`, path: '', file: 'environ' };
      await other.addInitScript(
        (place) => sessionStorage.setItem('porthole-place', place),
        JSON.stringify({ view: 'proc', params, subject: null }),
      );
      await other.goto(app.address);
      const last = other.getByRole('main').getByText('LAST=2', { exact: true });
      await other.getByRole('main').getByText('FIRST=1', { exact: true }).waitFor();
      expect(await last.count()).toBe(0);
      await other.getByRole('button', { name: 'Next part' }).click();
      await last.waitFor();
      await other.getByText(/^from byte \d{6}: /).waitFor(); // prettier-ignore
      expect(await other.getByRole('button', { name: 'Next part' }).isDisabled()).toBe(true);
      await other.getByRole('button', { name: 'Previous part' }).click();
      await other.getByRole('main').getByText('FIRST=1', { exact: true }).waitFor();
      await other.close();
    } finally {
      huge.kill('SIGKILL');
    }
  });

  it('keeps what was seen last of a process that ends', async () => {
    child.stdin?.end();
    await once(child, 'exit');
    await main().getByText(/ended; found at [\d:]+\.\s+Last seen state shown/).waitFor(); // prettier-ignore
    expect(await main().getByLabel('limits as it is').innerText()).toContain('Max open files');
    expect(complaints).toEqual([]);
  });
});
