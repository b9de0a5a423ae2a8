/**
 * What a build consists of, as a table. Everything lands flat in dist/, chunks too, so that
 * `new URL('./sampler.js', import.meta.url)` means the same in every file there.
 */

/**
 * @typedef {object} Target
 * @property {string} name what `--only` calls it; also the prefix of its chunks
 * @property {string} entry
 * @property {string} output inside dist/
 * @property {readonly string[]} sources files and folders whose change makes the output stale
 * @property {'module' | 'script' | 'command' | 'page' | 'library'} kind a library is made by a C compiler, if there is one
 */

const HOST = ['shared', 'electron'];
const BUNDLER = ['package.json', 'package-lock.json', 'build/targets.mjs', 'build/bundle.mjs'];

/** @type {readonly Target[]} */
export const TARGETS = [
  { name: 'cli', entry: 'electron/cli/main.ts', output: 'cli.js', sources: [...HOST, ...BUNDLER], kind: 'command' },
  { name: 'host', entry: 'electron/host/entry.ts', output: 'host.js', sources: [...HOST, ...BUNDLER], kind: 'module' },
  {
    name: 'sampler',
    entry: 'electron/host/sample/worker.ts',
    output: 'sampler.js',
    sources: [...HOST, ...BUNDLER],
    kind: 'module',
  },
  {
    name: 'read-many',
    entry: 'electron/host/read/read-many.c',
    output: 'read-many.so',
    sources: ['electron/host/read/read-many.c', ...BUNDLER],
    kind: 'library',
  },
  {
    name: 'tracer',
    entry: 'electron/host/seccomp/tracer.ts',
    output: 'seccomp-tracer.js',
    sources: [...HOST, ...BUNDLER],
    kind: 'module',
  },
  {
    name: 'orphans',
    entry: 'electron/host/shells/orphans.ts',
    output: 'orphans.js',
    sources: [...HOST, ...BUNDLER],
    kind: 'module',
  },
  { name: 'main', entry: 'electron/main/main.ts', output: 'main.js', sources: [...HOST, ...BUNDLER], kind: 'module' },
  // A sandboxed preload cannot be an ES module, nor import anything but `electron`.
  {
    name: 'preload',
    entry: 'electron/preload/preload.ts',
    output: 'preload.cjs',
    sources: [...HOST, ...BUNDLER],
    kind: 'script',
  },
  {
    name: 'page',
    entry: 'renderer/vite.config.ts',
    output: 'page',
    sources: ['shared', 'renderer', ...BUNDLER],
    kind: 'page',
  },
];

/**
 * @param {readonly string[]} names empty for all
 * @returns {readonly Target[]}
 */
export const targetsNamed = (names) => {
  for (const name of names) {
    if (!TARGETS.some((target) => target.name === name)) {
      throw new Error(`There is no part named ${name}; there are ${TARGETS.map((target) => target.name).join(', ')}.`);
    }
  }
  return names.length === 0 ? TARGETS : TARGETS.filter((target) => names.includes(target.name));
};
