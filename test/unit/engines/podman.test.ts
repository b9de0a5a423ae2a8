import { expect, it, onTestFinished } from 'vitest';
import { DockerEngine } from '../../../electron/host/engines/docker.ts';
import { podmanUpdate } from '../../../electron/host/engines/podman.ts';
import { FakeDaemon, idOf } from './fake-daemon.ts';

const LIBPOD = '/v4.0.0/libpod/containers/json';

const connected = async (prepare: (daemon: FakeDaemon) => void) => {
  const daemon = await FakeDaemon.start();
  daemon.containers.set(idOf(1), { name: 'cart' });
  prepare(daemon);
  const engine = new DockerEngine(daemon.place);
  onTestFinished(async () => {
    engine.close();
    await daemon.close();
  });
  const { signal } = new AbortController();
  await engine.ping(signal);
  return { daemon, engine, signal, list: () => engine.list(null, signal) };
};

it('asks Docker once whether it knows pods, and never for them', async () => {
  const { daemon, list } = await connected(() => undefined);
  expect((await list())[0]).toMatchObject({ pod: null, project: null });
  await list();
  expect(daemon.asked.filter((path) => path === '/libpod/_ping')).toHaveLength(1);
  expect(daemon.asked).not.toContain(LIBPOD);
});

it('tells the pods that Podman tells, whatever else stands there', async () => {
  const { list } = await connected((daemon) => {
    daemon.instead.set('/libpod/_ping', (_, response) => void response.end('OK'));
    const entries = [{ Id: idOf(1), Pod: 'abc', PodName: '<b>', IsInfra: true }, { Id: 7, Pod: 'x' }, null, 'x'];
    daemon.instead.set(LIBPOD, (_, response) => void response.end(JSON.stringify(entries)));
  });
  expect((await list())[0]).toMatchObject({ pod: { id: 'abc', name: '<b>', infra: true }, project: '<b>' });
});

it('lists the containers of a Podman that is too old to tell its pods', async () => {
  const { list } = await connected((daemon) => {
    daemon.instead.set('/libpod/_ping', (_, response) => void response.end('OK'));
    daemon.instead.set(LIBPOD, (_, response) => void response.writeHead(404).end('{"message":"no"}'));
  });
  expect((await list())[0]).toMatchObject({ name: 'cart', pod: null });
});

it('asks for limits as runtimes name them, and for a restart policy only by itself', () => {
  const restart = { Name: 'on-failure', MaximumRetryCount: 3 };
  expect(podmanUpdate({ Memory: 1, MemorySwap: 2, CpuQuota: 3, PidsLimit: 4, RestartPolicy: restart })).toEqual({
    resources: { memory: { limit: 1, swap: 2 }, cpu: { quota: 3 }, pids: { limit: 4 } },
    query: {},
  });
  expect(podmanUpdate({ RestartPolicy: restart })).toEqual({
    resources: {},
    query: { restartPolicy: 'on-failure', restartRetries: '3' },
  });
});

it('says that a Podman before 4.3 changes no limits, and of a container that has gone that it has', async () => {
  const { daemon, engine, signal } = await connected((daemon) => {
    daemon.instead.set('/libpod/_ping', (_, response) => void response.end('OK'));
    daemon.instead.set(LIBPOD, (_, response) => void response.end('[]'));
  });
  const path = `/v4.0.0/libpod/containers/${idOf(1)}/update`;
  await engine.list(null, signal);
  daemon.instead.set(path, (_, response) => void response.writeHead(404).end('Not Found'));
  await expect(engine.update(idOf(1), { Memory: 1 }, signal)).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('since 4.3'),
  });
  const words = JSON.stringify({ message: 'no such container' });
  daemon.instead.set(path, (_, response) => void response.writeHead(404).end(words));
  await expect(engine.update(idOf(1), { Memory: 1 }, signal)).rejects.toMatchObject({ code: 'not-found' });
});
