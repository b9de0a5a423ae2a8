/**
 * Packages of a newer Debian than this machine's, from the machine's own mirror, unpacked beside the other caches. Nothing is
 * installed, and the machine's own lists of packages stay as they are.
 *
 *     const folder = await newerPackages('sid', ['util-linux', 'libc6']);   // …/newer-debian/sid/util-linux_2.42-1/
 *     const debian = await newerDebian('trixie');                           // for what takes more than one question
 *     const image = (await debian.depends('linux-image-cloud-amd64')).find((name) => name.startsWith('linux-image-'));
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mirrorOf } from './debian-sources.ts';
import { run } from './run.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/porthole/newer-debian/', import.meta.url));
const SOURCES = '/etc/apt/sources.list.d';
/** The lists of a whole suite: 10 MB. */
const UPDATE_MILLIS = 120_000;
const DOWNLOAD_MILLIS = 180_000;
const FRESH_MILLIS = 24 * 60 * 60_000;

export interface NewerDebian {
  /** Names of the packages that `name` depends on, as `apt-cache depends --important` says them. Rejects if there is no such package. */
  depends(name: string): Promise<string[]>;
  /** The newest version that the suite has of it. Rejects if it has none. */
  version(name: string): Promise<string>;
  update(): Promise<void>;
  /** Downloads the packages and unpacks them all into `folder`, which need not exist. */
  unpack(names: readonly string[], folder: string): Promise<void>;
}

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');

const sourceTexts = async (): Promise<{ deb822: string; lines: string }> => {
  const names = (await readdir(SOURCES).catch(() => [])).sort();
  const ending = async (end: string) =>
    (await Promise.all(names.filter((name) => name.endsWith(end)).map((name) => text(join(SOURCES, name))))).join(
      '\n\n',
    );
  return {
    deb822: await ending('.sources'),
    lines: `${await text('/etc/apt/sources.list')}\n${await ending('.list')}`,
  };
};

const ofSuite = (suite: string, folder: string): NewerDebian => {
  const set = (name: string, value: string) => ['-o', `${name}=${value}`];
  const options = [
    '-q',
    ...set('Dir::Etc::sourcelist', join(folder, 'debian.sources')),
    ...set('Dir::Etc::sourceparts', '/dev/null'),
    ...set('Dir::Etc::preferences', '/dev/null'),
    ...set('Dir::Etc::preferencesparts', '/dev/null'),
    ...set('Dir::State::lists', join(folder, 'lists')),
    ...set('Dir::Cache', join(folder, 'cache')),
    ...set('APT::Default-Release', ''),
    ...set('APT::Sandbox::User', 'root'),
    ...set('Acquire::Languages', 'none'),
    ...set('Acquire::http::Timeout', '15'),
    ...set('Acquire::Retries', '1'),
    ...set('APT::Update::Error-Mode', 'any'),
  ];
  const apt = async (
    program: 'apt-get' | 'apt-cache',
    args: readonly string[],
    more: { cwd?: string; timeoutMillis?: number } = {},
  ) => {
    const whole = [...options, ...args];
    return run(program, whole, { ...more, env: { ...process.env, LC_ALL: 'C' } }).catch((error: unknown) => {
      // Without the options, which are a screenful.
      const words = (error as Error).message.slice([program, ...whole].join(' ').length);
      throw new Error(`${program} ${args.join(' ')}${words}`, { cause: error });
    });
  };
  const cache = async (...args: string[]) => (await apt('apt-cache', args)).stdout;
  const version = async (name: string) => {
    // What is installed on this machine is in its answers too, without a repository of the suite.
    const rows = (await cache('madison', name)).split('\n').map((row) => row.split('|').map((cell) => cell.trim()));
    const first = rows.find((cells) => cells[0] === name)?.[1];
    if (first === undefined) throw new Error(`${suite} has no package ${name}`);
    return first;
  };
  return {
    version,
    async update() {
      await apt('apt-get', ['update'], { timeoutMillis: UPDATE_MILLIS });
    },
    async depends(name) {
      return [...(await cache('depends', '--important', name)).matchAll(/Depends: ([^\s<>]+)/g)].map(
        (found) => found[1]!,
      );
    },
    async unpack(names, into) {
      const scratch = await mkdtemp(join(folder, 'debs-'));
      try {
        const wanted = await Promise.all(names.map(async (name) => `${name}=${await version(name)}`));
        await apt('apt-get', ['download', ...wanted], { cwd: scratch, timeoutMillis: DOWNLOAD_MILLIS });
        await mkdir(into, { recursive: true });
        for (const deb of await readdir(scratch)) await run('dpkg', ['-x', join(scratch, deb), into]);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
};

/** Lists of packages that are older than a day are fetched again. Rejects, with the reason in its first line, where the suite cannot be had. */
export const newerDebian = async (suite: string): Promise<NewerDebian> => {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(await text('/etc/os-release'))?.[1];
  if (codename === undefined) throw new Error('this machine names no release of Debian');
  const { deb822, lines } = await sourceTexts();
  const mirror = mirrorOf(codename, deb822, lines);
  if (mirror === null) throw new Error(`no source of packages in /etc/apt is for ${codename}`);
  const folder = join(CACHE, suite);
  const fetched = join(folder, 'fetched');
  const debian = ofSuite(suite, folder);
  const age = await stat(fetched).then(
    (about) => Date.now() - about.mtimeMs,
    () => Infinity,
  );
  if (age < FRESH_MILLIS) return debian;
  await mkdir(join(folder, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  const signed = mirror.signedBy === null ? '' : `Signed-By: ${mirror.signedBy}\n`;
  const stanza = `Types: deb\nURIs: ${mirror.uri}\nSuites: ${suite}\nComponents: main\n${signed}`;
  await writeFile(join(folder, 'debian.sources'), stanza);
  await debian.update();
  await writeFile(fetched, '');
  return debian;
};

/** The folder that has the packages unpacked, in the newest version that the suite has of the first. What was unpacked before is good enough where nothing can be fetched now. */
export const newerPackages = async (suite: string, names: readonly string[]): Promise<string> => {
  const first = names[0]!;
  const folder = join(CACHE, suite);
  try {
    const debian = await newerDebian(suite);
    const place = join(folder, `${first}_${(await debian.version(first)).replaceAll(':', '%3a')}`);
    if ((await stat(place).catch(() => null)) !== null) return place;
    const scratch = await mkdtemp(join(folder, 'unpacked-'));
    try {
      await debian.unpack(names, join(scratch, 'out'));
      await rename(join(scratch, 'out'), place);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    return place;
  } catch (error) {
    const before = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(`${first}_`)).sort();
    if (before.length > 0) return join(folder, before.at(-1)!);
    throw error;
  }
};
