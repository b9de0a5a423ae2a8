import { describe, expect, it } from 'vitest';
import { askedOf } from '../../../electron/host/change/engine-says.ts';
import { changeFile } from '../../../shared/change-files.ts';

const asked = (name: string, version: 1 | 2, HostConfig: Record<string, unknown>) =>
  askedOf(changeFile(name, version)!, { HostConfig });

describe('what an engine was asked for', () => {
  it('is told in the words of the file, a fraction of a µs dropped as the engine drops it', () => {
    expect(asked('cpu.max', 2, { NanoCpus: 333_333_333 })).toMatchObject({ says: '33333 100000', restores: '33333 100000' }); // prettier-ignore
    expect(asked('cpu.max', 2, {})).toMatchObject({ says: 'no limit', restores: 'max 100000' });
    expect(asked('cpu.cfs_quota_us', 1, { CpuQuota: 5000, CpuPeriod: 50_000 })).toMatchObject({ restores: '5000' });
    expect(asked('cpu.cfs_period_us', 1, { CpuQuota: 5000, CpuPeriod: 50_000 })).toMatchObject({ restores: '50000' });
    expect(asked('cpu.cfs_period_us', 1, { NanoCpus: 5e8 })).toMatchObject({ restores: '100000' });
    expect(asked('memory.swap.max', 2, { Memory: 5000, MemorySwap: 8000 })).toMatchObject({ restores: '3000' });
    expect(asked('memory.swap.max', 2, { Memory: 5000, MemorySwap: -1 })).toMatchObject({ says: 'no limit' });
    expect(asked('io.bfq.weight', 2, { BlkioWeight: 300 })).toMatchObject({ restores: '300' });
  });

  it('is told in the option’s words where a runtime reckons what the file will hold', () => {
    expect(asked('cpu.weight', 2, { CpuShares: 512 })).toEqual({
      says: '--cpu-shares 512',
      restores: null,
      atRestart: 'back to what its runtime makes of --cpu-shares 512',
    });
    expect(asked('io.weight', 2, { BlkioWeight: 300 })).toMatchObject({ says: '--blkio-weight 300' });
    const devices = {
      BlkioDeviceReadBps: [{ Path: '/dev/vda', Rate: 1048576 }],
      BlkioDeviceWriteIOps: [{ Path: '/dev/vdb', Rate: 9 }],
    };
    expect(asked('io.max', 2, devices)?.says).toBe('--device-read-bps /dev/vda:1048576 --device-write-iops /dev/vdb:9');
    expect(asked('blkio.throttle.write_iops_device', 1, devices)?.says).toBe('--device-write-iops /dev/vdb:9');
  });

  it('is nothing for what it could set and was not asked for, which is not what it does not set', () => {
    for (const [name, version] of [['cpu.weight', 2], ['io.max', 2], ['io.weight', 2], ['cpuset.cpus', 2], ['memory.low', 2], ['blkio.throttle.read_bps_device', 1], ['cpu.cfs_period_us', 1]] as const) // prettier-ignore
      expect(asked(name, version, { BlkioDeviceReadBps: null }), name).toMatchObject({ says: 'nothing asked for', restores: null }); // prettier-ignore
    for (const name of ['memory.high', 'memory.min', 'cgroup.freeze', 'cpu.idle']) expect(asked(name, 2, {}), name).toBeNull(); // prettier-ignore
  });
});
