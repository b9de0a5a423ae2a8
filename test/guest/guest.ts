/** Boots a small Linux of its own in qemu, without a network and with an empty disk, and brings back what the probe found. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { run } from '../lab/run.ts';
import { initramfs } from './initramfs.ts';
import { kernelImage } from './kernel-image.ts';
import type { Report, Word } from './report.ts';

/** Emulated, for hardware's help is seldom to be had where tests run: 20 s on two quiet cores, 30 s with captures. */
const GUEST_MILLIS = 150_000;
const DISK_BYTES = 16 * 1024 * 1024;
const QEMU = 'qemu-system-x86_64';

const NEEDED: readonly (readonly [program: string, args: readonly string[], debian: string])[] = [
  [QEMU, ['--version'], 'qemu-system-x86'],
  ['/bin/busybox', ['true'], 'busybox-static'],
  ['lsns', ['--version'], 'util-linux'],
  ['apt-get', ['--version'], 'apt'],
];

/** Why no guest can be booted here, in a sentence; `null` if one can. May fetch a kernel of 27 MB first. */
export const guestUnavailable = async (): Promise<string | null> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the guest is for Linux on x86-64';
  for (const [program, args, debian] of NEEDED) {
    const missing = await run(program, args, { timeoutMillis: 10_000 }).catch(() => null);
    if (missing === null) return `a guest needs ${program} (Debian package ${debian})`;
  }
  return kernelImage().then(
    () => null,
    (error: unknown) => `no kernel for a guest: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
  );
};

/**
 * `words`: what the probe is to do, see report.ts; `image`: the kernel. Rejects with the probe's own error, or with the end of
 * the console if it said nothing.
 */
export const runGuest = async (words: readonly Word[], image?: string): Promise<Report> => {
  const folder = await mkdtemp(join(tmpdir(), 'porthole-guest-'));
  try {
    const kernel = image ?? (await kernelImage());
    await writeFile(join(folder, 'initramfs'), await initramfs());
    const at = (name: string) => join(folder, name);
    await writeFile(at('disk'), Buffer.alloc(DISK_BYTES));
    const late = await booted(kernel, folder, words);
    const console = (await readFile(at('console'), 'latin1').catch(() => ''))
      .replaceAll('\r', '')
      .split('\n')
      .slice(-25);
    const said = (await readFile(at('report'), 'latin1').catch(() => '')).replace(/\s/g, '');
    const whole = /<<(.*)>>/.exec(said)?.[1];
    if (whole === undefined) {
      throw new Error(`the guest ${late ? 'did not end in time' : 'ended without an answer'}:\n${console.join('\n')}`);
    }
    const report = JSON.parse(gunzipSync(Buffer.from(whole, 'base64')).toString('utf8')) as Report;
    if (report.error !== null) throw new Error(`in the guest: ${report.error}\n${console.join('\n')}`);
    return report;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Resolves when it is off; true if it had to be switched off. */
const booted = (image: string, folder: string, words: readonly string[]): Promise<boolean> => {
  const at = (name: string) => join(folder, name);
  const child = spawn(
    QEMU,
    [
      ...['-machine', 'q35', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1024'],
      ...['-nic', 'none', '-display', 'none', '-monitor', 'none', '-no-reboot'],
      ...['-serial', `file:${at('console')}`, '-serial', `file:${at('report')}`],
      // Of the kinds of disk there are, the one that Debian's kernel drives without a module.
      ...['-drive', `if=none,id=disk,format=raw,file=${at('disk')}`, '-device', 'nvme,serial=porthole,drive=disk'],
      ...['-kernel', image, '-initrd', at('initramfs')],
      ...['-append', `console=ttyS0 quiet panic=-1 porthole=${words.join(',')}`],
    ],
    { stdio: 'ignore' },
  );
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, GUEST_MILLIS);
    child.once('error', reject);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve(late);
    });
  });
};
