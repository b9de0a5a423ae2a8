/**
 * npm run capture NAME: writes what the collectors read of this machine to test/trees/NAME.tree, secrets left out.
 *   -- --comment TEXT     what machine this is; the file begins with it
 *   -- --pids 1,7,4711    instead of those in containers and namespaces of their own
 *   -- --cgroup PATH      a cgroup of which every file is taken; may be given again
 *
 * npm run capture -- --guest NAME…: boots the guest and writes again the trees of these names that are taken there, all of
 * them without a name: v2-only, kubepods-systemd, hidepid-1, hidepid-2. What is in them by chance (numbers, times) changes.
 */
import { ensureDependencies } from './dependencies.mjs';
import { inRoot } from './paths.mjs';
import { runInForeground } from './run.mjs';

const [name, ...args] = process.argv.slice(2);

const capture = async () => {
  if (name !== '--guest' && (name === undefined || !/^[a-z0-9][a-z0-9.-]*$/.test(name))) {
    console.error(
      'Give a name of small letters, digits, dots and dashes: npm run capture NAME. Or, of the guest: npm run capture -- --guest',
    );
    return 2;
  }
  const complaint = await ensureDependencies();
  if (complaint !== null) {
    console.error(complaint);
    return 1;
  }
  const { bundleTool } = await import('./bundle.mjs');
  if (name === '--guest') {
    const built = await runInForeground(process.execPath, [inRoot('build/build.mjs'), '--only', 'cli']);
    if (built.code !== 0) return built.code;
    const script = await bundleTool('test/guest/capture-command.ts', 'guest', { inPlace: true });
    return (await runInForeground(process.execPath, [script, inRoot('test/trees'), ...args])).code;
  }
  const script = await bundleTool('test/trees/capture-command.ts', 'capture');
  const { code } = await runInForeground(process.execPath, [script, inRoot('test/trees', `${name}.tree`), ...args]);
  return code;
};

process.exitCode = await capture();
