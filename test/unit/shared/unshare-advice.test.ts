import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unshareAdvice, type Advice } from '../../../shared/unshare-advice.ts';
import { unsharePaths } from '../../../shared/unshare-advice-paths.ts';
import { NO_UNSHARE, UNSHARE_PRESETS } from '../../../shared/unshare-presets.ts';
import type { UnshareOptions, UnshareSupport } from '../../../shared/unshare.ts';
import { anySupport, anyUnshareOptions, FULL_SUPPORT } from './any-unshare.ts';

const advice = (options: Partial<UnshareOptions>, support: Partial<UnshareSupport> = {}): readonly Advice[] =>
  unshareAdvice({ ...NO_UNSHARE, ...options }, { ...FULL_SUPPORT, ...support });
const said = (...args: Parameters<typeof advice>): string[] =>
  advice(...args).map(({ level, about, title }) => `${level} ${about}: ${title}`);

const USER = { sysAdmin: false };
const NOBODY = { uid: 65534, setIds: { uid: false, gid: false } };
const FILED = {
  namespaces: ['uts', 'user'],
  mapRootUser: true,
  files: { uts: '/run/u' },
} satisfies Partial<UnshareOptions>;
const NO_SUBIDS = { subordinateIds: { allowed: false, because: 'no line' } };
const MAPPED = (mapUsers: string): Partial<UnshareOptions> => ({ namespaces: ['user'], mapUsers });

describe('options against each other', () => {
  it.each<[Partial<UnshareOptions>, string[]]>([
    [{}, []],
    [{ namespaces: ['pid'], fork: true, mountProc: true }, []],
    [{ namespaces: ['pid'], mountProc: true }, ['warning pid: --pid without --fork']],
    [{ namespaces: ['pid'], fork: true }, ['hint mountProc: --pid without --mount-proc']],
    [{ mountProc: true }, ['hint mountProc: --mount-proc without --pid']],
    [
      { mountProc: true, fork: true, namespaces: ['user'], mapRootUser: true },
      ['error mountProc: --mount-proc in a user namespace'],
    ],
    [
      { mountBinfmt: true, namespaces: ['mnt', 'user'], mapRootUser: true },
      ['error mountBinfmt: --mount-binfmt in a user namespace'],
    ],
    [{ mountBinfmt: '/mnt', namespaces: ['mnt', 'user'], mapRootUser: true }, []],
    [
      { loadInterp: ':x:', namespaces: ['mnt', 'pid', 'user'], fork: true, mapCurrentUser: true },
      ['error loadInterp: --load-interp without root inside'],
    ],
    [{ mapRootUser: true }, ['hint mapRootUser: --map-root-user implies --user']],
    [{ namespaces: ['user'] }, ['hint user: --user without a map']],
    [
      { namespaces: ['user'], mapRootUser: true, mapCurrentUser: true },
      ['warning mapCurrentUser: two maps for one user'],
    ],
    [{ killChild: true }, ['hint killChild: --kill-child implies --fork']],
    [{ killChild: true, namespaces: ['pid'], fork: true, mountProc: true }, []],
    [{ propagation: 'slave' }, ['warning propagation: --propagation without --mount']],
    [{ propagation: 'slave', mountProc: true, namespaces: ['pid'], fork: true }, []],
    [{ boottime: 60 }, ['error boottime: --boottime without --time']],
    [{ monotonic: 60 }, ['error monotonic: --monotonic without --time']],
    [{ boottime: 60, monotonic: 1, namespaces: ['time'] }, []],
    [{ mapUser: '5', mapRootUser: true, namespaces: ['user'] }, ['warning mapRootUser: two maps for one user']],
    [{ setgroups: 'deny' }, ['error setgroups: --setgroups without --user']],
    [{ setgroups: 'deny', namespaces: ['user'] }, ['hint user: --user without a map']],
    [
      { setgroups: 'allow', namespaces: ['user'], mapRootUser: true },
      ['error setgroups: --setgroups=allow with --map-root-user'],
    ],
    [{ setgroups: 'allow', namespaces: ['user'], mapUser: '5' }, []],
    [{ keepCaps: true }, ['warning keepCaps: --keep-caps without --user']],
    [{ keepCaps: true, namespaces: ['user'], mapUser: '5' }, []],
    [{ setuid: 1000 }, []],
    [{ setuid: 1000, namespaces: ['user'], mapRootUser: true }, ['error setuid: uid 1000 is not mapped']],
    [{ setuid: 0, namespaces: ['user'], mapRootUser: true }, []],
    [{ setgid: 0, namespaces: ['user'], mapRootUser: true }, ['error setgid: --setgid with a single group']],
    [{ setgid: 0, setuid: 0, namespaces: ['user'], mapAuto: true }, []],
    [{ mapUsers: '1,2', namespaces: ['user'] }, ['error mapUsers: --map-users takes one range of three numbers']],
    [{ mapUsers: '100000,0,65536', namespaces: ['user'] }, []],
    [{ namespaces: ['uts'], files: { uts: '/run/u' } }, []],
    [{ files: { uts: '/run/u' } }, []],
    [
      { namespaces: ['pid'], files: { pid: '/run/p' }, mountProc: true },
      ['error pid: --pid with a file, without --fork', 'warning pid: --pid without --fork'],
    ],
    [
      { namespaces: ['uts', 'user'], mapRootUser: true, files: { uts: '/run/u' } },
      ['error uts: a file in a user namespace'],
    ],
    [{ forwardSignals: true }, ['hint forwardSignals: --forward-signals implies --fork']],
    [{ forwardSignals: true, fork: true }, []],
    [
      { forwardSignals: true, namespaces: ['pid'], mountProc: true },
      ['hint forwardSignals: --forward-signals implies --fork'],
    ],
    [{ owner: 'root', namespaces: ['user'], mapRootUser: true }, ['error owner: --owner takes two numbers']],
    [{ owner: '1000:1000', namespaces: ['user'] }, ['hint user: --user without a map']],
    [{ program: [] }, ['hint program: no program']],
    [{ program: [''] }, ['error program: a program without a name']],
  ])('%j: %j', (options, expected) => expect(said(options)).toEqual(expected));

  it('--pid without --fork says what will happen to which program', () => {
    const [only] = advice({ namespaces: ['pid'], mountProc: true, program: ['/usr/bin/zs\u001bh'] });
    expect(only?.text).toBe(
      'zs\\eh would stay in the old PID namespace. Its first child becomes PID 1, and once that ends every further ' +
        'command fails with “fork: Cannot allocate memory”.',
    );
    expect(only).toMatchObject({ fix: { fork: true }, fixLabel: 'Add --fork' });
  });
});

