/** `podman run -d`: the body of POST /libpod/containers/create. Podman's API reference, SpecGenerator. */
import type { RunOptions } from './run-container.ts';
import { deviceText } from './run-parts.ts';

/** `podman run --help`, --cpus: of this many microseconds. */
const PERIOD_MICROS = 100_000;

/** `podman run --help`, --read-only-tmpfs: stay writable where the rest is not, unless something is mounted there. */
const WRITABLE = ['/run', '/tmp', '/var/tmp'];
const WRITABLE_OPTIONS = ['rw', 'rprivate', 'nosuid', 'nodev', 'tmpcopyup'];

const namespace = (mode: RunOptions['net' | 'pid' | 'ipc' | 'uts' | 'userns' | 'cgroupns']) =>
  typeof mode === 'string'
    ? mode === 'own'
      ? {}
      : { nsmode: mode }
    : 'container' in mode
      ? { nsmode: 'container', value: mode.container }
      : { nsmode: 'bridge' };

const nonEmpty = <T extends object>(name: string, value: T): Record<string, T> =>
  Object.keys(value).length === 0 ? {} : { [name]: value };

function resources({ memoryBytes, milliCpus, pids }: RunOptions): Record<string, object> {
  return {
    ...(memoryBytes !== null && { memory: { limit: memoryBytes, swap: memoryBytes * 2 } }),
    ...(milliCpus !== null && {
      cpu: { quota: Math.floor((milliCpus * PERIOD_MICROS) / 1000), period: PERIOD_MICROS },
    }),
    ...(pids !== null && { pids: { limit: pids } }),
  };
}

/**
 * What the podman client makes of the line; what is not asked for is left out, and then the service's own settings count.
 * The Docker-compatible API would leave those aside: no grace on stop, umask 0000, no limit of tasks (Podman 4.3).
 */
export const podmanSpec = (options: RunOptions): Readonly<Record<string, unknown>> => {
  const { net, volumes } = options;
  const mounts = [
    ...volumes
      .filter(({ source }) => source?.startsWith('/'))
      .map(({ source, target, mode }) => ({ type: 'bind', source, destination: target, options: mode })),
    ...options.tmpfs.map(({ target, options: given }) => ({
      ...{ type: 'tmpfs', source: 'tmpfs', destination: target },
      ...(given !== '' && { options: given.split(',') }),
    })),
  ];
  const taken = new Set([...volumes, ...options.tmpfs].map(({ target }) => target));
  const writable = options.readOnly ? WRITABLE.filter((target) => !taken.has(target)) : [];
  const named = volumes
    .filter(({ source }) => !source?.startsWith('/'))
    .map(({ source, target, mode }) => ({ Name: source ?? '', Dest: target, Options: mode.length > 0 ? mode : null }));
  const [policy, retries] = options.restart.split(':');
  return {
    image: options.image,
    terminal: options.tty,
    ...(options.interactive && { stdin: true }),
    sdnotifyMode: 'container',
    ...(options.name !== null && { name: options.name }),
    ...(options.command.length > 0 && { command: options.command }),
    ...(options.entrypoint !== null && { entrypoint: [options.entrypoint] }),
    ...nonEmpty('env', Object.fromEntries(options.env.map(({ name, value }) => [name, value]))),
    ...nonEmpty('labels', Object.fromEntries(options.labels.map(({ name, value }) => [name, value]))),
    ...nonEmpty(
      'portmappings',
      options.ports.map(({ address, hostPort, port, protocol }) => ({
        ...{ host_ip: address ?? '', container_port: port, host_port: hostPort ?? 0, range: 1, protocol },
      })),
    ),
    ...nonEmpty('mounts', [
      ...mounts,
      ...writable.map((destination) => ({ type: 'tmpfs', source: 'tmpfs', destination, options: WRITABLE_OPTIONS })),
    ]),
    ...nonEmpty('volumes', named),
    ...(options.user !== null && { user: options.user }),
    ...(options.workdir !== null && { work_dir: options.workdir }),
    ...(options.hostname !== null && { hostname: options.hostname }),
    // The service takes the words of the line apart itself.
    ...nonEmpty(
      'devices',
      options.devices.map((device) => ({ path: deviceText(device), type: '', major: 0, minor: 0 })),
    ),
    ...(options.shmBytes !== null && { shm_size: options.shmBytes }),
    ...(options.init && { init: true }),
    ...nonEmpty('resource_limits', resources(options)),
    ...nonEmpty(
      'r_limits',
      options.ulimits.map(({ name, soft, hard }) => ({ type: name, soft, hard })),
    ),
    ...nonEmpty('cap_add', prefixed(options.capAdd)),
    ...nonEmpty('cap_drop', prefixed(options.capDrop)),
    annotations: {
      'io.kubernetes.cri-o.TTY': String(options.tty),
      ...(options.seccomp !== null && { 'io.podman.annotations.seccomp': options.seccomp }),
    },
    ...(options.seccomp !== null && { seccomp_profile_path: options.seccomp }),
    ...(options.noNewPrivileges && { no_new_privileges: true }),
    ...(options.privileged && { privileged: true }),
    ...(options.readOnly && { read_only_filesystem: true }),
    ...(policy !== 'no' && { restart_policy: policy }),
    ...(retries !== undefined && { restart_tries: Number(retries) }),
    ...(options.remove && { remove: true }),
    ...nonEmpty('netns', namespace(net)),
    ...(typeof net === 'object' && 'network' in net && { Networks: { [net.network]: {} } }),
    ...nonEmpty('pidns', namespace(options.pid)),
    ...nonEmpty('ipcns', namespace(options.ipc)),
    ...nonEmpty('utsns', namespace(options.uts)),
    ...nonEmpty('userns', namespace(options.userns)),
    ...nonEmpty('cgroupns', namespace(options.cgroupns)),
  };
};

const prefixed = (names: readonly string[]): string[] => names.map((name) => (name === 'ALL' ? name : `CAP_${name}`));
