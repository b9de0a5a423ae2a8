import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detailChain, idInside, idLevels, idSentence, uidLevels, userChain } from '../../../shared/id-levels.ts';
import type { IdMap, NamespaceFact, NamespaceId } from '../../../shared/model.ts';
import { aProcess, aWorld, hostNamespace } from './world.ts';

const map = (...rows: [inside: number, outside: number, count: number][]): IdMap[] =>
  rows.map(([inside, outside, count]) => ({ inside, outside, count }));

const user = (inode: number, parent: NamespaceFact['parent'], uidMap?: IdMap[], gidMap = uidMap): NamespaceFact => ({
  ...{ id: `user:[${inode}]`, type: 'user', inode, owner: parent, parent, ownerUid: 0, binds: [], fds: [] },
  ...(uidMap === undefined ? null : { uidMap }),
  ...(gidMap === undefined ? null : { gidMap }),
});

/** The host, a rootless engine's namespace, a container's in it, and one that the container made. */
const HOST = hostNamespace('user');
const facts = [
  { ...user(6, 'none', map([0, 0, 4294967295])), id: HOST },
  user(11, HOST, map([0, 1000, 1], [1, 100000, 65536])),
  user(12, 'user:[11]', map([0, 100999, 1000])),
  user(13, 'user:[12]', map([5, 101000, 1])),
];
const reader = aProcess({ pid: 1 });
const inUser = (inode: number, euid: number) => aProcess({ pid: 50, euid, uid: euid, ns: { user: inode } });
const worldWith = (process: ReturnType<typeof inUser>, namespaces: readonly NamespaceFact[] = facts) =>
  aWorld([reader, process], { namespaces });
const numbers = (inode: number, euid: number, namespaces = facts as readonly NamespaceFact[]) => {
  const process = inUser(inode, euid);
  return uidLevels(worldWith(process, namespaces), process).map(({ number }) => number);
};

describe('the levels of a user', () => {
  it('are the numbers in each of three nested user namespaces, outermost first', () => {
    const process = inUser(13, 101000);
    const levels = uidLevels(worldWith(process), process);
    expect(levels).toEqual([
      { namespace: 'user:[11]', number: 1001 },
      { namespace: 'user:[12]', number: 1 },
      { namespace: 'user:[13]', number: 5 },
    ]);
    expect(numbers(12, 100999)).toEqual([1000, 0]);
    expect(idSentence(101000, levels)).toBe('101000 host, 1001 between, 1 between, 5 inside');
  });

  it('are none where the process counts as the reader does, and one sentence is then the number alone', () => {
    const process = aProcess({ pid: 50, euid: 33 });
    const world = aWorld([reader, process], { namespaces: facts });
    expect(uidLevels(world, process)).toEqual([]);
    expect(idSentence(33, [])).toBe('33');
  });

  it('say of a user that has no number there that it has none, not that it is 65534', () => {
    expect(numbers(12, 33)).toEqual(['unmapped', 'unmapped']);
    expect(idSentence(1000, idLevels(1000, [{ id: null, map: map([0, 5, 1]) }]))).toBe('1000 host, no number inside');
  });

  it('say of a namespace in which nobody could be asked that its numbers are not readable', () => {
    const [host, , ...below] = facts;
    expect(numbers(12, 100999, [host!, user(11, HOST), ...below])).toEqual(['unread', 0]);
  });

  it('take the 4294967295 of a map for no number at all', () => {
    expect(idInside(4294967295, map([0, 4294967295, 1000]))).toBeNull();
    expect(numbers(11, 65534, [facts[0]!, user(11, HOST, map([0, 4294967295, 1]))])).toEqual(['unmapped']);
  });

  it('are not reckoned where the kernel leads from the process to no namespace of the reader', () => {
    expect(numbers(11, 1000, [facts[0]!, user(11, 'not-allowed', map([0, 0, 1]))])).toEqual([]);
    expect(numbers(11, 1000, [])).toEqual([]);
  });

  it('come to an end in a world that contradicts itself', () => {
    expect(numbers(21, 1000, [user(21, 'user:[22]', []), user(22, 'user:[21]', [])])).toEqual([]);
  });

  it('give every number back through the map it came by', () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.nat(1e6),
        fc.integer({ min: 1, max: 70_000 }),
        fc.nat(70_000),
        (from, to, count, n) => {
          const [level] = idLevels(to + n, [{ id: null, map: map([from, to, count]) }]);
          expect(level?.number).toBe(n < count ? from + n : 'unmapped');
        },
      ),
    );
  });
});

describe('the chain of a process that is looked at', () => {
  const ok = <T>(value: T) => ({ ok: true, value }) as const;
  const own = { uidMap: ok(map([7, 100999, 1])), gidMap: ok(map([8, 100999, 1])) };

  it('ends with what its own map says now', () => {
    const process = inUser(12, 100999);
    const chain = detailChain(worldWith(process), process, own, 'gid');
    expect(idLevels(100999, chain).map(({ number }) => number)).toEqual([1000, 8]);
    expect(userChain(worldWith(process), process, 'gid').map(({ id }) => id)).toEqual(['user:[11]', 'user:[12]']);
  });

  it('is its own map where the reader may not see in which namespace it is', () => {
    const process = aProcess({ pid: 50, ns: { user: null } });
    const world = aWorld([reader, process]);
    expect(detailChain(world, process, own, 'uid')).toEqual([{ id: null, map: own.uidMap.value }]);
    const whole = { uidMap: ok(map([0, 0, 4294967295])), gidMap: ok(map([0, 0, 4294967295])) };
    expect(detailChain(world, process, whole, 'uid')).toEqual([]);
  });

  it('is not made shorter by a namespace number that is not one', () => {
    const process = aProcess({ pid: 50, ns: { user: 99 } });
    expect(userChain(aWorld([reader, process]), process, 'uid')).toEqual<NamespaceId[]>([]);
  });
});
