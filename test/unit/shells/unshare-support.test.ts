import { describe, expect, it } from 'vitest';
import {
  parseLongOptions,
  parseVersion,
  unshareSupport,
  subordinateIdsAllowed,
  userNamespacesAllowed,
} from '../../../electron/host/shells/unshare-support.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';

/** util-linux 2.38, shortened. */
const HELP = `
Usage:
 unshare [options] [<program> [<argument>...]]

Run a program with some namespaces unshared from the parent.

Options:
 -m, --mount[=<file>]      unshare mounts namespace
 -U, --user[=<file>]       unshare user namespace

 -f, --fork                fork before launching <program>
 --map-user=<uid>|<name>   map current user to uid (implies --user)
 --kill-child[=<signame>]  when dying, kill the forked child (implies --fork)
                             defaults to SIGKILL
 --propagation slave|shared|private|unchanged
                           modify mount propagation in mount namespace
 -h, --help                display this help
`;

describe('the help', () => {
  it('lists options once each, without what it says about them', () => {
    expect(parseLongOptions(HELP)).toEqual(['mount', 'user', 'fork', 'map-user', 'kill-child', 'propagation', 'help']);
    expect(parseLongOptions('')).toEqual([]);
  });

  it('comes with a version, or not', () => {
    expect(parseVersion('unshare from util-linux 2.38.1\n')).toBe('util-linux 2.38.1');
    expect(parseVersion('BusyBox v1.35.0')).toBeNull();
  });
});

const machine = (settings: Readonly<Record<string, string>>): CapturedKernel =>
  new CapturedKernel(
    Object.entries(settings)
      .map(([path, value]) => `== /proc/sys/${path}\n${value}\n`)
      .join(''),
  );

describe('whether a user namespace may be made', () => {
  it.each<[string, Readonly<Record<string, string>>, boolean, string | null]>([
    ['nothing set', {}, false, null],
    ['plenty', { 'user/max_user_namespaces': '96365' }, false, null],
    ['none at all', { 'user/max_user_namespaces': '0' }, true, 'user.max_user_namespaces is 0'],
    ['Debian, off', { 'kernel/unprivileged_userns_clone': '0' }, false, 'kernel.unprivileged_userns_clone is 0'],
    ['Debian, off, for root', { 'kernel/unprivileged_userns_clone': '0' }, true, null],
    ['Debian, on', { 'kernel/unprivileged_userns_clone': '1' }, false, null],
    [
      'Ubuntu',
      { 'kernel/apparmor_restrict_unprivileged_userns': '1' },
      false,
      'kernel.apparmor_restrict_unprivileged_userns is 1',
    ],
    ['Ubuntu, for root', { 'kernel/apparmor_restrict_unprivileged_userns': '1' }, true, null],
  ])('%s', (_, settings, sysAdmin, because) => {
    const answer = userNamespacesAllowed(machine(settings), sysAdmin);
    expect(answer.allowed).toBe(because === null);
    if (because === null) expect(answer.because).toBeNull();
    else expect(answer.because).toContain(because);
  });
});

describe('a range of IDs to map', () => {
  const asked = (subuid: string | null, name: string | null, mapper: string | null = '/usr/bin/newuidmap') => {
    const kernel = new CapturedKernel();
    if (subuid !== null) kernel.write('/etc/subuid', subuid);
    return subordinateIdsAllowed(kernel, { name, uid: 1000 }, mapper);
  };

  it.each<[string, string | null, string | null]>([
    ['by name', 'root:1:1\nmara:100000:65536\n', 'mara'],
    ['by number', '1000:100000:65536\n', null],
  ])('is there %s', (_, subuid, name) => expect(asked(subuid, name)).toEqual({ allowed: true, because: null }));

  it('is not there without a line, a file or the program that maps it', () => {
    expect(asked('maradona:1:1\n', 'mara').because).toContain('/etc/subuid has no line for mara');
    expect(asked(null, null).because).toContain('/etc/subuid has no line for uid 1000');
    expect(asked('mara:100000:65536\n', 'mara', null).because).toContain('newuidmap is not installed');
  });
});

describe('a machine without unshare, and without much else', () => {
  it('is told as it is', async () => {
    expect(await unshareSupport(new CapturedKernel(), { PATH: '/nowhere', SHELL: '/bin/zsh' })).toEqual({
      path: null,
      version: null,
      options: [],
      types: [],
      userNamespaces: { allowed: true, because: null },
      subordinateIds: {
        allowed: false,
        because: 'newuidmap is not installed; it is part of the package uidmap.',
      },
      noneAllowed: [],
      uid: process.geteuid?.(),
      setIds: { uid: false, gid: false },
      kernel: '',
      sysAdmin: false,
      shell: '/bin/zsh',
    });
  });
});
