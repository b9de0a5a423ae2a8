import { EventEmitter } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { startApp } from '../../../electron/main/app.ts';
import { fakeElectron } from './fake-electron.ts';

const started = async () => {
  const fake = fakeElectron();
  startApp(fake.parts, '/app/dist');
  await vi.waitFor(() => expect(fake.windows).toHaveLength(1));
  const [window] = fake.windows;
  if (window === undefined) throw new Error('no window');
  return { ...fake, window };
};

describe('the app', () => {
  it('sandboxes everything and names its scheme before it is ready, and locks the session before there is a page', async () => {
    const { order, defaultSession, window } = await started();
    expect(order).toEqual(['sandbox', 'scheme', 'ready', 'window']);
    expect(defaultSession.setPermissionRequestHandler).toHaveBeenCalledOnce();
    expect(defaultSession.setPermissionCheckHandler).toHaveBeenCalledOnce();
    expect(window.webContents.setWindowOpenHandler).toHaveBeenCalledOnce();
    expect(window.options.webPreferences).toMatchObject({ sandbox: true, preload: '/app/dist/preload.cjs' });
  });

  it('loads the page from its own scheme and shows it when it can be drawn', async () => {
    const { window, protocol } = await started();
    expect(protocol.handle.mock.calls[0]?.[0]).toBe('app');
    expect(window.loadURL).toHaveBeenCalledExactlyOnceWith('app://porthole/');
    expect(window.show).not.toHaveBeenCalled();
    window.emit('ready-to-show');
    expect(window.show).toHaveBeenCalledOnce();
  });

  it('starts the host in a utility process and brokers a port on every load', async () => {
    const { window, fork, children } = await started();
    window.webContents.emit('did-finish-load');
    window.webContents.emit('did-finish-load');
    expect(fork).toHaveBeenCalledOnce();
    expect(fork.mock.calls[0]?.[0]).toBe('/app/dist/host.js');
    expect(children[0]?.postMessage.mock.calls).toEqual([
      ['connect', ["host's"]],
      ['connect', ["host's"]],
    ]);
    expect(window.webContents.postMessage).toHaveBeenCalledTimes(2);
    expect(window.webContents.postMessage).toHaveBeenLastCalledWith('porthole-port', null, ["page's"]);
  });

  it('says what the page could not save', async () => {
    const { defaultSession, showErrorBox } = await started();
    const item = { getURL: () => 'blob:app://porthole/0b2f', getFilename: () => 'sh_db.txt' };
    const done = Object.assign(new EventEmitter(), item);
    defaultSession.emit('will-download', { preventDefault: vi.fn() }, done);
    done.emit('done', {}, 'interrupted');
    expect(showErrorBox).toHaveBeenCalledExactlyOnceWith('Porthole', 'sh_db.txt could not be saved.');
  });

  it('reloads a crashed page, but not for ever', async () => {
    const { window } = await started();
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    for (let crash = 0; crash < 5; crash += 1)
      window.webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    expect(window.webContents.reload).toHaveBeenCalledTimes(3);
  });

  it('is there once: a second start raises the window of the first', async () => {
    const { app, window } = await started();
    window.isMinimized.mockReturnValue(true);
    app.emit('second-instance');
    expect(window.restore).toHaveBeenCalledOnce();
    expect(window.focus).toHaveBeenCalledOnce();

    const second = fakeElectron();
    second.app.requestSingleInstanceLock.mockReturnValue(false);
    startApp(second.parts, '/app/dist');
    expect(second.app.quit).toHaveBeenCalledOnce();
    expect(second.app.whenReady).not.toHaveBeenCalled();
  });

  it('lets the host end its terminals before it quits', async () => {
    const { app, window, children } = await started();
    window.webContents.emit('did-finish-load');
    const preventDefault = vi.fn();
    app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
    expect(children[0]?.postMessage).toHaveBeenLastCalledWith('stop');
    expect(app.quit).not.toHaveBeenCalled();
    children[0]?.emit('exit', 0);
    await vi.waitFor(() => expect(app.quit).toHaveBeenCalledOnce());
    app.emit('will-quit', { preventDefault });
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it('follows the theme with the colour behind the page', async () => {
    const { nativeTheme, window } = await started();
    nativeTheme.shouldUseDarkColors = false;
    nativeTheme.emit('updated');
    expect(window.setBackgroundColor).toHaveBeenCalledExactlyOnceWith('#f2f3f5');
  });
});
