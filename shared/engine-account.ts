/** An engine's account of a container as it would be, if it kept what its cgroup files hold now. */
type Fields = Readonly<Record<string, unknown>>;

/** More is none: v1 reads LONG_MAX rounded down to pages. */
const NO_LIMIT = 2 ** 62;
const bytes = (text: string): number => (text === 'max' || Number(text) >= NO_LIMIT ? 0 : Number(text));
const quota = (text: string): number => (text === 'max' || text === '-1' ? -1 : Number(text));

const OF_FILE: Readonly<Record<string, (text: string) => Fields>> = {
  'memory.max': (text) => ({ Memory: bytes(text) }),
  'memory.limit_in_bytes': (text) => ({ Memory: bytes(text) }),
  'memory.low': (text) => ({ MemoryReservation: bytes(text) }),
  'memory.soft_limit_in_bytes': (text) => ({ MemoryReservation: bytes(text) }),
  'memory.memsw.limit_in_bytes': (text) => ({ MemorySwap: bytes(text) }),
  'cpu.max': (text) => ({ CpuQuota: quota(text.split(' ')[0] ?? ''), CpuPeriod: Number(text.split(' ')[1]), NanoCpus: 0 }), // prettier-ignore
  'cpu.cfs_quota_us': (text) => ({ CpuQuota: quota(text), NanoCpus: 0 }),
  'cpu.cfs_period_us': (text) => ({ CpuPeriod: Number(text) }),
  'cpu.shares': (text) => ({ CpuShares: Number(text) }),
  'pids.max': (text) => ({ PidsLimit: text === 'max' ? -1 : Number(text) }),
  'cpuset.cpus': (text) => ({ CpusetCpus: text }),
  'cpuset.mems': (text) => ({ CpusetMems: text }),
  'blkio.weight': (text) => ({ BlkioWeight: Number(text) }),
};

/** `text`: what the file of this name reads. What an engine that keeps no change has as its account is what it was made with. */
export const withFileNow = (inspected: unknown, name: string, text: string): unknown => {
  const fields = Object.hasOwn(OF_FILE, name) ? OF_FILE[name] : undefined;
  if (fields === undefined || typeof inspected !== 'object' || inspected === null) return inspected;
  const host = (inspected as Fields)['HostConfig'];
  return { ...inspected, HostConfig: { ...(typeof host === 'object' ? host : {}), ...fields(text) } };
};
