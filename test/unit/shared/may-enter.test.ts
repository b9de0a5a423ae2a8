import { describe, expect, it } from 'vitest';
import { readerFor, whoBy } from '../../../shared/enter-who.ts';
import { mayEnter, readerOf, type Reader } from '../../../shared/may-enter.ts';
import type { NamespaceFact, NamespaceId, Relation } from '../../../shared/model.ts';
import { aProcess, aWorld, hostNamespace } from './world.ts';

const FIRST: NamespaceId = 'user:[4026531837]';
const ALL = '000001ffffffffff';
const NONE = '0000000000000000';
const ALL_BUT_CHROOT = '000001fffffbffff';
const ALL_BUT_ADMIN = '000001ffffdfffff';

const root: Reader = { uid: 0, capEff: ALL, user: FIRST, pid: 'pid:[4026531836]' };
const mara: Reader = { uid: 1000, capEff: NONE, user: FIRST, pid: 'pid:[4026531836]' };

type Fact = Pick<NamespaceFact, 'owner' | 'parent' | 'ownerUid'>;
const fact = (owner: Relation, parent: Relation = 'none', ownerUid: number | null = null): Fact => ({
  owner,
  parent,
  ownerUid,
});
/** Mara made user:[10]; in it she made user:[20], where she is root and made the rest. */
const facts = new Map<NamespaceId, Fact>([
  [FIRST, fact('none', 'none', 0)],
  ['user:[10]', fact(FIRST, FIRST, 1000)],
  ['user:[20]', fact('user:[10]', 'user:[10]', 1000)],
  ['net:[1]', fact(FIRST)],
  ['mnt:[1]', fact(FIRST)],
  ['net:[10]', fact('user:[10]')],
  ['mnt:[20]', fact('user:[20]')],
  ['pid:[4026531836]', fact(FIRST)],
  ['pid:[5]', fact(FIRST, 'pid:[4026531836]')],
  ['pid:[6]', fact(FIRST, 'pid:[5]')],
  ['net:[30]', fact('not-allowed')],
  ['net:[31]', fact('unknown')],
  ['net:[32]', fact('user:[32]')],
  ['user:[32]', fact('unknown', 'unknown')],
  ['net:[33]', fact('user:[33]')],
  ['user:[33]', fact(FIRST, FIRST, null)],
]);
const missing = (over: NamespaceId | null, ...capabilities: string[]) => ({
  can: 'no',
  why: 'missing',
  missing: capabilities.map((capability) => ({ capability, over })),
});

