/** What Electron would let a page do, taken away. The page gets its one message port; nothing else leaves its window. */
import type { Session, WebContents } from 'electron';
import { webAddress } from '../../shared/web-address.ts';

interface Preventable {
  preventDefault(): void;
}

/** The parts of a session that are set. */
export type LockableSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & {
  on(event: 'will-download', listener: (event: Preventable, item: { getURL(): string }) => void): unknown;
};

/** What the page made itself and hands out to be kept: a log, a screen, the list of changes. Where to, Electron asks. */
const MADE_HERE = /^blob:app:\/\//;

/** The parts of a page's contents that are set. */
export type LockableContents = Pick<WebContents, 'setWindowOpenHandler'> & {
  on(event: 'will-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-redirect', listener: (event: Preventable) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
};

/**
 * No permission is granted, not even on the quiet (a check without a request), no device, no download from elsewhere.
 * Copying works without one: a click may use the old copy command.
 */
export const lockSession = (session: LockableSession): void => {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (!MADE_HERE.test(item.getURL())) event.preventDefault();
  });
};

/**
 * The page stays the page: no navigation of it or a frame in it, no second window, no webview. An address of the web it
 * asks a window for goes to `openOutside`, the user's own browser.
 */
export const lockContents = (contents: LockableContents, openOutside: (address: string) => void): void => {
  const prevent = (event: Preventable): void => event.preventDefault();
  contents.setWindowOpenHandler(({ url }) => {
    const address = webAddress(url);
    if (address !== null) openOutside(address);
    return { action: 'deny' };
  });
  contents.on('will-navigate', prevent);
  contents.on('will-frame-navigate', prevent);
  contents.on('will-redirect', prevent);
  contents.on('will-attach-webview', prevent);
};
