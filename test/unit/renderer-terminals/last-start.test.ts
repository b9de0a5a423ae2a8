import { describe, expect, it } from 'vitest';
import { effectiveWords, mappedId, userInside } from '../../../renderer/views/unshare/inside-words.ts';
import { ownersOf } from '../../../renderer/views/unshare/owners.ts';
import type { NamespaceFact, NamespaceId, NamespaceType, ProcessDetail } from '../../../shared/model.ts';
import { HOST, process, world } from './machine.ts';

const fact = (id: NamespaceId, more: Partial<NamespaceFact>): NamespaceFact => ({
  id,
  type: id.split(':')[0] as NamespaceType,
  inode: Number(/\d+/.exec(id)),
  owner: 'unknown',
  parent: 'none',
  ownerUid: null,
  binds: [],
  fds: [],
  ...more,
});
const made = (...ids: NamespaceId[]) => ids.map((id) => ({ id, type: id.split(':')[0] as NamespaceType }));

describe('ownersOf', () => {
  it('hangs what was made below its owner, and a new user namespace below its parent', () => {
    const machine = world({
      processes: [process(9, 'bash', { euid: 1000, user: 'mara' })],
      namespaces: [
        fact(HOST.user, { ownerUid: 0 }),
        fact('user:[7]', { parent: HOST.user, ownerUid: 1000 }),
        fact('mnt:[8]', { owner: 'user:[7]' }),
        fact('pid:[9]', { owner: 'user:[7]', parent: HOST.pid }),
      ],
    });
    expect(ownersOf(machine, made('mnt:[8]', 'pid:[9]', 'user:[7]'))).toEqual({
      rows: [
        { id: HOST.user, depth: 0, rise: 1, from: 'owner', made: false, words: 'the host’s' },
        { id: 'user:[7]', depth: 1, rise: 1, from: 'owner', made: true, words: 'created by mara' },
        { id: 'mnt:[8]', depth: 2, rise: 1, from: 'owner', made: true, words: '' },
        { id: 'pid:[9]', depth: 2, rise: 1, from: 'sibling', made: true, words: '' },
      ],
      unknown: [],
    });
  });

  it('says which owners are not known, and why', () => {
    const machine = world({ namespaces: [fact('net:[8]', { owner: 'not-allowed' })] });
    const { rows, unknown } = ownersOf(machine, made('net:[8]', 'uts:[9]'));
    expect(rows).toEqual([]);
    expect(unknown.map(({ id, why }) => `${id} ${why}`)).toEqual([
      'net:[8] its owner is outside of what this reader may see (EPERM)',
      'uts:[9] not seen in this look at the machine',
    ]);
  });

  it('names a creator by number where no process tells the name', () => {
    const machine = world({ namespaces: [fact('user:[7]', { parent: HOST.user, ownerUid: 1234 })] });
    expect(ownersOf(machine, made('user:[7]')).rows[1]?.words).toBe('created by uid 1234');
  });
});

describe('who it is inside', () => {
  const detail = (uid: number, uidMap: readonly [number, number, number][], more: Partial<ProcessDetail> = {}) =>
    ({
      status: { ok: true, value: { uids: [uid, uid, uid, uid], capabilities: { effective: '000001ffffffffff' } } },
      uidMap: { ok: true, value: uidMap.map(([inside, outside, count]) => ({ inside, outside, count })) },
      userInside: null,
      ...more,
    }) as unknown as ProcessDetail;

  it('is what the map makes of the user outside', () => {
    expect(userInside(detail(1000, [[0, 1000, 1]]))).toBe('root');
    expect(
      userInside(
        detail(100_033, [
          [0, 1000, 1],
          [1, 100_001, 65_535],
        ]),
      ),
    ).toBe('uid 33');
    expect(userInside(detail(1000, []))).toBe('not mapped: the overflow uid');
    expect(userInside(detail(999, [[0, 0, 4_294_967_295]], { userInside: 'redis' }))).toBe('redis');
  });

  it('is not guessed', () => {
    const denied = { ok: false, why: 'denied', call: 'open', errno: 'EACCES' } as const;
    expect(userInside(detail(0, [], { uidMap: denied }))).toBeNull();
    expect(effectiveWords(detail(0, [], { status: denied }), 40)).toBeNull();
    expect(effectiveWords(detail(0, []), 40)).toBe('all 41');
  });

  it('ends with the last mapped ID', () => {
    const map = [{ inside: 0, outside: 100, count: 2 }];
    expect([99, 100, 101, 102].map((id) => mappedId(map, id))).toEqual([null, 0, 1, null]);
  });
});
