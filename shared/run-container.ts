/** `docker run -d`: what the form holds, and the argv it is by hand. */
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

/** What the engine lets a program have: names as setrlimit(2) has them, without RLIMIT_. */
export const ULIMITS = [
  ...['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc'],
  ...['rss', 'rtprio', 'rttime', 'sigpending', 'stack'],
] as const;
const most = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Ulimit = v.pipe(
  v.strictObject({ name: v.picklist(ULIMITS), soft: most, hard: most }),
  v.check(({ soft, hard }) => soft <= hard, 'a soft limit not above the hard one'),
);
export type Ulimit = v.InferOutput<typeof Ulimit>;

/** A network that the engine knows by name; these names mean something else. */
const network = v.strictObject({
  network: v.pipe(containerName, v.regex(/^(?!(?:host|none|default)$)/, 'the name of a network')),
});
const once = <T extends { readonly name: string }>() =>
  v.check<T[], string>((all) => new Set(all.map(({ name }) => name)).size === all.length, 'each name once');

export const RunOptions = v.strictObject({
  image: v.pipe(some(512), v.regex(/^[^-\s]\S*$/, 'an image')),
  name: v.nullable(some(255)),
  /** argv for the image's entrypoint; empty: the image's own. */
  command: v.pipe(v.array(text(32_768)), v.maxLength(512)),
  /** Instead of the image's own; podman would take what begins with [ for a list. */
  entrypoint: v.nullable(v.pipe(some(4096), v.regex(/^[^[]/, 'a program'))),
  env: v.pipe(
    v.array(v.strictObject({ name: v.pipe(some(1024), v.regex(/^[^=]+$/, 'a name without =')), value: text(131_072) })),
    v.maxLength(512),
    once(),
  ),
  labels: v.pipe(
    v.array(v.strictObject({ name: v.pipe(some(1024), v.regex(/^[^=\s]+$/, 'a label')), value: text(65_536) })),
    v.maxLength(512),
    once(),
  ),
  hostname: v.nullable(v.pipe(v.string(), v.regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,61}[A-Za-z0-9])?$/, 'a host name'))),
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
  /** In memory; `options` as mount(8) takes them for tmpfs: `size=64m,mode=1777`. */
  tmpfs: v.pipe(
    v.array(
      v.strictObject({
        target: v.pipe(text(4096), v.regex(/^\/[^:,]*$/, 'an absolute path without a colon')),
        options: v.pipe(text(1024), v.regex(/^(?:[^\s:,]+(?:,[^\s:,]+)*)?$/, 'options without spaces')),
      }),
    ),
    v.maxLength(64),
    v.check((all) => new Set(all.map(({ target }) => target)).size === all.length, 'each path once'),
  ),
  /** Of the machine, by their paths; `access` says whether it may read, write and mknod(2) it. */
  devices: v.pipe(
    v.array(
      v.strictObject({
        source: v.pipe(text(4096), v.regex(/^\/[^:]*$/, 'an absolute path without a colon')),
        target: v.pipe(text(4096), v.regex(/^\/[^:]*$/, 'an absolute path without a colon')),
        access: v.pipe(v.string(), v.regex(/^(?=.)r?w?m?$/, 'some of rwm')),
      }),
    ),
    v.maxLength(64),
    v.check((all) => new Set(all.map(({ target }) => target)).size === all.length, 'each path once'),
  ),
  shmBytes: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** A small pid 1 that hands on signals and collects what ended. */
  init: v.boolean(),
  ulimits: v.pipe(v.array(Ulimit), v.maxLength(ULIMITS.length), once()),
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
  net: v.union([v.picklist(['own', 'host', 'none']), shared, network]),
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
  entrypoint: null,
  env: [],
  labels: [],
  hostname: null,
  ports: [],
  volumes: [],
  tmpfs: [],
  devices: [],
  shmBytes: null,
  init: false,
  ulimits: [],
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
export const modeOf = (sharing: Sharing): string =>
  typeof sharing === 'string'
    ? sharing === 'own'
      ? ''
      : sharing
    : 'network' in sharing
      ? sharing.network
      : `container:${sharing.container}`;

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
export const bindText = ({ source, target, readOnly }: RunOptions['volumes'][number]): string =>
  `${source === null ? '' : `${source}:`}${target}${readOnly && source !== null ? ':ro' : ''}`;
/** `/dev/fuse`, `/dev/ttyS3:/dev/ttyS0:r`: no more words than it takes. */
export const deviceText = ({ source, target, access }: RunOptions['devices'][number]): string =>
  [source, ...(target === source ? [] : [target]), ...(access === 'rwm' ? [] : [access])].join(':');
export const securityOf = (options: RunOptions): string[] => [
  ...(options.seccompUnconfined ? ['seccomp=unconfined'] : []),
  ...(options.noNewPrivileges ? ['no-new-privileges'] : []),
];

/** `nofile=1024:4096` */
export const ulimitText = ({ name, soft, hard }: Ulimit): string => `${name}=${soft}:${hard}`;

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
    ...options.tmpfs.map(({ target, options }) => `--tmpfs=${target}${options === '' ? '' : `:${options}`}`),
    ...options.devices.map((device) => `--device=${deviceText(device)}`),
    ...value('shm-size', options.shmBytes === null ? null : memoryText(options.shmBytes)),
    ...tick('init', options.init),
    ...value('entrypoint', options.entrypoint),
    ...value('hostname', options.hostname),
    ...options.labels.map(({ name, value }) => `--label=${name}=${value}`),
    ...value('user', options.user),
    ...value('workdir', options.workdir),
    ...value('memory', options.memoryBytes === null ? null : memoryText(options.memoryBytes)),
    ...value('cpus', options.milliCpus === null ? null : options.milliCpus / 1000),
    ...value('pids-limit', options.pids),
    ...options.ulimits.map((limit) => `--ulimit=${ulimitText(limit)}`),
    ...options.capAdd.map((name) => `--cap-add=${name}`),
    ...options.capDrop.map((name) => `--cap-drop=${name}`),
    ...securityOf(options).map((text) => `--security-opt=${text}`),
    ...tick('privileged', options.privileged),
    ...tick('read-only', options.readOnly),
    options.image,
    ...options.command,
  ];
};

/** The same for a list that is kept and exported: values of the environment, which may be secrets, are the shell's to give. */
export const runArgvForList = (options: RunOptions): readonly string[] =>
  runArgv({ ...options, env: [] }).flatMap((argument, at) =>
    at === 1 ? [argument, ...options.env.map(({ name }) => `--env=${name}`)] : [argument],
  );
