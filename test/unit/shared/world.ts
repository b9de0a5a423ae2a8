/** Small worlds for tests: only what a test says differs from a quiet machine. */
import {
  NAMESPACE_TYPES,
  processKey,
  type CgroupLimit,
  type Container,
  type NamespaceId,
  type NamespaceLink,
  type NamespaceType,
  type Process,
  type ProcessDetail,
  type ProcessStatus,
  type World,
} from '../../../shared/model.ts';

type Inodes = Partial<Record<NamespaceLink, number | null>>;

/** The host's inodes: 4026531001 for mnt, and so on. */
const HOST_INODE = 4_026_531_000;

export const hostNamespace = (type: NamespaceType): NamespaceId =>
  `${type}:[${HOST_INODE + 1 + NAMESPACE_TYPES.indexOf(type)}]`;

const HOST = Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, hostNamespace(type)])) as Record<
  NamespaceType,
  NamespaceId
>;

/** The host's namespaces, but for the given inodes; `null` is unread. */
export const namespacesWith = (inodes: Inodes): Process['namespaces'] => {
  const links: Record<NamespaceLink, NamespaceId | null> = { ...HOST, pid_for_children: null, time_for_children: null };
  for (const [link, inode] of Object.entries(inodes) as [NamespaceLink, number | null][]) {
    links[link] = inode === null ? null : `${typeOf(link)}:[${inode}]`;
  }
  if (!('pid_for_children' in inodes)) links.pid_for_children = links.pid;
  if (!('time_for_children' in inodes)) links.time_for_children = links.time;
  return links;
};
const typeOf = (link: NamespaceLink) => link.replace('_for_children', '') as NamespaceType;

type Given = Partial<Omit<Process, 'namespaces'>> & { readonly pid: number; readonly ns?: Inodes };

export const aProcess = ({ ns = {}, ...given }: Given): Process => ({
  key: processKey(given.pid, given.starttime ?? given.pid),
  ppid: given.pid === 1 ? 0 : 1,
  starttime: given.pid,
  comm: `p${given.pid}`,
  cmdline: [`/bin/p${given.pid}`],
  cmdlineCut: false,
  state: 'S',
  uid: 0,
  euid: 0,
  user: 'root',
  nspid: [given.pid],
  threads: 1,
  kernelThread: false,
  pgrp: given.pid,
  session: given.pid,
  tty: null,
  cpuTicks: 0,
  residentBytes: 4096,
  virtualBytes: 4096,
  namespaces: namespacesWith(ns),
  cgroups: [],
  frozen: 'thawed',
  container: null,
  unread: [],
  ...given,
});

export const aContainer = (id: string, given: Partial<Container> = {}): Container => ({
  id,
  engine: 'unix:///var/run/docker.sock',
  told: 0,
  name: null,
  image: null,
  command: null,
  state: 'running',
  status: null,
  health: null,
  createdAt: null,
  startedAt: null,
  finishedAt: null,
  exitCode: null,
  pid: null,
  labels: {},
  ports: [],
  networkMode: null,
  pidMode: null,
  ipcMode: null,
  restartPolicy: null,
  autoRemove: null,
  project: null,
  pod: null,
  runtime: 'docker',
  cgroup: null,
  ...given,
});

export const aWorld = (processes: readonly Process[], given: Partial<World> = {}): World => ({
  takenAt: 1_700_000_000_000,
  uptimeSeconds: 1000,
  scanMillis: 1,
  scanCpuMillis: 1,
  host: {
    hostname: 'atlas',
    kernel: '6.1.0',
    uid: 0,
    user: 'root',
    pid: 1,
    capEff: '000001ffffffffff',
    lastCapability: 40,
    clockTicksPerSecond: 100,
    pageBytes: 4096,
    cpus: 2,
    memoryBytes: 1 << 30,
    bootedAt: 1_699_999_000_000,
    cgroup: 'v2',
    namespaces: HOST,
    namespacesOf: 'pid 1',
  },
  processes,
  namespaces: [],
  containers: [],
  engines: [],
  unread: { processes: 0, hidden: 0, files: [] },
  ...given,
});

/** Docker's default set, the whole of it and nothing in effect. */
const BOUNDING = '00000000a80425fb';
const NONE = '0000000000000000';

interface DetailGiven {
  readonly status?: Partial<ProcessStatus>;
  readonly bounding?: string;
  readonly limits?: readonly CgroupLimit[];
  readonly environ?: ProcessDetail['environ'];
}

export const aDetail = (process: Process, given: DetailGiven = {}): ProcessDetail => ({
  key: process.key,
  takenAt: 0,
  cmdline: { ok: true, value: process.cmdline ?? [] },
  environ: given.environ ?? { ok: true, value: [] },
  exe: { ok: true, value: '/bin/x' },
  cwd: { ok: true, value: '/' },
  root: { ok: true, value: '/' },
  namespaces: Object.fromEntries(
    Object.entries(process.namespaces).map(([link, id]) => [
      link,
      id === null ? { ok: false, why: 'denied', call: 'readlink', errno: 'EACCES' } : { ok: true, value: id },
    ]),
  ) as ProcessDetail['namespaces'],
  cgroups: { ok: true, value: [] },
  uidMap: { ok: true, value: [] },
  gidMap: { ok: true, value: [] },
  status: {
    ok: true,
    value: {
      uids: [0, 0, 0, 0],
      gids: [0, 0, 0, 0],
      groups: [],
      nspid: process.nspid,
      threads: process.threads,
      capabilities: {
        inheritable: NONE,
        permitted: NONE,
        effective: NONE,
        bounding: given.bounding ?? BOUNDING,
        ambient: NONE,
      },
      seccomp: 2,
      seccompFilters: 1,
      noNewPrivs: false,
      ...given.status,
    },
  },
  lsm: { ok: false, why: 'absent', call: 'read("/proc/1/attr/current")', errno: 'EINVAL' },
  oomScoreAdj: { ok: true, value: 0 },
  userInside: null,
  freezers: [],
  limits: given.limits ?? [],
});

export const aLimit = (resource: CgroupLimit['resource'], limit: number | 'max'): CgroupLimit => ({
  resource,
  file: `${resource}.max`,
  path: `/sys/fs/cgroup/x/${resource}.max`,
  limit: { ok: true, value: limit },
  used: null,
});
