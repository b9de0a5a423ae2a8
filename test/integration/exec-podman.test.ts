/** Programs in containers and their logs by a real Podman, through its Docker-compatible socket. */
import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { probeShells } from '../../electron/host/engines/exec.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { LogFollowers } from '../../electron/host/engines/log-followers.ts';
import { Terminals } from '../../electron/host/shells/terminals.ts';
import { plainExec } from '../../shared/exec.ts';
import { OutputFrames } from '../../shared/log-frames.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../shared/model.ts';
import type { TerminalInfo } from '../../shared/terminal.ts';
import { podmanUnavailable, startPodman, type PodmanLab } from '../lab/podman.ts';

const reason = await podmanUnavailable();

const namespacesOf = async (pid: number): Promise<Record<NamespaceType, NamespaceId | null>> =>
  Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, readlinkSync(`/proc/${pid}/ns/${type}`)])) as Record<
    NamespaceType,
    NamespaceId
  >;

describe.skipIf(reason !== null)(`exec in Podman${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: PodmanLab;
  let engines: Engines;
  let terminals: Terminals;
  let engine = '';
  let id = '';

  beforeAll(async () => {
    lab = await startPodman();
    const script = 'echo out; sleep 0.3; echo err >&2; exec sleep 1000';
    id = (await lab.podman('run', '-d', '--name=box', 'localhost/busybox', 'sh', '-c', script)).stdout.trim();
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
    engines.start();
    await engines.settled();
    terminals = new Terminals({ namespacesOf, engines });
  }, 90_000);
  afterAll(async () => {
    await terminals?.shutdown();
    engines?.stop();
    await lab?.down();
  }, 60_000);

  const until = (terminal: string, wanted: (info: TerminalInfo) => boolean): Promise<TerminalInfo> =>
    new Promise((resolve) => {
      const look = (list: readonly TerminalInfo[]): void => {
        const info = list.find((one) => one.id === terminal);
        if (info !== undefined && wanted(info)) resolve(info);
      };
      terminals.onChange(look);
      queueMicrotask(() => look(terminals.list()));
    });

  it('finds the shell', async () => {
    expect(await engines.exec(engine, 'exec', (calls, signal) => probeShells(calls, id, signal))).toMatchObject({
      shell: 'sh',
    });
  });

  it('carries keys in, output out and the exit code, and shows the namespaces', async () => {
    const { id: terminal, argv } = await terminals.exec({ engine, id, options: plainExec('sh') }, 'box', 80, 24);
    expect(argv.slice(-4)).toEqual(['exec', '-it', 'box', 'sh']);
    let text = '';
    let seen: () => void = () => {};
    const answered = new Promise<void>((resolve) => (seen = resolve));
    terminals.attach('page', terminal, (bytes) => {
      text += new TextDecoder().decode(bytes);
      terminals.acknowledge('page', terminal, bytes.length);
      if (/= 42/.test(text)) seen();
    });
    const pid = Number((await lab.podman('inspect', '--format', '{{.State.Pid}}', 'box')).stdout);
    const { inside } = await until(terminal, (info) => info.inside !== null);
    expect(inside?.namespaces.mnt).toBe(readlinkSync(`/proc/${pid}/ns/mnt`));
    terminals.input(terminal, new TextEncoder().encode('echo "= $((6*7))"\n'));
    await answered;
    terminals.input(terminal, new TextEncoder().encode('exit 6\n'));
    expect((await until(terminal, ({ ended }) => ended !== null)).ended?.exitCode).toBe(6);
  });

  it('keeps no key back: Ctrl+P is the program’s', async () => {
    const command = 'stty raw -echo; for n in 1 2; do echo ready $n; dd bs=1 count=$n | od -An -tx1; done 2>/dev/null';
    const options = plainExec('sh', '-c', command);
    const { id: terminal } = await terminals.exec({ engine, id, options }, 'box', 80, 24);
    let text = '';
    terminals.attach('page', terminal, (bytes) => {
      text += new TextDecoder().decode(bytes);
      terminals.acknowledge('page', terminal, bytes.length);
    });
    const says = (pattern: RegExp): Promise<void> => expect.poll(() => text, { timeout: 20_000 }).toMatch(pattern);
    await says(/ready 1/);
    terminals.input(terminal, Uint8Array.of(0x10));
    await says(/10\s+ready 2/);
    terminals.input(terminal, Uint8Array.of(0x10));
    terminals.input(terminal, Uint8Array.of(0x11));
    await says(/10 11/);
    expect((await until(terminal, ({ ended }) => ended !== null)).ended?.exitCode).toBe(0);
  });

  it('tells stdout and stderr of a log apart', async () => {
    const frames = new OutputFrames();
    const lines: string[] = [];
    let both: () => void = () => {};
    const done = new Promise<void>((resolve) => (both = resolve));
    const followers: LogFollowers = new LogFollowers(engines, {
      bytes: (_, bytes) => {
        for (const frame of frames.push(bytes)) {
          lines.push(`${frame.stream} ${Buffer.from(frame.bytes).toString().replace(/^\S+ /, '').trim()}`);
        }
        if (lines.length >= 2) both();
      },
      ended: () => {},
    });
    expect(await followers.follow('log', engine, id, { tail: null, sinceSeconds: null })).toMatchObject({ tty: false });
    await done;
    followers.close();
    expect(lines).toEqual(['stdout out', 'stderr err']);
  });
});
