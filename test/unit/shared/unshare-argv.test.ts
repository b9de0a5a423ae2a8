import * as v from 'valibot';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES } from '../../../shared/model.ts';
import { commandLine } from '../../../shared/text.ts';
import {
  forks,
  namespacesMade,
  UNSHARE_FLAGS,
  UNSHARE_NAMESPACES,
  unshareArgv,
  unshareOption,
  unshareParts,
} from '../../../shared/unshare-argv.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../../shared/unshare-presets.ts';
import { UnshareOptions } from '../../../shared/unshare.ts';
import { anyUnshareOptions } from './any-unshare.ts';

const line = (options: Partial<UnshareOptions>): string => commandLine(unshareArgv({ ...NO_UNSHARE, ...options }));

describe('the command', () => {
  it('is the one of the walk-through, to the letter', () => {
    expect(line({ namespaces: ['pid'], fork: true, mountProc: true })).toBe('unshare --fork --pid --mount-proc bash');
  });

  it.each<[Partial<UnshareOptions>, string]>([
    [{}, 'unshare bash'],
    [{ program: [] }, 'unshare'],
    [{ namespaces: ['mnt', 'pid'], fork: true, mountProc: true }, 'unshare --fork --mount --pid --mount-proc bash'],
    [
      { namespaces: ['pid', 'user'], mapRootUser: true, fork: true, mountProc: true },
      'unshare --user --map-root-user --fork --pid --mount-proc bash',
    ],
    [{ namespaces: ['time'], boottime: 86_400, monotonic: -5 }, 'unshare --time --monotonic=-5 --boottime=86400 bash'],
    [{ namespaces: ['time'], boottime: 0 }, 'unshare --time --boottime=0 bash'],
    [{ root: '/srv/my root', wd: '/' }, "unshare '--root=/srv/my root' --wd=/ bash"],
    [{ propagation: 'slave', namespaces: ['mnt'] }, 'unshare --mount --propagation=slave bash'],
    [{ namespaces: ['uts', 'net'], files: { uts: '/run/u', ipc: '/x' } }, 'unshare --uts=/run/u --net bash'],
    [{ mapUser: 'nobody', mapGroup: '5', keepCaps: true }, 'unshare --map-user=nobody --map-group=5 --keep-caps bash'],
    [
      { mapUsers: '100000,0,65536', mapGroups: 'auto', setgroups: 'allow', setuid: 0, setgid: 7 },
      'unshare --map-users=100000,0,65536 --map-groups=auto --setgroups=allow --setuid=0 --setgid=7 bash',
    ],
    [
      { fork: true, killChild: 'SIGTERM', mountProc: '/mnt' },
      'unshare --fork --kill-child=SIGTERM --mount-proc=/mnt bash',
    ],
    [{ mapAuto: true, mountProc: true }, 'unshare --map-auto --mount-proc bash'],
    [{ mapSubids: true, mapUsers: 'subids' }, 'unshare --map-subids --map-users=subids bash'],
    [{ mapUsers: '0:100000:65536' }, 'unshare --map-users=0:100000:65536 bash'],
    [{ mapRootUser: true, owner: '1000:1000' }, 'unshare --map-root-user --owner=1000:1000 bash'],
    [{ forwardSignals: true }, 'unshare --forward-signals bash'],
    [{ mountBinfmt: true }, 'unshare --mount-binfmt bash'],
    [
      { mountBinfmt: '/mnt', loadInterp: ':arm:M::\\x7fELF::/usr/bin/qemu:F' },
      "unshare --mount-binfmt=/mnt '--load-interp=:arm:M::\\x7fELF::/usr/bin/qemu:F' bash",
    ],
    [{ clearEnv: true }, 'unshare --clear-env bash'],
    [{ whitelistEnv: 'PATH,TERM' }, 'unshare --whitelist-env=PATH,TERM bash'],
    [{ program: ['-odd', '--fork'] }, 'unshare -- -odd --fork'],
    [{ program: ['sh', '-c', 'echo "$(id)"; true'] }, `unshare sh -c 'echo "$(id)"; true'`],
  ])('%j → %s', (options, command) => expect(line(options)).toBe(command));

  it('ends with the program as it was given, whatever it is', () => {
    fc.assert(
      fc.property(anyUnshareOptions, (options) => {
        const argv = unshareArgv(options);
        expect(argv.slice(argv.length - options.program.length)).toEqual(options.program);
        const own = argv.slice(1, argv.length - options.program.length);
        expect(own.every((word) => word.startsWith('--'))).toBe(true);
      }),
    );
  });

  it('does not depend on the order of ticking', () => {
    fc.assert(
      fc.property(anyUnshareOptions, (options) => {
        const other = { ...options, namespaces: options.namespaces.toReversed() };
        expect(unshareArgv(other)).toEqual(unshareArgv(options));
      }),
    );
  });

  it('says of each word what it is', () => {
    const parts = unshareParts({ ...NO_UNSHARE, namespaces: ['pid'], fork: true, program: ['my shell'] });
    expect(parts).toEqual([
      { text: 'unshare', quoted: 'unshare', namespace: null, flag: null },
      { text: '--fork', quoted: '--fork', namespace: null, flag: 'fork' },
      { text: '--pid', quoted: '--pid', namespace: 'pid', flag: null },
      { text: 'my shell', quoted: "'my shell'", namespace: null, flag: null },
    ]);
  });
});

