/** Namespaces that only a thread is in, or only a thread has open: no process of the list leads there. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { readInside } from '../../electron/host/collect/inside.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import type { Inside } from '../../shared/inside.ts';
import { socketWhere } from '../../shared/inside-words.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType, type World } from '../../shared/model.ts';
import { mountTree } from '../../shared/mounts.ts';
import { namespaceFile } from '../../shared/namespace-file.ts';
import { namespacesOf, type NamespaceView } from '../../shared/namespaces.ts';
import { buildCli, porthole } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;

/**
 * One thread is in namespaces of its own, listens there and has a mount there; another has a namespace open in a table of its
 * own. Then the first thread ends, if it is told to. SYS_exit and SYS_gettid differ by architecture.
 */
const PROGRAM = `
  const { Worker } = require('node:worker_threads');
  const { createRequire } = require('node:module');
  const LIBC = \`
    const { createRequire } = require('node:module');
    const fs = require('node:fs');
    const { workerData, parentPort } = require('node:worker_threads');
    const libc = createRequire(process.cwd() + '/package.json')('koffi').load(null);
    const unshare = libc.func('int unshare(int)');
    const syscall = libc.func('long syscall(long, ...)');
    const must = (result) => { if (result < 0) throw new Error('failed'); return result; };
    const tid = Number(fs.readlinkSync('/proc/thread-self').split('/')[2]);
    const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  \`;
  const LIVES = LIBC + \`
    must(unshare(0x40000000 | 0x00020000 | 0x04000000));
    const mount = libc.func('int mount(str, str, str, ulong, str)');
    must(mount('none', '/', null, 0x40000 | 0x4000, null));
    must(mount('only-here', '/mnt', 'tmpfs', 0, null));
    const socket = libc.func('int socket(int, int, int)');
    const listen = libc.func('int listen(int, int)');
    const fd = must(socket(2, 1, 0));
    must(listen(fd, 1));
    must(socket(2, 3, 1));
    must(socket(17, 3, 0x0300));
    parentPort.postMessage({ tid, fd });
    wait();
  \`;
  const OPENS = LIBC + \`
    const open = libc.func('int open(str, int)');
    must(unshare(0x00000400));
    must(unshare(0x04000000));
    const fd = must(open('/proc/thread-self/ns/uts', 0));
    const held = fs.readlinkSync('/proc/thread-self/fd/' + fd);
    const setns = libc.func('int setns(int, int)');
    const back = must(open('/proc/' + process.pid + '/ns/uts', 0));
    must(setns(back, 0x04000000));
    parentPort.postMessage({ tid, fd, held });
    wait();
  \`;
  const started = (code) => new Promise((resolve) => new Worker(code, { eval: true }).once('message', resolve));
  (async () => {
    const told = { lives: await started(LIVES), opens: await started(OPENS) };
    require('node:fs').writeSync(1, JSON.stringify(told) + '\\n');
    const libc = createRequire(process.cwd() + '/package.json')('koffi').load(null);
    const exit = libc.func('long syscall(long, long)');
    process.stdin.once('data', () => exit(process.arch === 'x64' ? 60 : 93, 0));
  })();
`;

interface Told {
  readonly lives: { readonly tid: number; readonly fd: number };
  readonly opens: { readonly tid: number; readonly fd: number; readonly held: NamespaceId };
}

