import { expect, it } from 'vitest';
import { search } from '../../../renderer/app/search.ts';
import { aContainer, aProcess, aWorld } from '../shared/world.ts';

const world = aWorld(
  [
    aProcess({ pid: 1, comm: 'init' }),
    aProcess({ pid: 31, comm: 'redis-server' }),
    aProcess({ pid: 310, comm: 'tail', cmdline: ['tail', '-f', '/var/log/redis.log'] }),
  ],
  {
    containers: [aContainer('a'.repeat(64), { name: 'redis' })],
    namespaces: [
      {
        id: 'net:[4026532180]',
        type: 'net',
        inode: 4026532180,
        owner: 'unknown',
        parent: 'none',
        ownerUid: null,
        binds: [{ path: '/run/netns/blue', pid: 1 }],
        fds: [],
      },
    ],
  },
);
const found = (query: string, limit = 10) => search(world, query, limit).map(({ title }) => title);

it('puts the very name first, then beginnings, then arguments', () => {
  expect(found('redis')).toEqual(['redis', 'redis-server', 'tail']);
});

it('finds by number: a PID, an inode', () => {
  expect(found('31')).toEqual(['redis-server', 'tail']);
  expect(found('4026532180')).toEqual(['net:[4026532180]']);
  expect(found('netns/blue')).toEqual(['net:[4026532180]']);
});

it('offers the containers before anything is typed, and no more than asked', () => {
  expect(found('')).toEqual(['redis']);
  expect(found('redis', 1)).toEqual(['redis']);
  expect(found('no such thing')).toEqual([]);
});
