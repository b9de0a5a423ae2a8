import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import type { NamespaceId } from '../../../shared/model.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { tree } from './tree.ts';

let kernel: CapturedKernel;
let collector: Collector;
beforeEach(() => {
  kernel = tree('unshared');
  collector = new Collector(kernel);
});
const fact = (id: NamespaceId) => collector.collect([], []).namespaces.find((found) => found.id === id);
const looks = (count: number): void => {
  for (let i = 0; i < count; i++) collector.collect([], []);
};
const OURS = [[1n, 'net:[4026531833]'] as const, [2n, 'mnt:[4026532178]'] as const];

describe('the kernel’s own list of namespaces', () => {
  it('adds what nothing else tells of, and says so', () => {
    kernel.listed = new Map([...OURS, [3n, 'net:[60]']]);
    expect(fact('net:[60]')).toEqual({
      ...{ id: 'net:[60]', type: 'net', inode: 60, owner: 'unknown', parent: 'unknown', ownerUid: null },
      ...{ binds: [], fds: [], listed: true },
    });
    expect(fact('net:[4026531833]')?.listed).toBeUndefined();
    expect(namespacesOf(collector.world!).find(({ id }) => id === 'net:[60]')).toMatchObject({
      listed: true,
      heldBy: [],
    });
    kernel.listed = new Map(OURS);
    looks(6);
    expect(fact('net:[60]')).toBeUndefined();
  });

  it('asks for the owner of one that only the list names by the number it has there', () => {
    kernel.listed = new Map([...OURS, [3n, 'net:[60]']]);
    const asked = vi
      .spyOn(kernel, 'askNamespace')
      .mockImplementation((way, id) =>
        way === 3n ? [{ id, owner: 'user:[4026531837]', parent: 'none', ownerUid: null }] : [],
      );
    expect(fact('net:[60]')).toMatchObject({ owner: 'user:[4026531837]', parent: 'none', listed: true });
    expect(asked).toHaveBeenCalledWith(3n, 'net:[60]', expect.anything());
  });

  it('does not speak before who holds it was asked anew', () => {
    kernel.listed = new Map(OURS);
    looks(4);
    kernel.symlink('/proc/301/fd/7', 'net:[60]');
    kernel.write('/proc/301/schedstat', '424242 0 1\n');
    kernel.listed = new Map([...OURS, [3n, 'net:[60]'], [4n, 'net:[61]']]);
    const told: unknown[] = [];
    for (let i = 0; i < 8; i++) {
      told.push(fact('net:[60]')?.listed, fact('net:[61]')?.listed);
    }
    expect(told.filter((listed, at) => at % 2 === 0 && listed)).toEqual([]);
    expect(fact('net:[60]')?.fds).toEqual([{ pid: 301, fd: 7 }]);
    expect(fact('net:[61]')?.listed).toBe(true);
  });

  it('is no matter where the kernel has none, or opens none of it', () => {
    const before = collector.collect([], []).namespaces;
    kernel.listed = new Map([[9n, null]]);
    looks(12);
    expect(collector.collect([], []).namespaces).toEqual(before);
  });
});
