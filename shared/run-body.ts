/** What the docker client asks an engine for when it is given {@link runArgv}. Docker Engine API reference, ContainerCreate. */
import { modeOf, securityOf, type RunOptions } from './run-container.ts';
import { bindText } from './run-parts.ts';

/** As the docker client spells and orders them: with CAP_, each once, and ALL before all. */
const capabilities = (names: readonly string[]): string[] =>
  [...new Set(names)].map((name) => (name === 'ALL' ? name : `CAP_${name}`)).sort();

const keyed = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries);

/** The client sends the profile itself, not where it stands. */
const securityIn = (options: RunOptions, profile: string | null): string[] => {
  if (options.seccomp === null || options.seccomp === 'unconfined') return securityOf(options);
  if (profile === null) throw new TypeError('a seccomp profile has to be read first');
  return securityOf({ ...options, seccomp: profile });
};

/**
 * The body of POST /containers/create that the docker client makes of {@link runArgv}, without what says nothing.
 * `profile`: what is in the file that `options.seccomp` names, without white space.
 */
export const createBody = (options: RunOptions, profile: string | null = null) => {
  const [policy = '', retries = '0'] = options.restart.split(':');
  const bindings = new Map<string, { HostIp: string; HostPort: string }[]>();
  for (const { address, hostPort, port, protocol } of options.ports) {
    const key = `${port}/${protocol}`;
    const binding = { HostIp: address ?? '', HostPort: hostPort === null ? '' : String(hostPort) };
    bindings.set(key, [...(bindings.get(key) ?? []), binding]);
  }
  const unnamed = options.volumes.filter(({ source }) => source === null);
  return {
    Image: options.image,
    ...(options.command.length > 0 && { Cmd: options.command }),
    ...(options.interactive && { OpenStdin: true }),
    ...(options.tty && { Tty: true }),
    Env: options.env.map(({ name, value }) => `${name}=${value}`),
    User: options.user ?? '',
    WorkingDir: options.workdir ?? '',
    ...(options.entrypoint !== null && { Entrypoint: [options.entrypoint] }),
    ...(options.hostname !== null && { Hostname: options.hostname }),
    Labels: keyed(options.labels.map(({ name, value }) => [name, value])),
    ExposedPorts: keyed([...bindings.keys()].map((key) => [key, {}])),
    Volumes: keyed(unnamed.map(({ target }) => [target, {}])),
    HostConfig: {
      AutoRemove: options.remove,
      Binds: options.volumes.filter(({ source }) => source !== null).map(bindText),
      Tmpfs: keyed(options.tmpfs.map(({ target, options }) => [target, options])),
      Devices: options.devices.map(({ source, target, access }) => ({
        ...{ PathOnHost: source, PathInContainer: target, CgroupPermissions: access },
      })),
      ShmSize: options.shmBytes ?? 0,
      ...(options.init && { Init: true }),
      Ulimits: options.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
      PortBindings: keyed([...bindings]),
      RestartPolicy: { Name: policy, MaximumRetryCount: Number(retries) },
      NetworkMode: modeOf(options.net) || 'default',
      PidMode: modeOf(options.pid),
      IpcMode: modeOf(options.ipc),
      UTSMode: modeOf(options.uts),
      UsernsMode: modeOf(options.userns),
      CgroupnsMode: modeOf(options.cgroupns),
      Memory: options.memoryBytes ?? 0,
      NanoCpus: (options.milliCpus ?? 0) * 1_000_000,
      PidsLimit: options.pids ?? 0,
      CapAdd: capabilities(options.capAdd),
      CapDrop: capabilities(options.capDrop),
      SecurityOpt: securityIn(options, profile),
      Privileged: options.privileged,
      ReadonlyRootfs: options.readOnly,
      // The client's own "not asked for"; zero would be asked for.
      MemorySwappiness: -1,
    },
  };
};
