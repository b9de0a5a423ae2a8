import { describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import { nsenterAdvice, type NsenterCase } from '../../../shared/nsenter-advice.ts';
import { NSENTER_FLAGS, NSENTER_NAMESPACES } from '../../../shared/nsenter-argv.ts';
import { NO_NSENTER, NSENTER_PRESETS } from '../../../shared/nsenter-presets.ts';
import type { NsenterOptions } from '../../../shared/nsenter.ts';

const of = (inode: number): Record<NamespaceType, NamespaceId> =>
  Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, `${type}:[${inode}]`])) as Record<NamespaceType, NamespaceId>;

const usual: NsenterCase = {
  support: {
    path: '/usr/bin/nsenter',
    version: 'util-linux 2.38.1',
    options: ['target', ...[...NSENTER_NAMESPACES, ...NSENTER_FLAGS].map(({ option }) => option)],
    shell: '/bin/bash',
  },
  target: of(2),
  own: of(1),
  gone: false,
  may: () => null,
};
const said = (options: Partial<NsenterOptions>, at: Partial<NsenterCase> = {}): string[] =>
  nsenterAdvice({ ...NO_NSENTER, target: '7@1', namespaces: ['net'], ...options }, { ...usual, ...at }).map(
    ({ level, title }) => `${level}: ${title}`,
  );

describe('the advice', () => {
  it('is silent where nothing surprises', () => expect(said({})).toEqual([]));

  it.each<[string, Partial<NsenterOptions>, Partial<NsenterCase>, string]>([
    [
      'no nsenter',
      {},
      { support: { path: null, version: null, options: [], shell: 'sh' } },
      'error: nsenter is not installed',
    ],
    ['a target that ended', {}, { gone: true }, 'error: the target has ended'],
    ['no target', { target: null }, { target: null }, 'error: no target'],
    ['--root without a target', { target: null, namespaces: [], root: true }, {}, 'error: no target'],
    ['the same namespace', {}, { own: of(2) }, 'hint: nothing to enter'],
    ['--no-fork', { namespaces: ['pid', 'mnt'], noFork: true }, {}, 'warning: --pid with --no-fork'],
    ['the host’s /proc', { namespaces: ['pid'] }, {}, 'hint: --pid without --mount'],
    ['its programs', { namespaces: ['mnt'] }, {}, 'hint: a program of the target'],
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
      'an old nsenter',
      { wdns: '/' },
      { support: { path: '/bin/nsenter', version: null, options: ['target', 'net'], shell: 'sh' } },
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
