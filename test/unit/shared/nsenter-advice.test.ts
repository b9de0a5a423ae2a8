import { describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import { nsenterAdvice, type NsenterCase } from '../../../shared/nsenter-advice.ts';
import { NSENTER_FLAGS, NSENTER_NAMESPACES } from '../../../shared/nsenter-argv.ts';
import { NO_NSENTER, NSENTER_PRESETS } from '../../../shared/nsenter-presets.ts';
import { NO_REACH } from '../../../shared/nsenter-reach.ts';
import type { NsenterOptions, NsenterSupport } from '../../../shared/nsenter.ts';

const of = (inode: number): Record<NamespaceType, NamespaceId> =>
  Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, `${type}:[${inode}]`])) as Record<NamespaceType, NamespaceId>;

const SUPPORT: NsenterSupport = {
  path: '/usr/bin/nsenter',
  version: 'util-linux 2.38.1',
  options: ['target', ...[...NSENTER_NAMESPACES, ...NSENTER_FLAGS].map(({ option }) => option)],
  follows: true,
  shell: '/bin/bash',
};
const usual: NsenterCase = {
  support: SUPPORT,
  target: of(2),
  own: of(1),
  gone: false,
  joining: null,
  innerPid: 1,
  groupsClosed: false,
  look: () => null,
  ...NO_REACH,
};
const said = (options: Partial<NsenterOptions>, at: Partial<NsenterCase> = {}): string[] =>
  nsenterAdvice({ ...NO_NSENTER, target: '7@1', namespaces: ['net'], ...options }, { ...usual, ...at }).map(
    ({ level, title }) => `${level}: ${title}`,
  );

const LOOKS = {
  absent: (path: string) => ({ path, is: 'absent', inode: null }) as const,
  other: (path: string) => ({ path, is: 'other', inode: 5 }) as const,
};
const CLOSED = { can: 'no', why: 'missing', missing: [{ capability: 'CAP_SYS_ADMIN', over: 'user:[1]' }] } as const;

