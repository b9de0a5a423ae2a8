/** A container's log by its engine: whole, in order, held up by a slow page; against a real Docker engine. */
import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { LogFollowers } from '../../electron/host/engines/log-followers.ts';
import { OutputFrames } from '../../shared/log-frames.ts';
import { LOG_FLOW, type LogEnd, type LogQuery, type LogStart } from '../../shared/logs.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();
const ALL: LogQuery = { tail: null, sinceSeconds: null };

/** How many of our open files are sockets. */
const sockets = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:');
    } catch {
      // The one by which they are listed.
      return false;
    }
  }).length;

describe.skipIf(reason !== null)(`logs${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let engines: Engines;
  let engine = '';
  let next = 0;

  beforeAll(async () => {
    lab = await startLab();
    engines = new Engines(findPlaces(lab.env).filter(({ source }) => source === 'DOCKER_HOST'));
    engines.start();
    await engines.settled();
    engine = engines.current().engines[0]?.id ?? '';
  });
  afterAll(async () => {
    engines?.stop();
    await lab?.down();
  }, 60_000);

  const run = async (...args: string[]): Promise<string> => (await lab.docker('run', '-d', ...args)).stdout.trim();
  const script = (text: string, ...args: string[]): Promise<string> => run(...args, 'busybox:latest', 'sh', '-c', text);

  /** Follows a log as a page does; `onBytes` acknowledges. */
  const follow = async (
    id: string,
    query: LogQuery,
    onBytes: (bytes: Uint8Array, taken: (count: number) => void) => void,
  ): Promise<{ start: LogStart; end: Promise<LogEnd>; stop(): void }> => {
    const log = `log-${next++}`;
    let over: (end: LogEnd) => void = () => {};
    const end = new Promise<LogEnd>((resolve) => (over = resolve));
    const followers: LogFollowers = new LogFollowers(engines, {
      bytes: (_, bytes) => onBytes(bytes, (count) => followers.acknowledge(log, count)),
      ended: over,
    });
    return { start: await followers.follow(log, engine, id, query), end, stop: () => followers.close() };
  };

  /** Each line with its stream and without its time, until the log ends. */
  const linesOf = async (id: string, query = ALL): Promise<string[]> => {
    const frames = new OutputFrames();
    const lines: string[] = [];
    const followed = await follow(id, query, (bytes, taken) => {
      for (const frame of frames.push(bytes)) {
        lines.push(`${frame.stream} ${Buffer.from(frame.bytes).toString().replace(/^\S+ /, '').trimEnd()}`);
      }
      taken(bytes.length);
    });
    expect((await followed.end).error).toBeNull();
    return lines;
  };

  it('tells stdout and stderr apart, in the order in which they were written', async () => {
    const id = await script('for i in 1 2 3; do echo out $i; sleep 0.05; echo err $i >&2; sleep 0.05; done');
    await lab.docker('wait', id);
    const wanted = [1, 2, 3].flatMap((i) => [`stdout out ${i}`, `stderr err ${i}`]);
    expect(await linesOf(id)).toEqual(wanted);
    expect(await linesOf(id, { ...ALL, tail: 2 })).toEqual(wanted.slice(-2));
  });

  it('follows what is written from now on, and ends with the container', async () => {
    const id = await script('echo first; read line; echo second', '-i');
    let text = '';
    let seen: () => void = () => {};
    const first = new Promise<void>((resolve) => (seen = resolve));
    const followed = await follow(id, ALL, (bytes, taken) => {
      text += Buffer.from(bytes).toString();
      taken(bytes.length);
      if (text.includes('first')) seen();
    });
    expect(followed.start).toEqual({ tty: false, driver: 'json-file' });
    await first;
    await lab.docker('kill', '--signal=KILL', id);
    expect(await followed.end).toMatchObject({ error: null });
  });

  it('begins where it is told to', async () => {
    const id = await script('echo old; sleep 2.2; echo new');
    await lab.docker('wait', id);
    expect(await linesOf(id, { ...ALL, sinceSeconds: 1 })).not.toContain('stdout old');
    expect(await linesOf(id, { ...ALL, sinceSeconds: 3600 })).toEqual(['stdout old', 'stdout new']);
  });

  it('ends where it is told to, though its container goes on', async () => {
    const id = await script('echo old; sleep 2.2; echo new; sleep 600');
    await expect.poll(async () => (await lab.docker('logs', id)).stdout, { timeout: 10_000 }).toContain('new');
    const { StartedAt } = JSON.parse((await lab.docker('inspect', '-f', '{{json .State}}', id)).stdout) as { StartedAt: string }; // prettier-ignore
    const started = Math.floor(Date.parse(StartedAt) / 1000);
    const upTo = (to: number): LogQuery => ({ ...ALL, between: { from: started - 5, to } });
    expect(await linesOf(id, upTo(started + 2))).toEqual(['stdout old']);
    expect(await linesOf(id, upTo(started - 1))).toEqual([]);
    await lab.docker('kill', id);
  });

  it('is one raw stream of a container with a terminal', async () => {
    const id = await script('echo plain; echo wrong >&2', '-t');
    await lab.docker('wait', id);
    let text = '';
    const followed = await follow(id, ALL, (bytes, taken) => {
      text += Buffer.from(bytes).toString();
      taken(bytes.length);
    });
    expect(followed.start.tty).toBe(true);
    await followed.end;
    expect(text.replace(/^\S+Z /gm, '')).toBe('plain\r\nwrong\r\n');
  });

  it('says in the engine’s words that a driver keeps nothing to read', async () => {
    const id = await script('echo lost', '--log-driver=none');
    await expect(follow(id, ALL, () => {})).rejects.toThrow(/logging driver does not support reading/);
  });

  it('gives 100 MB to a page that is slow, every byte, and never runs far ahead of it', async () => {
    const line = 'x'.repeat(999);
    const LINES = 100_000;
    const id = await script(`yes ${line} | head -n ${LINES}`);
    await lab.docker('wait', id);
    const frames = new OutputFrames();
    let lines = 0;
    let behind = 0;
    let most = 0;
    const followed = await follow(id, ALL, (bytes, taken) => {
      behind += bytes.length;
      most = Math.max(most, behind);
      for (const frame of frames.push(bytes)) lines += frame.bytes.at(-1) === 10 ? 1 : 0;
      setImmediate(() => {
        behind -= bytes.length;
        taken(bytes.length);
      });
    });
    expect((await followed.end).error).toBeNull();
    expect(lines).toBe(LINES);
    expect(most).toBeLessThan(LOG_FLOW.high + 200_000);
  });

  it('stops asking the engine for more when nobody takes any', async () => {
    const id = await script('yes a flood of words', '--log-opt', 'max-size=20m');
    let got = 0;
    const followed = await follow(id, ALL, (bytes) => (got += bytes.length));
    for (let before = -1; before !== got;) {
      before = got;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(got).toBeGreaterThan(LOG_FLOW.high);
    expect(got).toBeLessThan(LOG_FLOW.high + 200_000);
    followed.stop();
    await lab.docker('rm', '-f', id);
  });

  it('is given up while the engine is frozen', async () => {
    const id = await script('echo one; sleep 600');
    let seen: () => void = () => {};
    const first = new Promise<void>((resolve) => (seen = resolve));
    const followed = await follow(id, ALL, (bytes, taken) => {
      taken(bytes.length);
      seen();
    });
    await first;
    lab.signal('SIGSTOP');
    try {
      const open = sockets();
      followed.stop();
      await vi.waitFor(() => expect(sockets()).toBeLessThan(open));
    } finally {
      lab.signal('SIGCONT');
    }
  });
});
