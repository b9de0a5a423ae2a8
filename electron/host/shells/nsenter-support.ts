/** What nsenter(1) can do on this machine, asked of nsenter itself. */
import type { NsenterSupport } from '../../../shared/nsenter.ts';
import { onPath } from './environment.ts';
import { output, parseLongOptions, parseVersion, shellOf } from './unshare-support.ts';

/** Read anew at each call: packages come and go. Never rejects. */
export const nsenterSupport = async (env: NodeJS.ProcessEnv = process.env): Promise<NsenterSupport> => {
  const path = onPath('nsenter', env);
  const [help, version, follow] =
    path === null
      ? ['', '', '']
      : await Promise.all([
          output(path, '--help'),
          output(path, '--version'),
          // Options are read in turn: this says its version only if it has understood what comes before.
          output(path, '--setuid=follow', '--version'),
        ]);
  return {
    path,
    version: parseVersion(version),
    options: parseLongOptions(help),
    follows: follow !== '',
    shell: shellOf(env),
  };
};
