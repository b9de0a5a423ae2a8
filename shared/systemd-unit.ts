/** Which systemd unit a cgroup is of, and what makes a limit last there. man 5 systemd.resource-control. */
import type { ChangeFile } from './change-files.ts';
import { shellQuoted } from './text.ts';

/** `user.slice`, `nginx.service`; `null` for a cgroup that no unit has the name of. */
export const systemdUnit = (cgroup: string): string | null => {
  const name = cgroup.slice(cgroup.lastIndexOf('/') + 1);
  return /^[^/]+\.(?:slice|service|scope)$/.test(name) ? name : null;
};

const PROPERTIES: Readonly<Record<string, string>> = {
  'memory.max': 'MemoryMax',
  'memory.high': 'MemoryHigh',
  'memory.low': 'MemoryLow',
  'memory.min': 'MemoryMin',
  'memory.swap.max': 'MemorySwapMax',
  'memory.limit_in_bytes': 'MemoryLimit',
  'cpu.weight': 'CPUWeight',
  'cpu.shares': 'CPUShares',
  'cpuset.cpus': 'AllowedCPUs',
  'cpuset.mems': 'AllowedMemoryNodes',
  'io.weight': 'IOWeight',
  'pids.max': 'TasksMax',
};

const propertyOf = ({ name }: ChangeFile, writes: string, periodMicros: number | null): string | null => {
  if (name === 'cpu.max' || name === 'cpu.cfs_quota_us') {
    const [quota = '', own] = writes.split(' ');
    if (quota === 'max' || quota === '-1') return 'CPUQuota=';
    const period = own === undefined ? periodMicros : Number(own);
    return period === null || period === 0 ? null : `CPUQuota=${Number(((Number(quota) / period) * 100).toFixed(2))}%`;
  }
  const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined;
  const value = writes === 'max' || writes === '-1' ? 'infinity' : writes.replace(/^default /, '');
  return property === undefined ? null : `${property}=${value}`;
};

/** `systemctl set-property nginx.service MemoryMax=…`; `null` where systemd has no such property. */
export const setPropertyByHand = (
  unit: string,
  file: ChangeFile,
  writes: string,
  periodMicros: number | null,
): string | null => {
  const property = propertyOf(file, writes, periodMicros);
  return property === null ? null : `systemctl set-property ${shellQuoted(unit)} ${shellQuoted(property)}`;
};
