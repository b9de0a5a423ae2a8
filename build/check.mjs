/** npm run check: types, lint and format. */
import { runChecks } from './checks.mjs';

const { passed, failed } = await runChecks(() => true);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
