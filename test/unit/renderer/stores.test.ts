import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Client, WorldFrame } from '../../../shared/client.ts';
import { diff } from '../../../shared/delta.ts';
import { decodeFrame, encodeFrame, encodeUtf8 } from '../../../shared/frames.ts';
import type { World } from '../../../shared/model.ts';
import { aProcess, aWorld } from '../shared/world.ts';

/** The part of a web socket that the page uses, driven by the test. */
class FakeSocket extends EventTarget {
  static readonly all: FakeSocket[] = [];
  binaryType = '';
  readonly sent: unknown[] = [];
  closed = false;
  readonly url: string;

  constructor(url: string | URL) {
    super();
    this.url = String(url);
    FakeSocket.all.push(this);
  }
  send(data: unknown): void {
    this.sent.push(data);
  }
  close(): void {
    this.closed = true;
  }
  happens(type: string, more: object = {}): void {
    this.dispatchEvent(Object.assign(new Event(type), more));
  }
  hears(header: object): void {
    this.happens('message', { data: encodeFrame({ header }).slice().buffer });
  }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const settle = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  FakeSocket.all.length = 0;
  const kept = new Map<string, string>();
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', page);
  vi.stubGlobal('location', {
    href: 'http://127.0.0.1:1234/',
    protocol: 'http:',
    hash: '#token=t0ken',
    pathname: '/',
    search: '',
  });
  vi.stubGlobal('history', { state: null, replaceState: () => undefined });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal('WebSocket', FakeSocket);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const { Connection } = await import('../../../renderer/store/connection.svelte.ts');
const { WorldStore } = await import('../../../renderer/store/world.svelte.ts');

const hello = { version: '0', instance: 'first', host: aWorld([]).host, shells: true };
/** The host lets the last socket in, and says hello. */
const letIn = async (says = hello) => {
  const socket = FakeSocket.all.at(-1)!;
  socket.happens('open');
  socket.happens('message', { data: 'welcome' });
  const { header } = decodeFrame(socket.sent[1] as Uint8Array) as { header: { id: number; method: string } };
  expect(header.method).toBe('hello');
  socket.hears({ k: 'answer', id: header.id, value: says });
  await settle();
  return socket;
};
const opened = async () => {
  const connection = new Connection();
  connection.start();
  return { connection, socket: await letIn() };
};

describe('the connection', () => {
  it('shows its token first, as text, and nothing else until it is let in', () => {
    const connection = new Connection();
    connection.start();
    const socket = FakeSocket.all[0]!;
    expect(socket.url).toBe('ws://127.0.0.1:1234/socket');
    socket.happens('open');
    expect(socket.sent).toEqual(['t0ken']);
    expect(connection.state.kind).toBe('connecting');
  });

  it('is open once the host has said hello, and tells whoever listens', async () => {
    const { connection } = await opened();
    expect(connection.state.kind).toBe('open');
    const listener = vi.fn();
    connection.onOpen(listener);
    expect(listener).toHaveBeenCalledWith(connection.client, hello);
  });

  it('says that it was lost, cleans up, and dials again', async () => {
    const { connection, socket } = await opened();
    vi.useFakeTimers();
    const undo = vi.fn();
    connection.onOpen(() => undo);
    socket.happens('close', { code: 1006 });
    expect(connection.state).toMatchObject({ kind: 'lost', reason: 'the host ended the connection' });
    expect(connection.client).toBeNull();
    expect(undo).toHaveBeenCalledTimes(1);
    expect(connection.hello).toEqual(hello);
    vi.advanceTimersByTime(300);
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('tells that its host is gone when another answers, or none that knows it, and not when the same is back', async () => {
    const { connection, socket } = await opened();
    const gone = vi.fn();
    connection.onHostGone(gone);
    socket.happens('close', { code: 1006 });
    connection.retry();
    const again = await letIn();
    expect(gone).not.toHaveBeenCalled();
    again.happens('close', { code: 1006 });
    connection.retry();
    const opens = vi.fn(() => void expect(gone).toHaveBeenCalledTimes(1));
    connection.onOpen(opens);
    const next = await letIn({ ...hello, instance: 'second' });
    expect(opens).toHaveBeenCalledTimes(1);
    next.happens('close', { code: 1006 });
    connection.retry();
    FakeSocket.all.at(-1)!.happens('close', { code: 4401 });
    expect(gone).toHaveBeenCalledTimes(2);
    expect(connection.state.kind).toBe('refused');
  });

  it('does not try a refused token again', async () => {
    const connection = new Connection();
    connection.start();
    vi.useFakeTimers();
    FakeSocket.all[0]!.happens('close', { code: 4401 });
    expect(connection.state.kind).toBe('refused');
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  it('is refused at once without a token', () => {
    vi.stubGlobal('location', { href: 'http://x/', protocol: 'http:', hash: '', pathname: '/', search: '' });
    const connection = new Connection();
    connection.start();
    expect(connection.state.kind).toBe('refused');
    expect(FakeSocket.all).toHaveLength(0);
  });
});

describe('the world', () => {
  const watched = () => {
    const calls: string[] = [];
    const acked: number[] = [];
    let frame: (frame: WorldFrame) => void = () => undefined;
    const client = {
      call: (method: string) => (calls.push(method), Promise.resolve(null)),
      onWorld: (listener: typeof frame) => ((frame = listener), () => undefined),
      worldApplied: (seq: number) => void acked.push(seq),
    } as unknown as Client;
    const store = new WorldStore();
    store.follow({
      onOpen: (listener: (client: Client, said: typeof hello) => void) => listener(client, hello),
    } as never);
    const send = async (seq: number, base: number | null, value: unknown) => {
      frame({ seq, base, json: encodeUtf8(JSON.stringify(value)) });
      await settle();
    };
    return { store, calls, acked, send };
  };
  const first = aWorld([aProcess({ pid: 1 }), aProcess({ pid: 2 })]);
  const second: World = { ...first, uptimeSeconds: 1001, processes: [first.processes[0]!, aProcess({ pid: 3 })] };

  it('is whole first, then what changed, each acknowledged once it is there', async () => {
    const { store, calls, acked, send } = watched();
    expect(calls).toEqual(['world.watch']);
    await send(1, null, first);
    expect(store.current).toEqual(first);
    expect(store.previous).toBeNull();
    await send(2, 1, diff(first, second));
    expect(store.current).toEqual(second);
    expect(store.previous?.uptimeSeconds).toBe(1000);
    expect(store.current?.processes[0]).toBe(store.previous?.processes[0]);
    expect(acked).toEqual([1, 2]);
  });

  it('starts over when a frame does not follow the one it holds', async () => {
    const { store, calls, acked, send } = watched();
    await send(1, null, first);
    await send(3, 2, diff(first, second));
    expect(calls).toEqual(['world.watch', 'world.watch']);
    expect(acked).toEqual([1]);
    expect(store.current).toEqual(first);
  });

  it('is not watched while nobody sees the page, and has no rates across the pause', async () => {
    const { store, calls, send } = watched();
    await send(1, null, first);
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    expect([calls.at(-1), store.watching]).toEqual(['world.unwatch', false]);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    await send(1, null, second);
    expect([calls.at(-1), store.watching, store.previous]).toEqual(['world.watch', true, null]);
  });
});