describe.skipIf(!isRoot)(
  `namespaces of a single thread${isRoot ? '' : ' (cannot run: making them needs root)'}`,
  () => {
    const kernel = new LinuxKernel();
    const collector = new Collector(kernel);
    let child: ChildProcess;
    let told: Told;
    const look = (): World => {
      collector.lookAnew();
      return collector.collect([], []);
    };
    const view = (id: NamespaceId, world: World = look()): NamespaceView | undefined =>
      namespacesOf(world).find((one) => one.id === id);
    const link = (type: NamespaceType): NamespaceId =>
      fs.readlinkSync(`/proc/${child.pid}/task/${told.lives.tid}/ns/${type}`) as NamespaceId;
    const inside = async <T extends NamespaceType>(type: T): Promise<Extract<Inside, { type: T }>> =>
      (await readInside(kernel, look(), link(type))).inside as Extract<Inside, { type: T }>;

    beforeAll(async () => {
      buildCli();
      child = spawn(process.execPath, ['-e', PROGRAM], {
        cwd: fileURLToPath(new URL('../../', import.meta.url)),
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const [line] = (await Promise.race([
        once(createInterface(child.stdout!), 'line'),
        once(child, 'close').then(() => Promise.reject(new Error('it ended'))),
      ])) as [string];
      told = JSON.parse(line) as Told;
    });
    afterAll(async () => {
      collector.close();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
    });

    const tells = async (): Promise<void> => {
      const { tid } = told.lives;
      const net = await inside('net');
      const ours = net.sockets.ok ? net.sockets.value.listening.map((one) => [socketWhere(one), ...one.holders]) : [];
      const ss = execFileSync('nsenter', ['-t', String(tid), '--net', 'ss', '-Hltn'], { encoding: 'utf8' });
      expect(ours).toEqual([
        [ss.trim().split(/\s+/)[3], child.pid],
        ['0.0.0.0 IP protocol 1', child.pid],
        ['every packet', child.pid],
      ]);
      const raw = execFileSync('nsenter', ['-t', String(tid), '--net', 'ss', '-Hln0w'], { encoding: 'utf8' });
      expect(raw.trimEnd().split('\n')).toHaveLength(2);
      expect(net.interfaces.ok && net.interfaces.value.map(({ name }) => name)).toContain('lo');
      expect(net.routes.ok).toBe(true);
      const mnt = await inside('mnt');
      const targets = execFileSync('findmnt', ['-N', String(tid), '-lno', 'TARGET'], { encoding: 'utf8' });
      expect(
        mnt.mounts.ok &&
          mountTree(mnt.mounts.value)
            .map(({ mount }) => mount.mountPoint)
            .sort(),
      ).toEqual(
        targets
          .trimEnd()
          .split('\n')
          .map((target) => target.trimEnd())
          .sort(),
      );
      expect(targets).toContain('/mnt');
      expect([mnt.pid, mnt.tid]).toEqual([child.pid, tid]);
      expect((await inside('uts')).names.ok).toBe(true);
    };

    it('are looked into by the thread’s own files', tells);

    it('lead a shell in by the file that the page gives', () => {
      const world = look();
      for (const type of ['net', 'mnt', 'uts'] as const) {
        const file = namespaceFile(world, view(link(type), world)!)!;
        expect(fs.readlinkSync(file)).toBe(link(type));
        const entered = ['nsenter', `--${{ net: 'net', mnt: 'mount', uts: 'uts' }[type]}=${file}`];
        expect(execFileSync(entered[0]!, [...entered.slice(1), 'readlink', `/proc/self/ns/${type}`], { encoding: 'utf8' }).trim()).toBe(link(type)); // prettier-ignore
      }
    });

    it('are held by open files that only this thread has', async () => {
      const { tid, fd, held } = told.opens;
      const process = { pid: child.pid!, tid, fd };
      expect(view(held)?.heldBy).toEqual([{ kind: 'fd', ...process }]);
      expect((await porthole(['ns', held])).stdout).toContain(`fd ${fd} of thread ${tid} of ${child.pid}`);
    });

    it('are still told of when the process’s first thread has ended', async () => {
      child.stdin!.write('x');
      const state = () => fs.readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]![0];
      await expect.poll(state, { timeout: 20_000 }).toBe('Z');
      expect(fs.readdirSync(`/proc/${child.pid}/fd`)).toEqual([]);
      await tells();
      const { tid, fd, held } = told.opens;
      expect(view(held)?.heldBy).toEqual([{ kind: 'fd', pid: child.pid, tid, fd }]);
      expect(NAMESPACE_TYPES.map((type) => view(link(type)) !== undefined)).not.toContain(false);
    });
  },
);
