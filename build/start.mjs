/**
 * npm start: installs and builds what is missing or stale, then opens the app, in its own window where that can be and in
 * the browser otherwise. Arguments: --no-sandbox, --download-electron (try again), --browser, and those of porthole serve.
 */
import { ensureDependencies } from './dependencies.mjs';
import { hasDisplay, reasonAgainstSandbox, reasonAgainstWindow } from './choose-shell.mjs';
import { obtainElectron } from './electron.mjs';
import { inRoot, root } from './paths.mjs';
import { run, runInForeground } from './run.mjs';

/** An Electron that ends with an error sooner than this, ms, never showed a window. */
const STILLBORN_MILLIS = 10_000;

const OWN = ['--no-sandbox', '--download-electron', '--browser'];
const given = process.argv.slice(2);
const noSandbox = given.includes('--no-sandbox');
const situation = {
  platform: process.platform,
  env: process.env,
  uid: process.getuid?.(),
  noSandbox,
  serveArgs: given.filter((arg) => !OWN.includes(arg)),
};

const inBrowser = async (/** @type {string} */ because) => {
  console.error(`Serving the app to a browser, because ${because}.`);
  const open =
    hasDisplay(situation) && !situation.serveArgs.some((arg) => arg === '--open' || arg.startsWith('--socket'));
  const { code } = await runInForeground(process.execPath, [
    inRoot('dist/cli.js'),
    'serve',
    ...situation.serveArgs,
    ...(open ? ['--open'] : []),
  ]);
  return code;
};

const start = async () => {
  if (given.includes('--browser')) return inBrowser('--browser was given');
  const retry = given.includes('--download-electron');
  const against = reasonAgainstWindow(situation);
  if (against !== null && !retry) return inBrowser(against);
  const electron = await obtainElectron({ retry });
  if (!electron.ok) return inBrowser(`Electron is not to be had: ${electron.why}`);
  const unsandboxed = noSandbox ? null : await reasonAgainstSandbox(electron.binary);
  const obstacle = against ?? unsandboxed;
  if (obstacle !== null) return inBrowser(obstacle);
  const started = performance.now();
  const { code, asked } = await runInForeground(electron.binary, [root, ...(noSandbox ? ['--no-sandbox'] : [])]);
  if (code === 0 || asked || performance.now() - started > STILLBORN_MILLIS) return code;
  return inBrowser(`Electron ended at once with code ${code}`);
};

const complaint = await ensureDependencies();
if (complaint !== null) {
  console.error(complaint);
  process.exit(1);
}
const { code } = await run(process.execPath, [inRoot('build/build.mjs')], { show: true });
process.exitCode = code === 0 ? await start() : code;
