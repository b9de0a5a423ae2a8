/** A network namespace that nothing holds but a socket: no process is in it, nothing is bound, no descriptor is open. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { runInside } from '../../electron/host/collect/inside-child.ts';
import { readInside } from '../../electron/host/collect/inside.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { socketNamespaces } from '../../electron/host/read/socket-namespace.ts';
import type { NamespaceId, World } from '../../shared/model.ts';
import { namespacesOf, type NamespaceView } from '../../shared/namespaces.ts';
import { buildCli, porthole, portholeJson } from './cli-run.ts';

const isRoot = process.getuid?.() === 0;

/** Goes there, makes a socket, comes back. Closes it when asked for. */
const MAKER = `
  const { createRequire } = require('node:module');
  const koffi = createRequire(process.cwd() + '/package.json')('koffi');
  const libc = koffi.load(null);
  const unshare = libc.func('int unshare(int)');
  const setns = libc.func('int setns(int, int)');
  const socket = libc.func('int socket(int, int, int)');
  const close = libc.func('int close(int)');
  const fs = require('node:fs');
  const NEWNET = 0x40000000, INET = 2, STREAM = 1;
  const back = fs.openSync('/proc/thread-self/ns/net', 'r');
  if (unshare(NEWNET) !== 0) throw new Error('unshare');
  const there = fs.readlinkSync('/proc/thread-self/ns/net');
  const fd = socket(INET, STREAM, 0);
  const again = socket(INET, STREAM, 0);
  if (fd < 0 || setns(back, NEWNET) !== 0) throw new Error('socket');
  fs.closeSync(back);
  close(again);
  console.log(JSON.stringify({ there, fd }));
  process.stdin.once('data', () => { close(fd); console.log('closed'); });
`;

describe.skipIf(!isRoot)(
  `a network namespace that only a socket holds${isRoot ? '' : ' (cannot run: making one needs root)'}`,
  () => {
    let child: ChildProcess;
    let lines: AsyncIterator<string>;
    let there: NamespaceId;
    let fd: number;
    const collector = new Collector(new LinuxKernel());
    const look = (): World => {
      collector.lookAnew();
      return collector.collect([], []);
    };
    const view = () => namespacesOf(look()).find(({ id }) => id === there);

    beforeAll(async () => {
      buildCli();
      child = spawn(process.execPath, ['-e', MAKER], {
        cwd: fileURLToPath(new URL('../../', import.meta.url)),
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
      ({ there, fd } = JSON.parse((await lines.next()).value as string) as { there: NamespaceId; fd: number });
    });
    afterAll(async () => {
      collector.close();
      child.stdin!.end();
      child.kill();
      await once(child, 'close');
    });

    it('is found, with whose socket holds it and who owns it', () => {
      expect(view()).toMatchObject({
        processes: [],
        owner: fs.readlinkSync('/proc/self/ns/user'),
        heldBy: [{ kind: 'socket', pid: child.pid, fd }],
      });
    });

    it('is one that lsns does not show', () => {
      expect(execFileSync('lsns', ['-n', '-o', 'NS'], { encoding: 'utf8' })).not.toContain(there.slice(5, -1));
    });

    it('is entered by that socket to say what is inside', async () => {
      const { inside } = await readInside(new LinuxKernel(), look(), there);
      const names =
        inside.type === 'net' && inside.interfaces.ok ? inside.interfaces.value.map(({ name }) => name) : [];
      expect(names).toEqual(['lo']);
    });

    it('is told by the command line with all that the screen knows of it', async () => {
      const told = (await portholeJson(['ns', there])) as { inside: unknown; namespace: NamespaceView; enter: unknown };
      expect(told).toMatchObject({
        id: there,
        inside: { type: 'net' },
        namespace: { id: there, heldBy: [{ kind: 'socket', pid: child.pid, fd }] },
        enter: { can: 'yes' },
      });
      const { stdout } = await porthole(['ns', there]);
      expect(stdout).toContain(`HELD BY\nsocket fd ${fd} of ${child.pid}\n`);
      const list = await porthole(['ns', '--type', 'net']);
      expect(list.stdout).toContain(`socket fd ${fd} of ${child.pid}`);
    });

    it('leaves no descriptor of ours open', () => {
      const ours = (): string[] =>
        fs.readdirSync('/proc/self/fd').flatMap((name) => {
          try {
            return /^(?:socket|net):|pidfd/.exec(fs.readlinkSync(`/proc/self/fd/${name}`)) === null ? [] : [name];
          } catch {
            return [];
          }
        });
      const before = ours();
      for (let i = 0; i < 5; i++) new Collector(new LinuxKernel()).collect([], []);
      expect(ours()).toEqual(before);
      expect(fs.readdirSync(`/proc/${child.pid}/fd`).length).toBeGreaterThan(fd);
    });

    it('is named where the other end of a pair is in it', async () => {
      const other = spawn('unshare', ['--net', 'sh', '-c', 'echo ready; exec cat'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      try {
        await once(createInterface(other.stdout), 'line');
        const space = { id: there, type: 'net', path: `/proc/${child.pid}/fd/${fd}` } as const;
        const made = await runInside([space], ['ip', 'link', 'add', 'ph0', 'type', 'veth', 'peer', 'name', 'ph1', 'netns', String(other.pid)]); // prettier-ignore
        expect(made).toMatchObject({ ok: true });
        const id = fs.readlinkSync(`/proc/${other.pid}/ns/net`) as NamespaceId;
        const { inside } = await readInside(new LinuxKernel(), look(), id);
        const ph1 = inside.type === 'net' && inside.interfaces.ok ? inside.interfaces.value.find(({ name }) => name === 'ph1') : undefined; // prettier-ignore
        expect(ph1?.peer?.namespace).toBe(there);
      } finally {
        other.stdin.end();
        await once(other, 'close');
      }
    });

    it('does not ask a file that is no socket, nor one of another number', () => {
      const inode = fs.statSync(`/proc/${child.pid}/fd/${fd}`).ino;
      expect(
        socketNamespaces(child.pid!, [
          { fd, inode },
          { fd, inode: inode + 1 },
          { fd: 2, inode },
        ]),
      ).toEqual([there, null, null]);
      expect(socketNamespaces(0x3ffffff, [{ fd, inode }])).toEqual([null]);
    });

    it('is gone with it', async () => {
      child.stdin!.write('x');
      await lines.next();
      expect(view()).toBeUndefined();
    });
  },
);
