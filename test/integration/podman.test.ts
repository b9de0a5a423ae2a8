/** Podman for real, through its Docker-compatible socket: lists, pods, acts, events, and its traps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import type { ContainerAction } from '../../shared/container-act.ts';
import type { World } from '../../shared/model.ts';
import { podmanUnavailable, startPodman, type PodmanLab } from '../lab/podman.ts';

const reason = await podmanUnavailable();
const SECONDS = 1000;

describe.skipIf(reason !== null)(`a real Podman${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: PodmanLab;
  let engines: Engines;
  let engine: string;
  const soon = { timeout: 15 * SECONDS, interval: 20 };
  const container = (name: string) => engines.current().containers.find((row) => row.name === name);
  const inspected = async (name: string, format: string): Promise<string> =>
    (await lab.podman('inspect', '--format', format, name)).stdout.trim();
  const world = (): World => {
    const { engines: states, containers } = engines.current();
    return new Collector(new LinuxKernel()).collect(states, containers);
  };
  const act = async (name: string, action: ContainerAction): Promise<void> =>
    engines.act(engine, await inspected(name, '{{.Id}}'), action);

  beforeAll(async () => {
    lab = await startPodman();
    const labels = ['--label', 'color=bl\u001b[31mue', '--label', 'tag=<script>'];
    await lab.podman(
      'run',
      '-d',
      '--name=db',
      ...labels,
      '--restart=on-failure:3',
      '-p',
      '127.0.0.1:7000:6379',
      'redis:alpine',
    );
    await lab.podman('pod', 'create', '--name=shop', '-p', '127.0.0.1:8123:80');
    await lab.podman('run', '-d', '--pod=shop', '--name=cart', 'nginx:alpine');
    await lab.podman('run', '-d', '--pod=shop', '--name=side', 'localhost/busybox', 'sleep', '1000');
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
    engines.start();
    await engines.settled();
  }, 90 * SECONDS);
  afterAll(async () => {
    engines?.stop();
    await lab?.down();
  }, 60 * SECONDS);

  it('is known as Podman, with its version, though the socket’s name says nothing', async () => {
    const version = (await lab.podman('version', '--format', '{{.Client.Version}}')).stdout.trim();
    expect(engines.current().engines[0]).toMatchObject({ condition: 'up', kind: 'podman', version, rootless: false });
  });

  it('lists a container with all that the list leaves out and inspect tells', async () => {
    expect(container('db')).toMatchObject({
      id: await inspected('db', '{{.Id}}'),
      image: 'docker.io/library/redis:alpine',
      command: 'redis-server --protected-mode no',
      state: 'running',
      pid: Number(await inspected('db', '{{.State.Pid}}')),
      networkMode: 'bridge',
      restartPolicy: 'on-failure:3',
      labels: { color: 'bl\u001b[31mue', tag: '<script>' },
      ports: [{ host: '127.0.0.1', hostPort: 7000, port: 6379, protocol: 'tcp' }],
      project: null,
      pod: null,
    });
    expect(container('db')?.status).toMatch(/^Up /);
    expect(container('db')?.startedAt).toBe(
      Date.parse(await inspected('db', '{{.State.StartedAt.Format "2006-01-02T15:04:05.999Z07:00"}}')),
    );
  });

  it('tells which pod a container is in, and which holds the pod’s namespaces', async () => {
    const id = (await lab.podman('pod', 'inspect', '--format', '{{.ID}}', 'shop')).stdout.trim();
    const infra = (await lab.podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', 'shop')).stdout.trim();
    const pod = { id, name: 'shop', infra: false };
    expect(container('cart')).toMatchObject({ pod, project: 'shop' });
    expect(container('side')).toMatchObject({ pod, project: 'shop', networkMode: `container:${infra}` });
    const holder = engines.current().containers.find((row) => row.id === infra);
    expect(holder).toMatchObject({ pod: { ...pod, infra: true }, project: 'shop' });
    expect(engines.current().containers.filter((row) => row.pod?.infra)).toHaveLength(1);
  });

  it('joins what runs with the kernel’s account, and a pod shares net, ipc and uts with its infra container', async () => {
    const now = world();
    const first = (name: string) => {
      const pid = now.containers.find((row) => row.name === name)?.pid;
      return now.processes.find((process) => process.pid === pid);
    };
    for (const name of ['db', 'cart', 'side']) {
      expect(first(name)?.pid, name).toBe(Number(await inspected(name, '{{.State.Pid}}')));
      const joined = now.containers.find((row) => row.name === name);
      expect(joined, name).toMatchObject({ runtime: 'libpod', cgroup: expect.stringContaining(joined?.id ?? '?') });
      const top = (await lab.podman('top', name, 'hpid')).stdout.trim().split('\n').slice(1).map(Number);
      const members = now.processes.filter((process) => process.container === joined?.id).map(({ pid }) => pid);
      expect(members, name).toEqual(top.toSorted((a, b) => a - b));
    }
    const infra = engines.current().containers.find((row) => row.pod?.infra)?.name ?? '?';
    for (const type of ['net', 'ipc', 'uts'] as const) {
      expect(first('cart')?.namespaces[type]).toBe(first(infra)?.namespaces[type]);
      expect(first('side')?.namespaces[type]).toBe(first(infra)?.namespaces[type]);
      expect(first('db')?.namespaces[type]).not.toBe(first(infra)?.namespaces[type]);
    }
    expect(first('cart')?.namespaces.pid).not.toBe(first(infra)?.namespaces.pid);
  });

  it('finds them by the kernel alone when the service cannot be asked', async () => {
    const now = new Collector(new LinuxKernel()).collect([], []);
    const id = await inspected('db', '{{.Id}}');
    expect(now.containers.find((row) => row.id === id)).toMatchObject({
      engine: null,
      runtime: 'libpod',
      pid: Number(await inspected('db', '{{.State.Pid}}')),
    });
  });

  it('is followed by its events, and does what is asked for', async () => {
    await lab.podman(
      'run',
      '-d',
      '--name=one',
      'localhost/busybox',
      'sh',
      '-c',
      'trap "exit 7" TERM; while :; do sleep 0.1; done',
    );
    // Podman may say that it runs a moment before it says as which process.
    await expect.poll(() => container('one')?.pid ?? 0, soon).toBeGreaterThan(0);
    const { id, pid } = container('one') ?? {};
    await act('one', { do: 'pause' });
    await expect.poll(() => container('one')?.state, soon).toBe('paused');
    await act('one', { do: 'unpause' });
    await expect.poll(() => container('one')?.state, soon).toBe('running');
    await act('one', { do: 'rename', name: 'two' });
    await expect.poll(() => container('two')?.pid, soon).toBe(pid);
    await act('two', { do: 'stop', seconds: null });
    await expect.poll(() => container('two'), soon).toMatchObject({ state: 'exited', pid: null, exitCode: 7 });
    await act('two', { do: 'start' });
    await expect.poll(() => container('two')?.state, soon).toBe('running');
    await act('two', { do: 'restart', seconds: 1 });
    await expect.poll(() => container('two')?.pid, soon).toBe(Number(await inspected('two', '{{.State.Pid}}')));
    await act('two', { do: 'kill', signal: 'KILL' });
    await expect.poll(() => container('two'), soon).toMatchObject({ state: 'exited', exitCode: 137 });
    await act('two', { do: 'remove', force: false, volumes: true });
    await expect.poll(() => engines.current().containers.some((row) => row.id === id), soon).toBe(false);
  });

  it('says why not in Podman’s words', async () => {
    await expect(act('db', { do: 'unpause' })).rejects.toMatchObject({
      message: expect.stringContaining('is not paused'),
    });
    await expect(act('cart', { do: 'rename', name: 'db' })).rejects.toMatchObject({
      message: expect.stringContaining('name db already in use'),
    });
    await expect(act('db', { do: 'kill', signal: 'NOSUCH' })).rejects.toMatchObject({
      message: expect.stringContaining('invalid signal: NOSUCH'),
    });
    await expect(engines.act(engine, 'nosuch', { do: 'start' })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('no such container'),
    });
    const infra = engines.current().containers.find((row) => row.pod?.infra)?.id ?? '?';
    await expect(engines.act(engine, infra, { do: 'remove', force: true, volumes: false })).rejects.toMatchObject({
      message: expect.stringMatching(/is the infra container of pod .* cannot be removed without removing the pod/),
    });
  });

  it('tells of an ended container’s health and state as it is told', async () => {
    await lab.podman(
      'run',
      '-d',
      '--name=well',
      '--health-cmd=true',
      '--health-interval=disable',
      'localhost/busybox',
      'sleep',
      '1000',
    );
    await expect.poll(() => container('well')?.health, soon).toBe('starting');
    await lab.podman('healthcheck', 'run', 'well');
    // Podman announces no change of health before 4.4; the next list brings it.
    await act('well', { do: 'pause' });
    await expect.poll(() => container('well')?.health, soon).toBe('healthy');
    await lab.podman('rm', '-f', '-t', '0', 'well');
  });

  it('goes when its pod goes', async () => {
    await lab.podman('pod', 'create', '--name=brief');
    await lab.podman('run', '-d', '--pod=brief', '--name=guest', 'localhost/busybox', 'sleep', '1000');
    await expect.poll(() => container('guest')?.pod?.name, soon).toBe('brief');
    await lab.podman('pod', 'rm', '-f', '-t', '0', 'brief');
    await expect.poll(() => engines.current().containers.filter((row) => row.pod?.name === 'brief'), soon).toEqual([]);
  });
});

const rootlessReason = await podmanUnavailable(true);
describe.skipIf(rootlessReason !== null)(
  `a real rootless Podman${rootlessReason === null ? '' : ` (cannot run: ${rootlessReason})`}`,
  () => {
    let lab: PodmanLab;
    let engines: Engines;

    beforeAll(async () => {
      lab = await startPodman({ rootless: true });
      await lab.podman('run', '-d', '--name=mine', '--network=none', 'localhost/busybox', 'sleep', '1000');
      engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
      engines.start();
      await engines.settled();
    }, 90 * SECONDS);
    afterAll(async () => {
      engines?.stop();
      await lab?.down();
    }, 60 * SECONDS);

    it('is known as rootless, and its container is joined by its first process where it has no cgroup of its own', async () => {
      const { engines: states, containers } = engines.current();
      expect(states[0]).toMatchObject({ condition: 'up', kind: 'podman', rootless: true });
      const now = new Collector(new LinuxKernel()).collect(states, containers);
      const pid = Number((await lab.podman('inspect', '--format', '{{.State.Pid}}', 'mine')).stdout);
      const mine = now.containers.find((row) => row.name === 'mine');
      expect(mine).toMatchObject({ state: 'running', pid, networkMode: 'none' });
      const first = now.processes.find((process) => process.pid === pid);
      expect(first?.container).toBe(mine?.id);
      expect(first?.namespaces.user).not.toBe(now.host.namespaces.user);
      // Root in the container is the user outside.
      expect(first?.uid).toBeGreaterThan(0);
    });
  },
);
