/** npm run bench NAME: bundles test/bench/NAME.ts and runs it; further arguments are its own. Without NAME: lists them. */
import { access, readFile, readdir } from 'node:fs/promises';
import { ensureDependencies } from './dependencies.mjs';
import { dist, inRoot } from './paths.mjs';
import { run, runInForeground } from './run.mjs';

const folder = inRoot('test/bench');

const list = async () => {
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.ts')).sort();
  if (files.length === 0) console.log('There are no benchmarks in test/bench.');
  for (const file of files) {
    const text = await readFile(`${folder}/${file}`, 'utf8');
    // The first sentence of the comment that a file begins with.
    const about = /^\/\*\*\s*(?:\*\s*)?([^\n]*?)(?:\s*\*\/|\n)/.exec(text)?.[1] ?? '';
    console.log(`npm run bench ${file.slice(0, -'.ts'.length).padEnd(20)} ${about}`);
  }
};

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
const bench = async (name, args) => {
  const file = `${folder}/${name}.ts`;
  const known =
    /^[\w-]+$/.test(name) &&
    (await access(file).then(
      () => true,
      () => false,
    ));
  if (!known) {
    console.error(`There is no test/bench/${name}.ts; npm run bench lists those that there are.`);
    return 2;
  }
  const complaint = await ensureDependencies();
  if (complaint !== null) {
    console.error(complaint);
    return 1;
  }
  const built = await run(process.execPath, [inRoot('build/build.mjs')], { show: true });
  if (built.code !== 0) return built.code;
  const { bundleBench } = await import('./bundle.mjs');
  // A benchmark is bundled elsewhere: what it needs of the sources and of the build, it finds by these.
  Object.assign(process.env, { PORTHOLE_BENCH_FOLDER: folder, PORTHOLE_DIST: dist });
  const { code } = await runInForeground(process.execPath, ['--expose-gc', await bundleBench(name), ...args]);
  return code;
};

const [name, ...args] = process.argv.slice(2);
if (name === undefined) await list();
else process.exitCode = await bench(name, args);
