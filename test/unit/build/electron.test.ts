import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { obtainElectron } from '../../../build/electron.mjs';

const DOWNLOADS = `
  const fs = require('node:fs'), path = require('node:path');
  fs.appendFileSync(path.join(__dirname, 'tries'), 'x');
  fs.mkdirSync(path.join(__dirname, 'dist'), { recursive: true });
  fs.writeFileSync(path.join(__dirname, 'dist/electron'), '');
  fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron');
`;
const FAILS = `console.error('    at somewhere'); console.error('HTTPError: Response code 404 (Not Found)'); process.exit(1)`;

let base: string;
let server: Server;
let asked: number;

/** An npm package of Electron whose installer is this script. */
const electronPackage = (installer: string) => {
  const folder = join(base, 'electron');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ version: '45.0.0', repository: 'https://repository.invalid' }),
  );
  writeFileSync(join(folder, 'install.js'), installer);
  return { folder, notes: join(base, 'notes') };
};

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'porthole-electron-'));
  asked = 0;
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('npm_config_electron_mirror', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  for (const name of ['ELECTRON_GET_USE_PROXY', 'HTTPS_PROXY', 'https_proxy', 'ELECTRON_OVERRIDE_DIST_PATH']) {
    vi.stubEnv(name, undefined);
  }
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(base, { recursive: true });
});

describe("Electron's binary", () => {
  it('is downloaded once, and then there without asking anyone', async () => {
    const where = electronPackage(DOWNLOADS);
    const binary = join(where.folder, 'dist/electron');
    expect(await obtainElectron(where)).toEqual({ ok: true, binary });
    expect(asked).toBe(1);
    expect(await obtainElectron(where)).toEqual({ ok: true, binary });
    expect(asked).toBe(1);
  });

  it('is not tried again after its download failed, unless asked for', async () => {
    const where = electronPackage(FAILS);
    const why = 'its installer failed: HTTPError: Response code 404 (Not Found)';
    expect(await obtainElectron(where)).toEqual({ ok: false, why });
    electronPackage(DOWNLOADS);
    expect(await obtainElectron(where)).toEqual({ ok: false, why: expect.stringContaining(why) });
    expect(await obtainElectron(where)).toEqual({ ok: false, why: expect.stringContaining('--download-electron') });
    expect(asked).toBe(1);
    expect(await obtainElectron({ ...where, retry: true })).toMatchObject({ ok: true });
    expect(await obtainElectron(where)).toMatchObject({ ok: true });
  });

  it('is asked for again when the version is another one', async () => {
    const where = electronPackage(FAILS);
    await obtainElectron(where);
    electronPackage(DOWNLOADS);
    writeFileSync(join(where.folder, 'package.json'), JSON.stringify({ version: '46.0.0', repository: '' }));
    expect(await obtainElectron(where)).toMatchObject({ ok: true });
  });

  it('is given up in no time where nothing answers, without starting the installer', async () => {
    const where = electronPackage(DOWNLOADS);
    await new Promise((resolve) => server.close(resolve));
    const why = expect.stringMatching(/^127\.0\.0\.1:\d+ does not answer: ECONNREFUSED$/);
    expect(await obtainElectron(where)).toEqual({ ok: false, why });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('is not to be had without the package', async () => {
    expect(await obtainElectron({ folder: join(base, 'none'), notes: join(base, 'notes') })).toEqual({
      ok: false,
      why: 'the electron package is not installed',
    });
  });
});
