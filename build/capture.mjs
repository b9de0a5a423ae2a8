/**
 * npm run capture NAME: writes what the collectors read of this machine to test/trees/NAME.tree, secrets left out.
 *   -- --comment TEXT     what machine this is; the file begins with it
 *   -- --pids 1,7,4711    instead of those in containers and namespaces of their own
 *   -- --cgroup PATH      a cgroup of which every file is taken; may be given again
 */
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runInForeground } from './run.mjs';

const [name, ...args] = process.argv.slice(2);

const capture = async () => {
  if (name === undefined || !/^[a-z0-9][a-z0-9.-]*$/.test(name)) {
    console.error('Give a name of small letters, digits, dots and dashes: npm run capture NAME');
    return 2;
  }
  const complaint = await ensureDependencies();
  if (complaint !== null) {
    console.error(complaint);
    return 1;
  }
  const { bundleTool } = await import('./bundle.mjs');
  const script = await bundleTool('test/trees/capture-command.ts', 'capture');
  const { code } = await runInForeground(process.execPath, [script, inRoot('test/trees', `${name}.tree`), ...args]);
  return code;
};

process.exitCode = await capture();
