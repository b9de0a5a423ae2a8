/** `docker run -d`: what the form holds, and the argv it is by hand. */
import * as v from 'valibot';
import { CAPABILITIES } from './capabilities.ts';
import { bindText, Devices, deviceText, once, Ports, portText, some, text, Tmpfses, Ulimits, ulimitText, Volumes } from './run-parts.ts'; // prettier-ignore

/** What names a container on a command line; what might be an option is none. */
const containerName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/, 'a container'));
const shared = v.strictObject({ container: containerName });
const capability = v.picklist(['ALL', ...CAPABILITIES.map(({ name }) => name)]);

/** A network that the engine knows by name; these names mean something else. */
const network = v.strictObject({
  network: v.pipe(containerName, v.regex(/^(?!(?:host|none|default)$)/, 'the name of a network')),
});
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
  ports: Ports,
  volumes: Volumes,
  tmpfs: Tmpfses,
  devices: Devices,
  shmBytes: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** Its standard input stays open, though nobody writes to it: a shell waits instead of ending. */
  interactive: v.boolean(),
  tty: v.boolean(),
  /** A small pid 1 that hands on signals and collects what ended. */
  init: v.boolean(),
  ulimits: Ulimits,
  user: v.nullable(some(255)),
  workdir: v.nullable(v.pipe(some(4096), v.startsWith('/'))),
  /** The least that engines take is 6 MiB; they say so. */
  memoryBytes: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1))),
  /** In thousandths, as engines round no further. */
  milliCpus: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10_000_000))),
  pids: v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4_194_304))),
  capAdd: v.pipe(v.array(capability), v.maxLength(64)),
  capDrop: v.pipe(v.array(capability), v.maxLength(64)),
  /** `null`: the engine's own; else none at all, or a file with a profile. */
  seccomp: v.nullable(v.union([v.literal('unconfined'), v.pipe(some(4096), v.startsWith('/'))])),
  noNewPrivileges: v.boolean(),
  privileged: v.boolean(),
  readOnly: v.boolean(),
  /** As `--restart` takes it: `on-failure:3` gives up after the third time. */
  restart: v.pipe(
    v.string(),
    v.regex(/^(?:no|always|unless-stopped|on-failure(?::[1-9]\d{0,5})?)$/, 'a restart policy'),
  ),
  /** Remove it when it ends. */
  remove: v.boolean(),
  /** `own`: what the engine gives by itself. */
  net: v.union([v.picklist(['own', 'host', 'none']), shared, network]),
  pid: v.union([v.picklist(['own', 'host']), shared]),
  /** `shareable`: own, and others may share it. */
  ipc: v.union([v.picklist(['own', 'shareable', 'host', 'none']), shared]),
  /** These three only Podman shares with a container; `docker run --help` has no such value. */
  uts: v.union([v.picklist(['own', 'host']), shared]),
  userns: v.union([v.picklist(['own', 'host']), shared]),
  /** `own`: by the engine's setting; `private` is always its own. */
  cgroupns: v.union([v.picklist(['own', 'private', 'host']), shared]),
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
  interactive: false,
  tty: false,
  init: false,
  ulimits: [],
  user: null,
  workdir: null,
  memoryBytes: null,
  milliCpus: null,
  pids: null,
  capAdd: [],
  capDrop: [],
  seccomp: null,
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

/** Those that Docker does not share with a container, and Podman does. */
export const onlyPodmanShares = (options: RunOptions): readonly ('uts' | 'userns' | 'cgroupns')[] =>
  (['uts', 'userns', 'cgroupns'] as const).filter((key) => typeof options[key] === 'object');

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

export const securityOf = (options: RunOptions): string[] => [
  ...(options.seccomp === null ? [] : [`seccomp=${options.seccomp}`]),
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
    ...tick('interactive', options.interactive),
    ...tick('tty', options.tty),
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