describe('the advice', () => {
  it('is silent where nothing surprises', () => expect(said({})).toEqual([]));

  it.each<[string, Partial<NsenterOptions>, Partial<NsenterCase>, string]>([
    [
      'no nsenter',
      {},
      { support: { path: null, version: null, options: [], follows: false, shell: 'sh' } },
      'error: nsenter is not installed',
    ],
    ['a target that ended', {}, { gone: true }, 'error: the target has ended'],
    ['no target', { target: null }, { target: null }, 'error: no target'],
    ['--root without a target', { target: null, namespaces: [], root: true }, {}, 'error: no target'],
    ['the same namespace', {}, { own: of(2) }, 'hint: nothing to enter'],
    ['--no-fork', { namespaces: ['pid', 'mnt'], noFork: true }, {}, 'warning: --pid with --no-fork'],
    ['the host’s /proc', { namespaces: ['pid'] }, {}, 'hint: --pid without --mount'],
    [
      'a /proc of its own',
      { namespaces: ['pid'], program: ['unshare', '--mount-proc', 'bash'] },
      {},
      'hint: the host’s files, the target’s processes',
    ],
    ['its programs', { namespaces: ['mnt'] }, {}, 'hint: a program of the target'],
    [
      'cgroups that are not mounted',
      { joinCgroups: true },
      { joining: { files: ['/sys/fs/cgroup/a/cgroup.procs'], unmounted: ['cpuset'] } },
      'warning: not all of its cgroups',
    ],
    [
      'no cgroups that are mounted',
      { joinCgroups: true },
      { joining: { files: [], unmounted: ['v2'] } },
      'error: no cgroup to join',
    ],
    ['nobody to follow', { target: null, setuid: 'follow' }, {}, 'error: --setuid=follow without a target'],
    [
      'an nsenter that follows nobody',
      { setgid: 'follow' },
      { support: { ...SUPPORT, follows: false } },
      'error: --setgid=follow is not known',
    ],
    ['a number that an old one does not take', { files: { net: ':3' } }, {}, 'error: a number in place of a file'],
    [
      'a parent that is one’s own',
      { userParent: true },
      { above: () => 'user:[1]' },
      'error: --user-parent is refused',
    ],
    ['no parent at all', { userParent: true }, { above: () => 'not-allowed' }, 'error: --user-parent is refused'],
    [
      'a file that is not there',
      { files: { net: '/run/x' } },
      { look: LOOKS.absent },
      'error: no namespace to enter by',
    ],
    ['a file that is none', { files: { net: '/run/x' } }, { look: LOOKS.other }, 'error: no namespace to enter by'],
    ['a directory that is not there', { wd: '/srv' }, { look: LOOKS.absent }, 'error: --wd is no directory'],
    ['a root that is a file', { root: '/srv' }, { look: LOOKS.other }, 'error: --root is no directory'],
    ['two directories', { wd: true, wdns: '/' }, {}, 'error: --wd with --wdns'],
    ['nothing ticked', { namespaces: [] }, {}, 'warning: nothing is entered'],
    ['no program', { program: [] }, {}, 'hint: no program'],
    [
      'one’s own user namespace',
      { namespaces: ['user'] },
      { may: () => ({ can: 'no', why: 'own-user-namespace' }) },
      'error: --user is refused',
    ],
    [
      'groups that nobody may change',
      { namespaces: ['user'] },
      { groupsClosed: true },
      'error: --user without --preserve-credentials',
    ],
    ['a file of another type', { files: { net: '/run/x' } }, { fileId: () => 'uts:[5]' }, 'error: no net namespace'],
    [
      'a file of what is closed',
      { target: null, files: { net: '/run/x' } },
      { target: null, fileId: () => 'net:[5]', may: (id) => (id === 'net:[5]' ? CLOSED : null) },
      'error: --net is refused',
    ],
    [
      'an old nsenter',
      { wdns: '/' },
      { support: { path: '/bin/nsenter', version: null, options: ['target', 'net'], follows: false, shell: 'sh' } },
      'error: --wdns is not known',
    ],
  ])('speaks of %s', (_, options, at, words) => expect(said(options, at)).toContain(words));

  it('asks for no target where every namespace has a file', () => {
    expect(said({ target: null, files: { net: '/run/netns/a' } }, { target: null })).toEqual([]);
  });

  it('names the capability that is wanted, and over what', () => {
    const missing = [{ capability: 'CAP_SYS_ADMIN', over: 'user:[9]' }] as const;
    const [one] = nsenterAdvice(
      { ...NO_NSENTER, target: '7@1', namespaces: ['net'] },
      { ...usual, may: () => ({ can: 'no', why: 'missing', missing }) },
    );
    expect(one?.text).toContain('needs CAP_SYS_ADMIN over user:[9]');
    expect(one?.fix).toEqual({ namespaces: [] });
  });

  describe('on namespaces that one may enter only through a user namespace', () => {
    const via = (user: NamespaceId): NsenterCase['may'] => {
      const yes = {
        can: 'yes',
        owner: user,
        via: user,
        power: { by: 'creator', made: user, parent: 'user:[1]' },
      } as const;
      return (id) => (id.startsWith('user:') ? { ...yes, via: null } : yes);
    };
    const rootless: Partial<NsenterCase> = { may: via('user:[2]') };
    const first = (options: Partial<NsenterOptions>, at: Partial<NsenterCase>) =>
      nsenterAdvice({ ...NO_NSENTER, target: '7@1', ...options }, { ...usual, ...at }).find(
        ({ level }) => level === 'error',
      );

    it('says it once for all of them, and adds --user', () => {
      const one = first({ namespaces: ['net', 'uts'] }, rootless);
      expect(one).toMatchObject({ about: 'user', title: 'user:[2] has to be entered first', fixLabel: 'Add --user' });
      expect(one?.text).toContain('to --net --uts.');
      expect(said({ namespaces: ['net', 'uts'], ...one?.fix }, rootless)).toEqual([]);
    });

    it('is silent with --all, which enters it too, and with any file that stands for it', () => {
      const errors = (options: Partial<NsenterOptions>, at: Partial<NsenterCase>) =>
        said(options, at).filter((words) => words.startsWith('error'));
      expect(errors({ namespaces: [], all: true }, rootless)).toEqual([]);
      const byFile = { namespaces: ['net', 'user'], files: { user: '/run/u' } } as const;
      expect(
        errors({ ...byFile, namespaces: [...byFile.namespaces] }, { ...rootless, fileId: () => 'user:[2]' }),
      ).toEqual([]);
      expect(
        errors({ ...byFile, namespaces: [...byFile.namespaces] }, { ...rootless, fileId: () => 'user:[9]' }),
      ).toEqual(['error: user:[2] has to be entered first']);
    });

    it('is silent where one above it is entered', () => {
      const at: Partial<NsenterCase> = {
        may: via('user:[3]'),
        above: (user) => (user === 'user:[3]' ? 'user:[2]' : 'none'),
      };
      expect(said({ namespaces: ['net', 'user'] }, at)).toEqual([]);
    });

    it('adds the one above the target’s, or a file of another, where the target’s own does not help', () => {
      const above = (user: NamespaceId) => (user === 'user:[2]' ? ('user:[1]' as const) : ('none' as const));
      const newer = { ...usual.support!, options: [...usual.support!.options, 'user-parent'] };
      expect(first({ namespaces: ['net'] }, { may: via('user:[1]'), above, support: newer })?.fix).toEqual({
        userParent: true,
      });
      expect(first({ namespaces: ['net'] }, { may: via('user:[8]'), fileOf: () => '/proc/8/ns/user' })?.fixLabel).toBe(
        'Add --user=/proc/8/ns/user',
      );
      expect(first({ namespaces: ['net'] }, { may: via('user:[8]') })?.fix).toBeNull();
    });

    it('of --all names those that may be entered instead', () => {
      const at: Partial<NsenterCase> = { may: (id) => (id.startsWith('time:') ? CLOSED : via('user:[2]')(id)) };
      const one = first({ namespaces: [], all: true }, at);
      expect(one).toMatchObject({ about: 'time', fixLabel: 'Name the other 7' });
      expect(first({ namespaces: [], all: true, ...one?.fix }, at)).toBeUndefined();
    });
  });

  it('has no error for any preset, and every fix silences what it is for', () => {
    for (const { options } of NSENTER_PRESETS) {
      const chosen = { ...options, target: '7@1' };
      for (const { level, title, fix } of nsenterAdvice(chosen, usual)) {
        expect(level).not.toBe('error');
        if (fix) expect(nsenterAdvice({ ...chosen, ...fix }, usual).map((other) => other.title)).not.toContain(title);
      }
    }
  });
});
