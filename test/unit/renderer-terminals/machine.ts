/** Small machines for the tests of views: everything is the host's unless it is said otherwise. */
import {
  NAMESPACE_LINKS,
  NAMESPACE_TYPES,
  processKey,
  type HostInfo,
  type NamespaceId,
  type NamespaceLink,
  type NamespaceType,
  type Process,
  type World,
} from '../../../shared/model.ts';

export const HOST = Object.fromEntries(
  NAMESPACE_TYPES.map((type, index) => [type, `${type}:[${4026531830 + index}]`]),
) as Record<NamespaceType, NamespaceId>;

/** Started at tick `1000 × pid`. */
export const process = (
  pid: number,
  comm: string,
  more: Partial<Omit<Process, 'namespaces'>> & { namespaces?: Partial<Process['namespaces']> } = {},
): Process => {
  const links = Object.fromEntries(
    NAMESPACE_LINKS.map((link) => [link, HOST[link.replace('_for_children', '') as NamespaceType]]),
  ) as Record<NamespaceLink, NamespaceId>;
  return {
    key: processKey(pid, 1000 * pid),
    pid,
    ppid: pid === 1 ? 0 : 1,
    starttime: 1000 * pid,
    comm,
    cmdline: [comm],
    cmdlineCut: false,
    state: 'S',
    uid: 0,
    euid: 0,
    user: 'root',
    nspid: [pid],
    threads: 1,
    kernelThread: false,
    pgrp: pid,
    session: pid,
    tty: null,
    cpuTicks: 0,
    residentBytes: 1024,
    virtualBytes: 4096,
    cgroups: [],
    frozen: null,
    container: null,
    unread: [],
    ...more,
    namespaces: { ...links, ...more.namespaces },
  };
};

export { aContainer as container } from '../shared/world.ts';

export const world = (more: Partial<Omit<World, 'host'>> & { host?: Partial<HostInfo> }): World => ({
  takenAt: 0,
  uptimeSeconds: 1000,
  scanMillis: 1,
  scanCpuMillis: 1,
  processes: [],
  namespaces: [],
  containers: [],
  engines: [],
  unread: { processes: 0, hidden: 0, files: [] },
  ...more,
  host: {
    hostname: 'atlas',
    kernel: '6.1.0',
    uid: 0,
    user: 'root',
    pid: 5,
    capEff: '000001ffffffffff',
    lastCapability: 40,
    clockTicksPerSecond: 100,
    pageBytes: 4096,
    cpus: 2,
    memoryBytes: 2 ** 30,
    bootedAt: 0,
    cgroup: 'v2',
    namespaces: HOST,
    namespacesOf: 'pid 1',
    ...more.host,
  },
});
