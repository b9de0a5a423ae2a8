/** Takes a lab of Podman down and leaves nothing: pods, containers, service, mounts, network namespaces, cgroups, folder. */
import { readdir, readFile, realpath, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ownerOf, thaw } from './down.ts';
import { run, type Ran } from './run.ts';

export const PODMAN_PREFIX = 'porthole-podman-';
const GRACE_MILLIS = 10_000;
/** Where cgroupfs-managed Podman puts every container; shared by all labs. */
const PARENT = 'libpod_parent';
/** Where Podman binds the network namespaces that it makes. */
const NETWORKS = '/run/netns';

const orNothing = async <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null);
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));

/** Takes down every lab whose owner was killed before it could. */
export async function takeDownPodmanOrphans(): Promise<void> {
  const root = await realpath(tmpdir());
  for (const name of await readdir(root)) {
    if (!name.startsWith(PODMAN_PREFIX)) continue;
    const dir = join(root, name);
    const owner = await orNothing(readFile(join(dir, 'owner'), 'utf8'));
    const young = Date.now() - ((await orNothing(stat(dir)))?.mtimeMs ?? 0) < 10_000;
    const alive = owner === null ? young : owner === (await ownerOf(owner.split(' ')[0] ?? ''));
    if (!alive) await takeDownPodman(dir, null);
  }
}

/** The service, its monitors and runtimes, which name the folder; and what runs in a container, whose root lies in it. */
async function processesOf(dir: string, ids: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const read = async (file: string): Promise<string> =>
      (await orNothing(readFile(`/proc/${name}/${file}`, 'utf8'))) ?? '';
    const program = basename((await read('cmdline')).split('\0')[0] ?? '');
    const engine = /^(?:podman|conmon|unshare|runc|sh)$/.test(program);
    const speaks = engine && `${await read('cmdline')}${await read('environ')}`.includes(dir);
    const cgroup = await read('cgroup');
    const inside = (mountinfo: string): boolean =>
      mountinfo.split('\n').some((line) => line.split(' ')[4] === '/' && line.includes(`${dir}/`));
    if (speaks || ids.some((id) => cgroup.includes(id)) || inside(await read('mountinfo'))) found.push(Number(name));
  }
  return found;
}

/** Ends and removes the lab in this folder, whatever state it was left in; `podman` where its client can be asked. */
export async function takeDownPodman(
  dir: string,
  podman: ((...args: readonly string[]) => Promise<Ran>) | null,
): Promise<void> {
  let ids: readonly string[] = [];
  if (podman !== null) {
    const told = await orNothing(podman('ps', '-aq', '--no-trunc'));
    ids = told?.stdout.split('\n').filter((id) => id !== '') ?? [];
    await orNothing(podman('pod', 'rm', '-f', '-a', '-t', '0'));
    await orNothing(podman('rm', '-f', '-a', '-v', '-t', '0'));
  }
  const known = await orNothing(readdir(join(dir, 'root/overlay-containers')));
  ids = [...new Set([...ids, ...(known ?? []).filter((id) => /^[0-9a-f]{64}$/.test(id))])];
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map((line) => line.split(' '));
  const hierarchies = mounts.filter((fields) => / - cgroup2? /.test(fields.join(' '))).map((fields) => fields[4] ?? '');
  for (const hierarchy of hierarchies) await thawBelow(join(hierarchy, PARENT), ids);
  const networks = new Set<number>();
  for (const deadline = Date.now() + GRACE_MILLIS; ; await sleep(50)) {
    const left = await processesOf(dir, ids);
    if (left.length === 0) break;
    if (Date.now() > deadline) throw new Error(`processes of ${dir} would not end: ${left.join(' ')}`);
    for (const pid of left) {
      const network = await orNothing(stat(`/proc/${pid}/ns/net`));
      if (network !== null) networks.add(network.ino);
    }
    for (const pid of left) await orNothing(Promise.resolve().then(() => process.kill(pid, 'SIGKILL')));
  }
  await unbindNetworks(networks);
  const now = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n').map((line) => line.split(' '));
  const points = now.map((fields) => fields[4] ?? '').filter((point) => point.startsWith(`${dir}/`));
  for (const point of points.toSorted((a, b) => b.length - a.length)) await orNothing(run('umount', ['-l', point]));
  for (const hierarchy of hierarchies) await removeEmpty(join(hierarchy, PARENT));
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function thawBelow(path: string, ids: readonly string[]): Promise<void> {
  if (ids.some((id) => basename(path).includes(id))) await thaw(path);
  for (const entry of (await orNothing(readdir(path, { withFileTypes: true }))) ?? []) {
    if (entry.isDirectory()) await thawBelow(join(path, entry.name), ids);
  }
}

/** Those that the lab's processes were in and that Podman, ended too early, left bound. */
async function unbindNetworks(inodes: ReadonlySet<number>): Promise<void> {
  for (const name of (await orNothing(readdir(NETWORKS))) ?? []) {
    const path = join(NETWORKS, name);
    if (!inodes.has((await orNothing(stat(path)))?.ino ?? -1)) continue;
    await orNothing(run('umount', ['-l', path]));
    await orNothing(unlink(path));
  }
}

/** Not those of another lab: a cgroup with a process or a child stays. */
async function removeEmpty(path: string): Promise<void> {
  for (const entry of (await orNothing(readdir(path, { withFileTypes: true }))) ?? []) {
    if (entry.isDirectory()) await removeEmpty(join(path, entry.name));
  }
  await orNothing(rmdir(path));
}
