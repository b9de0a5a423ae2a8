import { describe, expect, it } from 'vitest';
import { joinContainers, type EngineContainer } from '../../../electron/host/collect/containers.ts';
import { NAMESPACE_LINKS, processKey, type NamespaceId, type Process } from '../../../shared/model.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

interface Told {
  readonly ppid?: number;
  readonly starttime?: number;
  /** v1's memory and v2 alike. */
  readonly cgroup?: string;
  readonly pidns?: number | null;
  readonly mnt?: number | null;
  readonly nspid?: readonly number[];
}

const HOST = 4026531836;

function aProcess(pid: number, told: Told = {}): Process {
  const { ppid = 1, starttime = 100 + pid, cgroup = '/', pidns = HOST, mnt = pidns } = told;
  const nspid = told.nspid ?? (pidns === HOST ? [pid] : [pid, pid]);
  const none = Object.fromEntries(NAMESPACE_LINKS.map((link) => [link, null])) as Process['namespaces'];
  const spelt = (type: 'pid' | 'mnt', inode: number | null): NamespaceId | null =>
    inode === null ? null : `${type}:[${inode}]`;
  return {
    key: processKey(pid, starttime),
    pid,
    ppid,
    starttime,
    comm: 'x',
    cmdline: [],
    cmdlineCut: false,
    state: 'S',
    uid: 0,
    euid: 0,
    user: 'root',
    nspid,
    threads: 1,
    kernelThread: false,
    pgrp: pid,
    session: pid,
    tty: null,
    cpuTicks: 0,
    residentBytes: 0,
    virtualBytes: 0,
    namespaces: { ...none, pid: spelt('pid', pidns), mnt: spelt('mnt', mnt) },
    cgroups: [{ hierarchy: 4, controllers: ['memory'], path: cgroup }],
    frozen: null,
    container: null,
    unread: [],
  };
}

function listed(id: string, pid: number | null, more: Partial<EngineContainer> = {}): EngineContainer {
  return {
    id,
    engine: 'unix:///run/docker.sock',
    told: 0,
    name: id.slice(0, 1),
    image: null,
    command: null,
    state: pid === null ? 'exited' : 'running',
    status: null,
    health: null,
    createdAt: null,
    startedAt: null,
    finishedAt: null,
    exitCode: null,
    pid,
    labels: {},
    ports: [],
    networkMode: null,
    pidMode: null,
    ipcMode: null,
    restartPolicy: null,
    autoRemove: null,
    project: null,
    pod: null,
    ...more,
  };
}

const init = aProcess(1, { ppid: 0, starttime: 1 });
const assigned = (
  processes: readonly Process[],
  containers: readonly EngineContainer[],
): Record<string, string | undefined> => {
  const { of } = joinContainers(processes, containers);
  return Object.fromEntries(processes.flatMap((p) => (of.has(p.key) ? [[p.pid, of.get(p.key)?.slice(0, 1)]] : [])));
};

