/** Installs what package-lock.json asks for, if it is not there. Uses nothing but Node, because nothing else is there yet. */
import { readFile } from 'node:fs/promises';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {Record<string, { version?: string, optional?: boolean, peer?: boolean }>} Packages by path from the root */

const LEAST_NODE = [20, 19];

/**
 * @param {string} version such as `process.versions.node`
 * @returns {string | null} one sentence if Porthole cannot run on it
 */
export const nodeComplaint = (version) => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = LEAST_NODE;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return null;
  return `Porthole needs Node ${LEAST_NODE.join('.')} or later; this is ${version}.`;
};

/**
 * What has to be installed: absent or of another version. A package for another platform may be absent.
 * @param {Packages} wanted of package-lock.json
 * @param {Packages} installed of what npm notes in node_modules
 * @returns {string[]} paths
 */
export const stalePackages = (wanted, installed) =>
  Object.entries(wanted)
    .filter(([path, { optional, version }]) => {
      if (path === '') return false;
      const found = installed[path];
      return found === undefined ? optional !== true : found.version !== version;
    })
    .map(([path]) => path);

/**
 * @param {string} file
 * @returns {Promise<Packages>} none if there is no such file
 */
const packagesOf = async (file) => {
  const text = await readFile(file, 'utf8').catch(() => '{}');
  return JSON.parse(text).packages ?? {};
};

/**
 * Installs if needed. The reason in one sentence if that failed; npm has said more by then.
 * @returns {Promise<string | null>}
 */
export const ensureDependencies = async () => {
  const complaint = nodeComplaint(process.versions.node);
  if (complaint !== null) return complaint;
  const wanted = await packagesOf(inRoot('package-lock.json'));
  const installed = await packagesOf(inRoot('node_modules/.package-lock.json'));
  const stale = stalePackages(wanted, installed);
  if (stale.length === 0) return null;
  console.error(
    Object.keys(installed).length === 0
      ? 'Installing the dependencies…'
      : `Installing the dependencies anew: ${stale.length} of them changed…`,
  );
  // NODE_ENV=production would leave out the bundler.
  const { code } = await run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], { show: true });
  return code === 0 ? null : `The dependencies could not be installed: npm ci ended with code ${code}.`;
};
