/** Everything that is offered on a container is done to real ones, and seen in the engine's events. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { offeredIn, type ContainerAction, type Verb } from '../../shared/container-act.ts';
import { harmWords } from '../../shared/container-harm.ts';
import { unnamedVolumes } from '../../shared/container-mounts.ts';
import type { ContainerState } from '../../shared/model.ts';
import { aContainer, aWorld } from '../unit/shared/world.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();
const SECONDS = 1000;

describe.skipIf(reason !== null)(`acting on containers${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let engines: Engines;
  let engine: string;
  let nextName = 1;
  const soon = { timeout: 20 * SECONDS, interval: 20 };
  const container = (id: string) => engines.current().containers.find((row) => row.id === id);
  const act = (id: string, action: ContainerAction) => engines.act(engine, id, action);
  const is = (id: string, state: ContainerState) => expect.poll(() => container(id)?.state, soon).toBe(state);

  /** A container that ends at once when asked to, in this state. */
  const made = async (state: ContainerState, ...options: string[]): Promise<string> => {
    const program = ['busybox', 'sh', '-c', 'trap "exit 0" TERM USR1; while :; do sleep 0.1; done'];
    const created = state === 'created';
    const id = (
      await lab.docker(...(created ? ['create'] : ['run', '-d']), `--name=made${nextName++}`, ...options, ...program)
    ).stdout.trim();
    if (state === 'paused') await lab.docker('pause', id);
    if (state === 'exited') await lab.docker('kill', id);
    await is(id, state);
    return id;
  };

  beforeAll(async () => {
    lab = await startLab();
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1), {
      timing: { aliveMillis: 500, answerMillis: 1000, firstRetryMillis: 200, lastRetryMillis: 1000 },
    });
    engines.start();
    await engines.settled();
  }, 90 * SECONDS);
  afterAll(async () => {
    engines?.stop();
    await lab?.down();
  }, 60 * SECONDS);

  const RESULT: Readonly<Record<Verb, (id: string) => readonly [ContainerAction, ContainerState | 'gone' | 'named']>> =
    {
      start: () => [{ do: 'start' }, 'running'],
      stop: () => [{ do: 'stop', seconds: null }, 'exited'],
      restart: () => [{ do: 'restart', seconds: 5 }, 'running'],
      pause: () => [{ do: 'pause' }, 'paused'],
      unpause: () => [{ do: 'unpause' }, 'running'],
      kill: () => [{ do: 'kill', signal: 'KILL' }, 'exited'],
      remove: () => [{ do: 'remove', force: true, volumes: true }, 'gone'],
      rename: (id) => [{ do: 'rename', name: `renamed-${id.slice(0, 12)}` }, 'named'],
    };

  it.each(['created', 'running', 'paused', 'exited'] as const)(
    'does all that is offered on one that is %s, and follows it',
    { timeout: 90 * SECONDS },
    async (state) => {
      expect(offeredIn(state).length).toBeGreaterThan(0);
      for (const verb of offeredIn(state)) {
        const id = await made(state);
        const [action, result] = RESULT[verb](id);
        await act(id, action);
        if (result === 'gone') await expect.poll(() => container(id), soon).toBeUndefined();
        else if (result === 'named') {
          await expect.poll(() => container(id)?.name, soon).toBe(`renamed-${id.slice(0, 12)}`);
        } else await is(id, result);
        if (result !== 'gone') await lab.docker('rm', '-f', id);
      }
    },
  );

  it('sends the signal that was asked for', { timeout: 30 * SECONDS }, async () => {
    const id = await made('running');
    await act(id, { do: 'kill', signal: 'USR1' });
    await is(id, 'exited');
    expect(container(id)?.exitCode).toBe(0);
    await lab.docker('rm', id);
  });

  it('removes its volumes only if that was asked for', { timeout: 30 * SECONDS }, async () => {
    const volumes = async (): Promise<number> =>
      (await lab.docker('volume', 'ls', '-q')).stdout.split('\n').filter(Boolean).length;
    const before = await volumes();
    const [kept, gone] = [await made('exited', '-v', '/kept'), await made('exited', '-v', '/gone')];
    await act(kept, { do: 'remove', force: false, volumes: false });
    await act(gone, { do: 'remove', force: false, volumes: true });
    expect(await volumes()).toBe(before + 1);
  });

  it(
    'takes away what is said before: the unnamed volumes, and the interfaces of those in its network namespace',
    { timeout: 60 * SECONDS },
    async () => {
      const owner = await made('running', '--rm', '-v', '/unnamed', '-v', 'named:/named');
      const guest = await made('running', `--net=container:${owner}`);
      const inspected = await engines.inspect(engine, owner);
      const volumes = unnamedVolumes(inspected, 'docker');
      expect(volumes.map(({ destination }) => destination)).toEqual(['/unnamed']);
      const world = { ...aWorld([]), containers: [container(owner)!, container(guest)!].map((one) => aContainer(one.id, one)) }; // prettier-ignore
      expect(harmWords(world, world.containers[0]!, null, { do: 'stop', seconds: null })).toEqual([
        expect.stringMatching(/^It was made with --rm: when it ends it is removed/),
        expect.stringMatching(/^made\d+ is in its network namespace, and loses its interfaces/),
      ]);
      const interfaces = async () =>
        (await lab.docker('exec', guest, 'busybox', 'ls', '/sys/class/net')).stdout.trim().split(/\s+/);
      expect(await interfaces()).toContain('eth0');
      await act(owner, { do: 'stop', seconds: 1 });
      await expect.poll(() => container(owner), soon).toBeUndefined();
      await expect.poll(interfaces, soon).not.toContain('eth0');
      const left = (await lab.docker('volume', 'ls', '-q')).stdout.split('\n');
      expect(left).toContain('named');
      expect(left).not.toContain(volumes[0]!.name);
      await lab.docker('rm', '-f', guest);
    },
  );

  it('waits as long as the container is given to end', { timeout: 60 * SECONDS }, async () => {
    const id = (await lab.docker('run', '-d', '--stop-timeout=2', 'busybox', 'sleep', '1000')).stdout.trim();
    await is(id, 'running');
    const before = Date.now();
    await act(id, { do: 'stop', seconds: null });
    expect(Date.now() - before).toBeGreaterThan(1900);
    await is(id, 'exited');
    await act(id, { do: 'stop', seconds: null });
    await lab.docker('rm', id);
  });

  it('says in the engine’s own words why not', { timeout: 30 * SECONDS }, async () => {
    const id = await made('running');
    const other = await made('running', '--name=taken');
    await expect(act(id, { do: 'unpause' })).rejects.toMatchObject({ message: expect.stringMatching(/is not paused/) });
    await expect(act(id, { do: 'rename', name: 'taken' })).rejects.toMatchObject({
      message: expect.stringMatching(/name "\/taken" is already in use by container/),
    });
    await expect(act(id, { do: 'rename', name: 'no/slash' })).rejects.toMatchObject({
      message: expect.stringMatching(/Invalid container name/),
    });
    await expect(act(id, { do: 'kill', signal: 'NOSUCH' })).rejects.toMatchObject({
      message: expect.stringMatching(/[Ii]nvalid signal/),
    });
    await expect(act(id, { do: 'remove', force: false, volumes: false })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot remove.*running/),
    });
    await lab.docker('rm', '-f', id, other);
    await expect(act(id, { do: 'start' })).rejects.toMatchObject({
      code: 'not-found',
      message: `No such container: ${id}`,
    });
  });

  it('says that there was no answer when the engine freezes meanwhile', { timeout: 60 * SECONDS }, async () => {
    const id = await made('running');
    lab.signal('SIGSTOP');
    try {
      await expect(act(id, { do: 'pause' })).rejects.toMatchObject({
        code: 'timeout',
        message: expect.stringContaining('no answer to pause'),
      });
    } finally {
      lab.signal('SIGCONT');
    }
    await expect.poll(() => engines.current().engines[0]?.condition, soon).toBe('up');
    await lab.docker('rm', '-f', id);
  });
});