describe('by cgroup', () => {
  it('joins every process below the container’s cgroup and names that cgroup', () => {
    const processes = [
      init,
      aProcess(10, { cgroup: `/docker/${A}`, pidns: 5, nspid: [10, 1] }),
      aProcess(11, { cgroup: `/docker/${A}/inner`, pidns: 5, nspid: [11, 2] }),
      aProcess(12),
    ];
    expect(assigned(processes, [listed(A, 10)])).toEqual({ 10: 'a', 11: 'a' });
    expect(joinContainers(processes, [listed(A, 10)]).containers).toEqual([
      { ...listed(A, 10), runtime: 'docker', cgroup: `/docker/${A}` },
    ]);
  });

  it('prefers v2’s path where that names the container, and v1’s where v2 says only the root', () => {
    const both = (v2: string): Process => ({
      ...aProcess(10, { pidns: 5, nspid: [10, 1] }),
      cgroups: [
        { hierarchy: 4, controllers: ['memory'], path: `/docker/${A}` },
        { hierarchy: 0, controllers: [], path: v2 },
      ],
    });
    const cgroup = (v2: string): unknown => joinContainers([init, both(v2)], [listed(A, 10)]).containers[0]?.cgroup;
    expect(cgroup(`/system.slice/docker-${A}.scope`)).toBe(`/system.slice/docker-${A}.scope`);
    expect(cgroup('/')).toBe(`/docker/${A}`);
  });

  it('shows a container that no engine lists, with its inner PID 1, or else its oldest process, as the first', () => {
    const processes = [
      init,
      aProcess(20, { cgroup: `/lxc.payload.web`, pidns: 7, nspid: [20, 9], starttime: 50 }),
      aProcess(21, { cgroup: `/lxc.payload.web`, pidns: 7, nspid: [21, 1], starttime: 60 }),
      aProcess(31, { cgroup: `/docker/${B}`, starttime: 90 }),
      aProcess(30, { cgroup: `/docker/${B}`, starttime: 91 }),
    ];
    const { containers } = joinContainers(processes, []);
    expect(containers.map(({ id, engine, state, pid, runtime }) => ({ id, engine, state, pid, runtime }))).toEqual([
      { id: B, engine: null, state: 'running', pid: 31, runtime: 'docker' },
      { id: 'web', engine: null, state: 'running', pid: 21, runtime: 'lxc' },
    ]);
  });

  it('keeps a --pid=host container to its own cgroup', () => {
    const processes = [init, aProcess(10, { cgroup: `/docker/${A}`, mnt: 9 }), aProcess(11, { ppid: 1 })];
    expect(assigned(processes, [listed(A, 10, { pidMode: 'host' })])).toEqual({ 10: 'a' });
  });

  it('tells apart two containers in one pid namespace', () => {
    const processes = [
      init,
      aProcess(10, { cgroup: `/docker/${A}`, pidns: 5, nspid: [10, 1] }),
      aProcess(20, { cgroup: `/docker/${B}`, pidns: 5, nspid: [20, 7] }),
      aProcess(21, { cgroup: `/docker/${B}`, pidns: 5, ppid: 20, nspid: [21, 8] }),
    ];
    expect(assigned(processes, [listed(A, 10), listed(B, 20, { pidMode: `container:${A}` })])).toEqual({
      10: 'a',
      20: 'b',
      21: 'b',
    });
  });

  it('does not let a container pass for another by a cgroup it made inside its own', () => {
    const processes = [
      init,
      aProcess(10, { cgroup: `/docker/${A}`, pidns: 5, nspid: [10, 1] }),
      aProcess(11, { cgroup: `/docker/${A}/docker-${B}.scope`, pidns: 5, nspid: [11, 2] }),
      aProcess(20, { cgroup: `/docker/${B}`, pidns: 6, nspid: [20, 1] }),
    ];
    expect(assigned(processes, [listed(A, 10), listed(B, 20)])).toEqual({ 10: 'a', 11: 'a', 20: 'b' });
  });

  it('takes the container that Porthole itself runs in for the ground', () => {
    const own = `/docker/${A}`;
    const processes = [
      aProcess(1, { cgroup: own }),
      aProcess(2, { cgroup: own }),
      aProcess(10, { cgroup: `${own}/docker/${B}`, pidns: 5, nspid: [10, 1] }),
    ];
    expect(assigned(processes, [])).toEqual({ 10: 'b' });
  });
});

