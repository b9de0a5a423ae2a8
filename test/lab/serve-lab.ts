/**
 * A lab for a person: `db` (redis) and `web` (nginx, --net=container:db) until Ctrl-C.
 *   npx rolldown test/lab/serve-lab.ts --platform node --file node_modules/.cache/serve-lab.mjs
 *   node node_modules/.cache/serve-lab.mjs
 */
import { startLab } from './lab.ts';

// First of all, so that a signal while the lab starts does not leave half of it.
const stop = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
});
// A promise alone does not keep Node running.
const alive = setInterval(() => undefined, 60_000);
const lab = await startLab();
try {
  await lab.docker('run', '-d', '--name=db', 'redis:alpine');
  await lab.docker('run', '-d', '--name=web', '--net=container:db', 'nginx:alpine');
  process.stdout.write(`export DOCKER_HOST=${lab.env['DOCKER_HOST']}\n`);
  process.stderr.write('db and web are up. Ctrl-C takes everything down.\n');
  await stop;
} finally {
  clearInterval(alive);
  await lab.down();
}