describe('the tables', () => {
  it('have every namespace in the usual order and every option of the form', () => {
    expect(UNSHARE_NAMESPACES.map(({ type }) => type)).toEqual([...NAMESPACE_TYPES]);
    const fields = Object.keys(UnshareOptions.entries).filter(
      (key) => !['namespaces', 'files', 'program'].includes(key),
    );
    expect(UNSHARE_FLAGS.map(({ flag }) => flag).toSorted()).toEqual(fields.toSorted());
  });

  it('name the options as unshare does', () => {
    expect(unshareOption('mnt')).toBe('--mount');
    expect(unshareOption('mapRootUser')).toBe('--map-root-user');
  });
});

describe('what is implied', () => {
  it.each<[Partial<UnshareOptions>, string[]]>([
    [{ namespaces: ['net'] }, ['net']],
    [{ mountProc: true }, ['mnt']],
    [{ mapRootUser: true }, ['user']],
    [{ mapCurrentUser: true, namespaces: ['user'] }, ['user']],
    [{ mapUsers: 'auto', mountProc: '/mnt' }, ['mnt', 'user']],
    [{ mountBinfmt: true }, ['mnt', 'user']],
    [{ loadInterp: ':a:E::a::/bin/a:' }, ['mnt', 'user']],
    [{ owner: '1000:1000' }, ['user']],
    [{ clearEnv: true }, []],
  ])('%j makes %j', (options, made) => expect([...namespacesMade({ ...NO_UNSHARE, ...options })]).toEqual(made));

  it('--kill-child and --forward-signals fork too', () => {
    expect(forks({ ...NO_UNSHARE, killChild: true })).toBe(true);
    expect(forks({ ...NO_UNSHARE, forwardSignals: true })).toBe(true);
    expect(forks(NO_UNSHARE)).toBe(false);
  });
});

describe('the presets', () => {
  it.each(UNSHARE_PRESETS)('$name is what the host accepts', ({ options }) => {
    expect(v.parse(UnshareOptions, options)).toEqual(options);
  });

  it('begin with the walk-through’s and have names of their own', () => {
    expect(unshareArgv(UNSHARE_PRESETS[0]?.options ?? NO_UNSHARE)).toEqual([
      'unshare',
      '--fork',
      '--pid',
      '--mount-proc',
      'bash',
    ]);
    expect(new Set(UNSHARE_PRESETS.map(({ id }) => id)).size).toBe(UNSHARE_PRESETS.length);
  });
});
