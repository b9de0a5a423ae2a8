/** What there may be several of in a run: ports, volumes, devices, limits; each with its words on the command line. */
import * as v from 'valibot';

// eslint-disable-next-line no-control-regex -- NUL is the one byte that no argument can hold
const NUL_FREE = /^[^\u0000]*$/;
export const text = (most: number) => v.pipe(v.string(), v.maxLength(most), v.regex(NUL_FREE, 'text without NUL'));
export const some = (most: number) => v.pipe(text(most), v.minLength(1));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const isOnce = (all: readonly string[]): boolean => new Set(all).size === all.length;
export const once = <T extends { readonly name: string }>() =>
  v.check<T[], string>((all) => isOnce(all.map(({ name }) => name)), 'each name once');

const Port = v.strictObject({
  /** `null`: every address of the machine. */
  address: v.nullable(v.pipe(v.string(), v.regex(/^(?:[\d.]{7,15}|[\da-fA-F:]{2,39})$/, 'an IP address'))),
  /** `null`: any free one. */
  hostPort: v.nullable(port),
  port,
  protocol: v.picklist(['tcp', 'udp', 'sctp']),
});
export const Ports = v.pipe(v.array(Port), v.maxLength(256));

/** `docker run --help`, --volume: read-only; a label of SELinux, shared or its own; how mounts below travel. */
export const PROPAGATIONS = ['private', 'rprivate', 'shared', 'rshared', 'slave', 'rslave'] as const;
const VOLUME_MODES = ['ro', 'z', 'Z', ...PROPAGATIONS] as const;
export type VolumeMode = (typeof VOLUME_MODES)[number];
const isPropagation = (mode: string): boolean => PROPAGATIONS.some((one) => one === mode);

/** Each kind once; nothing propagates from a volume, and docker takes no mode without a source. */
const modesFit = ({ source, mode }: { source: string | null; mode: readonly VolumeMode[] }): boolean => {
  const kinds = mode.map((one) => (isPropagation(one) ? 'propagation' : one.toLowerCase()));
  if (new Set(kinds).size < kinds.length || (source === null && mode.length > 0)) return false;
  return source?.startsWith('/') === true || !kinds.includes('propagation');
};
const Volume = v.pipe(
  v.strictObject({
    /** A path of the machine, or a volume's name; `null`: a new unnamed volume. */
    source: v.nullable(v.pipe(text(4096), v.regex(/^(?:\/[^:]*|[A-Za-z0-9][A-Za-z0-9_.-]+)$/, 'a path or a name'))),
    target: v.pipe(text(4096), v.regex(/^\/[^:]*$/, 'an absolute path without a colon')),
    /** In the order in which they were given. */
    mode: v.array(v.picklist(VOLUME_MODES)),
  }),
  v.check((volume) => modesFit(volume), 'modes that fit together'),
);
export const Volumes = v.pipe(v.array(Volume), v.maxLength(256));

const Tmpfs = v.strictObject({
  target: v.pipe(text(4096), v.regex(/^\/[^:,]*$/, 'an absolute path without a colon')),
  options: v.pipe(text(1024), v.regex(/^(?:[^\s:,]+(?:,[^\s:,]+)*)?$/, 'options without spaces')),
});
/** In memory; `options` as mount(8) takes them for tmpfs: `size=64m,mode=1777`. */
export const Tmpfses = v.pipe(
  v.array(Tmpfs),
  v.maxLength(64),
  v.check((all) => isOnce(all.map(({ target }) => target)), 'each path once'),
);

const Device = v.strictObject({
  source: v.pipe(text(4096), v.regex(/^\/[^:]*$/, 'an absolute path without a colon')),
  target: v.pipe(text(4096), v.regex(/^\/[^:]*$/, 'an absolute path without a colon')),
  access: v.pipe(v.string(), v.regex(/^(?=.)r?w?m?$/, 'some of rwm')),
});
/** Of the machine, by their paths; `access` says whether it may read, write and mknod(2) it. */
export const Devices = v.pipe(
  v.array(Device),
  v.maxLength(64),
  v.check((all) => isOnce(all.map(({ target }) => target)), 'each path once'),
);

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
export const Ulimits = v.pipe(v.array(Ulimit), v.maxLength(ULIMITS.length), once());

export const portText = ({ address, hostPort, port, protocol }: v.InferOutput<typeof Port>): string => {
  const at = address === null ? '' : `${address.includes(':') ? `[${address}]` : address}:`;
  const here = hostPort !== null ? `${hostPort}:` : address === null ? '' : ':';
  return `${at}${here}${port}${protocol === 'tcp' ? '' : `/${protocol}`}`;
};
export const bindText = ({ source, target, mode }: v.InferOutput<typeof Volume>): string =>
  `${source === null ? '' : `${source}:`}${target}${mode.length > 0 ? `:${mode.join(',')}` : ''}`;
/** `/dev/fuse`, `/dev/ttyS3:/dev/ttyS0:r`: no more words than it takes. */
export const deviceText = ({ source, target, access }: v.InferOutput<typeof Device>): string =>
  [source, ...(target === source ? [] : [target]), ...(access === 'rwm' ? [] : [access])].join(':');
/** `nofile=1024:4096` */
export const ulimitText = ({ name, soft, hard }: Ulimit): string => `${name}=${soft}:${hard}`;
