/** Makes one target. Files are replaced by rename, so that a process that reads them while they change sees whole ones. */
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { dist, inRoot } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {import('./targets.mjs').Target} Target */

/** Packages stay outside: they are installed beside us, some have native parts, and `electron` is not one at all. */
const isPackage = (/** @type {string} */ id) => !/^(?:[./\0]|[A-Za-z]:)/.test(id);

/**
 * How rolldown is to bundle a target; also what the watcher of `npm run dev` uses.
 * @param {Target} target
 * @returns {import('rolldown').BuildOptions & { output: import('rolldown').OutputOptions }}
 */
export const bundling = (target) => ({
  input: { [target.name]: inRoot(target.entry) },
  platform: 'node',
  external: target.kind === 'script' ? ['electron'] : isPackage,
  tsconfig: false,
  output: {
    dir: dist,
    format: target.kind === 'script' ? 'cjs' : 'esm',
    entryFileNames: target.output,
    chunkFileNames: `${target.name}-[name].js`,
    ...(target.kind === 'script' ? { codeSplitting: false } : {}),
    ...(target.kind === 'command' ? { banner: commandLine } : {}),
  },
});

/** @param {{ readonly isEntry: boolean }} chunk */
const commandLine = (chunk) => (chunk.isEntry ? '#!/usr/bin/env node' : '');

/**
 * Throws what the bundler throws.
 * @param {Target} target
 * @returns {Promise<string | null>} why it was not made, of what the app can do without
 */
export const bundle = async (target) => {
  if (target.kind === 'library') return compileLibrary(target);
  await (target.kind === 'page' ? bundlePage(target) : bundleCode(target));
  return null;
};

/** @param {Target} target */
const compileLibrary = async (target) => {
  const path = join(dist, target.output);
  const fresh = `${path}.${process.pid}.new`;
  await mkdir(dist, { recursive: true });
  // Its threads may run on when who loaded it ends: it stays loaded.
  const flags = ['-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-pthread', '-Wl,-z,nodelete'];
  const args = [...flags, '-o', fresh, inRoot(target.entry)];
  for (const compiler of ['cc', 'gcc', 'clang']) {
    const { code, output } = await run(compiler, args);
    if (code === NOT_STARTED) continue;
    if (code !== 0) return `not made, because ${compiler} could not:\n${output.trimEnd()}`;
    await rename(fresh, path);
    return null;
  }
  return 'not made, because there is no C compiler; looking at the machine takes longer without';
};

/** What {@link run} says of a program that is not there. */
const NOT_STARTED = 127;

/** @param {Target} target */
const bundleCode = async (target) => {
  const { build } = await import('rolldown');
  const { output } = await build({ ...bundling(target), write: false });
  for (const file of output) {
    const path = join(dist, file.fileName);
    const fresh = `${path}.${process.pid}.new`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(fresh, file.type === 'chunk' ? file.code : file.source);
    if (target.kind === 'command' && file.fileName === target.output) await chmod(fresh, 0o755);
    await rename(fresh, path);
  }
};

/** @param {Target} target */
const bundlePage = async (target) => {
  const { build } = await import('vite');
  const path = join(dist, target.output);
  const fresh = `${path}.${process.pid}.new`;
  const old = `${path}.${process.pid}.old`;
  await build({
    configFile: inRoot(target.entry),
    root: inRoot('renderer'),
    logLevel: 'warn',
    // How long plugins took says more of a busy machine than of the build.
    build: { outDir: fresh, emptyOutDir: true, rolldownOptions: { checks: { pluginTimings: false } } },
  });
  await rename(path, old).catch(() => undefined);
  await rename(fresh, path);
  await rm(old, { recursive: true, force: true });
};

/**
 * Bundles a script that belongs to no target.
 * @param {string} entry relative to the root
 * @param {string} name
 * @param {{ readonly inPlace?: boolean }} how inPlace: to itself it is where its entry is, for modules beside that read
 *   files beside them
 * @returns {Promise<string>} the script
 */
export const bundleTool = async (entry, name, { inPlace = false } = {}) => {
  const { build } = await import('rolldown');
  const { pathToFileURL } = await import('node:url');
  const place = JSON.stringify(pathToFileURL(inRoot(entry)).href);
  const dir = inRoot('node_modules/.cache/porthole/tools');
  await build({
    input: { [name]: inRoot(entry) },
    platform: 'node',
    external: isPackage,
    tsconfig: false,
    ...(inPlace ? { transform: { define: { 'import.meta.url': place } } } : {}),
    output: { dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: `${name}-[name].mjs` },
  });
  return join(dir, `${name}.mjs`);
};

/**
 * Bundles test/bench/NAME.ts.
 * @param {string} name
 * @returns {Promise<string>} the script
 */
export const bundleBench = async (name) => {
  const { build } = await import('rolldown');
  const dir = inRoot('node_modules/.cache/porthole/bench');
  await build({
    input: { [name]: inRoot('test/bench', `${name}.ts`) },
    platform: 'node',
    external: isPackage,
    tsconfig: false,
    output: { dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name].mjs' },
  });
  return join(dir, `${name}.mjs`);
};