describe('without a cgroup of its own', () => {
  it('joins by init, by its pid namespace, and by descent into a namespace made inside', () => {
    const processes = [
      init,
      aProcess(10, { pidns: 5, nspid: [10, 1] }),
      aProcess(11, { pidns: 5, ppid: 1, nspid: [11, 2] }),
      aProcess(12, { pidns: 6, ppid: 11, nspid: [12, 3, 1] }),
      aProcess(13),
    ];
    expect(assigned(processes, [listed(A, 10)])).toEqual({ 10: 'a', 11: 'a', 12: 'a' });
  });

  it('leaves a process out whose pid namespace two containers share, unless its parents tell', () => {
    const processes = [
      init,
      aProcess(10, { pidns: 5, nspid: [10, 1] }),
      aProcess(20, { pidns: 5, nspid: [20, 7] }),
      aProcess(21, { pidns: 5, ppid: 20, nspid: [21, 8] }),
      aProcess(30, { pidns: 5, ppid: 1, nspid: [30, 9] }),
    ];
    expect(assigned(processes, [listed(A, 10), listed(B, 20)])).toEqual({ 10: 'a', 20: 'b', 21: 'b' });
  });

  it('takes only the descendants of a --pid=host container', () => {
    const processes = [init, aProcess(10, { mnt: 9 }), aProcess(11, { mnt: 9, ppid: 10 }), aProcess(12)];
    expect(assigned(processes, [listed(A, 10, { pidMode: 'host' })])).toEqual({ 10: 'a', 11: 'a' });
  });

  it('does not take a stranger with the same number for the init of an engine that counts elsewhere', () => {
    const processes = [init, aProcess(10), aProcess(11, { ppid: 10 })];
    const { containers, of } = joinContainers(processes, [listed(A, 10)]);
    expect(of.size).toBe(0);
    expect(containers[0]).toMatchObject({ id: A, state: 'running', pid: null, cgroup: null });
  });

  it('does not take the host’s pid namespace for a container’s where PID 1 may not be read', () => {
    const closed = { pidns: null, mnt: null };
    const processes = [
      aProcess(1, { ...closed, nspid: [1] }),
      aProcess(10, { pidns: HOST, nspid: [10] }),
      aProcess(11, { pidns: HOST, nspid: [11] }),
    ];
    expect(assigned(processes, [listed(A, 10, { pidMode: 'host' })])).toEqual({});
  });

  it('ends on parents that form a ring', () => {
    const processes = [
      init,
      aProcess(10, { pidns: 5, nspid: [10, 1] }),
      aProcess(40, { ppid: 41, starttime: 7 }),
      aProcess(41, { ppid: 40, starttime: 7 }),
    ];
    expect(assigned(processes, [listed(A, 10)])).toEqual({ 10: 'a' });
  });
});

describe('the list', () => {
  it('is sorted by id, one row an id, the first engine’s', () => {
    const { containers } = joinContainers([], [listed(B, null), listed(A, null), listed(B, null, { engine: 'other' })]);
    expect(containers.map(({ id, engine }) => [id.slice(0, 1), engine])).toEqual([
      ['a', 'unix:///run/docker.sock'],
      ['b', 'unix:///run/docker.sock'],
    ]);
  });

  it('gives a running container the pid that runs now where the engine’s is old or missing', () => {
    const processes = [init, aProcess(10, { cgroup: `/docker/${A}`, pidns: 5, nspid: [10, 1] })];
    expect(joinContainers(processes, [listed(A, 9)]).containers[0]?.pid).toBe(10);
    expect(joinContainers(processes, [listed(A, null, { state: 'running' })]).containers[0]?.pid).toBe(10);
  });

  it('takes a container for running that its engine fell silent about, if its processes are here', () => {
    const processes = [init, aProcess(10, { cgroup: `/docker/${A}`, pidns: 5, nspid: [10, 1] })];
    const silent = [listed(A, null, { state: 'unknown' }), listed(B, null, { state: 'unknown' })];
    const { containers } = joinContainers(processes, silent);
    expect(containers.map(({ state, pid }) => [state, pid])).toEqual([
      ['running', 10],
      ['unknown', null],
    ]);
  });

  it('keeps the engine’s pid while that process is not in this look', () => {
    expect(joinContainers([init], [listed(A, 77)]).containers[0]?.pid).toBe(77);
  });
});
