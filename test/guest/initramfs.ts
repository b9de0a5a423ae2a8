/** What the guest consists of besides its kernel: Node, a few of the machine's own programs, Porthole, and the probe. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { run } from '../lab/run.ts';
import { packed, type Packed } from './cpio.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Where the guest has the programs it shares with the machine; util-linux's own, for busybox's know less. */
const PROGRAMS = ['/usr/bin/lsns', '/usr/bin/unshare', '/usr/bin/nsenter'];
const PACKAGES = ['koffi', '@koromix', 'valibot'];

/** The second serial line carries the answer, so that nothing the kernel prints gets into it. */
const INIT = `#!/bin/busybox sh
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs dev /dev
busybox mount -t tmpfs tmp /tmp
busybox --install -s /bin
export PATH=/usr/bin:/bin HOME=/root
mkfifo -m 666 /never
ip link set lo up
stty -F /dev/ttyS1 raw
node /probe.mjs > /dev/ttyS1
sync
poweroff -f
`;

const libraries = async (program: string): Promise<string[]> => {
  const { stdout } = await run('ldd', [program]);
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path!);
};

const file = async (path: string, at = path): Promise<Packed> => {
  const executable = !/\.(?:js|cjs|mjs|json)$/.test(path);
  return { path: at, is: 'file', content: await readFile(path), executable };
};

/** Files below a folder, without what only compilers and people read. */
const below = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.filter((path) => /\.(?:js|cjs|mjs|json|node)$/.test(path) && !path.includes('/vendor/'));
};

const bundledProbe = async (): Promise<Buffer> => {
  const bundle = await rolldown({
    input: join(ROOT, 'test/guest/probe.ts'),
    platform: 'node',
    external: ['koffi'],
    tsconfig: false,
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  await bundle.close();
  return Buffer.from(output[0].code);
};

/** Needs dist/cli.js. About 110 MB, most of it Node. */
export const initramfs = async (): Promise<Buffer> => {
  const node = await realpath(process.execPath);
  const busybox = await realpath('/bin/busybox');
  const linked = new Set((await Promise.all([node, ...PROGRAMS].map(libraries))).flat());
  const app = [
    join(ROOT, 'package.json'),
    ...(await readdir(join(ROOT, 'dist')))
      .filter((name) => /\.(?:js|so)$/.test(name))
      .map((name) => join(ROOT, 'dist', name)),
    ...(await Promise.all(PACKAGES.map((name) => below(join(ROOT, 'node_modules', name))))).flat(),
  ].filter((path) => !/musl|\/host\.js$|\/main\.js$/.test(path));
  const files: Packed[] = [
    { path: '/init', is: 'file', content: Buffer.from(INIT), executable: true },
    { path: '/etc/passwd', is: 'file', content: Buffer.from('root:x:0:0:::\nuser1:x:1000:1000:::\n') },
    { path: '/etc/hostname', is: 'file', content: Buffer.from('harbour\n') },
    await file(busybox, '/bin/busybox'),
    await file(node, '/usr/bin/node'),
    ...(await Promise.all(PROGRAMS.map((path) => file(path)))),
    ...(await Promise.all([...linked].map((path) => file(path)))),
    ...(await Promise.all(app.map((path) => file(path, `/app/${relative(ROOT, path)}`)))),
    { path: '/probe.mjs', is: 'file', content: await bundledProbe() },
    // koffi is looked for from where the probe lies.
    { path: '/node_modules', is: 'link', target: '/app/node_modules' },
    { path: '/dev/console', is: 'device', major: 5, minor: 1 },
  ];
  const folders = new Set(['/proc', '/sys', '/tmp', '/root', '/var', '/run']);
  for (const { path } of files) {
    for (let above = dirname(path); above !== '/'; above = dirname(above)) folders.add(above);
  }
  const made = [...folders].sort().map((path): Packed => ({ path, is: 'folder' }));
  return packed([...made, ...files]);
};
