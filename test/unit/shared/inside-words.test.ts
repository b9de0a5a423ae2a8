import { describe, expect, it } from 'vitest';
import { insideByHand } from '../../../shared/by-hand-inside.ts';
import {
  mapSentence,
  mapWords,
  nobodyWords,
  offsetsSentence,
  offsetWords,
  socketReach,
  socketWhere,
  stateWords,
  sysvWords,
} from '../../../shared/inside-words.ts';
import type { ListeningSocket, NetInterface } from '../../../shared/inside.ts';
import type { NamespaceView } from '../../../shared/namespaces.ts';

const socket = (protocol: ListeningSocket['protocol'], address: string, port: number | null): ListeningSocket => ({
  ...{ protocol, address, port, kind: 'stream', uid: 0, inode: 1, holders: [], moreHolders: 0 },
});
const inState = (state: string | null, flags: string[] | null) => stateWords({ state, flags } as NetInterface);

describe('what is inside, in words', () => {
  it('says where a socket waits, and from where it can be reached', () => {
    expect(socketWhere(socket('tcp', '0.0.0.0', 80))).toBe('0.0.0.0:80');
    expect(socketWhere(socket('tcp6', '::', 80))).toBe('[::]:80');
    expect(socketWhere(socket('unix', '@a b', null))).toBe('@a b');
    expect(socketReach(socket('tcp6', '::', 80))).toBe('any address');
    expect(socketReach(socket('tcp', '127.0.0.11', 80))).toBe('only from inside');
    expect(socketReach(socket('tcp', '10.0.0.1', 80))).toBe('');
  });

  it('claims that nobody holds a socket only where every member could be read', () => {
    const sockets = { listening: [], left: 0, connections: 0 };
    expect(nobodyWords({ ...sockets, closedMembers: 0 })).toBe('no process that has it open');
    expect(nobodyWords({ ...sockets, closedMembers: 2 })).toMatch(/^not known: .* 2 members/);
  });

  it('says up of lo, whose state the kernel does not know', () => {
    expect(inState('UNKNOWN', ['LOOPBACK', 'UP'])).toBe('up');
    expect(inState('DOWN', ['LOOPBACK'])).toBe('down');
    expect(inState('LOWERLAYERDOWN', ['UP', 'NO-CARRIER'])).toBe('no carrier');
    expect(inState(null, null)).toBeNull();
  });

  it('reads maps out', () => {
    expect(mapWords({ inside: 0, outside: 0, count: 4294967295 })).toBe('all, each the same number outside');
    expect(mapWords({ inside: 0, outside: 1000, count: 1 })).toBe('0 inside is 1000 outside');
    expect(mapWords({ inside: 1, outside: 100000, count: 65536 })).toBe('1–65536 inside are 100000–165535 outside');
    expect(mapSentence([], 'user')).toMatch(/^No user is mapped/);
    expect(mapSentence([{ inside: 0, outside: 1000, count: 1 }], 'user')).toBe('Root inside is user 1000 outside.');
  });

  it('makes no user of the number that stands for none, and says where numbers are the parent’s', () => {
    const unmapped = { inside: 0, outside: 4294967295, count: 1000 };
    expect(mapWords(unmapped)).toBe('0–999 inside: the first has no number here');
    expect(mapWords({ ...unmapped, count: 1 })).toBe('0 inside has no number here');
    expect(mapSentence([unmapped], 'user')).toBe(
      'Root inside is a user that has no number in this session’s own user namespace.',
    );
    const own = { inside: 0, outside: 1000, count: 1 };
    expect(mapWords(own, 'parent')).toBe('0 inside is 1000 in its parent');
    expect(mapSentence([own], 'user', 'parent')).toBe('Root inside is user 1000 in its parent.');
    expect(mapSentence([{ inside: 5, outside: 5, count: 1 }], 'group')).toBe('Nobody inside is group 0.');
  });

  it('reads offsets out, to the nanosecond', () => {
    expect(offsetWords('0')).toBe('no offset');
    expect(offsetWords('-93784000000000')).toBe('1 d 2 h 3 min 4 s behind');
    expect(offsetWords('100000000005')).toBe('1 min 40 s 5 ns ahead');
    expect(offsetsSentence({ monotonicNanos: '0', boottimeNanos: '1' })).toMatch(/differ/);
  });

  it('counts System V objects', () => {
    const one = { key: 0, id: 0, uid: 0, perms: '600', size: 4096, used: 0, cpid: 1 };
    expect(sysvWords('shm', [])).toBe('no shared memory segments');
    expect(sysvWords('shm', [one])).toBe('1 shared memory segment, 4 KiB');
    expect(sysvWords('sem', [one, one])).toBe('2 semaphore sets');
  });
});

describe('the same by hand', () => {
  const view = (more: Partial<NamespaceView>): NamespaceView =>
    ({ id: 'net:[4026532281]', type: 'net', leader: 77, host: false, heldBy: [], ...more }) as NamespaceView;

  it('enters by a member, by a mount where there is none, and not at all where it is the host’s', () => {
    expect(insideByHand(view({}), 'routes')?.text).toBe('nsenter -t 77 --net ip route show table all');
    const held = view({ leader: null, heldBy: [{ kind: 'bind', path: "/run/netns/a 'b", pid: 1 }] });
    expect(insideByHand(held, 'routes')?.argv).toEqual([
      'nsenter',
      "--net=/run/netns/a 'b",
      ...['ip', 'route', 'show', 'table', 'all'],
    ]);
    expect(insideByHand(view({ host: true }), 'routes')?.text).toBe('ip route show table all');
  });

  it('enters by the number of a thread where only a thread is in it', () => {
    const threads = [{ kind: 'thread', pid: 70, tid: 71, link: 'net' }] as const;
    expect(insideByHand(view({ leader: null, heldBy: threads }), 'routes')?.text).toMatch(/^nsenter -t 71 --net /);
    const mnt = [{ ...threads[0], link: 'mnt' }] as const;
    expect(insideByHand(view({ type: 'mnt', leader: null, heldBy: mnt }), 'mounts')?.text).toMatch(/^findmnt -N 71 /);
  });

  it('has none for what only a member could tell', () => {
    expect(insideByHand(view({ type: 'mnt', leader: null }), 'mounts')).toBeNull();
    expect(insideByHand(view({ type: 'mnt' }), 'mounts')?.text).toMatch(/^findmnt -N 77 /);
    expect(insideByHand(view({ leader: null }), 'interfaces')).toBeNull();
  });
});