describe('who may enter a namespace', () => {
  it('is whoever holds CAP_SYS_ADMIN in its owner', () => {
    expect(mayEnter(root, 'net:[1]', facts)).toEqual({
      can: 'yes',
      owner: FIRST,
      via: null,
      power: { by: 'capability', held: FIRST },
    });
    expect(mayEnter(mara, 'net:[1]', facts)).toEqual(missing(FIRST, 'CAP_SYS_ADMIN'));
  });

  it('needs CAP_SYS_CHROOT too for a mount namespace', () => {
    expect(mayEnter({ ...root, capEff: ALL_BUT_CHROOT }, 'mnt:[1]', facts)).toEqual(missing(FIRST, 'CAP_SYS_CHROOT'));
    expect(mayEnter({ ...root, capEff: ALL_BUT_CHROOT }, 'net:[1]', facts)).toMatchObject({ can: 'yes' });
    expect(mayEnter(mara, 'mnt:[1]', facts)).toEqual(missing(FIRST, 'CAP_SYS_ADMIN', 'CAP_SYS_CHROOT'));
    const chrooter: Reader = { ...mara, capEff: '0000000000040000' };
    expect(mayEnter(chrooter, 'mnt:[1]', facts)).toEqual(missing(FIRST, 'CAP_SYS_ADMIN'));
    const closed = new Map([...facts, ['mnt:[30]', fact('not-allowed')] as const]);
    expect(mayEnter(mara, 'mnt:[30]', closed)).toEqual(missing(null, 'CAP_SYS_ADMIN', 'CAP_SYS_CHROOT'));
  });

  it('is whoever has the capability in an ancestor of the owner, however deep it is nested', () => {
    expect(mayEnter(root, 'mnt:[20]', facts)).toMatchObject({ can: 'yes', via: null });
    expect(mayEnter(root, 'user:[20]', facts)).toMatchObject({ can: 'yes', power: { by: 'capability', held: FIRST } });
  });

  it('is the creator of the owner, without any capability, by way of the owner', () => {
    expect(mayEnter(mara, 'user:[10]', facts)).toMatchObject({ can: 'yes', via: null, power: { by: 'creator' } });
    expect(mayEnter(mara, 'net:[10]', facts)).toEqual({
      can: 'yes',
      owner: 'user:[10]',
      via: 'user:[10]',
      power: { by: 'creator', made: 'user:[10]', parent: FIRST },
    });
  });

  it('is the creator of an ancestor of the owner, too', () => {
    expect(mayEnter(mara, 'mnt:[20]', facts)).toEqual({
      can: 'yes',
      owner: 'user:[20]',
      via: 'user:[20]',
      power: { by: 'creator', made: 'user:[10]', parent: FIRST },
    });
  });

  it('is not another user, nor the creator who is root in another user namespace', () => {
    expect(mayEnter({ ...mara, uid: 1001 }, 'net:[10]', facts)).toEqual(missing('user:[10]', 'CAP_SYS_ADMIN'));
    const sibling: Reader = { ...root, user: 'user:[11]' };
    const seen = new Map([...facts, ['user:[11]', fact(FIRST, FIRST, 1000)] as const]);
    expect(mayEnter(sibling, 'net:[10]', seen)).toEqual(missing('user:[10]', 'CAP_SYS_ADMIN'));
  });

  it('goes by way of the owner where one’s own user namespace does not give the capability', () => {
    const deeper = mayEnter({ ...root, uid: 1000, capEff: ALL_BUT_ADMIN }, 'net:[10]', facts);
    expect(deeper).toMatchObject({ can: 'yes', via: 'user:[10]' });
  });

  it('is not oneself, for the user namespace one is in', () => {
    expect(mayEnter(root, FIRST, facts)).toEqual({ can: 'no', why: 'own-user-namespace' });
  });

  it('must be above a pid namespace', () => {
    expect(mayEnter(root, 'pid:[6]', facts)).toMatchObject({ can: 'yes' });
    expect(mayEnter({ ...root, pid: 'pid:[6]' }, 'pid:[6]', facts)).toMatchObject({ can: 'yes' });
    const inside: Reader = { ...root, pid: 'pid:[6]' };
    expect(mayEnter(inside, 'pid:[5]', facts)).toEqual({ can: 'no', why: 'not-below', pid: 'pid:[6]' });
  });

  it('is nobody who may not even see the owner', () => {
    expect(mayEnter(root, 'net:[30]', facts)).toEqual(missing(null, 'CAP_SYS_ADMIN'));
  });
});

