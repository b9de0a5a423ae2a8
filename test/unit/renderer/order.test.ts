import { describe, expect, it } from 'vitest';
import {
  ageWords,
  containerName,
  groupContainers,
  noProcessWords,
  stateWords,
} from '../../../renderer/views/containers/order.ts';
import { firstProcess } from '../../../renderer/views/containers/first-process.ts';
import { containerRows, containersSummary } from '../../../renderer/views/containers/rows.ts';
import { aContainer, aProcess } from '../shared/world.ts';

const names = (containers: Parameters<typeof groupContainers>[0]) =>
  groupContainers(containers).map(({ project, containers: members }) => [project, ...members.map(containerName)]);

it('groups by project, those of none first, the living before the ended, each by name', () => {
  expect(
    names([
      aContainer('a'.repeat(64), { name: 'web' }),
      aContainer('b'.repeat(64), { name: 'migrate', project: 'shop', state: 'exited' }),
      aContainer('c'.repeat(64), { name: 'worker', project: 'shop' }),
      aContainer('d'.repeat(64), { name: 'db' }),
    ]),
  ).toEqual([
    [null, 'db', 'web'],
    ['shop', 'worker', 'migrate'],
  ]);
});

it('keeps apart a pod and a project of one name, and those of two engines', () => {
  const project = { project: 'shop', labels: { 'com.docker.compose.project': 'shop' } };
  const pod = { project: 'shop', pod: { id: 'p', name: 'shop', infra: false } };
  const groups = groupContainers([
    aContainer('a'.repeat(64), { name: 'one', ...project, engine: 'unix:///1' }),
    aContainer('b'.repeat(64), { name: 'two', ...project, engine: 'unix:///2' }),
    aContainer('c'.repeat(64), { name: 'three', ...pod, engine: 'unix:///2' }),
    aContainer('d'.repeat(64), { name: 'four', ...project, engine: 'unix:///1' }),
  ]);
  expect(
    groups.map(({ kind, project, engine, containers }) => [kind, project, engine, ...containers.map(containerName)]),
  ).toEqual([
    ['pod', 'shop', 'unix:///2', 'three'],
    ['project', 'shop', 'unix:///1', 'four', 'one'],
    ['project', 'shop', 'unix:///2', 'two'],
  ]);
  expect(new Set(groups.map(({ key }) => key)).size).toBe(3);
});

it('calls a container without a name by the beginning of its ID', () => {
  expect(containerName({ name: null, id: 'f'.repeat(64) })).toBe('f'.repeat(12));
});

it('tells how a container ended', () => {
  expect(stateWords({ state: 'exited', exitCode: 137, health: 'unhealthy' })).toBe('exited 137');
  expect(stateWords({ state: 'paused', exitCode: null, health: null })).toBe('paused');
});

it('says what a running container’s own check found', () => {
  expect(stateWords({ state: 'running', exitCode: null, health: 'unhealthy' })).toBe('running, unhealthy');
  expect(stateWords({ state: 'running', exitCode: null, health: null })).toBe('running');
});

it('takes the engine’s word for the first process, else the oldest', () => {
  const container = aContainer('a'.repeat(64), { pid: null });
  const processes = [
    aProcess({ pid: 7, starttime: 90, container: container.id }),
    aProcess({ pid: 9, starttime: 50, container: container.id }),
  ];
  expect(firstProcess(container, processes)?.pid).toBe(9);
  expect(firstProcess({ ...container, pid: 7 }, processes)?.pid).toBe(7);
  expect(firstProcess(container, [])).toBeNull();
});

it('counts a container’s processes and filters by every word', () => {
  const container = aContainer('a'.repeat(64), { name: 'db', image: 'redis:alpine', pid: 7 });
  const processes = [7, 8].map((pid) => aProcess({ pid, comm: 'redis-server', container: container.id }));
  expect(containerRows([container], processes, '')).toEqual([
    { key: '', kind: null, project: null, engine: null, rows: [{ container, processes: 2, comm: 'redis-server' }] },
  ]);
  expect(containerRows([container], processes, 'redis 7')).toHaveLength(1);
  expect(containerRows([container], processes, 'redis nginx')).toEqual([]);
  const told = { ...container, restartPolicy: 'unless-stopped', labels: { tier: 'back' } };
  expect(containerRows([told], processes, 'unless tier=back')).toHaveLength(1);
  expect(containerRows([told], processes, 'tier=front')).toEqual([]);
});

it('says of one that lives and has no process here that none is seen, not that it has none', () => {
  expect(noProcessWords({ state: 'running' })).toBe('None of its processes is seen on this machine');
  expect(noProcessWords({ state: 'exited' })).toBe('It has no process: it is exited');
});

it('says where containers are known from', () => {
  const containers = [aContainer('a'.repeat(64)), aContainer('b'.repeat(64), { state: 'exited' })];
  expect(containersSummary(containers, true)).toBe('2, 1 running');
  expect(containersSummary(containers, false)).toBe('2, found by their cgroups');
});

describe('ages', () => {
  const NOW = Date.parse('2026-11-24T06:00:00');
  const aged = (some: Partial<Parameters<typeof ageWords>[0]>): string =>
    ageWords({ state: 'running', status: 'Up Less than a second', createdAt: NOW - 9e6, startedAt: null, finishedAt: null, ...some }, NOW); // prettier-ignore

  it('are reckoned from moments, for the engine’s words go stale', () => {
    expect(aged({ startedAt: NOW - 12_000 })).toBe('up 12 s');
    expect(aged({ state: 'paused', startedAt: NOW - 240_000 })).toBe('up 4 min');
    expect(aged({ state: 'exited', startedAt: NOW - 240_000, finishedAt: NOW - 180_000 })).toBe('ended 3 min ago');
    expect(aged({ state: 'created', status: 'Created' })).toMatch(/^created 24 Nov /);
  });

  it('are the engine’s words where no moment is known', () => {
    expect(aged({ status: 'Exited (0) 2 hours ago', state: 'exited' })).toBe('Exited (0) 2 hours ago');
    expect(aged({ status: null, createdAt: null })).toBe('');
  });
});
