import { describe, expect, it } from 'vitest';
import {
  ENGINE_OPTIONS,
  optionsOf,
  optionUpdate,
  optionValue,
  type EngineOption,
} from '../../../shared/engine-options.ts';
import { withFileNow } from '../../../shared/engine-account.ts';
import { keptAtRestart, type UpdatedEngine } from '../../../shared/engine-keeps.ts';
import { engineUpdate, engineUpdates } from '../../../shared/engine-update.ts';

const host = (HostConfig: Record<string, unknown>) => ({ HostConfig });
const asked = (name: string, text: string, inspected: unknown, kind: 'docker' | 'podman' = 'docker') =>
  engineUpdate({ name }, text, 100_000, inspected, kind);

describe('a limit by the engine’s update call', () => {
  it('sets memory, and goes back to what was asked before', () => {
    expect(asked('memory.max', '50000000', host({ Memory: 67108864, MemorySwap: 134217728 }))).toMatchObject({
      body: { Memory: 50000000 },
      options: ['--memory', '50000000'],
      undo: { Memory: 67108864, MemorySwap: 134217728 },
      note: null,
    });
  });

  it('raises memory and swap together where the engine would refuse otherwise, and says so', () => {
    const update = asked('memory.limit_in_bytes', '300000000', host({ Memory: 100000000, MemorySwap: 200000000 }));
    expect(update).toMatchObject({ body: { Memory: 300000000, MemorySwap: 400000000 } });
    expect(update).toMatchObject({ note: expect.stringContaining('swap') });
  });

  it('sends memory and swap along where Docker refuses the one without the other', () => {
    expect(asked('memory.max', '50000000', host({ Memory: 0, MemorySwap: 0 }))).toMatchObject({
      body: { Memory: 50000000, MemorySwap: 100000000 },
      note: expect.stringContaining('twice as much'),
    });
    expect(asked('memory.max', '50000000', host({ Memory: 5, MemorySwap: -1 }))).toMatchObject({
      body: { Memory: 50000000, MemorySwap: -1 },
      note: null,
    });
    expect(asked('memory.max', '50000000', host({ Memory: 0 }), 'podman')).toMatchObject({
      body: { Memory: 50000000 },
    });
  });

  it('has no way back to no memory limit, and no way there', () => {
    expect(asked('memory.max', '50000000', host({ Memory: 0 }))).toMatchObject({ ok: true, undo: null });
    expect(asked('memory.max', 'max', host({ Memory: 5 }))).toMatchObject({ ok: false });
  });

  it('keeps to --cpus where that was used, else to a quota, which can be taken away', () => {
    expect(asked('cpu.max', '25000 100000', host({ NanoCpus: 500_000_000 }))).toMatchObject({
      options: ['--cpus', '0.25'],
      body: { NanoCpus: 250_000_000 },
      undo: { NanoCpus: 500_000_000 },
    });
    expect(asked('cpu.cfs_quota_us', '25000', host({ NanoCpus: 0 }))).toMatchObject({
      body: { CpuPeriod: 100_000, CpuQuota: 25_000 },
      undo: { CpuQuota: -1 },
    });
    expect(asked('cpu.max', 'max 100000', host({ CpuQuota: 5000, CpuPeriod: 50_000 }))).toMatchObject({
      body: { CpuQuota: -1 },
      undo: { CpuQuota: 5000, CpuPeriod: 50_000 },
    });
  });

  it('never asks Podman for NanoCpus, and sends its restart policy along, which it would reset', () => {
    const policy = { Name: 'always', MaximumRetryCount: 0 };
    expect(asked('cpu.max', '25000 100000', host({ NanoCpus: 5e8, RestartPolicy: policy }), 'podman')).toMatchObject({
      body: { CpuPeriod: 100_000, CpuQuota: 25_000, RestartPolicy: policy },
      undo: { CpuQuota: 50_000, RestartPolicy: policy },
    });
  });

  it('sets tasks and shares, none being -1', () => {
    expect(asked('pids.max', 'max', host({ PidsLimit: 100 }))).toMatchObject({ body: { PidsLimit: -1 }, undo: { PidsLimit: 100 } }); // prettier-ignore
    expect(asked('cpu.shares', '512', host({}))).toMatchObject({ body: { CpuShares: 512 }, undo: { CpuShares: 1024 } });
  });

  it('sets weight, swap and period of v2 and v1 in the engine’s own counting', () => {
    const weight = asked('cpu.weight', '200', host({ CpuShares: 512 }));
    expect(weight).toMatchObject({ body: { CpuShares: 5220 }, undo: { CpuShares: 512 }, readsBack: null });
    expect(asked('memory.swap.max', '1000', host({ Memory: 5000, MemorySwap: 10_000 }))).toMatchObject({
      body: { MemorySwap: 6000 },
      undo: { MemorySwap: 10_000 },
    });
    expect(asked('memory.swap.max', 'max', host({ Memory: 5000 }))).toMatchObject({ body: { MemorySwap: -1 } });
    expect(asked('memory.swap.max', '1000', host({}))).toMatchObject({ ok: false });
    expect(asked('cpu.cfs_period_us', '50000', host({}))).toMatchObject({ body: { CpuPeriod: 50_000 }, undo: { CpuPeriod: 100_000 } }); // prettier-ignore
    expect(asked('cpu.cfs_period_us', '50000', host({ NanoCpus: 1e9 }))).toMatchObject({ ok: false });
  });

  it('says what --cpus makes of another period, which the engine sets back', () => {
    const of = (name: string, text: string, period: number) =>
      engineUpdate({ name }, text, period, host({ NanoCpus: 1e9 }), 'docker');
    expect(of('cpu.max', '25000 50000', 50_000)).toMatchObject({
      body: { NanoCpus: 5e8 },
      readsBack: '50000 100000',
      note: 'With --cpus the period is 100000 µs again; it is 50000 now.',
    });
    expect(of('cpu.cfs_quota_us', '25000', 50_000)).toMatchObject({ readsBack: '50000' });
    expect(of('cpu.max', '33333 100000', 100_000)).toMatchObject({ readsBack: '33333 100000', note: null });
  });

  it('sets nothing that engines do not set', () => {
    expect(engineUpdates({ name: 'memory.high' })).toBe(false);
    expect(asked('memory.high', '5', host({}))).toMatchObject({ ok: false });
    expect(asked('memory.max', '5', 'nonsense')).toMatchObject({ ok: true, undo: null });
  });
});

