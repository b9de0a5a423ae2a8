/**
 * Electron's binary. Its npm package brings none; it downloads one when first used. That is tried once: where it fails,
 * it would fail again at every start.
 */
import { access, readFile, rm } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { stamp, stamped } from './stale.mjs';

/** Long enough for 120 MB over a slow line, ms. */
const DOWNLOAD_MILLIS = 8 * 60_000;
/** How long the server may take to answer at all, ms. */
const ANSWER_MILLIS = 8_000;

/** @typedef {{ ok: true, binary: string } | { ok: false, why: string }} Obtained */

/**
 * @param {string} [folder] the npm package
 * @returns {Promise<string | null>} where the binary is, null if it is not there
 */
export const electronBinary = async (folder = inRoot('node_modules/electron')) => {
  const given = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const name = (await readFile(join(folder, 'path.txt'), 'utf8').catch(() => '')).trim() || 'electron';
  if (isAbsolute(name)) return null;
  const binary = join(given ?? join(folder, 'dist'), name);
  return access(binary).then(
    () => binary,
    () => null,
  );
};

/**
 * The binary, downloaded if need be and possible.
 * @param {{ retry?: boolean, folder?: string, notes?: string }} [options] `retry`: though it failed before
 * @returns {Promise<Obtained>}
 */
export const obtainElectron = async (options = {}) => {
  const {
    retry = false,
    folder = inRoot('node_modules/electron'),
    notes = inRoot('node_modules/.cache/porthole'),
  } = options;
  const present = await electronBinary(folder);
  if (present !== null) return { ok: true, binary: present };
  const about = await readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, () => null);
  if (about === null) return { ok: false, why: 'the electron package is not installed' };
  const failure = join(notes, `electron-${about.version}-failed`);
  const before = retry ? null : await stamped(failure);
  if (before !== null) return { ok: false, why: `${before} (to try again: npm start -- --download-electron)` };
  const why = (await unreachable(about.repository)) ?? (await download(folder, about.version));
  const binary = why === null ? await electronBinary(folder) : null;
  if (binary !== null) {
    await rm(failure, { force: true });
    return { ok: true, binary };
  }
  const reason = why ?? 'its installer left no binary';
  await stamp(failure, reason);
  return { ok: false, why: reason };
};

/**
 * Asks first whether there is a server, because a network that swallows packets would keep the installer waiting.
 * @param {string} repository
 */
const unreachable = async (repository) => {
  const { env } = process;
  const proxied = env['ELECTRON_GET_USE_PROXY'] ?? env['HTTPS_PROXY'] ?? env['https_proxy'];
  if (proxied) return null;
  const url = env['npm_config_electron_mirror'] ?? env['ELECTRON_MIRROR'] ?? `${repository}/releases`;
  try {
    await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MILLIS) });
    return null;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const word = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
    return `${URL.canParse(url) ? new URL(url).host : url} does not answer: ${word}`;
  }
};

/**
 * @param {string} folder
 * @param {string} version
 * @returns {Promise<string | null>} why it failed
 */
const download = async (folder, version) => {
  console.error(`Downloading Electron ${version} (some 120 MB, once)…`);
  const { code, output, late } = await run(process.execPath, [join(folder, 'install.js')], {
    timeoutMillis: DOWNLOAD_MILLIS,
  });
  if (code === 0) return null;
  if (late) return `its download took longer than ${DOWNLOAD_MILLIS / 60_000} minutes`;
  // The first line that says what happened, not where.
  const line = output.split('\n').find((text) => /^\s*(?:\w*Error\b|.*\bE[A-Z]{3,}\b|.*\d{3} \()/.test(text));
  return `its installer failed: ${(line ?? output.trim().split('\n').at(-1) ?? '').trim() || `code ${code}`}`;
};
