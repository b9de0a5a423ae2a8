/**
 * A Podman service for tests, with roots of its own in a network namespace of its own: rootful, or rootless as a user
 * that exists for this lab alone. Nothing is left behind. Linux and root only.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ownerOf } from './down.ts';
import { labImages } from './images.ts';
import { PODMAN_PREFIX, takeDownPodman, takeDownPodmanOrphans } from './podman-down.ts';
import { run, type Ran } from './run.ts';

const SERVICE_MILLIS = 30_000;
/** Of no user of the machine: above what Debian and systemd hand out. */
const ROOTLESS_ID = 64_321;
/** What holds a pod’s namespaces: the machine’s own busybox, asleep. */
const PAUSE = 'localhost/pause:latest';
const ROOTLESS_NAME = 'porthole-lab';

export interface PodmanLab {
  readonly socket: string;
  readonly env: Readonly<Record<string, string>>;
  pid(): number;
  /** The podman client beside the service: same roots, same namespaces. Rejects with its stderr if it fails. */
  podman(...args: readonly string[]): Promise<Ran>;
  /** To the service itself: `SIGSTOP`, `SIGCONT`, `SIGKILL`. Its containers live on, for each has a conmon of its own. */
  signal(signal: NodeJS.Signals): void;
  /** Resolves when the service has ended. */
  ended(): Promise<void>;
  /** Starts it again after its end, in a new network namespace. */
  start(): Promise<void>;
  /** Ends everything and removes what it made. A second call does nothing. */
  down(): Promise<void>;
}

interface Service {
  readonly pid: number;
  readonly ended: Promise<void>;
}

const PROGRAMS: readonly (readonly [program: string, args: readonly string[], debian: string])[] = [
  ['podman', ['--version'], 'podman'],
  ['runc', ['--version'], 'runc'],
  ['ip', ['-V'], 'iproute2'],
  ['iptables', ['--version'], 'iptables'],
  ['ls', ['/usr/lib/cni/bridge'], 'containernetworking-plugins'],
];

const answers = new Map<boolean, Promise<string | null>>();

/** Why no Podman can be started here, in a sentence; `null` if one can. */
export function podmanUnavailable(rootless = false): Promise<string | null> {
  const known = answers.get(rootless) ?? findReason(rootless);
  answers.set(rootless, known);
  return known;
}

