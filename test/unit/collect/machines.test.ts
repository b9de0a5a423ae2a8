/** Captured and constructed machines, one after another, and what must be said of each in words. */
import { describe, expect, it } from 'vitest';
import { Collector } from '../../../electron/host/collect/collector.ts';
import { readCgroupDetail } from '../../../electron/host/collect/cgroup-detail.ts';
import { readCgroupTree } from '../../../electron/host/collect/cgroups.ts';
import { capture } from '../../trees/capture.ts';
import { CapturedKernel } from '../../trees/captured-kernel.ts';
import { NAMESPACE_TYPES, type NamespaceType } from '../../../shared/model.ts';
import { tree } from './tree.ts';

const MACHINES = ['unshared', 'hybrid-docker', 'v2-only', 'kubepods-systemd', 'rootless-podman'].concat([
  'hidepid-1',
  'hidepid-2',
  'linux-4.19',
]);

const machine = (name: string) => {
  const kernel = tree(name);
  const collector = new Collector(kernel);
  const world = collector.collect([], []);
  const called = (comm: string) => {
    const found = world.processes.filter((process) => process.comm === comm);
    if (found.length === 0) throw new Error(`nobody is called ${comm}`);
    return found;
  };
  const one = (comm: string) => called(comm)[0]!;
  /** `memory 67108864 memory.max of …/docker-ID.scope`, the directory's last name. */
  const limits = (comm: string) =>
    collector.detail(one(comm).key).limits.map(({ resource, limit, path }) => {
      const [folder, file] = path.split('/').slice(-2);
      return `${resource} ${limit.ok ? limit.value : limit.why}: ${file} of ${folder?.slice(0, 24)}`;
    });
  /** Types in which both are in the same namespace, in the order of the app. */
  const shared = (a: string, b: string): NamespaceType[] =>
    NAMESPACE_TYPES.filter((type) => {
      const id = one(a).namespaces[type];
      return id !== null && id === one(b).namespaces[type];
    });
  const runtimes = world.containers.map(({ runtime }) => runtime).sort();
  return { kernel, collector, world, called, one, limits, shared, runtimes };
};

describe.each(MACHINES)('the machine %s', (name) => {
  it('is read by every reader without one that gives up, and twice the same', () => {
    const { kernel, collector, world } = machine(name);
    for (const { key } of world.processes) collector.detail(key);
    const { nodes } = name === 'unshared' ? { nodes: [] } : readCgroupTree(kernel);
    for (const { path } of nodes) readCgroupDetail(kernel, path, world.host);
    const again = collector.collect([], []);
    expect(again.processes).toBe(world.processes);
    expect(again.namespaces).toBe(world.namespaces);
    expect(world.processes.length).toBeGreaterThan(1);
    expect(nodes.length > 0 || name === 'unshared').toBe(true);
  });

  it('has no process malformed, and none whose own files contradict each other', () => {
    const { world } = machine(name);
    expect(world.unread.files.filter(({ why }) => why === 'malformed')).toEqual([]);
    for (const { pid, nspid, kernelThread, residentBytes } of world.processes) {
      if (nspid.length > 0) expect(nspid[0]).toBe(pid);
      expect(residentBytes === null).toBe(kernelThread);
    }
  });

  it('captured again holds the same machine', () => {
    const { world } = machine(name);
    const pids = world.processes.map(({ pid }) => pid);
    const again = new Collector(new CapturedKernel(capture(tree(name), { comment: '', pids }))).collect([], []);
    expect(again.processes).toEqual(world.processes);
    expect(again.namespaces).toEqual(world.namespaces);
    expect(again.containers).toEqual(world.containers);
  });
});

describe('hybrid cgroups with Docker', () => {
  const { world, limits, shared, runtimes, one, called } = machine('hybrid-docker');

  it('has three containers in both versions at once, known by their paths in v1', () => {
    expect(world.host).toMatchObject({ cgroup: 'hybrid', namespacesOf: 'this process' });
    expect(runtimes).toEqual(['docker', 'docker', 'docker']);
    expect(called('nginx').map(({ container }) => container)).toEqual(Array(3).fill(one('nginx').container));
  });

  it('has web in the network namespace of db, and otherwise apart from it', () => {
    expect(shared('nginx', 'redis-server')).toEqual(['net', 'user', 'cgroup', 'time']);
    expect(shared('sleep', 'redis-server')).toEqual(['user', 'cgroup', 'time']);
  });

  it('finds each limit in the hierarchy of its controller', () => {
    const id = one('sleep').container!.slice(0, 24);
    expect(limits('sleep')).toEqual([
      `memory 67108864: memory.limit_in_bytes of ${id}`,
      `cpu 0.5: cpu.cfs_quota_us of ${id}`,
      `pids 40: pids.max of ${id}`,
    ]);
    expect(limits('redis-server').map((line) => line.split(':')[0])).toEqual(['memory max', 'cpu max', 'pids max']);
  });
});

describe('cgroup v2 only', () => {
  const { world, limits, shared, runtimes, one } = machine('v2-only');

  it('has one hierarchy and two containers of the systemd driver', () => {
    expect(world.host).toMatchObject({ cgroup: 'v2', namespacesOf: 'pid 1' });
    expect(runtimes).toEqual(['docker', 'docker']);
    expect(one('cron').container).toBeNull();
  });

  it('has web in the network, IPC and UTS namespaces of db', () => {
    expect(shared('web', 'db')).toEqual(['uts', 'ipc', 'net', 'user', 'time']);
    expect(shared('cron', 'db')).toEqual(['user', 'time']);
  });

  it('takes the tightest limit on the way up', () => {
    const scope = (comm: string) => `docker-${one(comm).container!}`.slice(0, 24);
    expect(limits('db').slice(0, 2)).toEqual([
      `memory 67108864: memory.max of ${scope('db')}`,
      `cpu 0.5: cpu.max of ${scope('db')}`,
    ]);
    expect(limits('web')).toContain('memory 536870912: memory.max of system.slice');
    expect(limits('web')).toContain(`pids 100: pids.max of ${scope('web')}`);
  });
});

