import { describe, expect, it } from 'vitest';
import type { NamespaceFact, NamespaceId } from '../../../shared/model.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import { aProcess, aWorld, hostNamespace } from './world.ts';

const fact = (id: NamespaceId, given: Partial<NamespaceFact> = {}): NamespaceFact => {
  const [, type, inode] = /^(\w+):\[(\d+)\]$/.exec(id)!;
  const bare = { owner: 'unknown', parent: 'none', ownerUid: null, binds: [], fds: [] } as const;
  return { id, type: type as NamespaceFact['type'], inode: Number(inode), ...bare, ...given };
};

const world = aWorld(
  [
    aProcess({ pid: 1, comm: 'init' }),
    // Older than its pid says: pids wrap around.
    aProcess({ pid: 70, starttime: 5, container: 'c', user: 'redis', ns: { net: 9 } }),
    aProcess({ pid: 40, starttime: 6, container: 'c', ns: { net: 9 } }),
    aProcess({ pid: 80, ns: { pid_for_children: 77 } }),
  ],
  {
    namespaces: [
      fact('net:[9]', { owner: 'user:[12]', binds: [{ path: '/run/netns/a', pid: 1 }], fds: [{ pid: 1, fd: 3 }] }),
      fact('user:[12]', { parent: hostNamespace('user'), ownerUid: 1000 }),
    ],
  },
);
const byId = new Map(namespacesOf(world).map((view) => [view.id, view]));

describe('namespaces with their members', () => {
  it('have members by pid, the oldest as leader, and the container that all of them are in', () => {
    expect(byId.get('net:[9]')).toMatchObject({
      processes: [40, 70],
      leader: 70,
      user: 'redis',
      containers: ['c'],
      container: 'c',
      host: false,
    });
    expect(byId.get(hostNamespace('mnt'))).toMatchObject({
      processes: [1, 40, 70, 80],
      containers: ['c'],
      container: null,
      host: true,
    });
  });

  it('say everything that holds them', () => {
    expect(byId.get('net:[9]')!.heldBy).toEqual([
      { kind: 'process', pid: 70, comm: 'p70', processes: 2 },
      { kind: 'bind', path: '/run/netns/a', pid: 1 },
      { kind: 'fd', pid: 1, fd: 3 },
    ]);
    expect(byId.get('user:[12]')).toMatchObject({
      processes: [],
      leader: null,
      command: null,
      heldBy: [{ kind: 'owned', id: 'net:[9]' }],
    });
    expect(byId.get(hostNamespace('user'))!.heldBy).toContainEqual({ kind: 'child', id: 'user:[12]' });
  });

  it('are there too if only a process’s next children will be born into them', () => {
    expect(byId.get('pid:[77]')).toMatchObject({
      processes: [],
      heldBy: [{ kind: 'for-children', pid: 80, comm: 'p80' }],
    });
  });

  it('stand by type, then inode', () => {
    expect([...byId.keys()].filter((id) => !id.includes('40265'))).toEqual(['net:[9]', 'pid:[77]', 'user:[12]']);
    expect(namespacesOf(world)[0]!.type).toBe('mnt');
  });
});
