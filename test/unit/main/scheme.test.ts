import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Protocol } from 'electron';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { answerPage, registerScheme, serveScheme } from '../../../electron/main/scheme.ts';

let folder: string;
let root: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'porthole-scheme-'));
  root = join(folder, 'page');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'assets/main-1.js'), 'export {}');
  writeFileSync(join(root, 'assets/notes.txt'), 'not a part of any page');
  writeFileSync(join(folder, 'secret.js'), 'secret');
  mkdirSync(join(folder, 'page-too'));
  writeFileSync(join(folder, 'page-too/secret.js'), 'secret');
});
afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, method = 'GET'): Promise<Response> => answerPage(root, { url, method });

describe('the app:// scheme', () => {
  it('gets an origin of its own, and no more', () => {
    const registerSchemesAsPrivileged = vi.fn<Protocol['registerSchemesAsPrivileged']>();
    registerScheme({ registerSchemesAsPrivileged });
    expect(registerSchemesAsPrivileged.mock.calls).toEqual([
      [[{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]],
    ]);
  });

  it('answers for the page', async () => {
    const handle = vi.fn<Protocol['handle']>();
    serveScheme({ handle }, root);
    const [scheme, handler] = handle.mock.calls[0] ?? [];
    expect(scheme).toBe('app');
    const answer = await handler?.(new Request('app://porthole/assets/main-1.js'));
    expect(answer?.status).toBe(200);
    expect(answer?.headers.get('content-type')).toMatch(/^text\/javascript/);
    expect(await answer?.text()).toBe('export {}');
  });

  it('has index.html at its root', async () => {
    expect(await (await get('app://porthole/')).text()).toBe('<!doctype html>');
    expect(await (await get('app://porthole/?a#b')).text()).toBe('<!doctype html>');
  });

  it('sends a policy that lets the page run its own scripts and reach nothing', async () => {
    for (const url of ['app://porthole/', 'app://porthole/assets/main-1.js', 'app://porthole/none.js']) {
      const policy = (await get(url)).headers.get('content-security-policy')?.split('; ');
      expect(policy?.toSorted()).toEqual(
        [
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self' 'unsafe-inline'",
          "font-src 'self'",
          "img-src 'self' data:",
          "connect-src 'none'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
        ].toSorted(),
      );
      expect((await get(url)).headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it.each([
    'app://porthole/../secret.js',
    'app://porthole/%2e%2e/secret.js',
    'app://porthole/..%2fsecret.js',
    'app://porthole/assets/..%2f..%2fsecret.js',
    'app://porthole/..%2fpage-too/secret.js',
    'app://porthole/..%5csecret.js',
    'app://porthole//secret.js',
    'app://porthole/%2fetc%2fpasswd',
    'app://porthole/assets/main-1.js%00.html',
    'app://porthole/%ff',
    'app://porthole/assets',
    'app://porthole/assets/',
    'app://porthole/assets/notes.txt',
    'app://porthole/absent.js',
    `app://porthole/${'long'.repeat(1000)}.js`,
    'app://elsewhere/index.html',
    'app://porthole:80/index.html',
    'file:///etc/passwd',
    'not a url',
  ])('refuses %s', async (url) => {
    const answer = await get(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });

  it('refuses a file that is named but cannot be read', async () => {
    symlinkSync('main-2.js', join(root, 'assets/loop.js'));
    symlinkSync('loop.js', join(root, 'assets/main-2.js'));
    await expect(get('app://porthole/assets/loop.js').then(({ status }) => status)).resolves.toBe(404);
  });

  it('is only read', async () => {
    expect((await get('app://porthole/', 'POST')).status).toBe(405);
    const head = await get('app://porthole/', 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});
