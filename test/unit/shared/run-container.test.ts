import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { createBody } from '../../../shared/run-body.ts';
import { plainRun, runArgv, RunOptions } from '../../../shared/run-container.ts';

const with_ = (some: Partial<RunOptions>): RunOptions => ({ ...plainRun('redis:alpine'), ...some });

describe('docker run, from a form', () => {
  it('is the walk-through’s two lines', () => {
    expect(runArgv(with_({ name: 'db' }))).toEqual(['run', '-d', '--name=db', 'redis:alpine']);
    expect(runArgv({ ...with_({ name: 'web', net: { container: 'db' } }), image: 'nginx:alpine' })).toEqual([
      'run',
      '-d',
      '--name=web',
      '--net=container:db',
      'nginx:alpine',
    ]);
  });

  it('puts the command last, where no option of it is taken for docker’s', () => {
    expect(runArgv(with_({ command: ['-d', '--privileged'] })).slice(-3)).toEqual([
      'redis:alpine',
      '-d',
      '--privileged',
    ]);
  });

  it('spells limits so that they come out exactly', () => {
    const memory = (memoryBytes: number): string | undefined => runArgv(with_({ memoryBytes })).at(-2);
    expect(memory(512 * 1024 ** 2)).toBe('--memory=512m');
    expect(memory(50_000_001)).toBe('--memory=50000001b');
    expect(runArgv(with_({ milliCpus: 500 })).at(-2)).toBe('--cpus=0.5');
    expect(createBody(with_({ milliCpus: 1 })).HostConfig.NanoCpus).toBe(1_000_000);
  });

  it('publishes on an address, on any free port, and by another protocol', () => {
    const port = { address: null, hostPort: null, port: 80, protocol: 'tcp' } as const;
    const ports = [
      port,
      { ...port, hostPort: 8080 },
      { ...port, address: '127.0.0.1' },
      { ...port, address: '::1', hostPort: 53, protocol: 'udp' } as const,
    ];
    expect(runArgv(with_({ ports })).slice(2, -1)).toEqual([
      '--publish=80',
      '--publish=8080:80',
      '--publish=127.0.0.1::80',
      '--publish=[::1]:53:80/udp',
    ]);
  });

  it('refuses what docker would take for something else', () => {
    const takes = (some: object): boolean => v.is(RunOptions, { ...plainRun('redis'), ...some });
    expect(takes({})).toBe(true);
    for (const bad of [
      { image: '--privileged' },
      { image: '' },
      { image: 'a b' },
      { net: { container: '--x' } },
      { net: 'container:db' },
      { capAdd: ['EVERYTHING'] },
      { env: [{ name: 'A=B', value: '' }] },
      { env: [{ name: '', value: '' }] },
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
      { volumes: [{ source: './here', target: '/x', mode: [] }] },
      { volumes: [{ source: '/a:b', target: '/x', mode: [] }] },
      { volumes: [{ source: null, target: 'x', mode: [] }] },
      { volumes: [{ source: null, target: '/x', mode: ['ro'] }] },
      { volumes: [{ source: 'name', target: '/x', mode: ['rshared'] }] },
      { volumes: [{ source: '/a', target: '/x', mode: ['z', 'Z'] }] },
      { volumes: [{ source: '/a', target: '/x', mode: ['shared', 'slave'] }] },
      { restart: 'always:3' },
      { restart: 'on-failure:0' },
      { seccomp: 'profile.json' },
      { memoryBytes: -1 },
      { milliCpus: 0.5 },
      { command: ['a\0b'] },
      { unknown: true },
    ]) {
      expect(takes(bad), JSON.stringify(bad)).toBe(false);
    }
  });
});
