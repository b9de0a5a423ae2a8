/** The window itself, where Electron's binary is there; everything in it is tested in Chromium as well. */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasDisplay, reasonAgainstSandbox } from '../../build/choose-shell.mjs';
import { electronBinary } from '../../build/electron.mjs';
import { root } from '../../build/paths.mjs';

const binary = await electronBinary();
const asRoot = process.getuid?.() === 0;

const reason = await (async (): Promise<string | null> => {
  if (binary === null) return "Electron's binary is not here, and npm start could not or did not yet download it";
  if (!hasDisplay({ platform: process.platform, env: process.env })) return 'there is no display';
  return asRoot ? null : reasonAgainstSandbox(binary);
})();

describe.skipIf(reason !== null)(`the window${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    if (binary === null) throw new Error('no binary');
    app = await _electron.launch({ executablePath: binary, args: [root, ...(asRoot ? ['--no-sandbox'] : [])] });
    page = await app.firstWindow();
  });
  afterAll(() => app?.close());

  const live = () => page.getByText('Live', { exact: true }).waitFor();

  it('shows the processes of this machine', async () => {
    await live();
    expect(page.url()).toBe('app://porthole/');
    await page
      .getByRole('row')
      .filter({ hasText: readFileSync('/proc/1/comm', 'utf8').trim() })
      .first()
      .waitFor();
  });

  it('gives the page neither Node nor a way out', async () => {
    const found = await page.evaluate(async () => ({
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in globalThis),
      opened: window.open('https://example.invalid/') !== null,
      reached: await fetch('app://porthole/index.html').then(
        () => true,
        () => false,
      ),
      located: (await navigator.permissions.query({ name: 'geolocation' })).state,
      // A terminal pastes.
      clipboard: (await navigator.permissions.query({ name: 'clipboard-read' as PermissionName })).state,
    }));
    expect(found).toEqual({ node: [], opened: false, reached: false, located: 'denied', clipboard: 'granted' });
  });

  const unsandboxed = asRoot ? ' (cannot run: root has no sandbox)' : '';
  it.skipIf(asRoot)(`runs the page sandboxed${unsandboxed}`, async () => {
    const { pid, command } = await app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return { pid: window?.webContents.getOSProcessId() ?? 0, command: process.execPath };
    });
    expect(dirname(command)).toBe(dirname(binary ?? ''));
    const mode = /^Seccomp:\t(\d)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    // SECCOMP_MODE_FILTER; man 5 proc_pid_status.
    expect(mode).toBe('2');
  });

  it('comes back after a reload and after its host was killed', async () => {
    await page.reload().catch(() => undefined);
    await live();
    const hostPid = (): Promise<number> =>
      app.evaluate(({ app }) => app.getAppMetrics().find(({ name }) => name === 'porthole host')?.pid ?? 0);
    const pid = await hostPid();
    expect(pid).toBeGreaterThan(1);
    process.kill(pid, 'SIGKILL');
    await expect.poll(hostPid, { timeout: 20_000 }).toSatisfy((now: number) => now > 1 && now !== pid);
    await live();
  });
});
