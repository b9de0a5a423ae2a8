/** What happens on the guest's stage: each scene with its processes by name, and how its capture is told. */
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Cast } from './report.ts';
import { cgroup, container, idOf, mounted, plain, V2 } from './stage.ts';

export interface Scene {
  readonly name: string;
  readonly comment: string;
  readonly cast: Cast;
  readonly pids: readonly number[];
  readonly cgroups: readonly string[];
}

const scene = (name: string, comment: string, cast: Cast, cgroups: readonly string[]): Scene => ({
  name,
  comment,
  cast,
  pids: [1, 2, ...Object.values(cast)],
  cgroups,
});

/** As `docker run` with the systemd driver: two containers, the second in the first one's network namespace. */
export const two = (): Scene => {
  const [db, web] = [idOf('db'), idOf('web')];
  cgroup('/system.slice', { 'memory.max': String(512 * 1024 * 1024) });
  const dbFolder = cgroup(`/system.slice/docker-${db}.scope`, { 'memory.max': '67108864', 'cpu.max': '50000 100000' });
  const webFolder = cgroup(`/system.slice/docker-${web}.scope`, { 'memory.max': 'max', 'pids.max': '100' });
  const first = container('db', dbFolder);
  const cast = { db: first, web: container('web', webFolder, first), cron: plain('cron', cgroup('/system.slice/cron.service')) }; // prettier-ignore
  const comment =
    'Linux 6.1 with cgroup v2 only, read by root: two containers as Docker makes them with the systemd driver, the second\n' +
    'in the network, IPC and UTS namespaces of the first, and one service beside them.';
  return scene('v2-only', comment, cast, ['/', '/system.slice', `/system.slice/docker-${db}.scope`]);
};

const pod = (uid: string): string => uid.replaceAll('-', '_');
const UIDS = {
  guaranteed: '11111111-2222-3333-4444-555555555555',
  burstable: '22222222-3333-4444-5555-666666666666',
  besteffort: '33333333-4444-5555-6666-777777777777',
};

/** As kubelet lays out its slices with the systemd driver; k8s.io/kubernetes pkg/kubelet/cm/cgroup_manager_linux.go. */
export const kubepods = (): Scene => {
  cgroup('/kubepods.slice', { 'memory.max': String(768 * 1024 * 1024), 'pids.max': '4000' });
  const guaranteed = `/kubepods.slice/kubepods-pod${pod(UIDS.guaranteed)}.slice`;
  const burstable = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${pod(UIDS.burstable)}.slice`;
  const besteffort = `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${pod(UIDS.besteffort)}.slice`;
  cgroup(guaranteed, { 'memory.max': '134217728', 'cpu.max': '50000 100000' });
  cgroup(burstable, { 'memory.max': '268435456' });
  cgroup('/kubepods.slice/kubepods-besteffort.slice', { 'cpu.weight': '1' });
  const scope = (slice: string, runtime: string, word: string, files = {}) =>
    cgroup(`${slice}/${runtime}-${idOf(word)}.scope`, files);

  const pauseG = container('pause', scope(guaranteed, 'cri-containerd', 'pg'));
  const pauseB = container('pause', scope(burstable, 'cri-containerd', 'pb'));
  const pauseE = container('pause', scope(besteffort, 'crio', 'pe'));
  const cast = {
    pauseG,
    pauseB,
    pauseE,
    exact: container('exact', scope(guaranteed, 'cri-containerd', 'ex', { 'memory.max': '134217728', 'cpu.max': '50000 100000' }), pauseG), // prettier-ignore
    bursting: container('bursting', scope(burstable, 'cri-containerd', 'bu', { 'memory.max': '536870912' }), pauseB),
    leftover: container('leftover', scope(besteffort, 'crio', 'le'), pauseE),
    conmon: plain('conmon', cgroup(`${besteffort}/crio-conmon-${idOf('le')}.scope`)),
    kubelet: plain('kubelet', cgroup('/system.slice/kubelet.service')),
  };
  const comment =
    'Linux 6.1 with cgroup v2, read by root: a node of Kubernetes as kubelet lays it out with the systemd driver, a\n' +
    'guaranteed and a burstable pod of containerd and a best-effort pod of CRI-O, each with its pause container.';
  return scene('kubepods-systemd', comment, cast, ['/kubepods.slice', guaranteed]);
};

/** Cgroups to be changed and squeezed: the outer one is the tighter in memory, the inner one in tasks. */
export const lone = (): Scene => {
  cgroup('/lone', { 'memory.max': '67108864', 'pids.max': '100', 'cpu.max': '80000 100000' });
  const inner = cgroup('/lone/inner', { 'memory.max': '268435456', 'pids.max': '20' });
  cgroup('/lone/pressed', { 'memory.max': '12582912' });
  return scene('lone', '', { inner: plain('inner', inner) }, []);
};

const V1 = [['cpu,cpuacct'], ['memory'], ['pids'], ['freezer'], ['cpuset'], ['systemd', 'none,name=systemd']] as const;

/** Separate hierarchies as systemd mounted them before v2, and a container as Docker makes it with the cgroupfs driver. */
export const onV1 = (): Scene => {
  mounted('tmpfs', V2);
  for (const [folder, options = folder] of V1) mounted('cgroup', `${V2}/${folder}`, options);
  const id = idOf('v1');
  for (const [folder] of V1) mkdirSync(`${V2}/${folder}/docker/${id}`, { recursive: true });
  const set = (file: string, value: string) => writeFileSync(`${V2}/${file}`, value);
  set(`memory/docker/memory.limit_in_bytes`, '134217728');
  set(`memory/docker/${id}/memory.limit_in_bytes`, '268435456');
  set(`cpu,cpuacct/docker/${id}/cpu.cfs_quota_us`, '150000');
  set(`pids/docker/${id}/pids.max`, '50');
  for (const file of ['cpus', 'mems']) {
    for (const folder of ['docker', `docker/${id}`]) set(`cpuset/${folder}/cpuset.${file}`, '0');
  }
  const folders = V1.map(([folder]) => `${V2}/${folder}/docker/${id}`).filter((folder) => !folder.includes('cpu,'));
  const first = container('db', `${V2}/cpu,cpuacct/docker/${id}`);
  for (const folder of folders) writeFileSync(`${folder}/cgroup.procs`, String(first));
  return scene('v1', '', { db: first, cron: plain('cron', null) }, [`/docker/${id}`]);
};
