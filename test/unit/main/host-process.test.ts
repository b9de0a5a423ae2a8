import { EventEmitter } from 'node:events';
import type { MessagePortMain } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostProcess } from '../../../electron/main/host-process.ts';

class FakeHost extends EventEmitter {
  readonly postMessage = vi.fn<(message: unknown, transfer?: MessagePortMain[]) => void>();
  readonly kill = vi.fn<() => boolean>(() => true);
}

const setUp = () => {
  const hosts: FakeHost[] = [];
  const complaints: string[] = [];
  let channels = 0;
  let now = 0;
  const host = new HostProcess({
    fork: () => {
      const fake = new FakeHost();
      hosts.push(fake);
      return fake;
    },
    channel: () => {
      channels += 1;
      return { port1: `host's ${channels}`, port2: `page's ${channels}` } as unknown as Electron.MessageChannelMain;
    },
    complain: (message) => complaints.push(message),
    now: () => now,
  });
  const page = {
    isDestroyed: vi.fn(() => false),
    postMessage: vi.fn<(channel: string, message: unknown, transfer: MessagePortMain[]) => void>(),
  };
  const later = (millis: number): void => void (now += millis);
  return { host, hosts, page, complaints, later };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the host process', () => {
  it('is started for the page, and each gets its end of one channel', () => {
    const { host, hosts, page } = setUp();
    host.connect(page);
    expect(hosts).toHaveLength(1);
    expect(hosts[0]?.postMessage.mock.calls).toEqual([['connect', ["host's 1"]]]);
    expect(page.postMessage.mock.calls).toEqual([['porthole-port', null, ["page's 1"]]]);
  });

  it('goes on through a reload, with a new channel', () => {
    const { host, hosts, page } = setUp();
    host.connect(page);
    host.connect(page);
    expect(hosts).toHaveLength(1);
    expect(hosts[0]?.postMessage.mock.calls).toEqual([
      ['connect', ["host's 1"]],
      ['connect', ["host's 2"]],
    ]);
    expect(page.postMessage.mock.calls.at(-1)).toEqual(['porthole-port', null, ["page's 2"]]);
  });

  it('is started again when it is killed, and the page gets a new port', () => {
    const { host, hosts, page, complaints } = setUp();
    host.connect(page);
    hosts[0]?.emit('exit', 9);
    expect(hosts).toHaveLength(2);
    expect(hosts[1]?.postMessage.mock.calls).toEqual([['connect', ["host's 2"]]]);
    expect(page.postMessage.mock.calls.at(-1)).toEqual(['porthole-port', null, ["page's 2"]]);
    expect(complaints).toEqual(['The host ended with code 9; starting it again.']);
  });

  it('is not started for ever: three times a minute, then only by a reload', () => {
    const { host, hosts, page, complaints, later } = setUp();
    host.connect(page);
    for (let crash = 0; crash < 4; crash += 1) hosts.at(-1)?.emit('exit', 1);
    expect(hosts).toHaveLength(4);
    expect(complaints.at(-1)).toMatch(/reload the page/);
    later(1);
    host.connect(page);
    expect(hosts).toHaveLength(5);
  });

  it('forgets crashes of long ago', () => {
    const { host, hosts, page, later } = setUp();
    host.connect(page);
    for (let crash = 0; crash < 10; crash += 1) {
      hosts.at(-1)?.emit('exit', 1);
      later(30_000);
    }
    expect(hosts).toHaveLength(11);
  });

  it('is not started again for a window that is gone', () => {
    const { host, hosts, page } = setUp();
    host.connect(page);
    page.isDestroyed.mockReturnValue(true);
    hosts[0]?.emit('exit', 9);
    expect(hosts).toHaveLength(1);
    expect(page.postMessage).toHaveBeenCalledOnce();
  });

  it('may end its terminals before the app quits, and stays down', async () => {
    const { host, hosts, page, complaints } = setUp();
    host.connect(page);
    const stopped = host.stop();
    expect(hosts[0]?.postMessage.mock.calls.at(-1)).toEqual(['stop']);
    hosts[0]?.emit('exit', 0);
    await stopped;
    host.connect(page);
    expect([hosts.length, complaints]).toEqual([1, []]);
    expect(hosts[0]?.kill).not.toHaveBeenCalled();
  });

  it('is killed if it does not stop', async () => {
    const { host, hosts, page } = setUp();
    host.connect(page);
    const stopped = host.stop();
    await vi.advanceTimersByTimeAsync(3_000);
    await stopped;
    expect(hosts[0]?.kill).toHaveBeenCalledOnce();
  });

  it('need not stop if it never ran', async () => {
    await expect(setUp().host.stop()).resolves.toBeUndefined();
  });
});
