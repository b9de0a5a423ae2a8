import { beforeEach, describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import { NAMESPACE_LINKS, type World } from '../../../shared/model.ts';
import { namespacesOf } from '../../../shared/namespaces.ts';
import type { CapturedKernel } from '../../trees/captured-kernel.ts';
import { put, tree } from './tree.ts';

let kernel: CapturedKernel;
let collector: Collector;
beforeEach(() => {
  kernel = tree('unshared');
  collector = new Collector(kernel);
});
const look = (): World => collector.collect([], []);

/** Gives a thread the links of its process, but for one. */
const thread = (pid: number, tid: number, net: string): void => {
  for (const link of NAMESPACE_LINKS) {
    const target = kernel.link(`/proc/${pid}/ns/${link}`);
    if (target.ok)
      kernel.symlink(`/proc/${pid}/task/${tid}/ns/${link}`, link === 'net' ? `net:[${net}]` : target.value);
  }
};
const held = (world: World, id: string) => namespacesOf(world).find((view) => view.id === id)?.heldBy;

describe('a thread in another namespace than its process', () => {
  it('holds it, and is told by its number and link', () => {
    put(kernel, 900, { threads: 3 });
    thread(900, 900, '4');
    thread(900, 901, '4');
    thread(900, 902, '777');
    const world = look();
    expect(world.namespaces.find(({ id }) => id === 'net:[777]')).toMatchObject({
      threads: [{ pid: 900, tid: 902, link: 'net' }],
      binds: [],
      fds: [],
    });
    expect(held(world, 'net:[777]')).toEqual([{ kind: 'thread', pid: 900, tid: 902, link: 'net' }]);
    expect(world.namespaces.find(({ id }) => id === 'net:[4]')).not.toHaveProperty('threads');
  });

  it('is found within twenty looks where it leaves later, and forgotten with its process', () => {
    put(kernel, 900, { threads: 2 });
    thread(900, 901, '4');
    look();
    thread(900, 901, '777');
    for (let i = 0; i < 20; i++) look();
    expect(held(look(), 'net:[777]')).toHaveLength(1);
    kernel.remove('/proc/900');
    expect(held(look(), 'net:[777]')).toBeUndefined();
  });

  it('is all there is to see where the first thread ended before the others', () => {
    put(kernel, 900, { threads: 2, net: '777' });
    thread(900, 901, '777');
    for (const link of NAMESPACE_LINKS) kernel.close(`/proc/900/ns/${link}`, 'absent');
    put(kernel, 900, { threads: 2, net: '777', state: 'Z' });
    for (const link of NAMESPACE_LINKS) kernel.close(`/proc/900/ns/${link}`, 'absent');
    expect(held(look(), 'net:[777]')).toEqual([{ kind: 'thread', pid: 900, tid: 901, link: 'net' }]);
  });

  it('is not looked for where there is one thread, or where we may not', () => {
    put(kernel, 900);
    thread(900, 901, '777');
    put(kernel, 910, { threads: 2 });
    thread(910, 911, '777');
    for (const link of NAMESPACE_LINKS) kernel.close(`/proc/910/ns/${link}`, 'denied');
    expect(held(look(), 'net:[777]')).toBeUndefined();
    expect(kernel.reads.filter((path) => path.includes('/task/9'))).toEqual([]);
  });

  it('is found among more of them than are read at once', () => {
    put(kernel, 900, { threads: 1500 });
    for (let tid = 901; tid < 2400; tid++) kernel.symlink(`/proc/900/task/${tid}/ns/net`, 'net:[4]');
    kernel.symlink('/proc/900/task/2399/ns/net', 'net:[777]');
    kernel.symlink('/proc/900/task/950/ns/net', 'net:[778]');
    for (let i = 0; i < 41; i++) look();
    expect(held(look(), 'net:[777]')).toHaveLength(1);
    expect(held(look(), 'net:[778]')).toHaveLength(1);
  });
});

describe('ages', () => {
  it('say how long ago what is read in turns was read, and are nothing right after the first look', () => {
    put(kernel, 900);
    expect(look().ages).toEqual({ cgroups: 0, rest: 0, binds: 0, fds: 0, threads: 0 });
    const { ages } = look();
    for (const millis of Object.values(ages ?? {})) expect(millis).toBeGreaterThanOrEqual(0);
  });

  it('grow until the turn comes', () => {
    const clock = { now: 1000 };
    const real = performance.now.bind(performance);
    performance.now = () => clock.now;
    try {
      put(kernel, 900);
      let most = 0;
      for (let i = 0; i < 30; i++, clock.now += 1000) most = Math.max(most, look().ages?.cgroups ?? NaN);
      expect(most).toBe(4000);
    } finally {
      performance.now = real;
    }
  });
});
