import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamespaceFact, NamespaceId, Relation } from '../../../shared/model.ts';
import { fileOfNamespace, namespaceFile, namespaceOfFile } from '../../../shared/namespace-file.ts';
import { aboveWords, namespaceTree, treeLines, TREES, type TreeBy } from '../../../shared/namespace-tree.ts';
import { namespacesOf, type NamespaceView } from '../../../shared/namespaces.ts';
import { worldOf } from './any-world.ts';
import { aProcess, aWorld } from './world.ts';

const fact = (id: NamespaceId, given: Partial<NamespaceFact> = {}): NamespaceFact => ({
  id,
  type: id.split(':')[0] as NamespaceFact['type'],
  inode: Number(/\d+/.exec(id)?.[0]),
  ...{ owner: 'unknown', parent: 'none', ownerUid: null, binds: [], fds: [] },
  ...given,
});
const viewsOf = (...namespaces: NamespaceFact[]): readonly NamespaceView[] => namespacesOf(aWorld([], { namespaces }));
const drawn = (views: readonly NamespaceView[], by: TreeBy): readonly string[] =>
  treeLines(namespaceTree(views, by)).map(({ guide, view }) => `${guide}${view.id}`);

const nested = viewsOf(
  fact('user:[1]', { owner: 'none' }),
  fact('pid:[2]', { owner: 'user:[1]' }),
  fact('user:[3]', { owner: 'user:[1]', parent: 'user:[1]' }),
  fact('pid:[4]', { owner: 'user:[3]', parent: 'pid:[2]' }),
  fact('net:[5]', { owner: 'user:[3]' }),
  fact('mnt:[6]', { owner: 'user:[1]' }),
);

describe('the trees of namespaces', () => {
  it('hang below their owner, by inode, drawn as lsns draws them', () => {
    expect(drawn(nested, 'owner')).toEqual([
      'user:[1]',
      '├─pid:[2]',
      '├─user:[3]',
      '│ ├─pid:[4]',
      '│ └─net:[5]',
      '└─mnt:[6]',
    ]);
  });

  it('hang below their parent, where their type has one', () => {
    expect(drawn(nested, 'parent')).toEqual(['user:[1]', '└─user:[3]', 'pid:[2]', '└─pid:[4]', 'net:[5]', 'mnt:[6]']);
  });

  it('tell no parent, no right to see it, and no answer apart', () => {
    const words = (above: Relation, id: NamespaceId = 'pid:[1]') =>
      aboveWords(treeLines(namespaceTree(viewsOf(fact(id, { parent: above })), 'parent'))[0]!, 'parent');
    expect([words('none'), words('not-allowed'), words('unknown'), words('none', 'net:[1]')]).toEqual([
      'no parent: the initial one',
      'not allowed to see its parent',
      'its parent could not be asked',
      'net has no hierarchy',
    ]);
    expect(words('pid:[77]')).toBeNull();
  });

  it('leave nothing out and name nothing twice, even where owners go in a circle', () => {
    const circle = viewsOf(fact('user:[1]', { owner: 'user:[2]' }), fact('user:[2]', { owner: 'user:[1]' }));
    expect(drawn(circle, 'owner')).toEqual(['user:[1]', '└─user:[2]']);
    fc.assert(
      fc.property(worldOf, (world) => {
        const views = namespacesOf(world);
        for (const by of TREES) {
          const ids = treeLines(namespaceTree(views, by)).map(({ view }) => view.id);
          expect(ids.toSorted()).toEqual(views.map(({ id }) => id).toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('the file of a namespace without a process', () => {
  const world = aWorld(
    [aProcess({ pid: 1 }), aProcess({ pid: 8, ns: { mnt: 80 } }), aProcess({ pid: 9, ns: { pid_for_children: 90 } })],
    {
      namespaces: [
        fact('net:[5]', { binds: [{ path: '/run/netns/blue', pid: 1 }] }),
        fact('net:[6]', { binds: [{ path: '/run/netns/red', pid: 8 }] }),
        fact('net:[8]', {
          binds: [
            { path: '/run/netns/both', pid: 8 },
            { path: '/run/netns/both', pid: 1 },
          ],
        }),
        fact('uts:[7]', { fds: [{ pid: 8, fd: 4 }] }),
        fact('uts:[8]', { fds: [{ pid: 8, tid: 9, fd: 4 }] }),
        fact('net:[9]', { threads: [{ pid: 8, tid: 9, link: 'net' }] }),
      ],
    },
  );
  const file = (id: string) =>
    namespaceFile(
      world,
      namespacesOf(world).find((view) => view.id === id)!,
    );

  it('is its bind mount, in whatever mount namespace that is, a descriptor, a thread’s link, or that for children', () => {
    expect(['net:[5]', 'net:[6]', 'net:[8]', 'uts:[7]', 'uts:[8]', 'net:[9]', 'pid:[90]'].map(file)).toEqual([
      '/run/netns/blue',
      '/proc/8/root/run/netns/red',
      '/run/netns/both',
      '/proc/8/fd/4',
      '/proc/8/task/9/fd/4',
      '/proc/8/task/9/ns/net',
      '/proc/9/ns/pid_for_children',
    ]);
  });

  it('tells which one it stands for, unless only another mount namespace has it', () => {
    for (const id of ['net:[5]', 'net:[8]', 'uts:[7]', 'uts:[8]', 'net:[9]', 'pid:[90]', 'mnt:[80]'] as const) {
      expect(namespaceOfFile(world, fileOfNamespace(world, id) ?? '')).toBe(id);
    }
    expect(fileOfNamespace(world, 'mnt:[80]')).toBe('/proc/8/ns/mnt');
    for (const path of ['/run/netns/red', '/proc/8/ns/mount', '/proc/70/ns/mnt', '/proc/8/fd/5', '']) {
      expect(namespaceOfFile(world, path)).toBeNull();
    }
    expect(fileOfNamespace(world, 'net:[404]')).toBeNull();
  });
});
