/**
 * Images for a machine without a registry: the machine's own redis-server and busybox and Debian's nginx, each with the
 * libraries it asks for, packed once and kept in the user's cache.
 */
import { createHash, randomBytes } from 'node:crypto';
import { access, copyFile, mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './run.ts';

export interface LabImage {
  readonly name: string;
  readonly tar: string;
  /** What `docker import --change` is told, one each. */
  readonly changes: readonly string[];
}

const BUSYBOX = '/bin/busybox';
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
// The ids that the images of these names have; the host knows them by other names or none, as in life.
const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nredis:x:999:1000::/data:/bin/sh\nnginx:x:101:101::/var/cache/nginx:/bin/sh\n';
const GROUP = 'root:x:0:\nredis:x:1000:\nnginx:x:101:\n';
const NGINX_CONF = `user nginx;
worker_processes 2;
pid /run/nginx.pid;
error_log /dev/stderr notice;
events { worker_connections 64; }
http {
  access_log /dev/stdout;
  server { listen 80; location / { root /usr/share/nginx/html; } }
}
`;

// Raise it when what goes into an image changes.
const RECIPE = 1;

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function onPath(program: string): Promise<string | null> {
  for (const folder of [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/bin', '/sbin', '/bin']) {
    if (folder !== '' && (await exists(join(folder, program)))) return join(folder, program);
  }
  return null;
}

/** The shared libraries of a program, as ldd names them; none for a static one. */
async function libraries(program: string): Promise<readonly string[]> {
  // ldd fails on a static program.
  const { stdout } = await run('ldd', [program]).catch(() => ({ stdout: '' }));
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

async function install(root: string, from: string, to: string): Promise<void> {
  await mkdir(dirname(join(root, to)), { recursive: true });
  await copyFile(from, join(root, to));
}

async function base(root: string, program: string | null): Promise<void> {
  for (const folder of ['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sys', 'tmp', 'usr/bin', 'usr/sbin', 'var/log']) {
    await mkdir(join(root, folder), { recursive: true });
  }
  await writeFile(join(root, 'etc/passwd'), PASSWD);
  await writeFile(join(root, 'etc/group'), GROUP);
  await install(root, BUSYBOX, '/bin/busybox');
  const { stdout } = await run(BUSYBOX, ['--list']);
  for (const applet of stdout.split('\n')) {
    if (applet !== '' && applet !== 'busybox') await symlink('/bin/busybox', join(root, 'bin', applet));
  }
  for (const library of [...(await libraries(BUSYBOX)), ...(program === null ? [] : await libraries(program))]) {
    await install(root, library, library);
  }
}

/** The nginx program: installed, or taken out of Debian's package without installing it. */
async function nginxProgram(scratch: string): Promise<string> {
  const installed = await onPath('nginx');
  if (installed !== null) return installed;
  const unpacked = join(scratch, 'nginx');
  await mkdir(unpacked);
  await run('apt-get', ['download', '-o', 'APT::Sandbox::User=root', 'nginx'], { cwd: scratch });
  const deb = (await readdir(scratch)).find((name) => name.endsWith('.deb'));
  if (deb === undefined) throw new Error('apt-get download nginx brought no package');
  await run('dpkg', ['-x', join(scratch, deb), unpacked]);
  return join(unpacked, 'usr/sbin/nginx');
}

async function pack(root: string, tar: string): Promise<void> {
  await run('chmod', ['1777', join(root, 'tmp')]);
  await run('tar', ['-C', root, '--numeric-owner', '-cf', tar, '.']);
  await rm(root, { recursive: true });
}

async function build(folder: string, scratch: string): Promise<void> {
  const root = (name: string): string => join(scratch, `root-${name}`);

  await base(root('busybox'), null);
  await pack(root('busybox'), join(folder, 'busybox.tar'));

  const redis = await onPath('redis-server');
  if (redis === null) throw new Error('there is no redis-server (Debian package redis-server)');
  await base(root('redis'), redis);
  await install(root('redis'), redis, '/usr/bin/redis-server');
  await mkdir(join(root('redis'), 'data'));
  await run('chown', ['999:1000', join(root('redis'), 'data')]);
  await pack(root('redis'), join(folder, 'redis.tar'));

  const nginx = await nginxProgram(scratch);
  await base(root('nginx'), nginx);
  await install(root('nginx'), nginx, '/usr/sbin/nginx');
  for (const path of ['etc/nginx', 'usr/share/nginx/html', 'var/lib/nginx', 'var/log/nginx', 'var/cache/nginx']) {
    await mkdir(join(root('nginx'), path), { recursive: true });
  }
  await writeFile(join(root('nginx'), 'etc/nginx/nginx.conf'), NGINX_CONF);
  await writeFile(join(root('nginx'), 'usr/share/nginx/html/index.html'), '<!doctype html><title>web</title>\n');
  await pack(root('nginx'), join(folder, 'nginx.tar'));
}

/** Names the cache folder by what goes into the images, so that an upgraded package is packed anew. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(`${RECIPE}`);
  for (const path of [BUSYBOX, await onPath('redis-server'), await onPath('nginx')]) {
    const facts = path === null ? null : await stat(path).catch(() => null);
    hash.update(`${path} ${facts?.size} ${facts?.mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * The lab's images, from the cache if they were made before (2 s if not). Rejects with the reason if they cannot be
 * made here. Two at a time do not disturb each other.
 */
export async function labImages(): Promise<readonly LabImage[]> {
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'porthole-lab');
  const folder = join(cache, await fingerprint());
  if (!(await exists(folder))) {
    await mkdir(cache, { recursive: true });
    const scratch = await mkdtemp(join(tmpdir(), 'porthole-images-'));
    const made = `${folder}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(made);
      await build(made, scratch);
      // Another may have been quicker; the same went into both.
      await rename(made, folder).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(scratch, { recursive: true, force: true });
      await rm(made, { recursive: true, force: true });
    }
  }
  return [
    { name: 'busybox:latest', tar: join(folder, 'busybox.tar'), changes: ['CMD ["sh"]', `ENV ${PATH}`] },
    {
      name: 'redis:alpine',
      tar: join(folder, 'redis.tar'),
      changes: [
        'CMD ["redis-server", "--protected-mode", "no"]',
        'USER redis',
        'WORKDIR /data',
        'EXPOSE 6379',
        `ENV ${PATH}`,
      ],
    },
    {
      name: 'nginx:alpine',
      tar: join(folder, 'nginx.tar'),
      changes: ['CMD ["nginx", "-g", "daemon off;"]', 'EXPOSE 80', `ENV ${PATH}`],
    },
  ];
}
