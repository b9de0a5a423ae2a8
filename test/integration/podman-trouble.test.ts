/** A real Podman service that freezes, is killed and comes back while something is asked of it. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { Runs } from '../../electron/host/engines/runs.ts';
import { plainRun } from '../../shared/run-container.ts';
import { podmanUnavailable, startPodman, type PodmanLab } from '../lab/podman.ts';

const reason = await podmanUnavailable();
const SECONDS = 1000;

describe.skipIf(reason !== null)(`a Podman in trouble${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: PodmanLab;
  let engines: Engines;
  let runs: Runs;
  let engine: string;
  let id: string;
  let pid: number;
  const soon = { timeout: 40 * SECONDS, interval: 20 };
  const container = () => engines.current().containers.find((one) => one.id === id);
  const condition = () => engines.current().engines[0]?.condition;
  /** It says that it was asked to end, and goes on, so that a stop is long under way. */
  const PROGRAM = ['sh', '-c', 'trap "echo caught" TERM; echo begun; while :; do sleep 0.1; done'];
  const lives = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  beforeAll(async () => {
    lab = await startPodman();
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1), {
      timing: { aliveMillis: 300, answerMillis: 5000, firstRetryMillis: 200, lastRetryMillis: 1000 },
    });
    runs = new Runs(engines, () => undefined);
    engines.start();
    await engines.settled();
    id = (await lab.podman('run', '-d', '--name=db', '--network=none', 'localhost/busybox', ...PROGRAM)).stdout.trim();
    await vi.waitUntil(() => container()?.pid != null, soon);
    pid = container()!.pid!;
  }, 120 * SECONDS);
  afterAll(async () => {
    runs?.close();
    engines?.stop();
    await lab?.down();
  }, 60 * SECONDS);

  it(
    'is hung while its service is frozen, says so of what was asked meanwhile, and is up again by itself',
    async () => {
      lab.signal('SIGSTOP');
      try {
        await expect(engines.act(engine, id, { do: 'rename', name: 'store' })).rejects.toMatchObject({
          code: 'timeout',
          message: expect.stringContaining('no answer to rename'),
        });
        await expect.poll(condition, soon).toBe('hung');
        expect(container()).toMatchObject({ id, state: 'unknown', pid: null, status: null });
        await expect(engines.inspect(engine, id)).rejects.toMatchObject({ code: 'failed' });
        expect(lives()).toBe(true);
      } finally {
        lab.signal('SIGCONT');
      }
      await expect.poll(condition, soon).toBe('up');
      await expect.poll(container, soon).toMatchObject({ state: 'running', pid });
      // Whether the rename still happened is the service's affair; what it is called now, the list says.
      const named = async (): Promise<boolean> =>
        (await lab.podman('inspect', '--format', '{{.Name}}', id)).stdout.trim() === container()?.name;
      await expect.poll(named, soon).toBe(true);
    },
    120 * SECONDS,
  );

  it(
    'ends a log and a stop that are under way when its service is killed; the container lives on',
    async () => {
      const over = new AbortController();
      const log = await engines.logs(engine, id, { tail: 5, sinceSeconds: null }, over.signal);
      let said = '';
      log.on('data', (bytes: Buffer) => (said += bytes.toString()));
      const ended = new Promise((resolve) => log.once('close', resolve).once('error', resolve));
      const stopped = engines.act(engine, id, { do: 'stop', seconds: 600 }).then(
        () => 'stopped',
        (error: Error) => error.message,
      );
      await expect.poll(() => said, soon).toContain('caught');
      lab.signal('SIGKILL');
      await lab.ended();
      await ended;
      expect(await stopped).not.toBe('stopped');
      await expect.poll(condition, soon).toBe('refused');
      expect(engines.current().engines[0]).toMatchObject({ errno: 'ECONNREFUSED', retryAt: expect.any(Number) });
      expect(container()).toMatchObject({ id, state: 'unknown', pid: null });
      expect(lives()).toBe(true);
      await expect(engines.act(engine, id, { do: 'pause' })).rejects.toMatchObject({ code: 'failed' });
      over.abort();
    },
    120 * SECONDS,
  );

  it(
    'is up again when its service is, with the container as it was, and does what is asked',
    async () => {
      await lab.start();
      await expect.poll(condition, soon).toBe('up');
      await expect.poll(container, soon).toMatchObject({ state: 'running', pid });
      // Its events are followed again, and so is its log.
      const over = new AbortController();
      const log = await engines.logs(engine, id, { tail: 5, sinceSeconds: null }, over.signal);
      await new Promise((resolve) => log.once('data', resolve));
      log.destroy();
      over.abort();
      await engines.act(engine, id, { do: 'stop', seconds: 0 });
      await expect.poll(() => container()?.state, soon).toBe('exited');
      expect(lives()).toBe(false);
      const options = { ...plainRun('localhost/busybox'), command: ['sleep', '1000'], net: 'none' as const };
      const ran = await runs.run(engine, 'job', options);
      expect(ran.notStarted).toBeNull();
      await expect
        .poll(() => engines.current().containers.find((one) => one.id === ran.id)?.state, soon)
        .toBe('running');
      await engines.act(engine, ran.id, { do: 'remove', force: true, volumes: true });
      await expect.poll(() => engines.current().containers.some((one) => one.id === ran.id), soon).toBe(false);
    },
    120 * SECONDS,
  );
});
