/** Against the contract of include/uapi/linux/nsfs.h, for kernels before 6.19 have no such call. */
import { describe, expect, it } from 'vitest';
import { listNamespaces, namespaceById, type NamespaceCalls } from '../../../electron/host/read/listns.ts';

const [ENOSYS, EINVAL, ESTALE, EPERM] = [-38, -22, -116, -1];

/** A kernel with these namespaces, which takes nothing but what it must. */
const kernel = (namespaces: ReadonlyMap<bigint, string | number>): NamespaceCalls & { open: number; asks: number } => {
  const files = new Map<number, string>();
  const self = {
    open: 0,
    asks: 0,
    listns(request: Uint8Array, ids: BigUint64Array, flags: number): number {
      self.asks++;
      const view = new DataView(request.buffer, request.byteOffset, request.byteLength);
      const word = (at: number) => view.getUint32(at, true);
      if (request.byteLength !== 32 || word(0) !== 32 || flags !== 0) return EINVAL;
      if (word(4) !== 0 || word(20) !== 0) return EINVAL;
      if (word(16) !== 0 || view.getBigUint64(24, true) !== 0n) return 0;
      const after = view.getBigUint64(8, true);
      const found = [...namespaces.keys()].filter((id) => id > after).slice(0, ids.length);
      found.forEach((id, at) => (ids[at] = id));
      return found.length;
    },
    openByHandle(mount: number, handle: Uint8Array): number {
      const view = new DataView(handle.buffer, handle.byteOffset, handle.byteLength);
      if (mount !== -10003 || view.getUint32(0, true) !== 16 || view.getInt32(4, true) !== 0xf1) return ESTALE;
      const is = namespaces.get(view.getBigUint64(8, true));
      if (view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0 || is === undefined) return ESTALE;
      if (typeof is === 'number') return is;
      self.open++;
      files.set(100 + self.open, is);
      return 100 + self.open;
    },
    target: (fd: number) => files.get(fd) ?? null,
    close: (fd: number) => void (files.delete(fd) && self.open--),
  };
  return self;
};

describe('listns', () => {
  it('is asked on until the kernel has no more', () => {
    const many = new Map(Array.from({ length: 2500 }, (_, at) => [BigInt(at) * 3n + 5n, 'net:[7]'] as const));
    const calls = kernel(many);
    expect(listNamespaces(calls)).toEqual([...many.keys()]);
    expect(calls.asks).toBe(3);
  });

  it('keeps numbers beyond 2^53 as they are', () => {
    const id = (1n << 60n) + 1n;
    const calls = kernel(new Map([[id, 'mnt:[4026531841]']]));
    expect(listNamespaces(calls)).toEqual([id]);
    expect(namespaceById(id, calls)).toBe('mnt:[4026531841]');
  });

  it('is no answer where the kernel has no such call, or refuses', () => {
    for (const errno of [ENOSYS, EPERM, EINVAL])
      expect(listNamespaces({ ...kernel(new Map()), listns: () => errno })).toBeNull();
    expect(listNamespaces(null)).toBeNull();
  });

  it('does not go in circles with a kernel that repeats itself', () => {
    const calls = { ...kernel(new Map()), listns: (_: Uint8Array, ids: BigUint64Array) => (ids.fill(9n), ids.length) };
    expect(listNamespaces(calls)?.length).toBeLessThan(5000);
  });
});

describe('the namespace of a number', () => {
  it('is what its open file says, which is closed again', () => {
    const calls = kernel(new Map<bigint, string | number>([[4n, 'uts:[4026531838]'], [5n, EPERM], [6n, 'strange']])); // prettier-ignore
    expect([4n, 5n, 6n, 7n].map((id) => namespaceById(id, calls))).toEqual(['uts:[4026531838]', null, null, null]);
    expect(calls.open).toBe(0);
  });
});
