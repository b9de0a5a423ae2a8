import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../../electron/main/menu.ts';
import { windowOptions } from '../../../electron/main/window.ts';

const setting = { preload: '/app/preload.cjs', workArea: { width: 1920, height: 1052 }, dark: true };

describe('the window', () => {
  it('gives the page no power of its own', () => {
    expect(windowOptions(setting).webPreferences).toMatchObject({
      preload: '/app/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
    });
  });

  it('has the size it wants on a large display', () => {
    expect(windowOptions(setting)).toMatchObject({ width: 1440, height: 900, minWidth: 1024, minHeight: 700 });
  });

  it('is never larger than the display, nor kept from fitting by its least size', () => {
    const small = windowOptions({ ...setting, workArea: { width: 800, height: 572 } });
    expect(small).toMatchObject({ width: 800, height: 572, minWidth: 800, minHeight: 572 });
  });

  it('stays hidden until it can be drawn, in the colour of the theme', () => {
    expect(windowOptions(setting)).toMatchObject({ show: false, backgroundColor: '#0f1114' });
    expect(windowOptions({ ...setting, dark: false }).backgroundColor).toBe('#f2f3f5');
  });
});

describe('the menu', () => {
  const items = (forDevelopers: boolean) =>
    menuTemplate(forDevelopers).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));

  it('takes no key that shells want', () => {
    const keys = items(true).map(({ accelerator }) => accelerator);
    for (const key of ['R', 'W', 'Q', 'C', 'D', 'Z']) expect(keys).not.toContain(`CommandOrControl+${key}`);
    // Those that would bring such a key of their own.
    expect(items(true).map(({ role }) => role)).not.toContain('close');
    for (const { role, accelerator } of items(true)) {
      if (role === 'reload' || role === 'quit') expect(accelerator).toBeDefined();
    }
  });

  it('has developer tools only in the source tree', () => {
    expect(items(true).map(({ role }) => role)).toContain('toggleDevTools');
    expect(items(false).map(({ role }) => role)).not.toContain('toggleDevTools');
  });
});
