/** `docker run -d`: what the form holds, the argv it is by hand, and the body that asks an engine for the same. */
import * as v from 'valibot';
import { CAPABILITIES } from './capabilities.ts';

// eslint-disable-next-line no-control-regex -- NUL is the one byte that no argument can hold
const NUL_FREE = /^[^\u0000]*$/;
const text = (most: number) => v.pipe(v.string(), v.maxLength(most), v.regex(NUL_FREE, 'text without NUL'));
const some = (most: number) => v.pipe(text(most), v.minLength(1));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
/** What names a container on a command line; what might be an option is none. */
const containerName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'a container'));
const shared = v.strictObject({ container: containerName });
const capability = v.picklist(['ALL', ...CAPABILITIES.map(({ name }) => name)]);

export const RunOptions = v.strictObject({
  image: v.pipe(some(512), v.regex(/^[^-\s]\S*$/, 'an image')),
  name: v.nullable(some(255)),
  /** argv for the image's entrypoint; empty: the image's own. */
  command: v.pipe(v.array(text(32_768)), v.maxLength(512)),
  env: v.pipe(
    v.array(v.strictObject({ name: v.pipe(some(1024), v.regex(/^[^=]+$/, 'a name without =')), value: text(131_072) })),
    v.maxLength(512),
    v.check((entries) => new Set(entries.map(({ name }) => name)).size === entries.length, 'each name once'),
  ),
  ports: v.pipe(
    v.array(
      v.strictObject({
        /** `null`: every address of the machine. */
        address: v.nullable(v.pipe(v.string(), v.regex(/^(?:[\d.]{7,15}|[\da-fA-F:]{2,39})$/, 'an IP address'))),
        /** `null`: any free one. */
        hostPort: v.nullable(port),
        port,
        protocol: v.picklist(['tcp', 'udp', 'sctp']),
      }),
    ),
    v.maxLength(256),
  ),
  volumes: v.pipe(
    v.array(
      v.strictObject({
        /** A path of the machine, or a volume's name; `null`: a new unnamed volume. */
        source: v.nullable(v.pipe(text(4096), v.regex(/^(?:\/[^:]*|[A-Za-z0-9][A-Za-z0-9_.-]+)$/, 'a path or a name'))),
        target: v.pipe(text(4096), v.regex(/^\/[^:]*$/, 'an absolute path without a colon')),
        readOnly: v.boolean(),
      }),
    ),
    v.maxLength(256),
  ),
  user: v.nullable(some(255)),
  workdir: v.nullable(v.pipe(some(4096), v.startsWith('/'))),
  /** The least that engines take is 6 MiB; they say so. */
  memoryBytes: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** In thousandths, as engines round no further. */
  milliCpus: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000))),
  pids: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4_194_304))),
  capAdd: v.pipe(v.array(capability), v.maxLength(64)),
  capDrop: v.pipe(v.array(capability), v.maxLength(64)),
  seccompUnconfined: v.boolean(),
  noNewPrivileges: v.boolean(),
  privileged: v.boolean(),
  readOnly: v.boolean(),
  restart: v.picklist(['no', 'on-failure', 'always', 'unless-stopped']),
  /** Remove it when it ends. */
  remove: v.boolean(),
  /** `own`: what the engine gives by itself. */
  net: v.union([v.picklist(['own', 'host', 'none']), shared]),
  pid: v.union([v.picklist(['own', 'host']), shared]),
  /** `shareable`: own, and others may share it. */
  ipc: v.union([v.picklist(['own', 'shareable', 'host', 'none']), shared]),
  uts: v.picklist(['own', 'host']),
  userns: v.picklist(['own', 'host']),
  /** `own`: by the engine's setting; `private` is always its own. */
  cgroupns: v.picklist(['own', 'private', 'host']),
});
export type RunOptions = v.InferOutput<typeof RunOptions>;

/** `docker run -d IMAGE`, with nothing else. */
export const plainRun = (image: string): RunOptions => ({
  image,
  name: null,
  command: [],
  env: [],
  ports: [],
  volumes: [],
  user: null,
  workdir: null,
  memoryBytes: null,
  milliCpus: null,
  pids: null,
  capAdd: [],
  capDrop: [],
  seccompUnconfined: false,
  noNewPrivileges: false,
  privileged: false,
  readOnly: false,
  restart: 'no',
  remove: false,
  net: 'own',
  pid: 'own',
  ipc: 'own',
  uts: 'own',
  userns: 'own',
  cgroupns: 'own',
});

