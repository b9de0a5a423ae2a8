import { describe, expect, it } from 'vitest';
import { containersIn, recogniseContainer } from '../../../shared/cgroup-path.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

describe('recogniseContainer', () => {
  it.each([
    ['docker, cgroupfs', `/docker/${A}`, 'docker'],
    ['docker, systemd', `/system.slice/docker-${A}.scope`, 'docker'],
    ['docker, rootless', `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${A}.scope`, 'docker'],
    ['docker, seen from a cgroup namespace beside it', `/../../docker/${A}`, 'docker'],
    ['podman, systemd', `/machine.slice/libpod-${A}.scope/container`, 'libpod'],
    ['podman in a pod, systemd', `/machine.slice/machine-libpod_pod_${B}.slice/libpod-${A}.scope`, 'libpod'],
    ['podman started by Quadlet', `/system.slice/nginx.service/libpod-payload-${A}`, 'libpod'],
    [
      'podman in a rootless pod',
      `/user.slice/user-1000.slice/user@1000.service/user.slice/user-libpod_pod_${B}.slice/libpod-${A}.scope`,
      'libpod',
    ],
    ['podman, cgroupfs', `/libpod_parent/libpod-${A}`, 'libpod'],
    ['podman in a pod, cgroupfs', `/libpod_parent/${B}/libpod-${A}`, 'libpod'],
    [
      'containerd, systemd',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-podb1_2.slice/cri-containerd-${A}.scope`,
      'containerd',
    ],
    [
      'containerd, colons',
      `/system.slice/containerd.service/kubepods-burstable-podb1.slice:cri-containerd:${A}`,
      'containerd',
    ],
    ['nerdctl', `/system.slice/nerdctl-${A}.scope`, 'containerd'],
    ['cri-o', `/kubepods.slice/kubepods-podb1_2.slice/crio-${A}.scope`, 'crio'],
    [
      'kind',
      `/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod1_2.slice/cri-containerd-${A}.scope`,
      'containerd',
    ],
    ['a static pod with cgroupfs', `/kubepods/burstable/pod${'1'.repeat(32)}/${A}`, 'kubepods'],
    ['kubelet with cgroupfs', `/kubepods/burstable/pod1b2c-3d/${A}`, 'kubepods'],
    ['kubelet with cgroupfs, guaranteed', `/kubepods/pod1b2c-3d/${A}`, 'kubepods'],
  ])('knows %s', (_, path, runtime) => {
    expect(recogniseContainer(path)).toEqual({ id: A, runtime });
  });

  it.each([
    ['lxc 4', '/lxc.payload.web-1/init.scope', 'web-1', 'lxc'],
    ['lxc 2', '/lxc/web-1', 'web-1', 'lxc'],
    ['nspawn scope', '/machine.slice/machine-deb\\x2d12.scope/payload', 'deb-12', 'nspawn'],
    ['nspawn unit', '/machine.slice/systemd-nspawn@deb.service/payload', 'deb', 'nspawn'],
  ])('knows %s by its name', (_, path, id, runtime) => {
    expect(recogniseContainer(path)).toEqual({ id, runtime });
  });

  it.each([
    ['the root', '/'],
    ['nothing', ''],
    ['a service', '/system.slice/docker.service'],
    ['the parent of all', '/docker'],
    ['an id that is too short', '/docker/abc123'],
    ['an id that is too long', `/docker/${A}0`],
    ['podman’s monitor under Quadlet', '/system.slice/nginx.service/runtime'],
    ['podman’s monitor', `/machine.slice/libpod-conmon-${A}.scope`],
    ['cri-o’s monitor', `/kubepods.slice/crio-conmon-${A}.scope`],
    ['lxc’s monitor', '/lxc.monitor.web'],
    ['a pod as such', `/kubepods/burstable/pod1b2c-3d`],
    ['a virtual machine', '/machine.slice/machine-qemu\\x2d1\\x2dweb.scope'],
    ['an id in a place that tells nothing', `/mine/${A}`],
    ['a name no container can be asked for by', '/lxc/ -rf\u001b[31m'],
  ])('takes %s for no container', (_, path) => {
    expect(recogniseContainer(path)).toBeNull();
  });

  it('takes a cgroup below the container’s own for the container, and of nested containers the outermost', () => {
    expect(recogniseContainer(`/docker/${A}/system.slice/cron.service`)?.id).toBe(A);
    expect(recogniseContainer(`/docker/${A}/docker/${B}`)?.id).toBe(A);
    expect(recogniseContainer(`/lxc.payload.outer/system.slice/docker-${B}.scope`)?.id).toBe('outer');
  });

  it('knows the removed cgroup of a zombie', () => {
    expect(recogniseContainer(`/docker/${A} (deleted)`)?.id).toBe(A);
  });
});

describe('containersIn', () => {
  it('lists them outermost first, each with its own cgroup', () => {
    expect(containersIn(`/docker/${A}/x/docker/${B}/y`)).toEqual([
      { id: A, runtime: 'docker', path: `/docker/${A}` },
      { id: B, runtime: 'docker', path: `/docker/${A}/x/docker/${B}` },
    ]);
  });

  it('takes an id in any place if an engine lists it, but not its monitor', () => {
    const known = (id: string): boolean => id === A;
    expect(containersIn(`/mine/${A}/sub`, known)).toEqual([{ id: A, runtime: null, path: `/mine/${A}` }]);
    expect(containersIn(`/mine/x-${A}.scope`, known)[0]?.id).toBe(A);
    expect(containersIn(`/mine/conmon-${A}`, known)).toEqual([]);
    expect(containersIn(`/mine/${B}`, known)).toEqual([]);
  });

  it('answers any text, however long', () => {
    const path = `/machine-${'\\x2d'.repeat(50_000)}/${'a'.repeat(100_000)}/${':cri-containerd:'.repeat(10_000)}`;
    expect(containersIn(path)).toEqual([]);
  });
});