describe('what an engine keeps', () => {
  const DOCKER = { kind: 'docker', version: '20.10.24' } as const;
  const podman = (version: string | null) => ({ kind: 'podman', version }) as const;
  const of = (option: EngineOption, text: string, inspected: unknown, engine: UpdatedEngine = DOCKER) =>
    optionUpdate(option, text, inspected, engine);

  it('is told as its option takes it', () => {
    const inspected = host({ NanoCpus: 5e8, CpusetCpus: '', PidsLimit: null, RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } }); // prettier-ignore
    expect(ENGINE_OPTIONS.map((option) => [option, optionValue(option, inspected)]).filter(([, value]) => value !== null)).toEqual([['--cpus', '0.5'], ['--restart', 'on-failure:3']]); // prettier-ignore
    expect(optionValue('--memory', 'nonsense')).toBeNull();
  });

  it('is set and brought back, where there was something', () => {
    expect(of('--cpuset-cpus', '0', host({ CpusetCpus: '0-1' }))).toMatchObject({ body: { CpusetCpus: '0' }, undo: { CpusetCpus: '0-1' } }); // prettier-ignore
    expect(of('--cpuset-cpus', '0', host({}))).toMatchObject({ ok: true, undo: null });
    expect(of('--restart', 'on-failure:3', host({}))).toMatchObject({
      body: { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } },
      options: ['--restart', 'on-failure:3'],
      undo: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
    });
    expect(of('--pids-limit', 'max', host({ PidsLimit: 5 }))).toMatchObject({ body: { PidsLimit: -1 }, undo: { PidsLimit: 5 } }); // prettier-ignore
  });

  it('is refused beforehand where one option excludes another', () => {
    expect(of('--cpus', '1', host({ CpuQuota: 5000 }))).toMatchObject({ ok: false });
    expect(of('--cpu-quota', '5000', host({ NanoCpus: 1e9 }))).toMatchObject({ ok: false });
    expect(of('--memory', '-1', host({ Memory: 5 }))).toMatchObject({ ok: false });
  });

  it('of CPUs is a quota of 100 ms for Podman, which tells it as CPUs again', () => {
    const before = host({ NanoCpus: 25e7, CpuQuota: 25_000, CpuPeriod: 100_000 });
    expect(of('--cpus', '0.5', before, podman('5.4.0'))).toMatchObject({
      body: { CpuPeriod: 100_000, CpuQuota: 50_000 },
      options: ['--cpus', '0.5'],
      undo: { CpuPeriod: 100_000, CpuQuota: 25_000 },
    });
    expect(of('--cpus', '0.5', host({}), podman(null))).toMatchObject({ undo: { CpuQuota: -1 } });
  });

  it('of restarts an old Podman is not asked for, which would take it and change nothing', () => {
    expect(of('--restart', 'always', host({}), podman('4.3.1'))).toMatchObject({ ok: false, problem: expect.stringContaining('since 5.1') }); // prettier-ignore
    for (const version of ['5.1.0', '6.0.0', null]) expect(of('--restart', 'always', host({}), podman(version))).toMatchObject({ ok: true }); // prettier-ignore
  });

  it('is said to last over a restart or not by the version that there is', () => {
    expect(keptAtRestart(DOCKER)).toBe('still: the engine keeps it');
    expect(keptAtRestart(podman('5.1.0-rc1'))).toBe('still: the engine keeps it');
    expect(keptAtRestart(podman('4.9.3'))).toBe('back to what it was made with: Podman 4.9.3 keeps no change');
    expect(keptAtRestart(podman(null))).toMatch(/since Podman 5\.1; before/);
  });

  it('is what its cgroup files hold, where the engine keeps no change', () => {
    const told = { Id: 'x', HostConfig: { Memory: 1, PidsLimit: 2, NanoCpus: 3 } };
    expect(withFileNow(told, 'memory.limit_in_bytes', '4096')).toEqual({ ...told, HostConfig: { ...told.HostConfig, Memory: 4096 } }); // prettier-ignore
    expect(withFileNow(told, 'memory.limit_in_bytes', '9223372036854771712')).toMatchObject({ HostConfig: { Memory: 0 } }); // prettier-ignore
    expect(withFileNow(told, 'pids.max', 'max')).toMatchObject({ HostConfig: { PidsLimit: -1 } });
    expect(withFileNow(told, 'cpu.max', 'max 50000')).toMatchObject({ HostConfig: { CpuQuota: -1, CpuPeriod: 50_000, NanoCpus: 0 } }); // prettier-ignore
    expect(withFileNow(told, 'memory.high', '5')).toBe(told);
    expect(withFileNow(null, 'memory.max', '5')).toBeNull();
  });

  it('says by which options a body would be asked for', () => {
    const body = { Memory: 5, NanoCpus: 25e7, RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } };
    expect(optionsOf(body, null)).toEqual(['--memory', '5', '--cpus', '0.25', '--restart', 'always']);
    expect(optionsOf(body, '--restart')).toEqual(['--memory', '5', '--cpus', '0.25']);
  });
});
