/** Counts what a run of tests came to, and why anything was skipped. Pure; the reporter feeds it. */

/**
 * @typedef {object} Outcome
 * @property {readonly string[]} path file, suites, test
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {string} [note] why it was skipped
 */

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} skips one line each: what was skipped and why
 */

/** @type {Tally} */
export const NOTHING = { passed: 0, failed: 0, skipped: 0, skips: [] };

/**
 * @param {Tally} a
 * @param {Tally} b
 * @returns {Tally}
 */
export const plus = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  skips: [...a.skips, ...b.skips],
});

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Tally}
 */
export const tallyOf = (outcomes) => ({
  passed: outcomes.filter(({ state }) => state === 'passed').length,
  failed: outcomes.filter(({ state }) => state === 'failed').length,
  skipped: outcomes.filter(({ state }) => state === 'skipped').length,
  skips: skipsOf(outcomes),
});

const key = (/** @type {readonly string[]} */ path) => path.join('\0');

/**
 * One line for each skipped test, or for the largest suite around it of which nothing ran and that has one reason.
 * @param {readonly Outcome[]} outcomes
 * @returns {string[]}
 */
const skipsOf = (outcomes) => {
  /** @type {Map<string, { tests: number, path: readonly string[], note: string | undefined }>} */
  const lines = new Map();
  for (const { path, state, note } of outcomes) {
    if (state !== 'skipped') continue;
    const depth = path.findIndex((_, index) => skippedAlike(outcomes, path.slice(0, index + 1), note));
    const whole = path.slice(0, depth === -1 ? path.length : depth + 1);
    const line = lines.get(key(whole)) ?? { tests: 0, path: whole, note };
    lines.set(key(whole), { ...line, tests: line.tests + 1 });
  }
  return [...lines.values()].map(({ tests, path, note }) => {
    const [file] = path;
    const why = note ?? reasonIn(outcomes, path) ?? 'no reason was given';
    const name = path.length === 1 ? file : path.join(' > ');
    return `${name}: ${tests === 1 ? '1 test' : `${tests} tests`} skipped: ${why}`;
  });
};

/**
 * @param {readonly Outcome[]} outcomes
 * @param {readonly string[]} path
 * @param {string | undefined} note
 */
const skippedAlike = (outcomes, path, note) =>
  outcomes
    .filter((outcome) => path.every((part, index) => outcome.path[index] === part))
    .every((outcome) => outcome.state === 'skipped' && outcome.note === note);

/**
 * The reason that a suite carries in its name, because it is known before any of its tests: `(cannot run: …)`.
 * @param {readonly Outcome[]} outcomes
 * @param {readonly string[]} path
 */
const reasonIn = (outcomes, path) => {
  const inside = outcomes.find((outcome) => path.every((part, index) => outcome.path[index] === part));
  for (const part of inside?.path ?? []) {
    const match = /\(cannot run: (.*)\)$/s.exec(part);
    if (match) return match[1];
  }
  return null;
};