describe('the machine', () => {
  it.each<[string, Partial<UnshareOptions>, Partial<UnshareSupport>, string[]]>([
    ['no unshare', {}, { path: null, options: [], types: [] }, ['error program: unshare is not installed']],
    ['an old unshare', { namespaces: ['time'] }, { options: ['fork', 'pid'] }, ['error time: --time is not known']],
    ['an unshare that does not say what it knows', { namespaces: ['time'] }, { options: [] }, []],
    [
      'an old kernel',
      { namespaces: ['time'] },
      { types: ['mnt', 'uts', 'pid'] },
      ['error time: no time namespaces here'],
    ],
    ['a kernel that could not be asked', { namespaces: ['time'] }, { types: [] }, []],
    [
      'user namespaces forbidden',
      { namespaces: ['user'], mapRootUser: true },
      { userNamespaces: { allowed: false, because: 'a sysctl' } },
      ['error user: a user namespace is not allowed here'],
    ],
    ['an ordinary user', { namespaces: ['net'] }, USER, ['error net: --net without privilege']],
    ['an ordinary user who changes the root', { root: '/srv' }, USER, ['error root: --root without privilege']],
    ['an ordinary user with a user namespace', { namespaces: ['net', 'user'], mapRootUser: true }, USER, []],
    ['an ordinary user who asks for nothing new', {}, USER, []],
    [
      'an ordinary user who would be another',
      { setuid: 5 },
      { ...USER, ...NOBODY },
      ['error setuid: --setuid without privilege'],
    ],
    ['an ordinary user who stays who they are', { setuid: 65534 }, { ...USER, ...NOBODY }, []],
    [
      'an ordinary user who would be of another group',
      { setgid: 65534 },
      { ...USER, ...NOBODY },
      ['error setgid: --setgid without privilege'],
    ],
    [
      'an ordinary user who gives a namespace away',
      { owner: '1:1', namespaces: ['user'], mapCurrentUser: true },
      { ...USER, ...NOBODY },
      ['error owner: --owner without privilege'],
    ],
    [
      'an owner who is not mapped',
      { owner: '1:1', namespaces: ['user'], mapRootUser: true },
      {},
      ['warning owner: --owner is who you will be'],
    ],
    [
      'a file and a mount namespace',
      { namespaces: ['mnt', 'uts', 'user'], mapRootUser: true, files: { uts: '/run/u' } },
      {},
      [],
    ],
    ['a file and a newer unshare', FILED, { version: 'util-linux 2.42' }, []],
    [
      'a file of an ordinary user',
      FILED,
      { version: 'util-linux 2.42', ...USER },
      ['error uts: a file in a user namespace'],
    ],
    ['an owner who becomes root', { owner: '1:1', namespaces: ['user'], mapRootUser: true, setuid: 0 }, {}, []],
    [
      'no more of this type',
      { namespaces: ['net'], mountProc: true, fork: true },
      { noneAllowed: ['net', 'uts'] },
      ['error net: no net namespace may be made here', 'hint mountProc: --mount-proc without --pid'],
    ],
    ['an old kernel', { namespaces: ['time'] }, { kernel: '5.10.0-23-amd64' }, ['warning time: --time without --fork']],
    ['an old kernel and a child', { namespaces: ['time'], fork: true }, { kernel: '5.10.0-23-amd64' }, []],
    ['a kernel that moves the program itself', { namespaces: ['time'] }, { kernel: '6.2.0' }, []],
    ['one range of the new form', MAPPED('0:0:1'), { version: 'util-linux 2.39' }, []],
    ['several ranges', MAPPED('0:0:1 1:100000:5'), { version: 'util-linux 2.42.4' }, []],
    ['all', MAPPED('all'), { version: 'util-linux 2.42.4' }, []],
    [
      'several ranges of an old one',
      MAPPED('0,0,1 1,100000,5'),
      {},
      ['error mapUsers: --map-users takes one range of three numbers'],
    ],
    ['all of an old one', MAPPED('all'), {}, ['error mapUsers: --map-users takes one range of three numbers']],
    ['root, who writes a map itself', MAPPED('0:0:1'), { version: 'util-linux 2.42.4', ...NO_SUBIDS }, []],
    [
      'root, whose range stands nowhere',
      MAPPED('0:0:1 auto'),
      { version: 'util-linux 2.42.4', ...NO_SUBIDS },
      ['error mapUsers: --map-users without a range to map'],
    ],
    ['root of before', MAPPED('0,0,1'), NO_SUBIDS, ['error mapUsers: --map-users without a range to map']],
    [
      'another, whose range stands nowhere',
      MAPPED('0:0:1'),
      { version: 'util-linux 2.42.4', ...NO_SUBIDS, ...NOBODY },
      ['error mapUsers: --map-users without a range to map'],
    ],
  ])('%s', (_, options, support, expected) => expect(said(options, support)).toEqual(expected));

  it('offers a user namespace to an ordinary user only where it would help', () => {
    const [allowed] = advice({ namespaces: ['net'] }, USER);
    expect(allowed?.fix).toEqual({ namespaces: ['net', 'user'], mapRootUser: true });
    const [forbidden] = advice({ namespaces: ['net'] }, { ...USER, userNamespaces: { allowed: false, because: 'x' } });
    expect(forbidden?.fix).toBeNull();
  });

  it('is not spoken of before it is known', () => {
    fc.assert(
      fc.property(anyUnshareOptions, (options) => {
        expect(unshareAdvice(options, null)).toEqual(
          unshareAdvice(options, { ...FULL_SUPPORT, version: null, shell: 'the shell' }).map((one) =>
            one.title === 'no program' ? { ...one, text: 'unshare starts your shell as a login shell.' } : one,
          ),
        );
      }),
    );
  });
});

