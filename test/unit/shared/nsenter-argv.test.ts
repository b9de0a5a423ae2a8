import * as v from 'valibot';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../../shared/model.ts';
import {
  namespacesEntered,
  NSENTER_FLAGS,
  NSENTER_NAMESPACES,
  nsenterArgv,
  nsenterForks,
  nsenterParts,
} from '../../../shared/nsenter-argv.ts';
import { NO_NSENTER, NSENTER_PRESETS } from '../../../shared/nsenter-presets.ts';
import { NsenterOptions } from '../../../shared/nsenter.ts';
import { commandLine } from '../../../shared/text.ts';

const line = (options: Partial<NsenterOptions>): string => commandLine(nsenterArgv({ ...NO_NSENTER, ...options }));

describe('the command', () => {
  it('is the one of the walk-through, to the letter, however it was ticked', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(['mnt', 'uts', 'ipc', 'net', 'pid'] as const, { minLength: 5 }), (namespaces) => {
        expect(line({ target: '4242@7', namespaces, program: ['ps', 'aux'] })).toBe(
          'nsenter --target 4242 --mount --uts --ipc --net --pid ps aux',
        );
      }),
    );
  });

  it.each<[Partial<NsenterOptions>, string]>([
    [{}, 'nsenter sh'],
    [{ target: '1@1', all: true, program: [] }, 'nsenter --target 1 --all'],
    [{ namespaces: ['net'], files: { net: '/run/netns/blue one' } }, "nsenter '--net=/run/netns/blue one' sh"],
    [{ target: '7@1', files: { net: '/x' } }, 'nsenter --target 7 sh'],
    [
      { target: '7@1', namespaces: ['user'], setuid: 0, setgid: 5 },
      'nsenter --target 7 --user --setuid=0 --setgid=5 sh',
    ],
    [
      { target: '7@1', namespaces: ['mnt'], root: true, wd: '/srv', noFork: true },
      'nsenter --target 7 --mount --root --wd=/srv --no-fork sh',
    ],
    [
      { target: '7@1', wdns: '/etc', preserveCredentials: true, followContext: true },
      'nsenter --target 7 --preserve-credentials --wdns=/etc --follow-context sh',
    ],
    [
      { target: '7@1', netSocket: 3, userParent: true, keepCaps: true, env: true },
      'nsenter --target 7 --user-parent --net-socket=3 --keep-caps --env sh',
    ],
    [{ program: ['-odd', '--net'] }, 'nsenter -- -odd --net'],
  ])('%j → %s', (options, command) => expect(line(options)).toBe(command));

  it('says of each word what it is', () => {
    const parts = nsenterParts({ ...NO_NSENTER, target: '7@1', namespaces: ['pid'], noFork: true });
    expect(parts.map(({ text, namespace, flag }) => [text, namespace ?? flag])).toEqual([
      ['nsenter', null],
      ['--target', 'target'],
      ['7', 'target'],
      ['--pid', 'pid'],
      ['--no-fork', 'noFork'],
      ['sh', null],
    ]);
  });
});

describe('the tables', () => {
  it('have every namespace in the usual order and every option of the form', () => {
    expect(NSENTER_NAMESPACES.map(({ type }) => type)).toEqual([...NAMESPACE_TYPES]);
    const others = ['target', 'namespaces', 'files', 'joinCgroups', 'program'];
    const fields = Object.keys(NsenterOptions.entries).filter((key) => !others.includes(key));
    expect(NSENTER_FLAGS.map(({ flag }) => flag).toSorted()).toEqual(fields.toSorted());
  });
});

describe('the presets', () => {
  it.each(NSENTER_PRESETS)('$name is what the host accepts', ({ options }) => {
    expect(v.parse(NsenterOptions, options)).toEqual(options);
  });
});

describe('what the host accepts', () => {
  it.each<[string, unknown]>([
    ['a bare pid', { target: '7' }],
    ['a type that is none', { namespaces: ['nett'] }],
    ['an empty file', { files: { net: '' } }],
    ['the uid that means none', { setuid: 0xffffffff }],
    ['NUL', { program: ['a\0b'] }],
    ['anything else', { also: true }],
  ])('is not %s', (_, some) => {
    expect(v.safeParse(NsenterOptions, { ...NO_NSENTER, ...(some as object) }).success).toBe(false);
  });
});

describe('what is entered', () => {
  const all = (inode: number): Record<NamespaceType, NamespaceId> =>
    Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, `${type}:[${inode}]`])) as Record<
      NamespaceType,
      NamespaceId
    >;

  it('by --all is everything, but never the user namespace one is in', () => {
    const options = { ...NO_NSENTER, target: '7@1', all: true };
    expect([...namespacesEntered(options, all(1), all(2))]).toEqual([...NAMESPACE_TYPES]);
    expect(namespacesEntered(options, all(1), all(1)).has('user')).toBe(false);
  });

  it('forks if it is a pid namespace and nobody forbids it', () => {
    expect(nsenterForks({ ...NO_NSENTER, namespaces: ['pid'] })).toBe(true);
    expect(nsenterForks({ ...NO_NSENTER, all: true })).toBe(true);
    expect(nsenterForks({ ...NO_NSENTER, namespaces: ['pid'], noFork: true })).toBe(false);
    expect(nsenterForks({ ...NO_NSENTER, namespaces: ['net', 'mnt'] })).toBe(false);
  });
});