type Sharing = RunOptions['net'] | RunOptions['ipc'] | RunOptions['cgroupns'];
/** As `--net=` and its kin take it; empty where nothing is asked for. */
const modeOf = (sharing: Sharing): string =>
  typeof sharing === 'object' ? `container:${sharing.container}` : sharing === 'own' ? '' : sharing;

const UNITS = ['b', 'k', 'm', 'g', 't', 'p'];
/** `512m`: the largest unit that keeps it exact. */
const memoryText = (bytes: number): string => {
  let unit = 0;
  for (; unit < UNITS.length - 1 && bytes % 1024 === 0; unit++) bytes /= 1024;
  return `${bytes}${UNITS[unit]}`;
};

const portText = ({ address, hostPort, port, protocol }: RunOptions['ports'][number]): string => {
  const at = address === null ? '' : `${address.includes(':') ? `[${address}]` : address}:`;
  const here = hostPort !== null ? `${hostPort}:` : address === null ? '' : ':';
  return `${at}${here}${port}${protocol === 'tcp' ? '' : `/${protocol}`}`;
};
const bindText = ({ source, target, readOnly }: RunOptions['volumes'][number]): string =>
  `${source === null ? '' : `${source}:`}${target}${readOnly && source !== null ? ':ro' : ''}`;
const securityOf = (options: RunOptions): string[] => [
  ...(options.seccompUnconfined ? ['seccomp=unconfined'] : []),
  ...(options.noNewPrivileges ? ['no-new-privileges'] : []),
];

/** argv after the client's own name: `run -d … IMAGE …`. */
export const runArgv = (options: RunOptions): readonly string[] => {
  const value = (flag: string, text: string | number | null): string[] =>
    text === null || text === '' ? [] : [`--${flag}=${text}`];
  const tick = (flag: string, on: boolean): string[] => (on ? [`--${flag}`] : []);
  return [
    'run',
    '-d',
    ...tick('rm', options.remove),
    ...value('name', options.name),
    ...value('restart', options.restart === 'no' ? null : options.restart),
    ...value('net', modeOf(options.net)),
    ...value('pid', modeOf(options.pid)),
    ...value('ipc', modeOf(options.ipc)),
    ...value('uts', modeOf(options.uts)),
    ...value('userns', modeOf(options.userns)),
    ...value('cgroupns', modeOf(options.cgroupns)),
    ...options.env.map(({ name, value }) => `--env=${name}=${value}`),
    ...options.ports.map((port) => `--publish=${portText(port)}`),
    ...options.volumes.map((volume) => `--volume=${bindText(volume)}`),
    ...value('user', options.user),
    ...value('workdir', options.workdir),
    ...value('memory', options.memoryBytes === null ? null : memoryText(options.memoryBytes)),
    ...value('cpus', options.milliCpus === null ? null : options.milliCpus / 1000),
    ...value('pids-limit', options.pids),
    ...options.capAdd.map((name) => `--cap-add=${name}`),
    ...options.capDrop.map((name) => `--cap-drop=${name}`),
    ...securityOf(options).map((text) => `--security-opt=${text}`),
    ...tick('privileged', options.privileged),
    ...tick('read-only', options.readOnly),
    options.image,
    ...options.command,
  ];
};

/** As the docker client spells and orders them: with CAP_, each once, and ALL before all. */
const capabilities = (names: readonly string[]): string[] =>
  [...new Set(names)].map((name) => (name === 'ALL' ? name : `CAP_${name}`)).sort();

const keyed = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries);

/** The body of POST /containers/create that the docker client makes of {@link runArgv}, without what says nothing. */
export const createBody = (options: RunOptions) => {
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
    Env: options.env.map(({ name, value }) => `${name}=${value}`),
    User: options.user ?? '',
    WorkingDir: options.workdir ?? '',
    ExposedPorts: keyed([...bindings.keys()].map((key) => [key, {}])),
    Volumes: keyed(unnamed.map(({ target }) => [target, {}])),
    HostConfig: {
      AutoRemove: options.remove,
      Binds: options.volumes.filter(({ source }) => source !== null).map(bindText),
      PortBindings: keyed([...bindings]),
      RestartPolicy: { Name: options.restart, MaximumRetryCount: 0 },
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
      SecurityOpt: securityOf(options),
      Privileged: options.privileged,
      ReadonlyRootfs: options.readOnly,
      // The client's own "not asked for"; zero would be asked for.
      MemorySwappiness: -1,
    },
  };
};
