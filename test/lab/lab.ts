/**
 * A Docker engine for tests, on a machine that reaches no image registry: a daemon of its own in a network namespace of
 * its own, images made from the machine's own programs, and nothing left behind. Linux and root only.
 */
import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { takeDown, takeDownOrphans, LAB_PREFIX, ownerOf } from './down.ts';
import { labImages } from './images.ts';
import { run, type Ran } from './run.ts';

/** A daemon answers after 1 to 2 s here; a busy machine is given its time. */
const DAEMON_MILLIS = 60_000;

export interface Lab {
  /** Path of the daemon's socket. */
  readonly socket: string;
  /** What a program needs to find this daemon and no other: DOCKER_HOST, and a client configuration of its own. */
  readonly env: Readonly<Record<string, string>>;
  /** For `--cgroup-parent`: of this lab alone, and removed with it. */
  readonly cgroupParent: string;
  /** The daemon's process ID; another after {@link start}. */
  pid(): number;
  /** Runs the docker client against this daemon. Rejects with its stderr if it fails. */
  docker(...args: readonly string[]): Promise<Ran>;
  /** Sends the daemon a signal, as a test of hung (SIGSTOP) or crashed (SIGKILL) engines needs it. */
  signal(signal: NodeJS.Signals): void;
  /** Waits until the daemon is gone, after {@link signal}. */
  ended(): Promise<void>;
  /** Starts a daemon on the same folders, after the last one ended. */
  start(): Promise<void>;
  /** Ends everything this lab started and removes what it made. A second call does nothing. */
  down(): Promise<void>;
}

const client = async (): Promise<string> =>
  access('/usr/bin/docker').then(
    () => '/usr/bin/docker',
    () => 'docker',
  );

const PROGRAMS: readonly (readonly [program: string, args: readonly string[], debian: string])[] = [
  ['dockerd', ['--version'], 'docker.io'],
  ['docker', ['--version'], 'docker.io'],
  ['redis-server', ['--version'], 'redis-server'],
  ['/bin/busybox', ['true'], 'busybox-static'],
  ['ip', ['-V'], 'iproute2'],
  ['iptables', ['--version'], 'iptables'],
];

let answer: Promise<string | null> | undefined;

/** Why no lab can be started here, in a sentence; `null` if one can. Asked once, then remembered. */
export function labUnavailable(): Promise<string | null> {
  return (answer ??= findReason());
}

async function findReason(): Promise<string | null> {
  if (process.platform !== 'linux') return `a lab of containers needs Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return 'a lab of containers needs root';
  for (const [program, args, debian] of PROGRAMS) {
    const missing = await run(program, args).then(
      () => false,
      () => true,
    );
    if (missing) return `a lab of containers needs ${program} (Debian package ${debian})`;
  }
  try {
    await run('unshare', ['--net', '--', 'true']);
    await labImages();
  } catch (error) {
    return `no lab of containers: ${error instanceof Error ? error.message : String(error)}`;
  }
  return null;
}

/** Starts a daemon with `redis:alpine`, `nginx:alpine` and `busybox:latest`; about 4 s. Rejects if it cannot. */
export async function startLab(): Promise<Lab> {
  const reason = await labUnavailable();
  if (reason !== null) throw new Error(reason);
  await takeDownOrphans();
  const images = await labImages();
  const dir = await mkdtemp(join(await realpath(tmpdir()), LAB_PREFIX));
  await writeFile(join(dir, 'owner'), await ownerOf(process.pid));
  await mkdir(join(dir, 'config'));
  const docker = await client();
  const socket = join(dir, 'docker.sock');
  const env = { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: join(dir, 'config') };
  const asked = (...args: readonly string[]): Promise<Ran> => run(docker, args, { env: { ...process.env, ...env } });

  let daemon = await startDaemon(dir);
  let going: Promise<void> | undefined;
  const lab: Lab = {
    socket,
    env,
    cgroupParent: `/${basename(dir)}`,
    pid: () => daemon.pid,
    docker: asked,
    signal: (signal) => void process.kill(daemon.pid, signal),
    ended: () => daemon.ended,
    start: async () => {
      await forgetContainerd(dir);
      daemon = await startDaemon(dir);
    },
    down: () => (going ??= takeDown(dir)),
  };
  try {
    await Promise.all(
      images.map(({ name, tar, changes }) =>
        asked('import', ...changes.flatMap((change) => ['--change', change]), tar, name),
      ),
    );
  } catch (error) {
    await lab.down();
    throw error;
  }
  return lab;
}

/**
 * containerd dies with its dockerd. Until its parent reaps it, it is a zombie, which the next dockerd takes for a living
 * one and waits for in vain.
 */
async function forgetContainerd(dir: string): Promise<void> {
  const file = join(dir, 'exec/containerd/containerd.pid');
  const pid = await readFile(file, 'utf8').catch(() => null);
  if (pid === null) return;
  for (const deadline = Date.now() + 2000; Date.now() < deadline; await new Promise((go) => setTimeout(go, 20))) {
    if ((await ownerOf(pid.trim())) === '') return rm(file, { force: true });
  }
}

interface Daemon {
  readonly pid: number;
  readonly ended: Promise<void>;
}

async function startDaemon(dir: string): Promise<Daemon> {
  const log = await open(join(dir, 'dockerd.log'), 'a');
  const at = (name: string): string => join(dir, name);
  const dockerd = ['dockerd', '--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('docker.pid')];
  // Its own network namespace: bridge and rules vanish with it, and nothing in it reaches beyond this machine.
  // A session of its own: Ctrl-C in the terminal must not end the daemon before its containers.
  const child = spawn(
    'unshare',
    [
      '--net',
      '--',
      'sh',
      '-c',
      'ip link set lo up && exec "$@"',
      'sh',
      ...dockerd,
      '-H',
      `unix://${at('docker.sock')}`,
    ],
    { stdio: ['ignore', log.fd, log.fd], detached: true },
  );
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      over = true;
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  await log.close();
  const { pid } = child;
  const deadline = Date.now() + DAEMON_MILLIS;
  const environment = { ...process.env, DOCKER_HOST: `unix://${at('docker.sock')}`, DOCKER_CONFIG: at('config') };
  for (const docker = await client(); !over && pid !== undefined && Date.now() < deadline;) {
    const up = await run(docker, ['version', '--format', '{{.Server.Version}}'], { env: environment }).then(
      () => true,
      () => false,
    );
    if (up) {
      // The daemon is ended by takeDown; it must not keep the test run's process alive.
      child.unref();
      return { pid, ended };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const said = await readFile(at('dockerd.log'), 'utf8');
  await takeDown(dir);
  throw new Error(`dockerd did not start:\n${said.split('\n').slice(-15).join('\n')}`);
}