describe('what cannot be told', () => {
  it.each<[string, Reader, NamespaceId, unknown]>([
    ['the owner', root, 'net:[31]', { can: 'unknown', why: 'owner', of: 'net:[31]' }],
    ['a namespace nothing is known of', root, 'net:[99]', { can: 'unknown', why: 'owner', of: 'net:[99]' }],
    ['the owner’s parent', root, 'net:[32]', { can: 'unknown', why: 'parent', of: 'user:[32]' }],
    ['the owner’s creator', mara, 'net:[33]', { can: 'unknown', why: 'creator', of: 'user:[33]' }],
    ['the reader itself', { ...root, user: null }, 'net:[1]', { can: 'unknown', why: 'reader', of: null }],
    ['the reader’s pid namespace', { ...root, pid: null }, 'pid:[5]', { can: 'unknown', why: 'reader', of: null }],
  ])('is said so: %s', (_what, reader, id, answer) => expect(mayEnter(reader, id, facts)).toEqual(answer));

  it('does not keep one who needs no creator’s right', () => {
    expect(mayEnter(root, 'net:[33]', facts)).toMatchObject({ can: 'yes' });
  });

  it('is a creator without a number here: the overflow uid could be anyone', () => {
    const reader: Reader = { uid: 65534, capEff: NONE, user: 'user:[10]', pid: null };
    const seen = new Map<NamespaceId, Fact>([['user:[40]', fact('user:[10]', 'user:[10]', 65534)]]);
    expect(mayEnter(reader, 'user:[40]', seen)).toEqual({ can: 'unknown', why: 'creator', of: 'user:[40]' });
  });

  it('ends, even where parents go round', () => {
    const round = new Map<NamespaceId, Fact>([
      ['user:[1]', fact('user:[2]', 'user:[2]', 7)],
      ['user:[2]', fact('user:[1]', 'user:[1]', 7)],
    ]);
    expect(mayEnter(root, 'user:[1]', round)).toMatchObject({ can: 'unknown', why: 'parent' });
  });
});

describe('another than the one who asked', () => {
  it('may see what the one who asked may not, unless it is below', () => {
    const above: Reader = { ...root, user: FIRST, askedFrom: 'user:[10]' };
    expect(mayEnter(above, 'net:[30]', facts)).toEqual({ can: 'unknown', why: 'owner', of: 'net:[30]' });
    const below: Reader = { ...root, user: 'user:[20]', askedFrom: 'user:[10]' };
    expect(mayEnter(below, 'net:[30]', facts)).toEqual(missing(null, 'CAP_SYS_ADMIN'));
  });

  const processes = [
    aProcess({ pid: 1 }),
    aProcess({ pid: 9, euid: 1000, user: 'mara', ns: { user: 10 } }),
    aProcess({ pid: 12, euid: 1001, user: '1001' }),
  ];
  const world = { ...aWorld(processes) };

  it('is found by its pid, a user by name or number', () => {
    expect(whoBy('9', world)).toMatchObject({ kind: 'process', process: { pid: 9 } });
    expect(whoBy(' mara ', world)).toEqual({ kind: 'user', uid: 1000, name: 'mara' });
    expect(whoBy('uid:1001', world)).toEqual({ kind: 'user', uid: 1001, name: null });
    expect(['7', 'nobody', 'uid:', ''].map((text) => whoBy(text, world))).toEqual([null, null, null, null]);
  });

  it('is judged by what it has itself, in the namespaces it is in', () => {
    const session = { ...world, host: { ...world.host, pid: 1 } };
    const user = hostNamespace('user');
    const nine = readerFor(whoBy('9', world)!, session, NONE);
    expect(nine).toMatchObject({ uid: 1000, capEff: NONE, user: 'user:[10]', askedFrom: user });
    const mara = readerFor({ kind: 'user', uid: 1000, name: 'mara' }, session, NONE);
    const made = new Map<NamespaceId, Fact>([['user:[20]', fact(user, user, 1000)]]);
    expect(mayEnter(mara, 'user:[20]', made)).toMatchObject({ can: 'yes', power: { by: 'creator' } });
    expect(mayEnter({ ...mara, uid: 1001 }, 'user:[20]', made)).toMatchObject({ can: 'no' });
    const first = readerFor({ kind: 'user', uid: 0, name: 'root' }, session, NONE);
    expect(mayEnter(first, 'user:[20]', made)).toMatchObject({ can: 'yes', power: { by: 'capability' } });
  });
});

describe('the reader', () => {
  it('is the process that looks, in the namespaces it is in', () => {
    const world = aWorld([aProcess({ pid: 1 }), aProcess({ pid: 9, ns: { user: 8 } })]);
    expect(readerOf({ ...world, host: { ...world.host, pid: 9, uid: 1000 } })).toEqual({
      uid: 1000,
      capEff: ALL,
      user: 'user:[8]',
      pid: hostNamespace('pid'),
    });
  });
});
