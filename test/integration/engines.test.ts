import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engines, lookOnce, type EnginesNow } from '../../electron/host/engines/engines.ts';
import { findPlaces, type EnginePlace } from '../../electron/host/engines/find-sockets.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();
const SECONDS = 1000;
/** A daemon that is frozen is found out by its silence; the test need not wait as long as a person would. */
const timing = { aliveMillis: 500, answerMillis: 1000, firstRetryMillis: 200, lastRetryMillis: 1000 };

describe.skipIf(reason !== null)(`a real Docker engine${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let places: readonly EnginePlace[];
  let engines: Engines;
  const container = (name: string) => engines.current().containers.find((row) => row.name === name);
  const condition = () => engines.current().engines[0]?.condition;
  const id = async (name: string) => (await lab.docker('inspect', '-f', '{{.Id}}', name)).stdout.trim();
  const pid = async (name: string) => Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout);
  const soon = { timeout: 10 * SECONDS, interval: 20 };

  beforeAll(async () => {
    lab = await startLab();
    await lab.docker('run', '-d', '--name=db', '--label=com.docker.compose.project=shop', 'redis:alpine');
    await lab.docker('run', '-d', '--name=web', '--net=container:db', '--restart=on-failure:3', 'nginx:alpine');
    places = findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1);
    engines = new Engines(places, { timing });
    engines.start();
    await engines.settled();
  }, 90 * SECONDS);

  afterAll(async () => {
    engines?.stop();
    await lab?.down();
  }, 60 * SECONDS);

  it('is listed with its version, and its containers with pid, state and modes', async () => {
    const [engine] = engines.current().engines;
    const version = (await lab.docker('version', '-f', '{{.Server.Version}}')).stdout.trim();
    expect(engine).toMatchObject({ condition: 'up', kind: 'docker', source: 'DOCKER_HOST', version, rootless: false });
    expect(container('db')).toMatchObject({
      id: await id('db'),
      engine: `unix://${lab.socket}`,
      image: 'redis:alpine',
      state: 'running',
      pid: await pid('db'),
      networkMode: 'default',
      pidMode: 'private',
      ipcMode: 'private',
      restartPolicy: 'no',
      project: 'shop',
      exitCode: null,
      ports: [{ host: null, hostPort: null, port: 6379, protocol: 'tcp' }],
    });
    expect(container('db')?.status).toMatch(/^Up /);
    expect(container('web')).toMatchObject({
      pid: await pid('web'),
      networkMode: `container:${await id('db')}`,
      restartPolicy: 'on-failure:3',
      project: null,
    });
    const startedAt = Date.parse((await lab.docker('inspect', '-f', '{{.State.StartedAt}}', 'db')).stdout.trim());
    expect(container('db')?.startedAt).toBe(startedAt);
  });

  it('agrees with the command line’s one look', async () => {
    const once = await lookOnce(places);
    expect(once.engines.map(({ condition, version }) => [condition, version !== null])).toEqual([['up', true]]);
    const facts = (now: EnginesNow) => now.containers.map(({ id, name, pid, state }) => ({ id, name, pid, state }));
    expect(facts(once)).toEqual(facts(engines.current()));
  });

  it('is followed by its events: run, rename, pause, stop, start, die, remove', { timeout: 60 * SECONDS }, async () => {
    await lab.docker(
      'run',
      '-d',
      '--name=one',
      'busybox',
      'sh',
      '-c',
      'trap "exit 7" TERM; while :; do sleep 0.1; done',
    );
    const first = await pid('one');
    await expect.poll(() => container('one'), soon).toMatchObject({ state: 'running', pid: first });
    await lab.docker('rename', 'one', 'two');
    await expect.poll(() => container('two')?.pid, soon).toBe(first);
    expect(container('one')).toBeUndefined();
    await lab.docker('pause', 'two');
    await expect.poll(() => container('two')?.state, soon).toBe('paused');
    await lab.docker('unpause', 'two');
    await expect.poll(() => container('two')?.state, soon).toBe('running');
    await lab.docker('stop', 'two');
    await expect.poll(() => container('two'), soon).toMatchObject({ state: 'exited', pid: null, exitCode: 7 });
    await expect.poll(() => container('two')?.status, soon).toMatch(/^Exited \(7\)/);
    await lab.docker('start', 'two');
    const second = await pid('two');
    await expect.poll(() => container('two'), soon).toMatchObject({ state: 'running', pid: second, exitCode: null });
    await lab.docker('kill', 'two');
    await expect.poll(() => container('two'), soon).toMatchObject({ state: 'exited', pid: null, exitCode: 137 });
    await lab.docker('rm', 'two');
    await expect.poll(() => container('two'), soon).toBeUndefined();
  });

  it('shows health as its checks tell it', { timeout: 60 * SECONDS }, async () => {
    const check = ['--health-cmd=true', '--health-interval=1s'];
    await lab.docker('run', '-d', '--name=well', ...check, 'busybox', 'sleep', '1000');
    await expect.poll(() => container('well')?.health, soon).toBe('healthy');
    await lab.docker('rm', '-f', 'well');
  });

  it('tells hostile names and labels as they are', { timeout: 60 * SECONDS }, async () => {
    const label = 'a\u001b[31m"\n</script>\u202e';
    await lab.docker('run', '-d', '--name=bad', '--label', `__proto__=${label}`, 'busybox', 'sleep', '1000', label);
    await expect.poll(() => container('bad')?.labels['__proto__'], soon).toBe(label);
    expect(container('bad')?.command).toContain(label);
    await lab.docker('rm', '-f', 'bad');
  });

  it('gives its own account of a container, or says in its own words why not', async () => {
    const engine = `unix://${lab.socket}`;
    const db = await id('db');
    const told = JSON.parse((await lab.docker('inspect', 'db')).stdout) as readonly unknown[];
    await expect(engines.inspect(engine, db)).resolves.toMatchObject({ Id: (told[0] as { Id: string }).Id });
    await expect(engines.inspect(engine, 'nosuch')).rejects.toMatchObject({
      code: 'not-found',
      message: 'No such container: nosuch',
    });
    await expect(engines.inspect('unix:///elsewhere', db)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is hung while its daemon is frozen, and up again by itself', { timeout: 60 * SECONDS }, async () => {
    const db = await id('db');
    lab.signal('SIGSTOP');
    try {
      await expect.poll(condition, soon).toBe('hung');
      expect(engines.current().engines[0]).toMatchObject({
        errno: null,
        message: expect.stringContaining('no answer'),
      });
      expect(container('db')).toMatchObject({
        id: db,
        image: 'redis:alpine',
        state: 'unknown',
        pid: null,
        status: null,
      });
      await expect(engines.inspect(`unix://${lab.socket}`, db)).rejects.toMatchObject({ code: 'failed' });
      const once = await lookOnce(places, 500);
      expect(once.engines[0]?.condition).toBe('hung');
    } finally {
      lab.signal('SIGCONT');
    }
    await expect.poll(condition, soon).toBe('up');
    await expect.poll(() => container('db')?.state, soon).toBe('running');
  });

  it('is refused after its daemon was killed, and up again when it is back', { timeout: 90 * SECONDS }, async () => {
    lab.signal('SIGKILL');
    await lab.ended();
    // The socket of a killed daemon stays.
    await expect.poll(condition, soon).toBe('refused');
    expect(engines.current().engines[0]).toMatchObject({ errno: 'ECONNREFUSED', retryAt: expect.any(Number) });
    expect(container('db')?.state).toBe('unknown');
    await lab.start();
    await expect.poll(condition, soon).toBe('up');
    // A daemon that was killed ends the containers it finds again.
    await expect.poll(() => container('db'), soon).toMatchObject({ state: 'exited', pid: null });
    await lab.docker('start', 'db');
    await expect.poll(() => container('db')?.state, soon).toBe('running');
  });

  it(
    'is absent after its daemon ended in order, and tried at once when asked to',
    { timeout: 90 * SECONDS },
    async () => {
      const patient = new Engines(places, {
        timing: { ...timing, firstRetryMillis: 3600 * SECONDS, lastRetryMillis: 3600 * SECONDS },
      });
      patient.start();
      await patient.settled();
      const now = () => patient.current().engines[0];
      try {
        lab.signal('SIGTERM');
        await lab.ended();
        await expect.poll(() => now()?.condition, { ...soon, timeout: 20 * SECONDS }).toBe('absent');
        expect(now()?.errno).toBe('ENOENT');
        await lab.start();
        expect(now()?.condition).toBe('absent');
        patient.retry(`unix://${lab.socket}`);
        await expect.poll(() => now()?.condition, soon).toBe('up');
      } finally {
        patient.stop();
      }
    },
  );
});
