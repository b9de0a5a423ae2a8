import { EventEmitter } from 'node:events';
import type { HandlerDetails, Session, WebContents } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { lockContents, lockSession } from '../../../electron/main/lockdown.ts';

const fakeSession = () =>
  Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: vi.fn<Session['setPermissionRequestHandler']>(),
    setPermissionCheckHandler: vi.fn<Session['setPermissionCheckHandler']>(),
    setDevicePermissionHandler: vi.fn<Session['setDevicePermissionHandler']>(),
  });

const fakeContents = () =>
  Object.assign(new EventEmitter(), { setWindowOpenHandler: vi.fn<WebContents['setWindowOpenHandler']>() });

const PERMISSIONS = ['clipboard-read', 'media', 'geolocation', 'notifications', 'openExternal', 'fileSystem', 'usb'];

describe('a locked session', () => {
  it('denies every permission that is requested', () => {
    const session = fakeSession();
    lockSession(session);
    const handler = session.setPermissionRequestHandler.mock.calls[0]?.[0];
    for (const permission of PERMISSIONS) {
      const answer = vi.fn<(granted: boolean) => void>();
      handler?.({} as WebContents, permission as 'media', answer, {
        isMainFrame: true,
        requestingUrl: 'app://porthole/',
      });
      expect(answer.mock.calls).toEqual([[false]]);
    }
  });

  it('denies every permission that is checked without a request', () => {
    const session = fakeSession();
    lockSession(session);
    const handler = session.setPermissionCheckHandler.mock.calls[0]?.[0];
    for (const permission of PERMISSIONS) {
      expect(handler?.(null, permission as 'media', 'app://porthole', { isMainFrame: true })).toBe(false);
    }
  });

  it('gives no device and keeps no download but what the page made itself', () => {
    const session = fakeSession();
    lockSession(session);
    const handler = session.setDevicePermissionHandler.mock.calls[0]?.[0];
    expect(handler?.({ deviceType: 'usb', origin: 'app://porthole', device: {} as never })).toBe(false);
    const preventDefault = vi.fn();
    const download = (url: string) => session.emit('will-download', { preventDefault }, { getURL: () => url });
    download('blob:app://porthole/0b6e');
    expect(preventDefault).not.toHaveBeenCalled();
    download('https://example.org/x');
    download('blob:https://example.org/x');
    download('app://porthole/index.html');
    expect(preventDefault).toHaveBeenCalledTimes(3);
  });
});

describe('locked contents', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])('prevent %s', (event) => {
    const contents = fakeContents();
    lockContents(contents, () => {});
    const preventDefault = vi.fn();
    contents.emit(event, { preventDefault, url: 'https://example.org/' });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it('open no window, and only the web outside of it', () => {
    const contents = fakeContents();
    const opened: string[] = [];
    lockContents(contents, (address) => opened.push(address));
    const handler = contents.setWindowOpenHandler.mock.calls[0]?.[0];
    for (const url of ['app://porthole/', 'file:///etc/passwd', 'javascript:0', 'https://example.org/a']) {
      expect(handler?.({ url } as HandlerDetails)).toEqual({ action: 'deny' });
    }
    expect(opened).toEqual(['https://example.org/a']);
  });
});
