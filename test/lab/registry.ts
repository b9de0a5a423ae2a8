/** A registry on the loopback of a lab's own network namespace, with one image of three layers. */
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { labImages } from './images.ts';
import { run } from './run.ts';

const SERVER = fileURLToPath(new URL('./registry-server.mjs', import.meta.url));
/** Does not compress, so that a layer of it takes its time. */
const RANDOM_BYTES = 2 * 1024 * 1024;

/** What the first part of an image's name makes the registry do. */
export type Behaviour = 'plain' | 'slow' | 'stuck' | 'drop' | 'broken' | 'secret' | 'missing';

export interface Registry {
  /** `127.0.0.1:PORT/BEHAVIOUR/box:1`. */
  image(behaviour: Behaviour, tag?: string): string;
  /** Of the layers, the base first; twelve digits each, as engines print them. */
  readonly layers: readonly string[];
  close(): Promise<void>;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * `pid`: a process in the network namespace whose loopback is meant; the engine's. `port`: 0 is any. `secret`: the
 * `NAME:PASSWORD` without which nothing is given.
 */
export async function startRegistry(
  pid: number,
  { port: wanted = 0, secret = '' }: { readonly port?: number; readonly secret?: string } = {},
): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'porthole-registry-'));
  const layers = await writeImage(folder);
  const child = spawn(
    'nsenter',
    ['--target', String(pid), '--net', '--', process.execPath, SERVER, folder, String(wanted), secret],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const port = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject);
    void ended.then(() => reject(new Error('the registry ended before it listened')));
  });
  return {
    image: (behaviour, tag = '1') => `127.0.0.1:${port}/${behaviour}/box:${tag}`,
    layers,
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Blobs by their digests, and the manifest that names them. */
async function writeImage(folder: string): Promise<readonly string[]> {
  const [busybox] = await labImages();
  const tars = [await readFile(busybox?.tar ?? '')];
  for (const name of ['one', 'two']) {
    const files = join(folder, `files-${name}`);
    await mkdir(files);
    await writeFile(join(files, name), randomBytes(RANDOM_BYTES));
    await run('tar', ['-C', files, '--numeric-owner', '-cf', join(folder, `${name}.tar`), '.']);
    tars.push(await readFile(join(folder, `${name}.tar`)));
  }
  const layers = await Promise.all(
    tars.map(async (tar) => {
      const packed = gzipSync(tar, { level: 1 });
      const digest = sha256(packed);
      await writeFile(join(folder, digest), packed);
      return {
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
        size: packed.length,
        digest: `sha256:${digest}`,
      };
    }),
  );
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      created: '2026-01-02T03:04:05Z',
      config: { Cmd: ['sleep', '1000'], Env: ['PATH=/bin'] },
      rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
      history: ['the machine’s busybox', 'one <script>', 'two'].map((words) => ({
        created: '2026-01-02T03:04:05Z',
        created_by: words,
      })),
    }),
  );
  await writeFile(join(folder, sha256(config)), config);
  const manifest = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      size: config.length,
      digest: `sha256:${sha256(config)}`,
    },
    layers,
  };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return layers.map(({ digest }) => digest.slice('sha256:'.length, 'sha256:'.length + 12));
}
