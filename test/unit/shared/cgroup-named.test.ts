import { expect, it } from 'vitest';
import { cgroupNamed } from '../../../shared/cgroup-named.ts';

it.each([
  ['/system.slice/nginx.service', 'systemd’s service nginx.'],
  ['/system.slice/snap.lxd.daemon.service', 'The snap lxd, its app daemon.'],
  ['/user.slice/snap.firefox.firefox-1b2c3d4e-0000-1111-2222-333344445555.scope', 'The snap firefox.'],
  ['/user.slice/user-1000.slice', 'All that user 1000 runs.'],
  ['/user.slice/user-1000.slice/session-3.scope', 'Login session 3.'],
  ['/kubepods.slice/kubepods-burstable.slice', 'All burstable pods of Kubernetes.'],
  ['/kubepods.slice/kubepods-pod1111_2222.slice', 'A guaranteed pod of Kubernetes, 1111-2222.'],
  ['/kubepods/burstable/pod1b2c3d4e-0000', 'A pod of Kubernetes, 1b2c3d4e-0000.'],
  ['/kubelet.slice/kubelet-kubepods.slice', 'All pods of Kubernetes.'],
  ['/kubelet.slice/kubelet-kubepods-besteffort.slice', 'All best-effort pods of Kubernetes.'],
  ['/kubelet.slice/kubelet-kubepods-burstable-pod1111_2222.slice', 'A burstable pod of Kubernetes, 1111-2222.'],
  ['/kubepods/burstable/pod0123456789abcdef0123456789abcdef', 'A pod of Kubernetes, 0123456789abcdef0123456789abcdef.'],
  [
    '/user.slice/user-libpod_pod_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.slice',
    'A pod of Podman, 0123456789ab.',
  ],
  [
    '/user.slice/snap.lxd.hook.configure-1b2c3d4e-0000-1111-2222-333344445555.scope',
    'The snap lxd, its hook configure.',
  ],
  ['/system.slice/my\\x2down.service', 'systemd’s service my-own.'],
  ['/docker', 'Docker’s containers.'],
  ['/init.scope', 'systemd itself.'],
  ['/evil\u001b[2J.service', 'systemd’s service evil\\e[2J.'],
])('says of %s: %s', (path, words) => expect(cgroupNamed(path)).toBe(words));

it.each(['/', '/lone', '/process_api/14292c', `/docker/${'a'.repeat(64)}`])('says nothing of %s', (path) =>
  expect(cgroupNamed(path)).toBeNull(),
);
