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

const CLIPBOARD = ['clipboard-read', 'clipboard-sanitized-write'];
const OTHERS = ['media', 'geolocation', 'notifications', 'openExternal', 'fileSystem', 'usb', 'clipboard'];
const STRANGERS = ['https://example.org/', 'app://porthole.example/', 'file:///app://porthole/', 'null', ''];

const locked = () => {
  const session = fakeSession();
  const complaints: string[] = [];
  lockSession(session, (sentence) => complaints.push(sentence));
  const request = (permission: string, requestingUrl = 'app://porthole/', isMainFrame = true): boolean | undefined => {
    const answer = vi.fn<(granted: boolean) => void>();
    const handler = session.setPermissionRequestHandler.mock.calls[0]?.[0];
    handler?.({} as WebContents, permission as 'media', answer, { isMainFrame, requestingUrl });
    expect(answer).toHaveBeenCalledOnce();
    return answer.mock.calls[0]?.[0];
  };
  const check = (permission: string, origin = 'app://porthole', isMainFrame = true): boolean | undefined =>
    session.setPermissionCheckHandler.mock.calls[0]?.[0]?.(null, permission as 'media', origin, { isMainFrame });
  return { session, complaints, request, check };
};

/** A download as Electron tells of it. */
const download = (session: EventEmitter, url: string) => {
  const preventDefault = vi.fn();
  const item = Object.assign(new EventEmitter(), { getURL: () => url, getFilename: () => 'sh_db.txt' });
  session.emit('will-download', { preventDefault }, item);
  return { item, prevented: preventDefault.mock.calls.length > 0 };
};

describe('a locked session', () => {
  it.each(CLIPBOARD)('lets the page itself use %s, requested or only checked', (permission) => {
    const { request, check } = locked();
    expect([request(permission), check(permission), check(permission, 'app://porthole/')]).toEqual([true, true, true]);
  });

  it.each(CLIPBOARD)('denies %s to a frame in the page, and to every other origin', (permission) => {
    const { request, check } = locked();
    expect([request(permission, undefined, false), check(permission, undefined, false)]).toEqual([false, false]);
    for (const url of STRANGERS)
      expect([url, request(permission, url), check(permission, url)]).toEqual([url, false, false]);
  });

  it.each(OTHERS)('denies the page %s, requested or only checked', (permission) => {
    const { request, check } = locked();
    expect([request(permission), check(permission)]).toEqual([false, false]);
  });

  it('gives no device', () => {
    const { session } = locked();
    const handler = session.setDevicePermissionHandler.mock.calls[0]?.[0];
    expect(handler?.({ deviceType: 'usb', origin: 'app://porthole', device: {} as never })).toBe(false);
  });

  it('lets the page save what it holds, and says what could not be saved', () => {
    const { session, complaints } = locked();
    const { item, prevented } = download(session, 'blob:app://porthole/0b2f');
    expect(prevented).toBe(false);
    item.emit('done', {}, 'cancelled');
    expect(complaints).toEqual([]);
    download(session, 'blob:app://porthole/0b2f').item.emit('done', {}, 'interrupted');
    expect(complaints).toEqual(['sh_db.txt could not be saved.']);
  });

  it.each([
    'https://example.org/a.sh',
    'blob:https://example.org/0b2f',
    'data:text/plain,a',
    'app://porthole/index.html',
  ])('keeps no download of %s', (url) => {
    expect(download(locked().session, url).prevented).toBe(true);
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
