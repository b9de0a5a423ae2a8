/** The host as a page meets it: the contract kept on this machine, and nothing else answered. */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHost, type Host } from '../../electron/host/host.ts';
import { Client } from '../../shared/client.ts';
import { apply, type WorldDelta } from '../../shared/delta.ts';
import { decodeUtf8, type Frame, type ToHost, type ToPage, type Transport } from '../../shared/frames.ts';
import type { World } from '../../shared/model.ts';

const SAMPLER = new URL('../../dist/sampler.js', import.meta.url);
if (!existsSync(SAMPLER)) throw new Error(`${fileURLToPath(SAMPLER)} is missing: npm run build`);

/** Two ends in one process; what is sent crosses as a structured clone, like on a message port. */
const pair = (): { page: Transport<ToHost, ToPage>; host: Transport<ToPage, ToHost> } => {
  const end = <Out, In>() => {
    const frames: ((frame: Frame<In>) => void)[] = [];
    const closes: ((reason: string) => void)[] = [];
    let other: { deliver(frame: Frame<Out>): void; end(reason: string): void } | null = null;
    return {
      deliver: (frame: Frame<In>) => frames.forEach((listener) => listener(structuredClone(frame))),
      end: (reason: string) => closes.splice(0).forEach((listener) => listener(reason)),
      join: (peer: typeof other) => void (other = peer),
      transport: {
        send: (frame: Frame<Out>) => queueMicrotask(() => other?.deliver(frame)),
        onFrame: (listener: (frame: Frame<In>) => void) => void frames.push(listener),
        onClose: (listener: (reason: string) => void) => void closes.push(listener),
        close: (reason = 'closed') => {
          closes.splice(0).forEach((listener) => listener(reason));
          other?.end(reason);
        },
      },
    };
  };
  const page = end<ToHost, ToPage>();
  const host = end<ToPage, ToHost>();
  page.join(host);
  host.join(page);
  return { page: page.transport, host: host.transport };
};

describe('the host', () => {
  let host: Host;
  let client: Client;
  let raw: Transport<ToHost, ToPage>;
  const dockerHost = process.env['DOCKER_HOST'];

  beforeEach(() => {
    process.env['DOCKER_HOST'] = 'unix:///nonexistent/docker.sock';
    host = createHost({ samplerScript: SAMPLER, version: '1.2.3' });
    const ends = pair();
    host.connect(ends.host);
    raw = ends.page;
    client = new Client(ends.page);
  });
  afterEach(async () => {
    await host.close();
    if (dockerHost === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = dockerHost;
  });

  /** The next worlds, each applied and acknowledged as the page does it. */
  const worlds = async (count: number): Promise<World[]> => {
    const seen: World[] = [];
    return new Promise((resolve) => {
      const stop = client.onWorld(({ seq, base, json }) => {
        const parsed = JSON.parse(decodeUtf8(json)) as unknown;
        const last = seen.at(-1);
        seen.push(base === null || last === undefined ? (parsed as World) : apply(last, parsed as WorldDelta));
        if (seen.length === count) {
          stop();
          resolve(seen);
        } else {
          client.worldApplied(seq);
        }
      });
      void client.call('world.watch', {});
    });
  };

  it('says who it is', async () => {
    expect(await client.call('hello', {})).toMatchObject({ version: '1.2.3', host: { hostname: hostname() } });
  });

  it('sends the whole world first, then what changed, each about this machine', async () => {
    const [first, second, third] = await worlds(3);
    for (const world of [first, second, third]) {
      expect(world?.processes.find(({ pid }) => pid === process.pid)?.ppid).toBe(process.ppid);
    }
    expect(third?.takenAt).toBeGreaterThan(second?.takenAt ?? Infinity);
  });

  it('tells of the engine that is not there', async () => {
    const place = (world: World | undefined) => world?.engines.find(({ source }) => source === 'DOCKER_HOST');
    await expect
      .poll(async () => place((await worlds(1))[0]), { timeout: 10_000 })
      .toMatchObject({ condition: 'absent', errno: 'ENOENT', address: 'unix:///nonexistent/docker.sock' });
  });

  it('reads one process fresh, and says so when it is not there', async () => {
    const [world] = await worlds(1);
    const self = world?.processes.find(({ pid }) => pid === process.pid);
    const detail = await client.call('process.detail', { key: self?.key ?? '0@0' });
    expect(detail.cmdline).toMatchObject({ ok: true });
    await expect(client.call('process.detail', { key: `${process.pid}@1` })).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it.each(['nothing', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
    'does not answer to the method %j',
    async (method) => {
      await expect(client.call(method as 'hello', {})).rejects.toMatchObject({ code: 'bad-request' });
    },
  );

  it.each([
    ['hello', { more: 1 }],
    ['process.detail', { key: '1; rm -rf /' }],
    ['process.detail', { key: ['1@1'] }],
    ['terminal.resize', { terminal: 'x', cols: 0, rows: 1e9 }],
    ['terminal.unshare', { options: { namespaces: ['net', '../x'], program: ['sh'] }, cols: 80, rows: 24 }],
    ['terminal.unshare', { options: { namespaces: [], program: ['a\0b'] }, cols: 80, rows: 24 }],
    ['container.inspect', { engine: 'unix:///x', id: '../../version' }],
  ])('refuses %s with arguments that are not of the contract', async (method, args) => {
    await expect(client.call(method as 'hello', args as never)).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('closes on a frame that is none', async () => {
    const closed = new Promise<string>((resolve) => raw.onClose(resolve));
    raw.send({ header: { k: 'exec', command: 'id' } as never });
    expect(await closed).toContain('not of the contract');
  });

  it('takes keystrokes for a terminal that is gone without ado', async () => {
    client.terminalInput('gone', Uint8Array.of(3));
    client.terminalDrawn('gone', 10);
    await expect(client.call('terminal.close', { terminal: 'gone' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await client.call('terminal.list', {})).toEqual([]);
  });
});
