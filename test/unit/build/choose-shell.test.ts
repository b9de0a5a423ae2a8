import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasDisplay, reasonAgainstSandbox, reasonAgainstWindow } from '../../../build/choose-shell.mjs';

const desktop = {
  platform: 'linux' as NodeJS.Platform,
  env: { DISPLAY: ':0' } as NodeJS.ProcessEnv,
  uid: 1000,
  noSandbox: false,
  serveArgs: [] as string[],
};

describe('a window', () => {
  it('is for a desktop session, X or Wayland, and for systems that always have a display', () => {
    expect(reasonAgainstWindow(desktop)).toBeNull();
    expect(reasonAgainstWindow({ ...desktop, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull();
    expect(reasonAgainstWindow({ ...desktop, platform: 'darwin', env: {} })).toBeNull();
    expect(hasDisplay({ platform: 'linux', env: { DISPLAY: '' } })).toBe(false);
  });
  it('is not for a machine without a display', () => {
    expect(reasonAgainstWindow({ ...desktop, env: {} })).toMatch(/no display/);
  });
  it('is for root only without the sandbox, and only if asked', () => {
    expect(reasonAgainstWindow({ ...desktop, uid: 0 })).toMatch(/root.*--no-sandbox/);
    expect(reasonAgainstWindow({ ...desktop, uid: 0, noSandbox: true })).toBeNull();
  });
  it('is not what someone wants who says how to serve', () => {
    expect(reasonAgainstWindow({ ...desktop, serveArgs: ['--port', '8080'] })).toMatch(/--port/);
  });
});

describe("Electron's sandbox", () => {
  let folder: string;
  const binary = (): string => join(folder, 'electron');
  const sysctl = (): string => join(folder, 'sys');
  const set = (name: string, value: string): void => writeFileSync(join(sysctl(), name), `${value}\n`);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'porthole-sandbox-'));
    mkdirSync(join(sysctl(), 'kernel'), { recursive: true });
    mkdirSync(join(sysctl(), 'user'));
    set('user/max_user_namespaces', '63000');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('comes up where the kernel lets it', async () => {
    expect(await reasonAgainstSandbox(binary(), sysctl())).toBeNull();
    set('kernel/unprivileged_userns_clone', '1');
    set('kernel/apparmor_restrict_unprivileged_userns', '0');
    expect(await reasonAgainstSandbox(binary(), sysctl())).toBeNull();
  });

  it.each([
    ['kernel/apparmor_restrict_unprivileged_userns', '1'],
    ['kernel/unprivileged_userns_clone', '0'],
    ['user/max_user_namespaces', '0'],
  ])('does not where %s is %s, and the reason names it', async (name, value) => {
    set(name, value);
    expect(await reasonAgainstSandbox(binary(), sysctl())).toContain(`${name.replace('/', '.')} is ${value}`);
  });

  it.skipIf(process.getuid?.() !== 0)('does in any case with a setuid helper (cannot run: needs root)', async () => {
    set('user/max_user_namespaces', '0');
    const helper = join(folder, 'chrome-sandbox');
    writeFileSync(helper, '');
    expect(await reasonAgainstSandbox(binary(), sysctl())).not.toBeNull();
    chownSync(helper, 0, 0);
    chmodSync(helper, 0o4755);
    expect(await reasonAgainstSandbox(binary(), sysctl())).toBeNull();
  });
});