async function findReason(rootless: boolean): Promise<string | null> {
  if (process.platform !== 'linux') return `a lab of Podman needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'a lab of Podman needs root';
  const more = rootless ? [['newuidmap', [], 'uidmap'] as const] : [];
  for (const [program, args, debian] of [...PROGRAMS, ...more]) {
    // newuidmap without arguments fails, but it is there.
    const missing = await run(program, args).then(
      () => false,
      (error: Error) => program !== 'newuidmap' || /ENOENT/.test(error.message),
    );
    if (missing) return `a lab of Podman needs ${program} (Debian package ${debian})`;
  }
  return labImages().then(
    () => null,
    (error: unknown) => `no images for Podman: ${error instanceof Error ? error.message : String(error)}`,
  );
}

/** This lab's own settings, so that none of the machine's count. crun refuses hybrid cgroups; runc takes them. */
const settings = (dir: string): string => `[containers]
default_ulimits = ["nofile=1024:4096", "nproc=1024:4096"]
[network]
network_config_dir = "${join(dir, 'net')}"
[engine]
cgroup_manager = "cgroupfs"
runtime = "runc"
events_logger = "file"
lock_type = "file"
infra_image = "${PAUSE}"
image_default_transport = "docker://"
`;

/** Ports of the lab's own registries, in the service's network namespace; they speak without TLS. */
export const REGISTRY_PORT = 5000;
export const SECRET_REGISTRY_PORT = 5001;
const REGISTRIES = `unqualified-search-registries = ["docker.io"]
${[REGISTRY_PORT, SECRET_REGISTRY_PORT].map((port) => `[[registry]]\nlocation = "127.0.0.1:${port}"\ninsecure = true\n`).join('')}`;

/** The short name that the Docker lab's images have, in full: Podman keeps no other. */
const fullName = (name: string): string =>
  name.includes('/') ? name : name.startsWith('busybox') ? `localhost/${name}` : `docker.io/library/${name}`;

/** Starts a service with the Docker lab's images; about 2 s. Rejects if it cannot. */
export async function startPodman({ rootless = false } = {}): Promise<PodmanLab> {
  const reason = await podmanUnavailable(rootless);
  if (reason !== null) throw new Error(reason);
  await takeDownPodmanOrphans();
  const images = await labImages();
  const dir = await mkdtemp(join(await realpath(tmpdir()), PODMAN_PREFIX));
  const at = (...names: string[]): string => join(dir, ...names);
  await chmod(dir, 0o755);
  await writeFile(at('owner'), await ownerOf(process.pid));
  await mkdir(at('net'));
  await mkdir(at('home'), { mode: 0o700 });
  await mkdir(at('runtime'), { mode: 0o700 });
  await writeFile(at('containers.conf'), settings(dir));
  await writeFile(at('registries.conf'), REGISTRIES);
  if (rootless) await writeFile(at('rootless'), '');
  const socket = at('runtime', 'podman.sock');
  const roots = ['--root', at('root'), '--runroot', at('run'), '--tmpdir', at('tmp')];
  const argv = rootless ? [...(await asUser(dir)), 'podman'] : ['podman', ...roots];
  const env = {
    ...process.env,
    CONTAINERS_CONF: at('containers.conf'),
    CONTAINERS_REGISTRIES_CONF: at('registries.conf'),
    HOME: at('home'),
  };

  const bind = (from: string, to: string): string => `mount --bind ${at(from)} ${to} && `;
  const users = rootless
    ? bind('passwd', '/etc/passwd') +
      bind('group', '/etc/group') +
      bind('sub', '/etc/subuid') +
      bind('sub', '/etc/subgid')
    : '';
  const serve = async (): Promise<Service> => {
    const log = await open(at('podman.log'), 'a');
    const child = spawn(
      'unshare',
      [
        // What is mounted over /etc is seen by this service alone.
        ...(rootless ? ['--mount', '--propagation', 'private'] : []),
        ...['--net', '--', 'sh', '-c', `ip link set lo up && ${users}cd ${at('home')} && exec "$@"`, 'sh'],
        ...[...argv, 'system', 'service', '--time=0', `unix://${socket}`],
      ],
      { stdio: ['ignore', log.fd, log.fd], detached: true, env },
    );
    await log.close();
    const over = watched(child);
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const pid = child.pid ?? -1;
    await writeFile(at('service.pid'), String(pid));
    for (const deadline = Date.now() + SERVICE_MILLIS; !(await answersAt(socket));) {
      if (over() || Date.now() > deadline)
        throw new Error(`podman did not start:\n${await readFile(at('podman.log'), 'utf8')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.unref();
    return { pid, ended };
  };
  let service: Service = { pid: -1, ended: Promise.resolve() };
  let going: Promise<void> | undefined;
  const podman = (...args: readonly string[]): Promise<Ran> => {
    const enter = ['--target', String(service.pid), '--net', ...(rootless ? ['--mount'] : []), `--wd=${at('home')}`, '--']; // prettier-ignore
    return run('nsenter', [...enter, ...argv, ...args], { env });
  };
  const lab: PodmanLab = {
    socket,
    env: { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: at('home') },
    pid: () => service.pid,
    podman,
    signal: (signal) => void process.kill(service.pid, signal),
    ended: () => service.ended,
    start: async () => {
      // As systemd's podman.socket does: the file of a killed service is in the way.
      await rm(socket, { force: true });
      service = await serve();
    },
    down: () => (going ??= takeDownPodman(dir, podman)),
  };
  try {
    service = await serve();
    const [busybox] = images;
    const pause =
      busybox === undefined ? [] : [{ ...busybox, name: PAUSE, changes: ['CMD ["/bin/sleep", "2000000000"]'] }];
    for (const { name, tar, changes } of [...images, ...pause]) {
      const near = at(basename(tar));
      await copyFile(tar, near);
      await lab.podman('import', ...changes.flatMap((change) => ['--change', change]), near, fullName(name));
    }
  } catch (error) {
    await lab.down();
    throw error;
  }
  return lab;
}

/** The user's files, to be mounted over the machine's; and what starts a program as that user. */
async function asUser(dir: string): Promise<readonly string[]> {
  const at = (name: string): string => join(dir, name);
  const id = String(ROOTLESS_ID);
  await writeFile(
    at('passwd'),
    `${await readFile('/etc/passwd', 'utf8')}${ROOTLESS_NAME}:x:${id}:${id}::${at('home')}:/bin/sh\n`,
  );
  await writeFile(at('group'), `${await readFile('/etc/group', 'utf8')}${ROOTLESS_NAME}:x:${id}:\n`);
  await writeFile(at('sub'), `${ROOTLESS_NAME}:6500000:65536\n`);
  for (const name of ['home', 'runtime', 'net']) await chown(at(name), ROOTLESS_ID, ROOTLESS_ID);
  const variables = {
    HOME: at('home'),
    USER: ROOTLESS_NAME,
    XDG_RUNTIME_DIR: at('runtime'),
    CONTAINERS_CONF: at('containers.conf'),
    CONTAINERS_REGISTRIES_CONF: at('registries.conf'),
  };
  return [
    ...['setpriv', '--reuid', id, '--regid', id, '--clear-groups', '--reset-env', 'env'],
    ...Object.entries({ ...variables, PATH: process.env['PATH'] ?? '' }).map(([name, value]) => `${name}=${value}`),
  ];
}

function watched(child: ChildProcess): () => boolean {
  let over = false;
  child.once('exit', () => (over = true));
  child.once('error', () => (over = true));
  return () => over;
}

const answersAt = (socketPath: string): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.on('timeout', () => asked.destroy());
    asked.end();
  });
