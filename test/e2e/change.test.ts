/** A limit of a real container is changed, refused and undone, and a process is sent a signal, in a real browser. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import AxeBuilder from 'axe-core';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangeRecord } from '../../shared/change.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const v1 = (() => {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8').includes(' /sys/fs/cgroup/memory ');
  } catch {
    return false;
  }
})();
const reason = browserUnavailable() ?? (await labUnavailable()) ?? (v1 ? null : 'cgroup v1 is not mounted here');

describe.skipIf(reason !== null)(`changes${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let file: string;
  let sleeper: ChildProcess;
  const complaints: string[] = [];
  const read = (): string => readFileSync(file, 'utf8').trim();

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', '-m', '64m', '--cpus=0.5', '--pids-limit', '40', 'redis:alpine');
    const pid = (await lab.docker('inspect', '-f', '{{.State.Pid}}', 'db')).stdout.trim();
    const line = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n').find((one) => one.split(':')[1] === 'memory')!; // prettier-ignore
    file = `/sys/fs/cgroup/memory${line.split(':')[2]}/memory.limit_in_bytes`;
    sleeper = spawn('sleep', ['98765'], { stdio: 'ignore' });
    app = await serve(lab.env);
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(4_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
  });
  afterAll(async () => {
    sleeper?.kill('SIGKILL');
    await browser?.close();
    await app?.stop();
    await lab?.down();
  });

  const views = (): Locator => page.getByRole('navigation', { name: 'Views' });
  const inspector = (): Locator => page.getByRole('complementary');
  const popover = (): Locator => page.getByRole('dialog', { name: 'Memory limit of db' });
  const shot = async (name: string): Promise<void> => {
    const folder = process.env['PORTHOLE_SHOTS'];
    if (folder === undefined) return;
    // Buttons change their colour in 90 ms.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const scheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.screenshot({ path: `${folder}/change-${name}-${scheme}.png` });
    }
  };

  it('shows file, value, text, what it will read, and what Docker says, before anything is written', async () => {
    await views().getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
    await page.getByRole('main').getByText('db', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Change memory.limit_in_bytes' }).click();
    await popover().getByText('67108864').first().waitFor();
    // The keyboard is in it from the start.
    await page.keyboard.type('50000000');
    await popover().getByRole('button', { name: 'Write 50000000' }).waitFor();
    const words = (await popover().innerText()).replaceAll(/\s+/g, ' ');
    expect(words).toContain(file);
    expect(words).toMatch(
      /cgroup v1 memory\.limit_in_bytes The same in v2: memory\.max\. Reads now 67108864 Will write 50000000 Will read back 49999872 whole pages/,
    );
    expect(words).toMatch(/Docker says 67108864 At restart back to 67108864/);
    expect(words).toMatch(/in use: fits/);
    expect(words).toContain(`echo 50000000 > ${file}`);
    await shot('preview');
    expect(read()).toBe('67108864');
  });

  it('writes it, reads it back, lists it, and undoes it', async () => {
    await popover().getByRole('button', { name: 'Write 50000000' }).click();
    await popover().getByText('Written: memory.limit_in_bytes reads 49999872.').waitFor();
    expect(read()).toBe('49999872');
    await popover().getByRole('button', { name: 'Done' }).click();
    const list = page.getByRole('region', { name: 'Changes' });
    await list.getByText('read back 49999872').waitFor();
    await shot('list');
    await list.getByRole('button', { name: 'Undo' }).click();
    await list.getByText('read back 49999872, undone').waitFor();
    expect(read()).toBe('67108864');
    expect(await list.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('says the kernel’s word and what it still reads, where it is refused', async () => {
    await page.getByRole('button', { name: 'Change memory.limit_in_bytes' }).click();
    await popover().getByRole('textbox', { name: 'New value' }).fill('4096');
    await popover().getByText(/more than that is in use: .*EBUSY/).waitFor(); // prettier-ignore
    await popover().getByRole('button', { name: 'Write 4096' }).click();
    await popover().getByText('Not written: EBUSY. memory.limit_in_bytes still reads 67108864.').waitFor();
    await shot('refused');
    expect(read()).toBe('67108864');
  });

  it('takes MiB, and nothing that cannot be written', async () => {
    await popover().getByRole('textbox', { name: 'New value' }).fill('lots');
    await popover().getByText('Bytes, a number with KiB, MiB or GiB, or max.').waitFor();
    expect(await popover().getByRole('button', { name: 'Write', exact: true }).isDisabled()).toBe(true);
    await popover().getByRole('textbox', { name: 'New value' }).fill('63 MiB');
    await popover().getByRole('button', { name: 'Write 66060288' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('changes what the Cgroups view shows, too', async () => {
    await views().getByRole('button', { name: /^Cgroups/ }).click(); // prettier-ignore
    const main = page.getByRole('main');
    await main.getByRole('button', { name: 'Change pids.max' }).first().click();
    const dialog = page.getByRole('dialog', { name: /^Tasks limit of/ });
    await dialog.getByRole('textbox', { name: 'New value' }).fill('30');
    await dialog.getByRole('button', { name: 'Write 30' }).click();
    await dialog.getByText('Written: pids.max reads 30.').waitFor();
    await shot('cgroups');
    await dialog.getByRole('button', { name: 'Undo' }).click();
    await dialog.getByText('Undone: pids.max reads 40.').waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  it('sends a process a signal, having said what it does', async () => {
    await views().getByRole('button', { name: /^Processes/ }).click(); // prettier-ignore
    await page.keyboard.press('/');
    await page.keyboard.type('98765');
    await page.getByRole('main').getByRole('row', { name: /sleep.*98765/ }).first().click(); // prettier-ignore
    await inspector().getByRole('button', { name: 'Signal' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send a signal to sleep' });
    await dialog.getByLabel('Another signal').fill('sigrtmin+2');
    await dialog.getByLabel(`By hand: kill -RTMIN+2 ${sleeper.pid}`).waitFor();
    await dialog.getByText('SIGRTMIN+2 is for the program to give a meaning; without one it ends.').waitFor();
    await dialog.getByLabel('Another signal').fill('nosuch');
    await dialog.getByRole('button', { name: 'Write', exact: true }).and(page.locator(':disabled')).waitFor();
    await dialog.getByRole('radio', { name: /^INT/ }).check(); // prettier-ignore
    await dialog.getByText(`kill -INT ${sleeper.pid}`).waitFor();
    await shot('signal');
    const ended = new Promise((resolve) => sleeper.once('exit', (_, signal) => resolve(signal)));
    await dialog.getByRole('button', { name: 'Send SIGINT' }).click();
    expect(await ended).toBe('SIGINT');
    await dialog.getByText(`SIGINT sent to sleep ${sleeper.pid}.`).waitFor();
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  const main = (): Locator => page.getByRole('main');
  const button = (name: string): Locator => inspector().getByRole('button', { name, exact: true });
  const line = (text: RegExp): Locator =>
    main().getByRole('grid', { name: 'Changes' }).getByRole('row', { name: text });
  const container = (image: string): Locator =>
    main().getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: image });

  it('reads the cgroup file as well where Docker keeps what is changed', async () => {
    await views().getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
    await container('redis:alpine').dblclick();
    await page.getByRole('tab', { name: /^Limits/ }).click(); // prettier-ignore
    await main().getByRole('button', { name: 'Change --memory', exact: true }).click();
    await popover().getByRole('textbox', { name: 'New value' }).fill('50000000');
    await popover().getByRole('button', { name: 'Update to 50000000' }).waitFor();
    const words = (await popover().innerText()).replaceAll(/\s+/g, ' ');
    expect(words).toContain(`Its cgroup file ${file} reads 67108864, then 49999872`);
    await shot('option');
    await popover().getByRole('button', { name: 'Update to 50000000' }).click();
    await popover().getByText('Written: --memory is 50000000, as Docker keeps it; memory.limit_in_bytes reads 49999872.').waitFor(); // prettier-ignore
    await popover().getByRole('button', { name: 'Undo' }).click();
    await popover().getByText('Undone: --memory is 67108864, as Docker keeps it; memory.limit_in_bytes reads 67108864.').waitFor(); // prettier-ignore
    await popover().getByRole('button', { name: 'Done' }).click();
  });

  it('keeps a line of what was done to a container, also when that is gone', async () => {
    await lab.docker('run', '-d', '--name=gone', 'busybox:latest', 'sleep', '1000');
    await views().getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
    await container('busybox').click();
    await button('Pause').click();
    await button('Unpause').click();
    await button('Pause').waitFor();
    await inspector().getByRole('button', { name: /^More for/ }).click(); // prettier-ignore
    await page.getByRole('menuitem', { name: /^Remove/ }).click(); // prettier-ignore
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove gone' }).click();
    await inspector().getByText('This container was removed.').waitFor();
    await page.getByRole('contentinfo').getByRole('button', { name: /changes$/ }).click(); // prettier-ignore
    await line(/remove force gone .*was running, is removed, by Docker/).waitFor();
    await line(/unpause gone was paused, is running, by Docker/).waitFor();
    await line(/signal SIGINT sleep \d+ sent to sleep/).waitFor();
    await line(/memory\.limit_in_bytes 67108864 to 4096 .*not done: EBUSY/).click();
    await main().getByLabel(`By hand: echo 4096 > ${file}`).waitFor();
    await main().getByRole('region', { name: 'The change that is selected' }).getByText(/^EBUSY write/).waitFor(); // prettier-ignore
    await page.evaluate(AxeBuilder.source);
    const violations = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof AxeBuilder };
      const { violations } = await axe.run('main');
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(violations).toEqual([]);
    await shot('all');
    await page.setViewportSize({ width: 1024, height: 700 });
    await shot('all-small');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('finds lines by their words, and saves what it shows as text and as JSON', async () => {
    await page.keyboard.press('/');
    await page.keyboard.type('gone docker');
    await main().getByText('3 of', { exact: false }).waitFor();
    const saved = async (name: string): Promise<{ readonly name: string; readonly text: string }> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        main().getByRole('button', { name, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
    };
    const text = await saved('Save text');
    expect(text.name).toMatch(/^porthole-changes-.*\.txt$/);
    expect(text.text.split('\n')).toHaveLength(5);
    expect(text.text).toContain('docker rm --force gone');
    const json = JSON.parse((await saved('Save JSON')).text) as readonly ChangeRecord[];
    expect(json.map(({ name, of, readBack }) => [name, of, readBack])).toEqual([
      ['pause', 'gone', 'paused'],
      ['unpause', 'gone', 'running'],
      ['remove', 'gone', 'removed'],
    ]);
  });

  it('is led to by the command palette, and undoes from there what still stands', async () => {
    await views().getByRole('button', { name: /^Containers/ }).click(); // prettier-ignore
    await container('redis:alpine').click();
    await button('Pause').click();
    await button('Unpause').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('all changes');
    await page.getByRole('option', { name: /^Show all changes/ }).click(); // prettier-ignore
    await line(/^\S+ pause db was running, is paused/).getByRole('button', { name: 'Undo' }).click(); // prettier-ignore
    await line(/unpause db was paused, is running, by Docker, undoing/).waitFor();
    expect((await lab.docker('inspect', '-f', '{{.State.Status}}', 'db')).stdout.trim()).toBe('running');
    expect(complaints).toEqual([]);
  });
});
