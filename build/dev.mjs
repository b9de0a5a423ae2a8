/**
 * npm run dev: serves the app and follows the sources. A change of the page is built and the open page reloads; a change of
 * the host is built and the host restarts under the same address, so that the open page connects again. Arguments: --port.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundling } from './bundle.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { forwardSignals, run } from './run.mjs';
import { dist, inRoot } from './paths.mjs';
import { targetsNamed } from './targets.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '5180' } } });
const FOLLOWED = ['cli', 'sampler'];

const complaint = await ensureDependencies();
if (complaint !== null) {
  console.error(complaint);
  process.exit(1);
}
const parts = [...FOLLOWED, 'read-many'].join(',');
const first = await run(process.execPath, [inRoot('build/build.mjs'), '--only', parts], { show: true });
if (first.code !== 0) process.exit(first.code);
// What follows the sources is not what a build makes; the next build must not take it for that.
for (const name of [...FOLLOWED, 'page']) await rm(join(dist, '.stamps', name), { force: true });

const { build } = await import('vite');
const { watch } = await import('rolldown');
const { reloading } = await import('./reloading.mjs');

const token = randomBytes(32).toString('base64url');
/** @type {import('node:child_process').ChildProcess | null} */
let server = null;
let ending = false;

const serve = () => {
  const child = spawn(process.execPath, [join(dist, 'cli.js'), 'serve', '--port', values.port], {
    env: { ...process.env, PORTHOLE_TOKEN: token },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  server = child;
  child.once('exit', (code) => {
    if (server === child) server = null;
    if (!ending && code !== 0 && code !== null)
      console.error(`The host ended with code ${code}; a change starts it again.`);
  });
};

/** One restart at a time; a change during one is seen by the next. */
let restarting = Promise.resolve();
const restart = () => {
  restarting = restarting.then(async () => {
    const old = server;
    if (old !== null) {
      const gone = new Promise((resolve) => old.once('exit', resolve));
      old.kill('SIGTERM');
      await gone;
    }
    if (!ending) serve();
  });
};

const page = await build({
  configFile: inRoot('renderer/vite.config.ts'),
  root: inRoot('renderer'),
  logLevel: 'warn',
  plugins: [reloading()],
  build: { outDir: join(dist, 'page'), emptyOutDir: true, watch: {}, minify: false },
});
const code = watch(targetsNamed(FOLLOWED).map(bundling));
code.on('event', async (event) => {
  if (event.code === 'ERROR') console.error(event.error.message);
  if (event.code === 'BUNDLE_END' || event.code === 'ERROR') await event.result.close();
  if (event.code === 'END') restart();
});

forwardSignals(async () => {
  ending = true;
  await restarting;
  const gone = server && new Promise((resolve) => server?.once('exit', resolve));
  server?.kill('SIGTERM');
  await Promise.all([gone, code.close(), 'close' in page ? page.close() : undefined]);
  process.exit(0);
});
