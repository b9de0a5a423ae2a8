/** Takes a lab down and leaves nothing: containers, daemon, shims, mounts, cgroups, folders. Works from the folder alone. */
import { access, mkdir, readdir, readFile, realpath, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { run } from './run.ts';

export const LAB_PREFIX = 'porthole-lab-';
/** A daemon that was asked to end takes 1 s; then it is killed. */
const GRACE_MILLIS = 15_000;
/** One who takes down an orphan and is killed meanwhile holds it no longer than this. */
const CLAIM_MILLIS = 120_000;

const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
const orNothing = async <T>(promise: Promise<T>): Promise<T | null> => promise.catch(() => null);

/** `pid starttime` of a process, so that a reused pid is not taken for it; `''` if there is none. */
export async function ownerOf(pid: number | string): Promise<string> {
  const text = (await orNothing(readFile(`/proc/${pid}/stat`, 'utf8'))) ?? '';
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Field 22; `fields` begins at field 3. A zombie (Z, X) owns nothing.
  return text === '' || /[ZX]/.test(fields[0] ?? '') ? '' : `${pid} ${fields[19]}`;
}

async function labs(): Promise<readonly string[]> {
  const root = await realpath(tmpdir());
  return (await readdir(root)).filter((name) => name.startsWith(LAB_PREFIX)).map((name) => join(root, name));
}

async function isOwned(dir: string): Promise<boolean> {
  const owner = await orNothing(readFile(join(dir, 'owner'), 'utf8'));
  // Between mkdir and the writing of the owner there is a moment.
  if (owner === null) return Date.now() - ((await orNothing(stat(dir)))?.mtimeMs ?? 0) < 10_000;
  return owner !== '' && owner === (await ownerOf(owner.split(' ')[0] ?? ''));
}

/** Takes down every lab whose owner was killed before it could. */
export async function takeDownOrphans(): Promise<void> {
  for (const dir of await labs()) {
    if (await isOwned(dir)) continue;
    const claim = join(dir, 'claimed');
    const mine = await mkdir(claim).then(
      () => true,
      async () => Date.now() - ((await orNothing(stat(claim)))?.mtimeMs ?? Date.now()) > CLAIM_MILLIS,
    );
    if (mine) await takeDown(dir);
  }
}

/** Processes whose command line names the folder (daemon, containerd, shims) or whose cgroup names one of the containers. */
async function processesOf(dir: string, ids: readonly string[]): Promise<readonly number[]> {
  const found: number[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const argv = ((await orNothing(readFile(`/proc/${name}/cmdline`, 'utf8'))) ?? '').split('\0');
    const program = basename(argv[0] ?? '');
    const engine = /^(?:dockerd|containerd|containerd-shim.*|docker-proxy|runc|unshare)$/.test(program);
    const cgroup = (await orNothing(readFile(`/proc/${name}/cgroup`, 'utf8'))) ?? '';
    if ((engine && argv.some((argument) => argument.includes(dir))) || ids.some((id) => cgroup.includes(id))) {
      found.push(Number(name));
    }
  }
  return found;
}

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

async function until(condition: () => Promise<boolean>, millis: number): Promise<boolean> {
  for (const deadline = Date.now() + millis; ; await sleep(50)) {
    if (await condition()) return true;
    if (Date.now() > deadline) return false;
  }
}

/** Every cgroup directory of these names, in every mounted hierarchy. */
async function cgroupsNamed(names: readonly string[]): Promise<readonly string[]> {
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '');
  const candidates = mounts.flatMap((mount) => names.map((name) => join(mount, name)));
  const there = await Promise.all(candidates.map((path) => orNothing(access(path).then(() => path))));
  return there.filter((path) => path !== null);
}

/** What is frozen does not die. */
export async function thaw(cgroup: string): Promise<void> {
  await orNothing(writeFile(join(cgroup, 'freezer.state'), 'THAWED', { flag: 'r+' }));
  await orNothing(writeFile(join(cgroup, 'cgroup.freeze'), '0', { flag: 'r+' }));
}

async function removeCgroup(path: string): Promise<void> {
  for (const entry of (await orNothing(readdir(path, { withFileTypes: true }))) ?? []) {
    if (entry.isDirectory()) await removeCgroup(join(path, entry.name));
  }
  await orNothing(rmdir(path));
}

async function unmountAll(dir: string): Promise<void> {
  const points = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) =>
      line.split(' ')[4]?.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    )
    .filter((point) => point !== undefined)
    .filter((point) => point.startsWith(`${dir}/`))
    .toSorted((a, b) => b.length - a.length);
  for (const point of points) await orNothing(run('umount', ['-l', point]));
}

/** Ends and removes the lab in this folder, whatever state it was left in. Rejects if something stays behind. */
export async function takeDown(dir: string): Promise<void> {
  const daemon = Number(await orNothing(readFile(join(dir, 'docker.pid'), 'utf8')));
  const running = async (): Promise<boolean> => daemon > 0 && (await processesOf(dir, [])).includes(daemon);
  if (await running()) {
    signal(daemon, 'SIGCONT');
    // A container whose PID 1 ignores SIGTERM would cost the daemon 10 s each; so they go first.
    const docker = (...args: readonly string[]): Promise<string> =>
      run('docker', ['-H', `unix://${join(dir, 'docker.sock')}`, ...args], { timeoutMillis: GRACE_MILLIS }).then(
        ({ stdout }) => stdout,
      );
    const ids = (await orNothing(docker('ps', '-aq')))?.split('\n').filter((id) => id !== '') ?? [];
    if (ids.length > 0) await orNothing(docker('rm', '-fv', ...ids));
    if (await running()) signal(daemon, 'SIGTERM');
    await until(async () => !(await running()), GRACE_MILLIS);
  }
  // What a daemon left that was killed before, or that would not end.
  const ids = (await orNothing(readdir(join(dir, 'data/containers')))) ?? [];
  const cgroups = [basename(dir), ...ids.flatMap((id) => [`docker/${id}`, `${basename(dir)}/${id}`])];
  for (const cgroup of await cgroupsNamed(cgroups)) await thaw(cgroup);
  const allGone = async (): Promise<boolean> => {
    const left = await processesOf(dir, ids);
    for (const pid of left) signal(pid, 'SIGKILL');
    return left.length === 0;
  };
  if (!(await until(allGone, GRACE_MILLIS))) throw new Error(`processes of ${dir} would not end`);

  await unmountAll(dir);
  for (const cgroup of await cgroupsNamed(cgroups)) await removeCgroup(cgroup);
  await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  // The parent of all is shared with other labs; whoever goes last takes it along. Not empty: it stays.
  if ((await labs()).length === 0) for (const cgroup of await cgroupsNamed(['docker'])) await orNothing(rmdir(cgroup));
}
