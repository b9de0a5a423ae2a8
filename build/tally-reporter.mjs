/** Notes for `npm test` what a vitest run came to, as JSON in the file that PORTHOLE_TALLY names. */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './paths.mjs';
import { tallyOf } from './tally.mjs';

/** @typedef {import('./tally.mjs').Outcome} Outcome */
/** @typedef {import('vitest/reporters').Reporter} Reporter */

/** @implements {Reporter} */
export default class TallyReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandled errors that belong to no test
   */
  onTestRunEnd(modules, unhandled) {
    const file = process.env['PORTHOLE_TALLY'];
    if (file === undefined) return;
    const outcomes = modules.flatMap((module) => outcomesOf(module));
    const tally = tallyOf([
      ...outcomes,
      ...unhandled.map((_, index) => ({
        path: [`unhandled error ${index + 1}`],
        state: /** @type {const} */ ('failed'),
      })),
    ]);
    writeFileSync(file, JSON.stringify(tally));
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @returns {Outcome[]}
 */
const outcomesOf = (module) => {
  const file = relative(root, module.moduleId);
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const test of module.children.allTests()) {
    const { state, ...result } = test.result();
    outcomes.push({
      path: [file, ...namesOf(test)],
      // A test that never came to its end, because a hook before it failed or the run was cut short, did not pass.
      state: state === 'pending' ? 'failed' : state,
      ...('note' in result && result.note !== undefined ? { note: result.note } : {}),
    });
  }
  // A file that does not load, or a hook around tests, fails without any of them failing.
  const failures = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
  for (const part of failures) outcomes.push({ path: [file, part.type], state: 'failed' });
  return outcomes;
};

/**
 * @param {import('vitest/node').TestCase} test
 * @returns {string[]}
 */
const namesOf = (test) => {
  const names = [test.name];
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) names.unshift(parent.name);
  return names;
};
