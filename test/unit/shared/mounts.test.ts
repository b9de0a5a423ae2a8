import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMountinfo } from '../../../electron/host/parse/mountinfo.ts';
import { mountTree, overlayLayers, propagationWords, type Mount } from '../../../shared/mounts.ts';

const made = (id: number, parent: number, mountPoint: string, more: Partial<Mount> = {}): Mount => ({
  ...{ id, parent, mountPoint, device: '0:1', root: '/', options: ['rw'], shared: null, master: null },
  ...{ propagateFrom: null, unbindable: false, type: 'tmpfs', source: 'x', superOptions: ['rw'], ...more },
});
const shape = (mounts: readonly Mount[]) =>
  mountTree(mounts).map(({ mount, depth, hiddenBy }) => [mount.id, depth, hiddenBy]);

describe('the tree of mounts', () => {
  it('puts each behind what it is mounted on, at the depth of its parent and one', () => {
    expect(shape([made(1, 0, '/'), made(2, 1, '/proc'), made(3, 1, '/dev'), made(4, 2, '/proc/sys')])).toEqual([
      [1, 0, null],
      [2, 1, null],
      [4, 2, null],
      [3, 1, null],
    ]);
  });

  it('marks what another is mounted over, and everything on it', () => {
    const mounts = [
      made(1, 0, '/'),
      made(2, 1, '/mnt'),
      made(3, 2, '/mnt/a'),
      made(4, 2, '/mnt'),
      made(5, 4, '/mnt/a'),
    ];
    expect(shape(mounts)).toEqual([
      [1, 0, null],
      [2, 1, 4],
      [3, 2, 4],
      [4, 2, null],
      [5, 3, null],
    ]);
  });

  it('marks what lies below a folder that something is mounted on, but not its namesake', () => {
    expect(shape([made(1, 0, '/'), made(2, 1, '/a/b'), made(3, 1, '/a'), made(4, 1, '/ab')])).toEqual([
      [1, 0, null],
      [2, 1, 3],
      [3, 1, null],
      [4, 1, null],
    ]);
  });

  it('has each line of the table once, whatever the ids say', () => {
    const id = fc.integer({ min: 0, max: 12 });
    const mount = fc.tuple(id, id, fc.constantFrom('/', '/a', '/a/b', '/a/b/c', '/b')).map((parts) => made(...parts));
    fc.assert(
      fc.property(fc.array(mount, { maxLength: 20 }), (mounts) => {
        const nodes = mountTree(mounts);
        expect(new Set(nodes.map((node) => node.mount))).toEqual(new Set(mounts));
        expect(nodes.length).toBe(mounts.length);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is made of ten thousand in a chain, and of as many side by side', () => {
    const chain = Array.from({ length: 10_000 }, (_, at) => made(at + 1, at, `/${'x/'.repeat(at % 50)}${at}`));
    const beside = [made(1, 0, '/'), ...Array.from({ length: 10_000 }, (_, at) => made(at + 2, 1, `/d/${at}`))];
    expect(mountTree(chain).length + mountTree(beside).length).toBe(20_001);
  });
});

describe('a mount in words', () => {
  it('says how mounts spread', () => {
    expect(propagationWords(made(1, 0, '/'))).toBe('private');
    expect(propagationWords(made(1, 0, '/', { shared: 12 }))).toBe('shared:12');
    expect(propagationWords(made(1, 0, '/', { shared: 5, master: 3 }))).toBe('shared:5, slave of 3');
    expect(propagationWords(made(1, 0, '/', { master: 3, propagateFrom: 2 }))).toBe('slave of 3, nearest seen 2');
    expect(propagationWords(made(1, 0, '/', { unbindable: true }))).toBe('unbindable');
  });

  it('names the layers of an overlay, the top one first, with commas and colons in their names', () => {
    const [mount] = parseMountinfo(
      '47 43 0:40 / / rw - overlay overlay rw,lowerdir=/l/A:/l/B\\134:x:/l/C\\054D,upperdir=/u,workdir=/w\n',
    );
    expect(overlayLayers(mount!)).toEqual({ lower: ['/l/A', '/l/B\\:x', '/l/C,D'], upper: '/u', work: '/w' });
    expect(
      overlayLayers(made(1, 0, '/', { type: 'overlay', superOptions: ['ro', 'lowerdir+=/a:b', 'lowerdir+=/c'] })),
    ).toEqual({ lower: ['/a:b', '/c'], upper: null, work: null });
    expect(overlayLayers(made(1, 0, '/'))).toBeNull();
  });
});
