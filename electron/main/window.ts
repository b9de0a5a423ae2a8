/** The one window: its size, its looks before the page is there, and a page without any power of its own. */
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron';

/** Device-independent pixels. */
const WANTED = { width: 1440, height: 900 };
const LEAST = { width: 1024, height: 700 };

/** `--bg-0` of each theme, so that the window does not flash before the page draws. */
const BACKGROUND = { dark: '#0f1114', light: '#f2f3f5' };

export interface WindowSetting {
  /** The bundled preload script. */
  readonly preload: string;
  /** What of the display is free of panels, in device-independent pixels. */
  readonly workArea: Pick<Rectangle, 'width' | 'height'>;
  readonly dark: boolean;
}

export const backgroundFor = (dark: boolean): string => (dark ? BACKGROUND.dark : BACKGROUND.light);

/** A window no larger than the display; a display smaller than the least size gets a window of its own size. */
export const windowOptions = ({ preload, workArea, dark }: WindowSetting): BrowserWindowConstructorOptions => ({
  title: 'Porthole',
  width: Math.min(WANTED.width, workArea.width),
  height: Math.min(WANTED.height, workArea.height),
  minWidth: Math.min(LEAST.width, workArea.width),
  minHeight: Math.min(LEAST.height, workArea.height),
  show: false,
  backgroundColor: backgroundFor(dark),
  autoHideMenuBar: true,
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
  },
});
