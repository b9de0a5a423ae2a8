/**
 * npm run build: makes what is stale of dist/. `--only cli,page` makes no other parts, `--force` makes them in any case.
 */
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { dist, root } from './paths.mjs';
import { hashOf, stamp, stamped } from './stale.mjs';
import { targetsNamed } from './targets.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' }, force: { type: 'boolean' } } });
const exists = (/** @type {string} */ path) =>
  access(path).then(
    () => true,
    () => false,
  );

for (const target of targetsNamed(values.only?.split(',') ?? [])) {
  const stampFile = join(dist, '.stamps', target.name);
  const sources = await hashOf(root, target.sources);
  const before = await stamped(stampFile);
  if (!values.force && before === sources && (await exists(join(dist, target.output)))) continue;
  const started = performance.now();
  await rm(stampFile, { force: true });
  /** @type {string | null} */
  let without;
  try {
    without = await bundle(target);
  } catch (error) {
    // The bundler's own words show the place; its own stack does not help.
    console.error(`${target.output}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    continue;
  }
  await stamp(stampFile, without === null ? sources : `${sources} ${without}`);
  if (without !== null) {
    // What an earlier build made would be of other sources. Said once, and tried at each build: a compiler may come.
    await rm(join(dist, target.output), { force: true });
    if (before !== `${sources} ${without}`) console.log(`${target.output}: ${without}`);
    continue;
  }
  console.log(`${target.output}: built in ${Math.round(performance.now() - started)} ms`);
}
