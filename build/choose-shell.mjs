/** Decides between the Electron window and the browser. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * @typedef {object} Situation
 * @property {NodeJS.Platform} platform
 * @property {NodeJS.ProcessEnv} env
 * @property {number | undefined} uid
 * @property {boolean} noSandbox asked for
 * @property {readonly string[]} serveArgs what was given for `porthole serve`
 */

/** @param {Pick<Situation, 'platform' | 'env'>} situation */
export const hasDisplay = ({ platform, env }) =>
  platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);

/**
 * What speaks against a window, before anything is asked of the network.
 * @param {Situation} situation
 * @returns {string | null} a clause
 */
export const reasonAgainstWindow = (situation) => {
  const { uid, noSandbox, serveArgs } = situation;
  if (serveArgs.length > 0) return `${serveArgs[0]} is for the browser`;
  if (!hasDisplay(situation)) return 'there is no display here';
  if (uid === 0 && !noSandbox)
    return "this is root, for whom Electron's sandbox does not work (npm start -- --no-sandbox)";
  return null;
};

/** Kernel settings that keep an unprivileged program from making the user namespace that Electron's sandbox is built of. */
const SETTINGS = [
  { file: 'kernel/apparmor_restrict_unprivileged_userns', closed: '1' },
  { file: 'kernel/unprivileged_userns_clone', closed: '0' },
  { file: 'user/max_user_namespaces', closed: '0' },
];

/**
 * Why Electron's sandbox would not come up, from the kernel's settings.
 * @param {string} binary Electron's; the helper beside it works in any case if it belongs to root and is setuid
 * @param {string} [sysctl]
 * @returns {Promise<string | null>} a clause
 */
export const reasonAgainstSandbox = async (binary, sysctl = '/proc/sys') => {
  const helper = await stat(join(dirname(binary), 'chrome-sandbox')).catch(() => null);
  if (helper !== null && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return null;
  for (const { file, closed } of SETTINGS) {
    const value = (await readFile(join(sysctl, file), 'utf8').catch(() => '')).trim();
    if (value === closed) {
      return (
        `${file.replace('/', '.')} is ${value}, which keeps Electron from building its sandbox ` +
        '(the .deb package brings what it needs; or npm start -- --no-sandbox)'
      );
    }
  }
  return null;
};