describe('the files it names', () => {
  const is = (is: 'absent' | 'directory' | 'other' | 'namespace' | 'unknown') => (path: string) => ({
    path,
    is,
    inode: null,
  });
  const heard = (options: Partial<UnshareOptions>, look: ReturnType<typeof is>): string[] =>
    unshareAdvice({ ...NO_UNSHARE, ...options }, FULL_SUPPORT, look).map(({ about, title }) => `${about}: ${title}`);
  const FILE = { namespaces: ['uts'], files: { uts: '/run/u', net: '/not/used' } } satisfies Partial<UnshareOptions>;

  it('are said not to be there, or to be of another kind', () => {
    expect(heard({ root: '/srv' }, is('absent'))).toEqual(['root: --root is no directory']);
    expect(heard({ wd: '/srv' }, is('other'))).toEqual(['wd: --wd is no directory']);
    expect(heard(FILE, is('absent'))).toEqual(['uts: no file to keep it by']);
    expect(heard(FILE, is('directory'))).toEqual(['uts: no file to keep it by']);
  });

  it('are not spoken of where they serve, or nobody knows', () => {
    for (const options of [{ root: '/srv', wd: '/' }, { wd: '/srv' }]) {
      expect(heard(options, is('directory'))).toEqual([]);
      expect(heard(options, is('unknown'))).toEqual([]);
    }
    expect(heard(FILE, is('other'))).toEqual([]);
    expect(heard(FILE, is('namespace'))).toEqual([]);
  });

  it('are looked for where the command will look for them', () => {
    expect(unsharePaths({ ...NO_UNSHARE, ...FILE, root: '/srv', wd: '/home' })).toEqual([
      '/srv',
      '/srv//home',
      '/run/u',
    ]);
  });
});

describe('laws', () => {
  it('what is offered as a fix mends what it is offered for', () => {
    fc.assert(
      fc.property(anyUnshareOptions, anySupport, (options, support) => {
        for (const { fix, title } of unshareAdvice(options, support)) {
          if (fix === null) continue;
          expect(unshareAdvice({ ...options, ...fix }, support).map((one) => one.title)).not.toContain(title);
        }
      }),
    );
  });

  it('a fix and the words on its button come together, worst first', () => {
    fc.assert(
      fc.property(anyUnshareOptions, anySupport, (options, support) => {
        const all = unshareAdvice(options, support);
        for (const { fix, fixLabel } of all) expect(fix === null).toBe(fixLabel === null);
        const levels = all.map(({ level }) => ['error', 'warning', 'hint'].indexOf(level));
        expect(levels).toEqual(levels.toSorted());
      }),
    );
  });

  it.each(UNSHARE_PRESETS)('nothing is wrong with the preset $name', ({ options }) => {
    expect(unshareAdvice(options, FULL_SUPPORT)).toEqual([]);
  });
});
