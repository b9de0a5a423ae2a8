/** The graph of namespaces, as a person meets it on a machine with three containers and an unshared shell. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NamespaceType } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { browserUnavailable, launchBrowser, serve, type Served } from './served.ts';

const reason = browserUnavailable() ?? (await labUnavailable());
const id = (pid: number, type: NamespaceType): string => readlinkSync(`/proc/${pid}/ns/${type}`);
const escaped = (text: string): string => text.replace(/[[\]]/g, '\\$&');

describe.skipIf(reason !== null)(`the graph of namespaces${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let app: Served;
  let browser: Browser;
  let page: Page;
  let shell: ChildProcess;
  let inner: number;
  const pids = new Map<string, number>();
  const pid = (name: string): number => pids.get(name) ?? -1;
  const complaints: string[] = [];
  const start = async (name: string, ...args: string[]): Promise<void> => {
    await lab.docker('run', '-d', `--name=${name}`, ...args);
    pids.set(name, Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout));
  };

  beforeAll(async () => {
    lab = await startLab();
    await start('db', 'redis:alpine');
    await start('web', '--net=container:db', 'nginx:alpine');
    await start('metrics', '--pid=host', 'busybox:latest', 'sleep', '100000');
    // A terminal of its own makes it a shell; script(1) gives it one.
    shell = spawn('script', ['-qfc', 'exec unshare -Urpf --mount-proc sleep 100000', '/dev/null'], { stdio: 'ignore' });
    inner = await vi.waitUntil(() => sleepBelow(shell.pid ?? -1), { timeout: 20_000, interval: 50 });
    app = await serve({ ...lab.env, SHELL: '/bin/bash' });
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await page.goto(app.address);
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.keyboard.press('Control+2');
    await page.getByRole('radio', { name: 'Graph' }).click();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    shell?.kill('SIGKILL');
    if (inner !== undefined) process.kill(inner, 'SIGKILL');
    await lab?.down();
  });

  const graph = (): Locator => page.getByRole('application', { name: 'Graph of the namespaces' });
  const inspector = (): Locator => page.getByRole('complementary', { name: 'Inspector' });
  const part = (name: RegExp): Locator => graph().getByRole('button', { name });
  const card = (name: string): Locator => part(new RegExp(`^${name}, .*, container$`));
  /** The graph may be larger than the window, and only what is in sight is drawn. */
  const showAll = (): Promise<void> => page.getByRole('button', { name: 'Show all (0)' }).click();
  const places = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      await page
        .locator('.svelte-flow__node')
        .evaluateAll((nodes) =>
          nodes.map((node) => [node.getAttribute('data-id'), (node as HTMLElement).style.transform]),
        ),
    ) as Record<string, string>;

  it('draws who shares: the network of db and web once, between the two', async () => {
    await graph().waitFor();
    await showAll();
    const chip = part(new RegExp(`^${escaped(id(pid('db'), 'net'))}, shared by db and web$`));
    await chip.waitFor();
    const boxes = await Promise.all([card('db'), chip, card('web')].map(async (each) => (await each.boundingBox())!));
    const middles = boxes.map(({ x, width }) => x + width / 2).toSorted((a, b) => a - b);
    expect(boxes[1]!.x + boxes[1]!.width / 2).toBe(middles[1]);
    await part(new RegExp(`^${escaped(id(pid('db'), 'mnt'))}, own, of db$`)).waitFor();
    await page.getByLabel('lsns --tree=owner -o NS,TYPE,NPROCS,PID,COMMAND').waitFor();
  });

  it('is laid out by a worker, a file of the page’s own', () => {
    const urls = page.workers().map((worker) => worker.url());
    expect(urls).toHaveLength(1);
    expect(new URL(urls[0]!).origin).toBe(new URL(app.address).origin);
  });

  it('selects what is clicked, and shows what is selected elsewhere', async () => {
    await part(/shared by db and web$/).click();
    await inspector()
      .getByRole('heading', { name: id(pid('db'), 'net') })
      .waitFor();
    await page.getByRole('radio', { name: 'Matrix' }).click();
    await page.getByRole('rowheader', { name: new RegExp(`^web .* ${pid('web')}$`) }).click();
    await page.getByRole('radio', { name: 'Graph' }).click();
    await expect.poll(() => card('web').getAttribute('class')).toContain('selected');
  });

  it('is walked by arrows; Enter selects, Escape lets go', async () => {
    await part(/shared by db and web$/).click();
    await graph().focus();
    await page.keyboard.press('ArrowLeft');
    const heard = graph().locator('[aria-live]');
    await expect.poll(() => heard.textContent()).toMatch(/^(db|web), .*container$/);
    const name = /^\w+/.exec((await heard.textContent()) ?? '')![0];
    await page.keyboard.press('Enter');
    await inspector().getByRole('heading', { name }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => inspector().count()).toBe(0);
  });

  it('hides lines to the host and counts them, but not that metrics is in the host’s pid', async () => {
    await showAll();
    const lines = (): Promise<number> => page.locator('svg g.host').count();
    await expect.poll(lines).toBeGreaterThanOrEqual(1);
    const few = await lines();
    await page.getByText(/^[1-9]\d* edges to the host hidden$/).waitFor();
    await page.getByRole('switch', { name: /host/i }).click();
    // Others may start and end containers meanwhile, so both are counted at one moment.
    const both = (): Promise<readonly [number, number]> =>
      page.evaluate(() => [
        document.querySelectorAll('svg g.host').length,
        Number(/(\d+) edges to the host shown/.exec(document.body.innerText)?.[1]),
      ]);
    await expect
      .poll(async () => {
        const [drawn, counted] = await both();
        return drawn > few && drawn > counted;
      })
      .toBe(true);
    await page.getByRole('switch', { name: /host/i }).click();
  });

  it('draws whose parent and owner the selection is, unless told not to', async () => {
    await showAll();
    await part(new RegExp(`^${escaped(id(inner, 'user'))}, own, of sleep$`)).click();
    await inspector()
      .getByRole('heading', { name: id(inner, 'user') })
      .waitFor();
    await showAll();
    const labels = page.locator('svg:has(g.relation) > text');
    await expect.poll(async () => (await labels.allTextContents()).toSorted()).toEqual(['owns', 'parent of']);
    // Its parent is the host's; it owns the mount and the pid namespace made with it.
    expect(await page.locator('svg g.relation').count()).toBe(3);
    await page.getByRole('switch', { name: /Ownership/ }).click();
    await expect.poll(() => page.locator('svg g.relation').count()).toBe(0);
    await page.getByRole('switch', { name: /Ownership/ }).click();
  });

  it('leads from a namespace to a shell in it alone', async () => {
    await inspector().getByRole('button', { name: 'Shell in it' }).click();
    await page.getByRole('heading', { name: 'New shell in existing namespaces' }).waitFor();
    const ticked = page.getByRole('checkbox', { checked: true });
    await expect.poll(() => ticked.count()).toBe(1);
    await page.keyboard.press('Control+2');
    await page.getByRole('radio', { name: 'Graph' }).click();
    await graph().waitFor();
  });

  it('moves nothing when one more container starts', async () => {
    await showAll();
    await card('metrics').waitFor();
    const before = await places();
    await start('late', 'busybox:latest', 'sleep', '100000');
    await expect
      .poll(async () => {
        await showAll();
        return card('late').count();
      })
      .toBe(1);
    const after = await places();
    // What others run beside us may have ended meanwhile.
    const known = Object.keys(before).filter((key) => key in after);
    expect(known).toContain(
      `card container ${(await lab.docker('inspect', '-f', '{{.Id}}', 'metrics')).stdout.trim()}`,
    );
    for (const key of known) expect([key, after[key]]).toEqual([key, before[key]]);
  });

  it('zooms by keys and says how much', async () => {
    const share = page.getByRole('button', { name: /to 100 %$/ });
    await graph().focus();
    await page.keyboard.press('1');
    await expect.poll(() => share.innerText()).toBe('100 %');
    await page.keyboard.press('+');
    await expect.poll(() => share.innerText()).toBe('120 %');
    await share.click();
    await expect.poll(() => share.innerText()).toBe('100 %');
  });

  it('stands still for those who want no motion', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    const moves = await page
      .locator('.svelte-flow__node')
      .first()
      .evaluate((node) => getComputedStyle(node).transitionDuration);
    expect(moves).toBe('0s');
    await page.emulateMedia({ reducedMotion: null });
  });

  it('has the trees of owners and parents in the list', async () => {
    await page.getByRole('radio', { name: 'List' }).click();
    await page.getByRole('radio', { name: 'Owner tree' }).click();
    await page.getByRole('textbox', { name: 'Filter namespaces' }).fill(id(inner, 'pid'));
    const rows = page.getByRole('grid', { name: 'Namespaces', exact: true }).getByRole('row');
    await expect.poll(() => rows.count()).toBe(4);
    const found = (await rows.allInnerTexts()).slice(1).map((text) => /\w+:\[\d+\]/.exec(text)?.[0]);
    expect(found).toEqual([id(process.pid, 'user'), id(inner, 'user'), id(inner, 'pid')]);
  });

  it('had nothing to complain of', () => expect(complaints).toEqual([]));
});

/** The pid of the sleep that descends from `top`, once it has its own user namespace. */
const sleepBelow = (top: number): number | undefined => {
  const stat = (pid: string): string =>
    existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : '';
  const parentOf = new Map<number, number>();
  let found: number | undefined;
  const names = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const sleeping: number[] = [];
  for (const name of names) {
    try {
      const [, comm, ppid] = /\((.*)\) \S (\d+)/s.exec(stat(name)) ?? [];
      parentOf.set(Number(name), Number(ppid));
      if (comm === 'sleep') sleeping.push(Number(name));
    } catch {
      // It ended while it was read.
    }
  }
  for (const pid of sleeping) {
    for (let at = pid; at > 1; at = parentOf.get(at) ?? 0) if (at === top) found = pid;
  }
  return found;
};
