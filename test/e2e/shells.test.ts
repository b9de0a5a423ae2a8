/** Shells in what runs already, as a person opens them: a real engine, a real browser, real namespaces. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES, type NamespaceType } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());

const inode = (pid: number, type: NamespaceType): string =>
  /\d+/.exec(readlinkSync(`/proc/${pid}/ns/${type}`))?.[0] ?? 'none';

describe.skipIf(reason !== null)(`shells in containers${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let db = 0;
  const complaints: string[] = [];

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', 'redis:alpine');
    db = Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'db')).stdout);
    app = await serve({ ...lab.env, SHELL: '/bin/bash' });
    browser = await launchBrowser();
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
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
  const row = (): Locator =>
    page.getByRole('grid', { name: 'Containers' }).getByRole('row').filter({ hasText: 'redis:alpine' });
  const openShellOf = async (): Promise<void> => {
    await rail()
      .getByRole('button', { name: /^Containers/ })
      .first()
      .click();
    await row().first().click();
    await page
      .getByRole('complementary', { name: 'Inspector' })
      .getByRole('button', { name: 'Shell', exact: true })
      .click();
    await page.getByRole('radio', { name: 'nsenter' }).click();
  };

  it('leads from the container to nsenter, with the target’s inodes beside each namespace', async () => {
    await openShellOf();
    const form = page.getByRole('region', { name: 'New shell in existing namespaces' });
    await form.waitFor();
    await form.getByRole('button', { name: /^Target: db/ }).waitFor();
    const words = await form.innerText();
    for (const type of NAMESPACE_TYPES) expect(words).toContain(inode(db, type));
    await page.getByLabel(`nsenter --target ${db} --mount --uts --ipc --net --pid sh`).waitFor();
  });

  it('enters with Ctrl+Enter, reads the container’s inodes back, and runs its programs', async () => {
    await page.getByRole('textbox', { name: /^Program/ }).fill('sh -c "ps; exec sh"');
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/inside, read back/)
      .waitFor();
    for (const type of ['mnt', 'uts', 'ipc', 'net', 'pid'] as const) {
      await strip().getByText(inode(db, type)).waitFor();
    }
    await expect.poll(() => screen(page), { timeout: 10_000 }).toMatch(/^\s*1 .*redis-server/m);
    await page.getByRole('tabpanel').locator('visible=true').click();
    await page.keyboard.type('exit 3\n');
    await strip()
      .getByText(/exit code 3/)
      .waitFor();
  });

  it('runs the walk-through’s ps aux, and shows nothing but the container’s processes', async () => {
    await page.getByRole('textbox', { name: /^Program/ }).fill('ps aux');
    await page.getByLabel(`nsenter --target ${db} --mount --uts --ipc --net --pid ps aux`).waitFor();
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/exit code 0/)
      .waitFor();
    const lines = (await screen(page)).split('\n').filter((line) => /^\s*\d+ /.test(line));
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines[0]).toMatch(/^\s*1 .*redis-server/);
  });

  it('says before the start what would surprise', async () => {
    await page.getByRole('checkbox', { name: '--no-fork' }).click();
    await page.getByText('--pid with --no-fork.').waitFor();
    await page.getByRole('button', { name: 'Leave out --no-fork' }).click();
    // The container is in the user namespace that Porthole is in.
    await page.getByText('closed to you: nobody can enter the user namespace they are in').waitFor();
    expect(await page.getByRole('checkbox', { name: '--user' }).isDisabled()).toBe(true);
  });

  it('finds another target by typing, and keeps it when unshare is looked at in between', async () => {
    await page.getByRole('button', { name: /^Target: db/ }).click();
    await page.getByRole('combobox', { name: 'Find the target subject' }).fill(String(process.pid));
    await page.getByRole('dialog').getByRole('option').first().click();
    await page.getByLabel(new RegExp(`^nsenter --target ${process.pid} `)).waitFor();
    await page.getByRole('radio', { name: 'unshare' }).click();
    await page.getByRole('region', { name: 'New shell in new namespaces' }).waitFor();
    await page.getByRole('radio', { name: 'nsenter' }).click();
    await page.getByLabel(new RegExp(`^nsenter --target ${process.pid} `)).waitFor();
  });

  it('saves the form as a preset, which is there after a reload, and is renamed and removed', async () => {
    await page.getByRole('radio', { name: 'unshare' }).click();
    await page.getByRole('button', { name: /^Own network/ }).click();
    await page.getByRole('checkbox', { name: '--uts' }).click();
    await page.getByRole('textbox', { name: /^Program/ }).fill('ip link');
    await page.getByLabel('unshare --uts --net ip link').waitFor();
    await page.getByRole('button', { name: 'Save as preset' }).click();
    await page.getByRole('textbox', { name: 'Name of the preset' }).fill('net and name');
    await page.keyboard.press('Enter');
    const kept = page.getByRole('navigation', { name: 'Presets' });
    await kept.getByRole('button', { name: /^net and name/, pressed: true }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: /^Own PID 1/ }).click();
    await kept.getByRole('button', { name: /^net and name/ }).click();
    await page.getByLabel('unshare --uts --net ip link').waitFor();
    await kept.getByRole('button', { name: 'Rename net and name' }).click();
    await page.getByRole('textbox', { name: 'New name for net and name' }).fill('two');
    await page.keyboard.press('Enter');
    await kept.getByRole('button', { name: /^two/, pressed: true }).waitFor();
    await kept.getByRole('button', { name: 'Remove two' }).click();
    await kept.getByText('Removed two').waitFor();
    expect(await kept.getByRole('button', { name: /^two/ }).count()).toBe(0);
    await kept.getByRole('button', { name: 'Undo' }).click();
    await kept.getByRole('button', { name: /^two/ }).waitFor();
    await kept.getByRole('button', { name: 'Remove two' }).click();
    await page.getByRole('textbox', { name: /^Program/ }).fill('bash');
  });

  it('is not started with what is no number', async () => {
    const start = page.getByRole('button', { name: /^Start.*Ctrl Enter$/ });
    await page.getByRole('textbox', { name: '--setuid' }).fill('nobody');
    await page.getByText('--setuid takes a number from 0 to 4294967294, not “nobody”.').waitFor();
    expect(await start.isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: '--setuid' }).fill('');
    await expect.poll(() => start.isDisabled()).toBe(false);
  });

  it('finds a namespace among the targets by its inode', async () => {
    await page.getByRole('radio', { name: 'nsenter' }).click();
    await page.getByRole('button', { name: /^Target: / }).click();
    await page.getByRole('combobox', { name: 'Find the target subject' }).fill(`uts:[${inode(db, 'uts')}]`);
    await page.getByRole('dialog').getByRole('option').first().click();
    await page.getByLabel(`nsenter --target ${db} --uts sh`).waitFor();
  });

  it('enters a namespace that no process is in, by its file, from where it is looked at', async () => {
    const kept = mkdtempSync(join(tmpdir(), 'porthole-kept-'));
    const file = join(kept, 'net');
    writeFileSync(file, '');
    execFileSync('unshare', [`--net=${file}`, 'true']);
    try {
      const id = `net:[${statSync(file).ino}]`;
      await page.evaluate((id) => {
        const place = { view: 'namespaces', params: { mode: 'list' }, subject: { kind: 'namespace', id } };
        sessionStorage.setItem('porthole-place', JSON.stringify(place));
      }, id);
      await page.reload();
      const inspector = page.getByRole('complementary', { name: 'Inspector' });
      // Bind mounts are looked for in turns.
      await inspector.getByRole('button', { name: 'Shell in it' }).click({ timeout: 30_000 });
      await page.getByLabel(new RegExp(`^nsenter --net=${file} `)).waitFor();
      await page.getByRole('textbox', { name: /^Program/ }).fill('sh -c "ip -br link; exec sh"');
      await page.keyboard.press('Control+Enter');
      await strip()
        .getByText(/read back/)
        .waitFor();
      await strip()
        .getByText(String(statSync(file).ino))
        .waitFor();
      await expect.poll(() => screen(page), { timeout: 10_000 }).toMatch(/^lo\s+DOWN/m);
      await page.getByRole('tabpanel').locator('visible=true').click();
      await page.keyboard.type('exit\n');
      await strip()
        .getByText(/exit code 0/)
        .waitFor();
    } finally {
      execFileSync('umount', [file]);
      rmSync(kept, { recursive: true });
    }
  });

  it('is the walk-through’s unshare: PID 1 among itself and ps, until exit', async () => {
    await rail().getByRole('button', { name: 'New shell' }).last().click();
    await page.getByRole('radio', { name: 'unshare' }).click();
    await page.getByRole('button', { name: /^Own PID 1/ }).click();
    await page.getByLabel('unshare --fork --pid --mount-proc bash').waitFor();
    await page.keyboard.press('Control+Enter');
    await strip()
      .getByText(/PID 1 inside, read back/)
      .waitFor();
    await page.getByRole('tabpanel').locator('visible=true').click();
    await page.keyboard.type('ps -e\n');
    await expect.poll(() => screen(page), { timeout: 10_000 }).toMatch(/^\s*1 pts.* bash\n\s*\d+ pts.* ps$/m);
    await page.getByRole('tabpanel').locator('visible=true').click();
    await page.keyboard.type('exit\n');
    await strip()
      .getByText(/exit code 0/)
      .waitFor();
  });

  it('had nothing to complain of', () => {
    expect(complaints).toEqual([]);
  });
});

/** What the terminal in sight shows: xterm draws on a canvas, but what is copied is what is there. */
const screen = async (page: Page): Promise<string> => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const dock = page.getByRole('region', { name: 'Terminals' });
  await dock.getByRole('button', { name: /^(Copy as text|Copied)$/ }).click();
  return page.evaluate(() => navigator.clipboard.readText());
};
