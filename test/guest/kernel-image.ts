/** A Linux to boot in the guest: Debian's kernel for virtual machines, by apt-get, kept beside the other caches. */
import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../lab/run.ts';

const CACHE = fileURLToPath(new URL('../../node_modules/.cache/porthole/guest/', import.meta.url));
/** Debian's name for whatever its newest one is. */
const META = 'linux-image-cloud-amd64';
const DOWNLOAD_MILLIS = 90_000;
const APT = ['-q', '-o', 'Acquire::http::Timeout=15', '-o', 'Acquire::Retries=1'];

const newestName = async (): Promise<string | null> => {
  const said = await run('apt-cache', ['depends', '--important', META], { timeoutMillis: 20_000 }).catch(() => null);
  return /Depends: (linux-image-[\w.+-]+)/.exec(said?.stdout ?? '')?.[1] ?? null;
};

const fetched = async (name: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'porthole-kernel-'));
  try {
    const download = () => run('apt-get', [...APT, 'download', name], { cwd: folder, timeoutMillis: DOWNLOAD_MILLIS });
    // Lists may name a version that the archive has replaced since.
    await download().catch(async () => {
      await run('apt-get', [...APT, 'update'], { timeoutMillis: DOWNLOAD_MILLIS });
      return download();
    });
    const deb = (await readdir(folder)).find((file) => file.endsWith('.deb'));
    if (deb === undefined) throw new Error(`apt-get download ${name} left no package`);
    await run('dpkg', ['-x', join(folder, deb), join(folder, 'out')]);
    const image = (await readdir(join(folder, 'out/boot'))).find((file) => file.startsWith('vmlinuz-'));
    if (image === undefined) throw new Error(`there is no kernel in ${deb}`);
    await mkdir(CACHE, { recursive: true });
    const fresh = join(CACHE, `${image}.${process.pid}`);
    await copyFile(join(folder, 'out/boot', image), fresh);
    await rename(fresh, join(CACHE, `${name}.vmlinuz`));
    return join(CACHE, `${name}.vmlinuz`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Path of the image. One that was fetched before is good enough where none can be fetched now. Rejects if there is none. */
export const kernelImage = async (): Promise<string> => {
  const name = await newestName();
  const cached = (await readdir(CACHE).catch(() => [])).filter((file) => file.endsWith('.vmlinuz')).sort();
  const newest = name === null ? null : join(CACHE, `${name}.vmlinuz`);
  if (newest !== null && (await access(newest).then(() => true, () => false))) return newest; // prettier-ignore
  const last = cached.at(-1);
  if (name === null) {
    if (last !== undefined) return join(CACHE, last);
    throw new Error(`no source of packages offers ${META}`);
  }
  return fetched(name).catch((error: unknown) => {
    if (last !== undefined) return join(CACHE, last);
    throw error;
  });
};
