import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createPageServer, isOwnHost, isOwnOrigin, type PageServer } from '../../../electron/transport/serve.ts';
import {
  decodeFrame,
  encodeFrame,
  type Frame,
  type ToHost,
  type ToPage,
  type Transport,
} from '../../../shared/frames.ts';

const TOKEN = 'a-token-nobody-guesses';
let root: string;
let page: PageServer;
let port: number;
let connected: Transport<ToPage, ToHost>[];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'porthole-page-'));
  writeFileSync(join(root, 'index.html'), '<!doctype html>page');
  writeFileSync(join(root, 'secret.key'), 'secret');
  mkdirSync(join(root, 'assets'));
  connected = [];
  page = createPageServer({ root, token: TOKEN, exposed: false, connect: (t) => connected.push(t) });
  await new Promise<void>((resolve) => page.server.listen(0, '127.0.0.1', resolve));
  port = (page.server.address() as AddressInfo).port;
});

afterEach(async () => {
  await page.close();
  rmSync(root, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });

/** Opens a socket, sends `first`, and tells how that ended: a greeting, a close code, or a refused upgrade. */
const knock = (first: string | Buffer, headers: Record<string, string> = {}, path = '/socket'): Promise<string> =>
  new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('open', () => socket.send(first));
    socket.on('message', (data) => {
      resolve((data as Buffer).toString());
      socket.close();
    });
    socket.on('close', (code) => resolve(`closed ${code}`));
    socket.on('unexpected-response', (_, response) => resolve(`refused ${response.statusCode}`));
    socket.on('error', () => undefined);
  });

describe('the page', () => {
  it('is served without a token, under a policy that lets it run only its own scripts', async () => {
    const answer = await get('/');
    expect(answer).toMatchObject({ status: 200, body: '<!doctype html>page' });
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fetc/passwd',
    '/assets',
    '/secret.key',
    '/%00',
    '/%zz',
  ])('does not serve %s', async (path) => {
    expect((await get(path)).status).toBe(404);
  });

  it('is not served under a foreign name, which would be DNS rebinding', async () => {
    expect((await get('/', { host: `evil.example:${port}` })).status).toBe(403);
  });

  it('is only for reading', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(405);
  });
});

describe('the socket', () => {
  it('closes once nobody answers at the other end, and stays while somebody does', async () => {
    await page.close();
    page = createPageServer({ root, token: TOKEN, exposed: false, connect: (t) => connected.push(t), pingMillis: 20 });
    await new Promise<void>((resolve) => page.server.listen(0, '127.0.0.1', resolve));
    port = (page.server.address() as AddressInfo).port;
    const enter = async (autoPong: boolean): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`, { autoPong });
      socket.on('open', () => socket.send(TOKEN));
      await new Promise((resolve) => socket.once('message', resolve));
      return socket;
    };
    const there = await enter(true);
    let pings = 0;
    there.on('ping', () => pings++);
    const asleep = await enter(false);
    const [, second] = connected;
    const noticed = new Promise<string>((resolve) => second?.onClose(resolve));
    expect(await noticed).toBe('connection closed (1006)');
    asleep.terminate();
    await expect.poll(() => pings).toBeGreaterThan(5);
    expect(there.readyState).toBe(there.OPEN);
    there.terminate();
  });

  it('opens for the token', async () => {
    expect(await knock(TOKEN)).toBe('welcome');
    expect(connected).toHaveLength(1);
  });

  it.each([
    ['a wrong token', 'guess'],
    ['an empty token', ''],
    ['a binary message', Buffer.from(TOKEN)],
  ])('closes after %s and connects nobody', async (_, first) => {
    expect(await knock(first)).toBe('closed 4401');
    expect(connected).toHaveLength(0);
  });

  it('refuses another page, another name and another path before it reads anything', async () => {
    expect(await knock(TOKEN, { origin: 'https://evil.example' })).toBe('refused 403');
    expect(await knock(TOKEN, { host: 'evil.example' })).toBe('refused 403');
    expect(await knock(TOKEN, {}, '/socket?token=1')).toBe('refused 403');
    expect(connected).toHaveLength(0);
  });

  it('carries frames both ways and closes on what is not a frame', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/socket`);
    const received: unknown[] = [];
    socket.on('open', () => socket.send(TOKEN));
    await new Promise<void>((resolve) => socket.once('message', () => resolve()));
    const [host] = connected;
    const toHost = new Promise<Frame<ToHost>>((resolve) => host?.onFrame(resolve));
    socket.send(encodeFrame({ header: { k: 'term-in', terminal: 't' }, bytes: Uint8Array.of(104, 105) }));
    const { header, bytes } = await toHost;
    expect(header).toEqual({ k: 'term-in', terminal: 't' });
    expect([...(bytes ?? [])]).toEqual([104, 105]);
    socket.on('message', (data) => received.push(decodeFrame(data as Buffer).header));
    const closed = new Promise<number>((resolve) => socket.on('close', resolve));
    host?.send({ header: { k: 'answer', id: 1, value: 'yes' } });
    socket.send(Buffer.of(0, 0, 0, 99, 1));
    expect(await closed).toBe(1003);
    expect(received).toEqual([{ k: 'answer', id: 1, value: 'yes' }]);
  });
});

describe('names', () => {
  it('answers to loopback under any port, for ssh -L gives it another one', () => {
    for (const host of ['127.0.0.1', 'localhost:9', '[::1]:8080', 'LOCALHOST'])
      expect(isOwnHost(host, false)).toBe(true);
  });

  it('answers to an address of the network only when exposed, and never to a name that could be rebound', () => {
    expect(isOwnHost('192.0.2.7:80', false)).toBe(false);
    expect(isOwnHost('192.0.2.7:80', true)).toBe(true);
    for (const host of [undefined, '', 'evil.example', 'localhost.evil.example', '127.0.0.1@evil', 'a:b:c']) {
      expect(isOwnHost(host, true)).toBe(false);
    }
  });

  it('takes its own origin and no other', () => {
    expect(isOwnOrigin('http://localhost:1', 'localhost:1')).toBe(true);
    expect(isOwnOrigin(undefined, 'localhost:1')).toBe(true);
    for (const origin of ['null', 'http://localhost:2', 'https://localhost:1', 'http://localhost:1.evil']) {
      expect(isOwnOrigin(origin, 'localhost:1')).toBe(false);
    }
  });
});
