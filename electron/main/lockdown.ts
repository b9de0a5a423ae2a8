/** What Electron would let a page do, taken away. The page gets its one message port, the clipboard and what it saves. */
import type { DownloadItem, Session, WebContents } from 'electron';
import { webAddress } from '../../shared/web-address.ts';
import { PAGE_URL } from './scheme.ts';

interface Preventable {
  preventDefault(): void;
}

type Saved = Pick<DownloadItem, 'getURL' | 'getFilename'> & {
  once(event: 'done', listener: (event: unknown, state: 'completed' | 'cancelled' | 'interrupted') => void): unknown;
};

/** The parts of a session that are set. */
export type LockableSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & {
  on(event: 'will-download', listener: (event: Preventable, item: Saved) => void): unknown;
};

/** The parts of a page's contents that are set. */
export type LockableContents = Pick<WebContents, 'setWindowOpenHandler'> & {
  on(event: 'will-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-frame-navigate', listener: (event: Preventable) => void): unknown;
  on(event: 'will-redirect', listener: (event: Preventable) => void): unknown;
  on(event: 'will-attach-webview', listener: (event: Preventable) => void): unknown;
};

/** What Chromium calls reading the clipboard and writing text to it. */
const CLIPBOARD: readonly string[] = ['clipboard-read', 'clipboard-sanitized-write'];

/** Of an address of the page, or its origin, which Electron writes with and without a slash. */
const isOwn = (url: string): boolean => `${url}/`.startsWith(PAGE_URL);

/**
 * The page itself may use the clipboard: a terminal pastes. Nothing else is granted, not even on the quiet (a check
 * without a request), no device. It may save what it holds, its own blobs, and Electron asks the user where to; `complain`
 * is told if that did not work. Nothing is fetched.
 */
export const lockSession = (session: LockableSession, complain: (sentence: string) => void): void => {
  session.setPermissionRequestHandler((_contents, permission, answer, { isMainFrame, requestingUrl }) =>
    answer(isMainFrame && CLIPBOARD.includes(permission) && isOwn(requestingUrl)),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin, { isMainFrame }) => isMainFrame && CLIPBOARD.includes(permission) && isOwn(origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${PAGE_URL}`)) return event.preventDefault();
    item.once('done', (_event, state) => {
      if (state === 'interrupted') complain(`${item.getFilename()} could not be saved.`);
    });
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
