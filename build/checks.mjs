/** The checks that need no test runner, each a program to run; what `npm run check` runs, and `npm test` before the tests. */
import { availableParallelism } from 'node:os';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {{ name: string, part: 'types' | 'lint' | 'format', program: readonly string[] }} Check */

/** @param {string} path */
const tool = (path) => inRoot('node_modules', path);
const TSC = tool('typescript/bin/tsc');

/** The slowest first, so that the others run beside it. */
/** @type {readonly Check[]} */
const CHECKS = [
  { name: 'lint', part: 'lint', program: [tool('eslint/bin/eslint.js'), '--max-warnings', '0', '.'] },
  {
    name: 'types of the page',
    part: 'types',
    program: [
      tool('svelte-check/bin/svelte-check'),
      '--tsconfig',
      'renderer/tsconfig.json',
      '--output',
      'human',
      '--fail-on-warnings',
    ],
  },
  { name: 'types of the host', part: 'types', program: [TSC, '-b'] },
  { name: 'types of the tests', part: 'types', program: [TSC, '-p', 'test'] },
  { name: 'types of the build', part: 'types', program: [TSC, '-p', 'build'] },
  {
    name: 'format',
    part: 'format',
    program: [tool('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'],
  },
];

/** No check takes this long on a machine that works, ms. */
const CHECK_MILLIS = 4 * 60_000;

/**
 * Runs the checks of these parts, two at a time at most, and shows what those that fail have to say.
 * @param {(part: string) => boolean} wanted
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export const runChecks = async (wanted) => {
  const waiting = CHECKS.filter(({ part }) => wanted(part));
  let passed = 0;
  let failed = 0;
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const started = performance.now();
      const { code, output, late } = await run(process.execPath, check.program, { timeoutMillis: CHECK_MILLIS });
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (code === 0) {
        passed += 1;
        console.log(`✓ ${check.name} (${seconds} s)`);
      } else {
        failed += 1;
        console.log(`✗ ${check.name} (${late ? 'did not end' : `code ${code}`}, ${seconds} s)\n${output.trimEnd()}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return { passed, failed };
};
