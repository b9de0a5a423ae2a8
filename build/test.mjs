/**
 * npm test: installs what is needed, builds, checks and tests; the last line says what it came to.
 * `node build/test.mjs unit` or `--only unit,e2e` does no more than these parts; `v2` is a part of integration.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChecks } from './checks.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { run } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';
import { NOTHING, plus } from './tally.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

/**
 * Which vitest projects a part runs, and how long they may take, ms. With `files` only these, and only when asked for.
 * @type {readonly { part: string, projects: string[], files?: string[], millis: number }[]}
 */
const SUITES = [
  { part: 'unit', projects: ['unit', 'unit-page'], millis: 4 * 60_000 },
  { part: 'integration', projects: ['integration'], millis: 10 * 60_000 },
  { part: 'e2e', projects: ['e2e'], millis: 10 * 60_000 },
  { part: 'v2', projects: ['integration'], files: ['test/integration/cgroup-v2.test.ts'], millis: 4 * 60_000 },
];
const PARTS = ['build', 'types', 'lint', 'format', ...SUITES.map(({ part }) => part)];
/** What runs the built app on the machine. */
const ON_THE_MACHINE = ['integration', 'e2e', 'v2'];

const { values, positionals } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
const asked = [...positionals, ...(values.only?.split(',') ?? [])];
for (const part of asked) {
  if (PARTS.includes(part)) continue;
  console.error(`There is no part named ${part}; there are ${PARTS.join(', ')}.`);
  process.exit(2);
}
const wanted = (/** @type {string} */ part) => asked.length === 0 || asked.includes(part);
const onTheMachine = ON_THE_MACHINE.some(wanted);

/** @param {boolean} ok @returns {Tally} */
const one = (ok) => ({ ...NOTHING, passed: ok ? 1 : 0, failed: ok ? 0 : 1 });

/** @param {typeof SUITES[number]} suite @returns {Promise<Tally>} */
const runSuite = async ({ part, projects, files = [], millis }) => {
  console.log(`\n${part}`);
  const folder = await mkdtemp(join(tmpdir(), 'porthole-tally-'));
  const file = join(folder, 'tally.json');
  const { code, late } = await run(
    process.execPath,
    [
      inRoot('node_modules/vitest/vitest.mjs'),
      'run',
      ...files,
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      `--reporter=${inRoot('build/tally-reporter.mjs')}`,
    ],
    { show: true, env: { ...process.env, PORTHOLE_TALLY: file }, timeoutMillis: millis },
  );
  const text = await readFile(file, 'utf8').catch(() => null);
  await rm(folder, { recursive: true, force: true });
  /** @type {Tally} */
  const tally = text === null ? NOTHING : JSON.parse(text);
  if (tally.failed > 0 || code === 0) return tally;
  console.log(
    `✗ ${part}: ${late ? `did not end within ${millis / 60_000} minutes` : `vitest ended with code ${code}`}`,
  );
  return plus(tally, one(false));
};

const all = async () => {
  const complaint = await ensureDependencies();
  if (complaint !== null) {
    console.log(`✗ ${complaint}`);
    return one(false);
  }
  let tally = NOTHING;
  const lacking = onTheMachine ? ensureSystemPackages() : null;
  if (lacking !== null) tally = plus(tally, { ...NOTHING, skipped: 1, skips: [`system packages: ${lacking}`] });
  if (wanted('build') || onTheMachine) {
    const { code } = await run(process.execPath, [inRoot('build/build.mjs')], { show: true });
    console.log(code === 0 ? '✓ build' : '✗ build');
    tally = plus(tally, one(code === 0));
  }
  tally = plus(tally, { ...NOTHING, ...(await runChecks(wanted)) });
  const due = SUITES.filter(({ part, files }) => (files === undefined ? wanted(part) : asked.includes(part)));
  for (const suite of due) tally = plus(tally, await runSuite(suite));
  return tally;
};

const { passed, failed, skipped, skips } = await all();
if (skips.length > 0) console.log(`\nSkipped:\n${skips.map((skip) => `  ${skip}`).join('\n')}`);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed === 0 ? 0 : 1;
