/** The app's life: one instance, one window, one host; everything that is made here is locked down first. */
import { join } from 'node:path';
import type * as electron from 'electron';
import { HostProcess } from './host-process.ts';
import { lockContents, lockSession } from './lockdown.ts';
import { menuTemplate } from './menu.ts';
import { Restarts } from './restarts.ts';
import { PAGE_URL, registerScheme, serveScheme } from './scheme.ts';
import { backgroundFor, windowOptions } from './window.ts';

/** What of Electron is used. */
export type ElectronParts = Pick<
  typeof electron,
  | 'app'
  | 'BrowserWindow'
  | 'dialog'
  | 'Menu'
  | 'MessageChannelMain'
  | 'nativeTheme'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
  | 'utilityProcess'
>;

/** Starts the app from the bundles in `dist`. Returns at once; a second instance raises the first one's window and quits. */
export const startApp = (parts: ElectronParts, dist: string): void => {
  const { app } = parts;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  app.enableSandbox();
  registerScheme(parts.protocol);
  app.on('web-contents-created', (_event, contents) =>
    lockContents(contents, (address) => void parts.shell.openExternal(address).catch(() => {})),
  );
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(() => ready(parts, dist));
};

const ready = (parts: ElectronParts, dist: string): void => {
  const { app, dialog, session, protocol, Menu } = parts;
  lockSession(session.defaultSession, (sentence) => dialog.showErrorBox('Porthole', sentence));
  serveScheme(protocol, join(dist, 'page'));
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(!app.isPackaged)));
  const host = hostProcess(parts, join(dist, 'host.js'));
  const window = openWindow(parts, join(dist, 'preload.cjs'), host);
  app.on('second-instance', () => {
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  let stopped = false;
  app.on('will-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void host.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });
};

const hostProcess = ({ utilityProcess, MessageChannelMain }: ElectronParts, script: string): HostProcess =>
  new HostProcess({
    fork: () => utilityProcess.fork(script, [], { serviceName: 'porthole host', stdio: 'inherit' }),
    channel: () => new MessageChannelMain(),
    complain: (message) => console.error(message),
    now: () => performance.now(),
  });

const openWindow = (parts: ElectronParts, preload: string, host: HostProcess): electron.BrowserWindow => {
  const { BrowserWindow, nativeTheme, screen } = parts;
  const { workArea } = screen.getPrimaryDisplay();
  const window = new BrowserWindow(windowOptions({ preload, workArea, dark: nativeTheme.shouldUseDarkColors }));
  const crashes = new Restarts();
  window.once('ready-to-show', () => window.show());
  window.webContents.on('did-finish-load', () => host.connect(window.webContents));
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    console.error(`The page's process ended: ${reason}.`);
    if (reason !== 'clean-exit' && crashes.take(performance.now())) window.webContents.reload();
  });
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundFor(nativeTheme.shouldUseDarkColors));
  });
  window.loadURL(PAGE_URL).catch((error: unknown) => console.error(`The page did not load: ${String(error)}`));
  return window;
};