describe('a node of Kubernetes, systemd driver', () => {
  const { limits, shared, runtimes, one, called } = machine('kubepods-systemd');

  it('has six containers: four of containerd, two of CRI-O; its conmon and the kubelet are in none', () => {
    expect(runtimes).toEqual(['containerd', 'containerd', 'containerd', 'containerd', 'crio', 'crio']);
    expect([one('conmon').container, one('kubelet').container]).toEqual([null, null]);
    expect(new Set(called('pause').map(({ container }) => container)).size).toBe(3);
  });

  it('has each container in the network of its pod, held by the pause container, and in no other', () => {
    const pods = called('pause').map(({ namespaces }) => namespaces.net);
    const nets = ['exact', 'bursting', 'leftover'].map((comm) => one(comm).namespaces.net);
    expect([...nets].sort()).toEqual([...pods].sort());
    expect(new Set(nets).size).toBe(3);
    expect(shared('exact', 'bursting')).toEqual(['user', 'time']);
  });

  it('has limits of the pod, of its class and of all pods', () => {
    expect(limits('exact').slice(0, 2)).toEqual([
      `memory 134217728: memory.max of cri-containerd-${one('exact').container!.slice(0, 9)}`,
      `cpu 0.5: cpu.max of cri-containerd-${one('exact').container!.slice(0, 9)}`,
    ]);
    // Its own limit is looser than that of its pod.
    expect(limits('bursting')).toContain('memory 268435456: memory.max of kubepods-burstable-pod22');
    expect(limits('leftover')).toContain('memory 805306368: memory.max of kubepods.slice');
    expect(limits('leftover')).toContain('pids 4000: pids.max of kubepods.slice');
  });
});

describe('rootless Podman', () => {
  const { world, collector, shared, called, one } = machine('rootless-podman');

  it('has containers in the user namespace of their user, with his numbers mapped', () => {
    const [sleep] = called('sleep');
    expect(sleep).toMatchObject({ uid: 1777, container: null });
    expect(sleep!.namespaces.user).not.toBe(world.host.namespaces.user);
    expect(collector.detail(sleep!.key).uidMap).toEqual({
      ok: true,
      value: [
        { inside: 0, outside: 1777, count: 1 },
        { inside: 1, outside: 100000, count: 65536 },
      ],
    });
  });

  it('says of cgroups that nobody made for them that they tell of no container', () => {
    expect(world.containers).toEqual([]);
  });

  it('has the second container in the network namespace of the first, both in the user namespace of podman', () => {
    const [first, second] = called('sleep');
    expect(second!.namespaces.net).toBe(first!.namespaces.net);
    expect(second!.namespaces.pid).not.toBe(first!.namespaces.pid);
    expect(shared('sleep', 'podman pause')).toEqual(['user', 'cgroup', 'time']);
    expect(shared('conmon', 'podman pause')).toContain('user');
    expect(one('conmon').nspid).toEqual([one('conmon').pid]);
  });
});

describe('hidepid, as an ordinary user', () => {
  it('1: counts those whose stat is closed, and shows its own', () => {
    const { world, called } = machine('hidepid-1');
    expect(world.unread.hidden).toBeGreaterThan(1);
    expect(world.host).toMatchObject({ uid: 1000, user: 'user1', namespacesOf: 'this process' });
    expect(world.processes.every(({ uid }) => uid === 1000)).toBe(true);
    expect(called('watcher')).toHaveLength(1);
  });

  it('2: sees nothing of the others, not even how many', () => {
    const { world, called } = machine('hidepid-2');
    expect(world.unread.hidden).toBe(0);
    expect(world.processes.every(({ uid }) => uid === 1000)).toBe(true);
    expect(called('apart')[0]!.namespaces.user).not.toBe(world.host.namespaces.user);
  });
});

describe('Linux 4.19', () => {
  const { world, collector, limits, one, runtimes } = machine('linux-4.19');

  it('has no time namespaces, and says so once and for all, without calling a process half-read', () => {
    expect(world.host).toMatchObject({ cgroup: 'v1', kernel: '4.19.0-27-amd64', namespacesOf: 'pid 1' });
    expect(world.namespaces.some(({ type }) => type === 'time')).toBe(false);
    expect(world.unread).toEqual({
      processes: 0,
      hidden: 0,
      files: [{ file: 'ns/*', why: 'absent', count: world.processes.length }],
    });
  });

  it('has 38 capabilities and counts no seccomp filters', () => {
    expect(collector.detail(one('db').key).status).toMatchObject({
      ok: true,
      value: { capabilities: { bounding: '0000003fffffffff' }, seccomp: 0, seccompFilters: null },
    });
  });

  it('finds the container and the limit that a level above it sets', () => {
    expect(runtimes).toEqual(['docker']);
    const id = one('db').container!.slice(0, 24);
    expect(limits('db')).toEqual([
      'memory 134217728: memory.limit_in_bytes of docker',
      // Its quota is of 1.5 CPUs, but it is given only one of the two to run on.
      `cpu 1: cpuset.effective_cpus of ${id}`,
      `pids 50: pids.max of ${id}`,
    ]);
  });
});
