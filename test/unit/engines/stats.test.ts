import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../electron/host/engines/diff.ts';
import { useFromStats, type EngineAccount } from '../../../electron/host/engines/stats.ts';
import { DIFF_AT_MOST } from '../../../shared/container-diff.ts';

const told = {
  read: '2026-01-01T00:00:00.5Z',
  cpu_stats: {
    cpu_usage: { total_usage: 5_000_000 },
    throttling_data: { periods: 9, throttled_periods: 3, throttled_time: 2000 },
  },
  memory_stats: { usage: 900, limit: 2 ** 63, stats: { inactive_file: 100 } },
  pids_stats: { current: 4, limit: 100 },
  blkio_stats: {
    io_service_bytes_recursive: [
      { op: 'read', value: 5 },
      { op: 'Read', value: 6 },
      { op: 'Write', value: 7 },
    ],
  },
  networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
};

const account = (stats: unknown, more: Partial<EngineAccount> = {}): EngineAccount => ({
  stats,
  inspected: null,
  machineBytes: null,
  ...more,
});
const limits = (stats: unknown, more: Partial<EngineAccount> = {}) =>
  useFromStats(account(stats, more), '').engineLimits;

describe('an engine’s stats', () => {
  it('come to the same counters as the files of a cgroup, and say why they were asked for', () => {
    const use = useFromStats(account(told), 'it has no cgroup of its own');
    expect(use).toMatchObject({ source: 'engine', because: 'it has no cgroup of its own' });
    expect(use.takenAt).toBe(Date.parse('2026-01-01T00:00:00.5Z'));
    expect(use.cpu.reading).toEqual({
      ok: true,
      value: { usedMicros: 5000, periods: 9, throttled: 3, throttledMicros: 2 },
    });
    expect(use.memory.reading).toMatchObject({ value: { usedBytes: 900, workingSetBytes: 800 } });
    expect(use.io.reading).toEqual({ ok: true, value: { readBytes: 11, writtenBytes: 7, reads: null, writes: null } });
    expect(use.network.reading).toMatchObject({ value: { receivedBytes: 11, sentBytes: 22 } });
    expect(use.engineLimits).toEqual({ cpu: null, memory: 'max', pids: 100 });
  });

  it('subtract what v1 calls it, as the client does', () => {
    const v1 = { memory_stats: { usage: 900, stats: { inactive_file: 1, total_inactive_file: 400 } } };
    expect(useFromStats(account(v1), '').memory.reading).toMatchObject({ value: { workingSetBytes: 500 } });
  });

  it.each([[null], [{}], [[]], ['stopped'], [{ cpu_stats: { cpu_usage: { total_usage: 'x' } } }]])(
    'say that nothing is known where nothing was told: %j',
    (nothing) => {
      const use = useFromStats(account(nothing), '');
      for (const part of [use.cpu, use.memory, use.tasks, use.io, use.network]) expect(part.reading.ok).toBe(false);
    },
  );
});

describe('the limits of an engine’s account', () => {
  const asked = (of: object) => ({ inspected: { HostConfig: of } });
  const memory = (limit: number) => ({ memory_stats: { limit } });

  it('are of the CPU what was asked for, since stats do not tell it', () => {
    expect(limits({}, asked({ NanoCpus: 500_000_000 })).cpu).toBe(0.5);
    expect(limits({}, asked({ CpuQuota: 50_000 })).cpu).toBe(0.5);
    expect(limits({}, asked({ CpuQuota: 50_000, CpuPeriod: 25_000 })).cpu).toBe(2);
    expect(limits({}, asked({ NanoCpus: 0, CpuQuota: -1 })).cpu).toBe('max');
    expect(limits({}).cpu).toBeNull();
  });

  it('are of memory none where they come as the machine’s own, or as one that no machine has', () => {
    expect(limits(memory(64), { machineBytes: 1000 }).memory).toBe(64);
    expect(limits(memory(1000), { machineBytes: 1000 }).memory).toBe('max');
    for (const none of [0, 2 ** 63 - 4096, 2 ** 64 - 1]) expect(limits(memory(none)).memory).toBe('max');
  });

  it('are not known of memory where neither the machine’s own nor what was asked for is', () => {
    expect(limits(memory(1000)).memory).toBeNull();
    expect(limits(memory(1000), asked({ Memory: 1000 })).memory).toBe(1000);
    expect(limits({}).memory).toBeNull();
  });

  it('are of disks what was asked for, by the paths that were given', () => {
    const { ioLimits } = useFromStats(account({}, asked({ BlkioDeviceReadBps: [{ Path: '/dev/vda', Rate: 5 }], BlkioDeviceWriteIOps: null })), ''); // prettier-ignore
    expect(ioLimits).toEqual({ ok: true, value: [{ device: '/dev/vda', what: 'rbps', value: 5, file: 'BlkioDeviceReadBps', setBy: null }] }); // prettier-ignore
    expect(useFromStats(account({}), '').ioLimits.ok).toBe(false);
  });

  it('are of tasks none where they come as the greatest number there is, or not at all', () => {
    expect(limits({ pids_stats: { limit: 2 ** 64 - 1 } }).pids).toBe('max');
    expect(limits({ pids_stats: { current: 1 } }, asked({ PidsLimit: null })).pids).toBe('max');
    expect(limits({ pids_stats: { current: 1 } }, asked({ PidsLimit: 7 })).pids).toBe(7);
    expect(limits({ pids_stats: { current: 1 } }).pids).toBeNull();
  });
});

describe('an engine’s diff', () => {
  it('is sorted by path, and what is no entry is left out', () => {
    const entries = [{ Path: '/b', Kind: 1 }, { Path: '/a', Kind: 0 }, { Path: '/c', Kind: 2 }, { Path: 7, Kind: 1 }, { Path: '/d', Kind: 9 }, null]; // prettier-ignore
    expect(parseDiff(entries)).toEqual({
      entries: [
        { path: '/a', kind: 'changed' },
        { path: '/b', kind: 'added' },
        { path: '/c', kind: 'deleted' },
      ],
      total: 3,
    });
    expect(parseDiff(null)).toEqual({ entries: [], total: 0 });
  });

  it('is cut, and says how long it was', () => {
    const many = Array.from({ length: DIFF_AT_MOST + 5 }, (_, at) => ({ Path: `/f${at}`, Kind: 1 }));
    const { entries, total } = parseDiff(many);
    expect([entries.length, total]).toEqual([DIFF_AT_MOST, DIFF_AT_MOST + 5]);
  });
});
