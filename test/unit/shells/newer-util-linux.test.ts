/**
 * The options of an unshare and an nsenter newer than the one most machines have, spelled and valued as their --help and
 * manual page have them (util-linux 2.41, and what its main branch has added since): all are offered, in the right form.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nsenterSupport } from '../../../electron/host/shells/nsenter-support.ts';
import { parseLongOptions, unshareSupport } from '../../../electron/host/shells/unshare-support.ts';
import type { FlagOption } from '../../../shared/launch-command.ts';
import { NSENTER_FLAGS, NSENTER_NAMESPACES } from '../../../shared/nsenter-argv.ts';
import { UNSHARE_FLAGS, UNSHARE_NAMESPACES } from '../../../shared/unshare-argv.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

/** Spelling, value and place of each option; what is said about them is left out. */
const UNSHARE_HELP = `
Usage:
 unshare [options] [<program> [<argument>...]]

Options:
 -m, --mount[=<file>]      words
 -u, --uts[=<file>]        words
 -i, --ipc[=<file>]        words
 -n, --net[=<file>]        words
 -p, --pid[=<file>]        words
 -U, --user[=<file>]       words
 -C, --cgroup[=<file>]     words
 -T, --time[=<file>]       words

 --mount-proc[=<dir>]      words (implies --mount)
 --mount-binfmt[=<dir>]    words (implies --user and --mount)
 -l, --load-interp <file>  words (implies --mount-binfmt)
 --propagation slave|shared|private|unchanged
                           words
 -R, --root <dir>          words
 -w, --wd <dir>            words

 -S, --setuid <uid>        words
 -G, --setgid <gid>        words
 --map-user <uid>|<name>   words (implies --user)
 --map-group <gid>|<name>  words (implies --user)
 -r, --map-root-user       words (implies --user)
 -c, --map-current-user    words (implies --user)
 --map-auto                words (implies --user)
 --map-subids              words (implies --user)
 --map-users <inneruid>:<outeruid>:<count>
                           words (implies --user)
 --map-groups <innergid>:<outergid>:<count>
                           words (implies --user)
 --owner <uid>:<gid>       words (implies --user)

 -f, --fork                words
 --kill-child[=<signame>]  words (implies --fork)
                             defaults to SIGKILL
 --forward-signals         words (implies --fork)

 --setgroups allow|deny    words
 --keep-caps               words

 --monotonic <offset>      words
 --boottime <offset>       words
 --clear-env               words
 --whitelist-env <list>    words

 -h, --help                words
 -V, --version             words
`;

const NSENTER_HELP = `
Usage:
 nsenter [options] [<program> [<argument>...]]

Options:
 -a, --all                     words
 -t, --target <PID>            words
 -m, --mount[=<file>|=:<nsid>] words
 -u, --uts[=<file>|=:<nsid>]   words
 -i, --ipc[=<file>|=:<nsid>]   words
 -n, --net[=<file>|=:<nsid>]   words
 -N, --net-socket <fd>         words (needs --target)
 -p, --pid[=<file>|=:<nsid>]   words
 -C, --cgroup[=<file>|=:<nsid>]  words
 -U, --user[=<file>|=:<nsid>]  words
     --user-parent             words
 -T, --time[=<file>|=:<nsid>]  words
 -S, --setuid[=<uid>]          words
 -G, --setgid[=<gid>]          words
     --preserve-credentials    words
     --keep-caps               words
 -r, --root[=<dir>]            words
 -w, --wd[=<dir>]              words
 -W, --wdns <dir>              words
 -e, --env                     words
 -F, --no-fork                 words
 -c, --join-cgroup             words
 -Z, --follow-context          words according to --target PID

 -h, --help                    words
 -V, --version                 words
`;

const bin = mkdtempSync(join(tmpdir(), 'porthole-newer-'));
for (const [name, help] of [
  ['unshare', UNSHARE_HELP],
  ['nsenter', NSENTER_HELP],
] as const) {
  const script = `#!/bin/sh\ncase $1 in --help) cat <<'END'\n${help}END\n;; *) echo '${name} from util-linux 2.41.3';; esac\n`;
  writeFileSync(join(bin, name), script);
  chmodSync(join(bin, name), 0o755);
}
afterAll(() => rmSync(bin, { recursive: true }));
const env = { PATH: bin, SHELL: '/bin/sh' };

/** How a help text says that an option is given its value. */
const valueOf = (help: string, option: string): string =>
  new RegExp(`--${option}(\\[=| [<a-z][<>a-z|:]*|$|\\s)`, 'm').exec(help)?.[1]?.trim() ?? 'not in the help';
const fits = ({ takes }: Pick<FlagOption<string>, 'takes'>, value: string): boolean => {
  if (value === '') return takes === 'tick';
  if (value === '[=') return takes !== 'tick';
  return takes !== 'tick' && takes !== 'ticked text';
};

describe('util-linux 2.41 and later', () => {
  it('tells what it is and what it can do', async () => {
    const unshare = await unshareSupport(new CapturedKernel(), env);
    expect(unshare.version).toBe('util-linux 2.41.3');
    expect(unshare.options).toEqual(parseLongOptions(UNSHARE_HELP));
    const nsenter = await nsenterSupport(env);
    expect(nsenter.version).toBe('util-linux 2.41.3');
    expect(nsenter.options).toContain('user-parent');
  });

  it('has no option of unshare that is not offered, nor the other way round', () => {
    const offered = [...UNSHARE_NAMESPACES, ...UNSHARE_FLAGS].map(({ option }) => option);
    const known = parseLongOptions(UNSHARE_HELP).filter((option) => !['help', 'version'].includes(option));
    expect(offered.toSorted()).toEqual(known.toSorted());
  });

  it('has no option of nsenter that is not offered, nor the other way round', () => {
    const offered = ['target', ...[...NSENTER_NAMESPACES, ...NSENTER_FLAGS].map(({ option }) => option)];
    // Joining cgroups is offered in Porthole's own way, which works with v1 and with older versions, too.
    const others = ['help', 'version', 'join-cgroup'];
    const known = parseLongOptions(NSENTER_HELP).filter((option) => !others.includes(option));
    expect(offered.toSorted()).toEqual(known.toSorted());
  });

  it.each(UNSHARE_FLAGS)('unshare --$option is filled in as it takes its value', (flag) => {
    expect(fits(flag, valueOf(UNSHARE_HELP, flag.option))).toBe(true);
  });

  it.each(NSENTER_FLAGS)('nsenter --$option is filled in as it takes its value', (flag) => {
    expect(fits(flag, valueOf(NSENTER_HELP, flag.option))).toBe(true);
  });

  it.each([...UNSHARE_NAMESPACES, ...NSENTER_NAMESPACES])('--$option takes a file', ({ option }) => {
    expect([valueOf(UNSHARE_HELP, option), valueOf(NSENTER_HELP, option)]).toEqual(['[=', '[=']);
  });
});
