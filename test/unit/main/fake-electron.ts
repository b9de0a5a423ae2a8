/** As much of Electron as the app uses, noting what is done to it. */
import { EventEmitter } from 'node:events';
import type { BrowserWindowConstructorOptions, Session } from 'electron';
import { vi } from 'vitest';
import type { ElectronParts } from '../../../electron/main/app.ts';

export class FakeContents extends EventEmitter {
  readonly postMessage = vi.fn();
  readonly reload = vi.fn();
  readonly setWindowOpenHandler = vi.fn();
  readonly isDestroyed = (): boolean => false;
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly loadURL = vi.fn(() => Promise.resolve());
  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly isMinimized = vi.fn(() => false);
  readonly isDestroyed = vi.fn(() => false);
  readonly setBackgroundColor = vi.fn();
  readonly options: BrowserWindowConstructorOptions;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
}

export class FakeChild extends EventEmitter {
  readonly postMessage = vi.fn();
  readonly kill = vi.fn();
}

export const fakeElectron = () => {
  const order: string[] = [];
  const windows: FakeWindow[] = [];
  const children: FakeChild[] = [];
  const app = Object.assign(new EventEmitter(), {
    isPackaged: true,
    requestSingleInstanceLock: vi.fn(() => true),
    enableSandbox: vi.fn(() => void order.push('sandbox')),
    whenReady: vi.fn(() => {
      order.push('ready');
      return Promise.resolve();
    }),
    quit: vi.fn(),
  });
  const defaultSession = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn<Session['setPermissionRequestHandler']>(),
    setPermissionCheckHandler: vi.fn<Session['setPermissionCheckHandler']>(),
    setDevicePermissionHandler: vi.fn<Session['setDevicePermissionHandler']>(),
  });
  const protocol = {
    registerSchemesAsPrivileged: vi.fn(() => void order.push('scheme')),
    handle: vi.fn(),
  };
  const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: true });
  const fork = vi.fn((_script: string, _args: string[], _options: unknown) => {
    const child = new FakeChild();
    children.push(child);
    return child;
  });
  const showErrorBox = vi.fn<(title: string, content: string) => void>();
  const parts = {
    app,
    BrowserWindow: class extends FakeWindow {
      constructor(options: BrowserWindowConstructorOptions) {
        super(options);
        windows.push(this);
        order.push('window');
        app.emit('web-contents-created', {}, this.webContents);
      }
    },
    dialog: { showErrorBox },
    Menu: { setApplicationMenu: vi.fn(), buildFromTemplate: vi.fn(() => 'menu') },
    MessageChannelMain: class {
      readonly port1 = "host's";
      readonly port2 = "page's";
    },
    nativeTheme,
    protocol,
    screen: { getPrimaryDisplay: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1052 } }) },
    session: { defaultSession },
    shell: { openExternal: () => Promise.resolve() },
    utilityProcess: { fork },
  } satisfies { [Name in keyof ElectronParts]: unknown };
  return {
    parts: parts as unknown as ElectronParts,
    app,
    children,
    defaultSession,
    fork,
    nativeTheme,
    order,
    protocol,
    showErrorBox,
    windows,
  };
};
