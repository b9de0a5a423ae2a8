/** Images pulled by a real engine from a registry that the lab runs itself: progress, cancelling, and every way to fail. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { credentialsFor } from '../../electron/host/engines/credentials.ts';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { Runs } from '../../electron/host/engines/runs.ts';
import type { PullTold } from '../../shared/pull.ts';
import { plainRun } from '../../shared/run-container.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';
import { startRegistry, type Registry } from '../lab/registry.ts';

const reason = await labUnavailable();
const SECONDS = 1000;

describe.skipIf(reason !== null)(`pulling an image${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
  let lab: Lab;
  let registry: Registry;
  let engines: Engines;
  let runs: Runs;
  let engine: string;
  let told: PullTold[] = [];
  const soon = { timeout: 20 * SECONDS, interval: 20 };
  const pull = (image: string, job = 'job'): Promise<void> => {
    told = [];
    return runs.pull(engine, job, image);
  };
  const isHere = (image: string): Promise<boolean> =>
    lab.docker('image', 'inspect', image).then(
      () => true,
      () => false,
    );

  beforeAll(async () => {
    lab = await startLab();
    registry = await startRegistry(lab.pid());
    engine = `unix://${lab.socket}`;
    engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
    runs = new Runs(engines, (progress) => told.push(progress));
    engines.start();
    await engines.settled();
  }, 90 * SECONDS);
  afterAll(async () => {
    runs?.close();
    engines?.stop();
    await registry?.close();
    await lab?.down();
  }, 60 * SECONDS);

  it('tells how far each layer is, until all are whole', { timeout: 60 * SECONDS }, async () => {
    const image = registry.image('slow');
    await pull(image);
    expect(await isHere(image)).toBe(true);
    for (const id of registry.layers) {
      const course = told.flatMap(({ layers }) => layers.filter((layer) => layer.id === id));
      expect(course.at(-1)?.status).toBe('Pull complete');
      const halfway = course.filter(({ current, total }) => current !== null && total !== null && current < total);
      expect(halfway.length, id).toBeGreaterThan(0);
    }
    expect(told.at(-1)?.status).toMatch(/^Status: Downloaded newer image/);
    const steps = await engines.image(engine, 'history', (images, signal) => images.history(image, signal));
    expect(steps.map(({ createdBy }) => createdBy)).toEqual(['two', 'one <script>', 'the machine’s busybox']);
    await lab.docker('rmi', image);
  });

  it('is given up on request, and leaves no image', { timeout: 60 * SECONDS }, async () => {
    const image = registry.image('stuck');
    const pulling = pull(image);
    const refused = expect(pulling).rejects.toMatchObject({ code: 'failed', message: 'Cancelled.' });
    await expect
      .poll(() => told.at(-1)?.layers.find(({ id }) => id === registry.layers[2])?.current ?? 0, soon)
      .toBeGreaterThan(0);
    runs.cancel('job');
    await refused;
    expect(await isHere(image)).toBe(false);
    // The same again is no second one under way.
    const again = pull(image);
    runs.cancel('job');
    await expect(again).rejects.toMatchObject({ message: 'Cancelled.' });
  });

  it.each([
    ['missing', /manifest unknown/],
    ['secret', /^unauthorized|no basic auth credentials/],
    ['broken', /filesystem layer verification failed|digest/],
  ] as const)('says in the engine’s words why not: %s', { timeout: 60 * SECONDS }, async (behaviour, words) => {
    const image = registry.image(behaviour);
    await expect(pull(image)).rejects.toMatchObject({ message: expect.stringMatching(words) });
    expect(await isHere(image)).toBe(false);
  });

  it(
    'tells that the engine tries again when the connection drops, and can be given up then',
    { timeout: 60 * SECONDS },
    async () => {
      const pulling = pull(registry.image('drop'));
      const refused = expect(pulling).rejects.toMatchObject({ message: 'Cancelled.' });
      await expect
        .poll(() => told.at(-1)?.layers.find(({ id }) => id === registry.layers[2])?.status, soon)
        .toMatch(/^Retrying in/);
      runs.cancel('job');
      await refused;
    },
  );

  it('fetches what Run finds missing, and starts it', { timeout: 60 * SECONDS }, async () => {
    told = [];
    const image = registry.image('plain');
    const { id, notStarted } = await runs.run(engine, 'run', { ...plainRun(image), name: 'fetched' });
    expect(notStarted).toBeNull();
    expect(told.at(-1)?.layers).toHaveLength(3);
    await expect.poll(() => engines.current().containers.find((row) => row.id === id)?.state, soon).toBe('running');
    await lab.docker('rm', '-f', 'fetched');
  });

  it(
    'sends what the user has for a registry to that one, and says of which file',
    { timeout: 60 * SECONDS },
    async () => {
      const secret = await startRegistry(lab.pid(), { secret: 'lab:s3cret' });
      const home = await mkdtemp(join(tmpdir(), 'porthole-credentials-'));
      try {
        const image = secret.image('plain');
        const mine = new Runs(
          engines,
          (progress) => told.push(progress),
          (name, kind, signal) => credentialsFor(name, kind, signal, { env: { DOCKER_CONFIG: home }, home }),
        );
        await expect(mine.pull(engine, 'job', image)).rejects.toMatchObject({
          message: expect.stringMatching(/no basic auth credentials|unauthorized/),
        });
        expect(told.at(-1)?.credentials).toBe('without credentials');
        const host = image.split('/')[0] ?? '';
        const auth = Buffer.from('lab:s3cret').toString('base64');
        await writeFile(join(home, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
        await mine.pull(engine, 'job', image);
        expect(await isHere(image)).toBe(true);
        expect(told.at(-1)?.credentials).toBe(`with the credentials for ${host} of ${join(home, 'config.json')}`);
        expect(JSON.stringify(told)).not.toContain('s3cret');
        await mine.pull(engine, 'job', registry.image('plain', '4'));
        expect(told.at(-1)?.credentials).toBe('without credentials');
      } finally {
        await secret.close();
        await rm(home, { recursive: true, force: true });
      }
    },
  );

  it('ends with the page that asked for it', { timeout: 60 * SECONDS }, async () => {
    const page = new Runs(engines, () => undefined);
    const pulling = page.pull(engine, 'job', registry.image('stuck', '2'));
    const refused = expect(pulling).rejects.toMatchObject({ message: 'Cancelled.' });
    page.close();
    await refused;
  });
});
