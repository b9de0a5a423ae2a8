/** Programs in containers by the engine, on the same terminals as the shells here: against a real Docker engine. */
import { readFileSync, readlinkSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { probeShells } from '../../electron/host/engines/exec.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { Terminals } from '../../electron/host/shells/terminals.ts';
import { plainExec, type ExecOptions } from '../../shared/exec.ts';
import { NAMESPACE_TYPES, type NamespaceId, type NamespaceType } from '../../shared/model.ts';
import type { TerminalInfo } from '../../shared/terminal.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { CapturedKernel } from '../trees/captured-kernel.ts';

const reason = await labUnavailable();

const namespacesOf = async (pid: number): Promise<Record<NamespaceType, NamespaceId | null> | null> => {
  try {
    return Object.fromEntries(NAMESPACE_TYPES.map((type) => [type, readlinkSync(`/proc/${pid}/ns/${type}`)])) as Record<
      NamespaceType,
      NamespaceId
    >;
  } catch {
    return null;
  }
};

describe.skipIf(reason !== null)(`exec${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let engines: Engines;
  let terminals: Terminals;
  let engine = '';
  const ids: Record<string, string> = {};

  const run = async (name: string, ...args: string[]): Promise<void> => {
    ids[name] = (await lab.docker('run', '-d', `--name=${name}`, ...args)).stdout.trim();
  };
  const pidOf = async (name: string): Promise<number> =>
    Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout);
  const fresh = (): Terminals => new Terminals({ namespacesOf, engines });

  beforeAll(async () => {
    lab = await startLab();
    await run('db', 'redis:alpine');
    engines = new Engines(findPlaces(lab.env).filter(({ source }) => source === 'DOCKER_HOST'));
    engines.start();
    await engines.settled();
    engine = engines.current().engines[0]?.id ?? '';
    terminals = fresh();
  });
  afterAll(async () => {
    engines?.stop();
    await lab?.down();
  }, 60_000);
  afterEach(async () => {
    await terminals.shutdown();
    terminals = fresh();
  });

  const until = (id: string, wanted: (info: TerminalInfo) => boolean): Promise<TerminalInfo> =>
    new Promise((resolve) => {
      const look = (list: readonly TerminalInfo[]): void => {
        const info = list.find((terminal) => terminal.id === id);
        if (info === undefined || !wanted(info)) return;
        stop();
        resolve(info);
      };
      const stop = terminals.onChange(look);
      queueMicrotask(() => look(terminals.list()));
    });
  const ended = (id: string) => until(id, (info) => info.ended !== null);

  const start = (command: readonly string[], more: Partial<ExecOptions> = {}, name = 'db', cols = 80, rows = 24) =>
    terminals.exec({ engine, id: ids[name] ?? name, options: { ...plainExec(...command), ...more } }, name, cols, rows);

  /** All that a terminal writes, as it comes. */
  const reading = (id: string): { text: string; until(pattern: RegExp): Promise<string> } => {
    const waiting = new Set<() => void>();
    const read = {
      text: '',
      until: (pattern: RegExp): Promise<string> =>
        new Promise((resolve) => {
          const look = (): void => {
            if (!pattern.test(read.text)) return;
            waiting.delete(look);
            resolve(read.text);
          };
          waiting.add(look);
          look();
        }),
    };
    const decoder = new TextDecoder();
    terminals.attach('page', id, (bytes) => {
      read.text += decoder.decode(bytes, { stream: true });
      terminals.acknowledge('page', id, bytes.length);
      for (const look of [...waiting]) look();
    });
    return read;
  };
  const type = (id: string, text: string): void => terminals.input(id, new TextEncoder().encode(text));

  it('finds the container’s shell, and says in the engine’s words when there is none', async () => {
    expect(await engines.exec(engine, 'exec', (calls, signal) => probeShells(calls, ids['db']!, signal))).toEqual({
      shell: 'sh',
      message: null,
    });
    await run('bare', '--entrypoint', '/bin/busybox', 'busybox:latest', 'sleep', '600');
    await lab.docker('exec', 'bare', '/bin/busybox', 'rm', '-f', '/bin/sh', '/bin/bash', '/busybox/sh');
    const probe = await engines.exec(engine, 'exec', (calls, signal) => probeShells(calls, ids['bare']!, signal));
    expect(probe.shell).toBeNull();
    expect(probe.message).toMatch(/no such file|not found/i);
  });

  it('keeps no key back: Ctrl+P and Ctrl+P Ctrl+Q are the program’s', async () => {
    const { id } = await start(['sh', '-c', 'stty raw -echo; for n in 1 2 3; do echo ready $n; dd bs=1 count=$n | od -An -tx1; done 2>/dev/null']); // prettier-ignore
    const out = reading(id);
    const says = (pattern: RegExp): Promise<void> => expect.poll(() => out.text, { timeout: 20_000 }).toMatch(pattern);
    await says(/ready 1/);
    terminals.input(id, Uint8Array.of(0x10));
    await says(/10\s+ready 2/);
    terminals.input(id, Uint8Array.of(0x10));
    terminals.input(id, Uint8Array.of(0x11));
    await says(/10 11\s+ready 3/);
    terminals.input(id, Uint8Array.of(0x00));
    terminals.input(id, Uint8Array.of(0x61, 0x62));
    await says(/00 61 62/);
    expect((await ended(id)).ended?.exitCode).toBe(0);
  });

  it('carries keys in and output out, and shows the namespaces it has entered', async () => {
    const { id, argv, title, how } = await start(['sh']);
    expect(argv.at(-1)).toBe('sh');
    expect(argv.slice(-4)).toEqual(['exec', '-it', 'db', 'sh']);
    expect({ title, how }).toEqual({ title: 'sh · db', how: 'exec' });
    const out = reading(id);
    const info = await until(id, ({ inside }) => inside?.comm === 'sh');
    expect(info.inside?.namespaces.pid).toBe(readlinkSync(`/proc/${await pidOf('db')}/ns/pid`));
    expect(info.inside?.namespaces.mnt).not.toBe(info.before.mnt);
    type(id, 'tty; echo $((6*7)) grüße; exit 3\n');
    await out.until(/42 grüße/);
    expect(out.text).toMatch(/\/dev\/pts\/\d+|\/dev\/console/);
    expect((await ended(id)).ended).toMatchObject({ exitCode: 3, signal: null, because: null });
  });

  it('has the size it was given, and the one it is given later', async () => {
    const { id } = await start(['sh'], {}, 'db', 101, 31);
    const out = reading(id);
    await until(id, ({ inside }) => inside !== null);
    type(id, 'stty size\n');
    await out.until(/31 101/);
    terminals.resize(id, 77, 22);
    for (let turn = 0; !/22 77/.test(out.text) && turn < 40; turn++) {
      type(id, 'stty size\n');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(out.text).toMatch(/22 77/);
  });

  it('runs as the user, in the directory and with the environment that were asked for', async () => {
    const env = [{ name: 'GREETING', value: 'a b=$c' }];
    const { id } = await start(['sh', '-c', 'id -u; pwd; echo "$GREETING"'], { user: '12', workdir: '/tmp', env });
    const out = reading(id);
    await ended(id);
    expect(out.text).toBe('12\r\n/tmp\r\na b=$c\r\n');
  });

  it('without a terminal: input, both outputs, the end of input', async () => {
    const { id, argv } = await start(['sh', '-c', 'cat; echo to stderr >&2; sleep 0.3; tty'], { tty: false });
    expect(argv).toContain('-i');
    const out = reading(id);
    type(id, 'typed\r');
    await out.until(/typed\r\ntyped\r\n/);
    type(id, '\u0004');
    await ended(id);
    expect(out.text).toBe('typed\r\ntyped\r\nto stderr\r\nnot a tty\r\n');
  });

  it('loses no byte of 20 MB though the reader is slow, and never holds more than its share', async () => {
    const SIZE = 20_000_000;
    const { id } = await start(['sh', '-c', `stty raw; head -c ${SIZE} /dev/zero`]);
    let got = 0;
    let behind = 0;
    let most = 0;
    terminals.attach('slow', id, (bytes) => {
      got += bytes.length;
      behind += bytes.length;
      most = Math.max(most, behind);
    });
    const drawing = setInterval(() => {
      const some = Math.min(behind, 150_000);
      behind -= some;
      terminals.acknowledge('slow', id, some);
    }, 5);
    await ended(id);
    clearInterval(drawing);
    expect(got).toBe(SIZE);
    expect(most).toBeLessThan(500_000);
  });

  it('gives whoever comes later the same screen', async () => {
    const { id } = await start(['sh', '-c', 'echo before; exec sleep 600']);
    await reading(id).until(/before/);
    let replayed = '';
    await new Promise<void>((resolve) =>
      terminals.attach('later', id, (bytes) => {
        replayed += new TextDecoder().decode(bytes);
        resolve();
      }),
    );
    expect(replayed).toContain('before');
  });

  it('says that the container ended, and with which code', async () => {
    await run('short', 'redis:alpine');
    const { id } = await start(['sh'], {}, 'short');
    await until(id, ({ inside }) => inside !== null);
    await lab.docker('kill', 'short');
    const { ended: end } = await ended(id);
    expect(end?.because).toBe('The container ended with exit code 137.');
    expect(end?.exitCode).toBe(137);
    await expect(terminals.restart(id)).rejects.toThrow(/not running/);
  });

  it('starts again in the place of the one that ended', async () => {
    const { id } = await start(['sh', '-c', 'echo once; exit 5']);
    await ended(id);
    const again = await terminals.restart(id);
    await reading(again.id).until(/once/);
    expect((await ended(again.id)).ended?.exitCode).toBe(5);
    expect(terminals.list()).toHaveLength(1);
  });

  it('ends the program when its terminal is closed', async () => {
    const { id } = await start(['sh']);
    const { inside } = await until(id, (info) => info.inside?.comm === 'sh');
    await terminals.close(id);
    expect(() => readFileSync(`/proc/${inside?.pid}/stat`)).toThrow('ENOENT');
  });

  it('tells of a program that goes on, because nobody here knows which process it is', async () => {
    // As on another machine: nothing of the container is to be seen.
    const far = new Terminals({ namespacesOf, engines, kernel: new CapturedKernel() });
    const deaf = plainExec('sh', '-c', 'trap "" INT HUP; echo deaf; while :; do sleep 1; done');
    const { id } = await far.exec({ engine, id: ids['db'] ?? '', options: deaf }, 'db', 80, 24);
    await new Promise<void>((resolve) =>
      far.attach('page', id, (bytes) => new TextDecoder().decode(bytes).includes('deaf') && resolve()),
    );
    const container = { engine, id: ids['db'] };
    expect(await far.close(id)).toEqual({ title: 'sh · db', processes: [], known: true, container });

    const obedient = await far.exec({ engine, id: ids['db'] ?? '', options: plainExec('sh') }, 'db', 80, 24);
    expect(await far.close(obedient.id)).toBeNull();
  });

  it('is refused in a paused container, in the engine’s words', async () => {
    await run('halted', 'redis:alpine');
    await lab.docker('pause', 'halted');
    await expect(start(['sh'], {}, 'halted')).rejects.toThrow(/paused/);
    await lab.docker('unpause', 'halted');
  });

  it('does not wait for an engine that is frozen, and goes on when it does', async () => {
    const { id } = await start(['sh']);
    const out = reading(id);
    await until(id, ({ inside }) => inside !== null);
    lab.signal('SIGSTOP');
    try {
      type(id, 'echo still here\n');
      terminals.resize(id, 90, 20);
      expect(terminals.list()).toHaveLength(1);
    } finally {
      lab.signal('SIGCONT');
    }
    await out.until(/still here\r\n.*still here/s);
  });
});
