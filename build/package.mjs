/** npm run package: makes release/*.deb and release/*.AppImage. Arguments are passed on to electron-builder. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureDependencies } from './dependencies.mjs';
import { obtainElectron } from './electron.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Where the project lives, which a deb must say: from package.json, or else from where it was cloned.
 * @returns {Promise<string | null>}
 */
const homepage = async () => {
  const { homepage } = JSON.parse(await readFile(inRoot('package.json'), 'utf8'));
  if (typeof homepage === 'string') return homepage;
  const { code, output } = await run('git', ['remote', 'get-url', 'origin']);
  const match = /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/(?:[^@/]+@)?|[\w.-]+@)([\w.-]+)[:/](.+?)(?:\.git)?\/?$/.exec(
    output.trim(),
  );
  return code === 0 && match ? `https://${match[1]}/${match[2]}` : null;
};

/** @returns {Promise<string | null>} why there is no package, in one sentence */
const makePackage = async () => {
  const complaint = await ensureDependencies();
  if (complaint !== null) return complaint;
  const electron = await obtainElectron({ retry: true });
  if (!electron.ok) return `No package can be made, because Electron is not to be had: ${electron.why}.`;
  const home = await homepage();
  if (home === null) return 'No package can be made without a homepage: set it in package.json, or add a git remote.';
  const built = await run(process.execPath, [inRoot('build/build.mjs')], { show: true });
  if (built.code !== 0) return 'No package can be made of a build that fails.';
  const args = [
    inRoot('node_modules/electron-builder/cli.js'),
    '--config=build/electron-builder.yml',
    `--config.electronDist=${dirname(electron.binary)}`,
    `--config.extraMetadata.homepage=${home}`,
    '--publish=never',
    ...process.argv.slice(2),
  ];
  const { code } = await run(process.execPath, args, { show: true });
  return code === 0 ? null : `The packages were not made: electron-builder ended with code ${code}, see above.`;
};

const why = await makePackage();
if (why !== null) {
  console.error(why);
  process.exitCode = 1;
}
