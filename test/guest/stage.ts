/** Puts real processes in cgroups and namespaces as Docker and Kubernetes do. Runs in the guest, as root. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const V2 = '/sys/fs/cgroup';
const CONTROLLERS = '+cpu +memory +pids';

/** 64 hex digits out of a word, as engines name containers. */
export const idOf = (word: string): string => Buffer.from(word.repeat(16)).toString('hex').slice(0, 64);

const pause = (millis: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);

/** Looks again for up to 20 s. Throws if it never is so. */
export const until = <T>(what: string, look: () => T | null | undefined | false): T => {
  for (let tries = 0; tries < 1000; tries++) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    pause(20);
  }
  throw new Error(`${what} did not happen`);
};

const text = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Makes a cgroup of v2 with the controllers, and writes to its files. */
export const cgroup = (path: string, files: Readonly<Record<string, string>> = {}): string => {
  const folder = join(V2, path);
  if (!existsSync(folder)) {
    if (path !== '/' && dirname(path) !== '/') cgroup(dirname(path));
    writeFileSync(join(dirname(folder), 'cgroup.subtree_control'), CONTROLLERS);
    mkdirSync(folder);
  }
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), value);
  return folder;
};

/** A program of this name that waits for ever, by nothing that it could be woken by. */
const waiting = (name: string): string[] => ['sh', '-c', `printf ${name} > /proc/self/comm; read _ < /never`];

const started = (argv: readonly string[], user?: number): number => {
  const ids = user === undefined ? {} : { uid: user, gid: user };
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], ...ids });
  child.unref();
  return child.pid!;
};

const named = (pid: number, name: string): number =>
  until(`${name} starts`, () => (text(`/proc/${pid}/comm`) === `${name}\n` ? pid : null));

const childOf = (pid: number): number | null => {
  const found = text(`/proc/${pid}/task/${pid}/children`).split(' ')[0];
  return found === undefined || found === '' ? null : Number(found);
};

/** In the caller's namespaces; `folder` is a cgroup's directory. */
export const plain = (name: string, folder: string | null, user?: number): number => {
  const pid = named(started(waiting(name), user), name);
  if (folder !== null) writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  return pid;
};

/**
 * A container: its first process in namespaces of its own, or in another's network, IPC and UTS namespaces, as in a pod.
 * Its parent stays outside, as a shim does. The number of its first process.
 */
export const container = (name: string, folder: string, pod?: number): number => {
  const own = ['unshare', '--mount', '--pid', '--cgroup', '--fork', '--mount-proc'];
  const shared = ['--net', '--ipc', '--uts'];
  const argv = pod === undefined ? [...own, ...shared] : ['nsenter', '-t', String(pod), '-n', '-i', '-u', '--', ...own];
  // By its path: busybox's shell takes its own unshare, which knows no cgroup namespace.
  const inside = [
    'sh',
    '-c',
    'echo 0 > "$0/cgroup.procs"; exec /usr/bin/unshare --cgroup "$@"',
    folder,
    ...waiting(name),
  ];
  const shim = started([...argv, '--', ...inside]);
  const first = until(`${name} has a process`, () => childOf(shim));
  return named(first, name);
};

/** As an ordinary user may: with a user namespace of its own. The number of the process inside. */
export const unprivileged = (name: string, user: number): number => {
  const shim = started(['unshare', '-Urpn', '--fork', '--', ...waiting(name)], user);
  return named(
    until(`${name} has a process`, () => childOf(shim)),
    name,
  );
};

export const mounted = (type: string, at: string, options = ''): void => {
  mkdirSync(at, { recursive: true });
  execFileSync('mount', ['-t', type, ...(options === '' ? [] : ['-o', options]), type, at]);
};
