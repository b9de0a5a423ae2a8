/** The images of real engines, held against what their own clients print; and removed as was said before. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { removalOf } from '../../shared/image-removal.ts';
import { labUnavailable, startLab } from '../lab/lab.ts';
import { podmanUnavailable, startPodman } from '../lab/podman.ts';
import type { Ran } from '../lab/run.ts';

interface PodmanStep {
  readonly size: number;
  readonly createdBy?: string;
  readonly CreatedBy?: string;
}
interface Engine {
  readonly socket: string;
  readonly env: Readonly<Record<string, string>>;
  client(...args: readonly string[]): Promise<Ran>;
  down(): Promise<void>;
}
const docker = async (): Promise<Engine> => {
  const lab = await startLab();
  return { ...lab, client: lab.docker };
};
const podman = async (): Promise<Engine> => {
  const lab = await startPodman();
  return { ...lab, client: lab.podman };
};

const SECONDS = 1000;
const kinds = [
  { kind: 'docker', start: docker, reason: await labUnavailable(), busybox: 'busybox:latest', at: '' },
  {
    kind: 'podman',
    start: podman,
    reason: await podmanUnavailable(),
    busybox: 'localhost/busybox:latest',
    at: 'localhost/',
  },
] as const;

describe.each(kinds)('images of $kind', ({ kind, start, reason, busybox, at }) => {
  describe.skipIf(reason !== null)(`its own${reason === null ? '' : ` (cannot run: ${reason})`}`, () => {
    let lab: Engine;
    let engines: Engines;
    let engine: string;
    /** Podman keeps a message in Docker's form alone. */
    const format = kind === 'podman' ? ['--format', 'docker'] : [];
    const soon = { timeout: 15 * SECONDS, interval: 50 };
    const all = () => engines.image(engine, 'images', (images, signal) => images.list(signal));
    const lines = async (...args: string[]): Promise<string[]> =>
      (await lab.client(...args)).stdout.split('\n').filter((line) => line !== '');
    const of = async (ref: string) => {
      const id = (await lines('image', 'inspect', '--format', '{{.Id}}', ref))[0]?.replace(/^(?:sha256:)?/, 'sha256:');
      const found = (await all()).find((image) => image.id === id);
      if (found === undefined) throw new Error(`${ref} is not listed`);
      return found;
    };

    beforeAll(async () => {
      lab = await start();
      engine = `unix://${lab.socket}`;
      engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
      engines.start();
      await engines.settled();
    }, 90 * SECONDS);
    afterAll(async () => {
      engines?.stop();
      await lab?.down();
    }, 60 * SECONDS);

    it('are those that its client lists, by ID and name', async () => {
      await lab.client('tag', busybox, `${at}second:1`);
      const printed = await lines('images', '--no-trunc', '--format', '{{.ID}} {{.Repository}}:{{.Tag}}');
      const told = (await all()).flatMap(({ id, tags }) => tags.map((tag) => `${id} ${tag}`));
      expect(told.toSorted()).toEqual(printed.map((line) => line.replace(/^(?!sha256:)/, 'sha256:')).toSorted());
      await lab.client('rmi', `${at}second:1`);
    });

    it('have the size that inspect tells, and the containers made from them', async () => {
      const size = Number((await lines('image', 'inspect', '--format', '{{.Size}}', busybox))[0]);
      const id = (await lines('create', '--name=user', busybox, 'true')).at(-1);
      const image = await of(busybox);
      expect(image).toMatchObject({ bytes: size, usedBy: [id] });
      expect(image.createdAt).toBeGreaterThan(Date.parse('2020-01-01'));
      await lab.client('rm', 'user');
      expect((await of(busybox)).usedBy).toEqual([]);
    });

    it('have the history that its client prints', async () => {
      const id =
        (
          await lines(
            'run',
            '-d',
            '--stop-timeout=0',
            '--network=none',
            busybox,
            'sh',
            '-c',
            'echo made > /made; sleep 1000',
          )
        ).at(-1) ?? '';
      await lab.client('commit', ...format, '--message', '<script>', id, `${at}made:1`);
      const steps = await engines.image(engine, 'history', (images, signal) => images.history(`${at}made:1`, signal));
      const json = ['history', '--no-trunc', '--human=false', '--format'];
      const printed =
        kind === 'docker'
          ? await lines(...json, '{{.Size}}|{{.CreatedBy}}', `${at}made:1`)
          : (JSON.parse((await lab.client(...json, 'json', `${at}made:1`)).stdout) as PodmanStep[]).map(
              ({ size, CreatedBy, createdBy }) => `${size}|${createdBy ?? CreatedBy}`,
            );
      expect(steps).toHaveLength(2);
      expect(steps.map(({ bytes, createdBy }) => `${bytes}|${createdBy}`)).toEqual(printed);
      await lab.client('rm', '-f', id);
      await lab.client('rmi', `${at}made:1`);
    });

    it('are announced when they come and go', async () => {
      let told = 0;
      const stop = engines.onImages(() => told++);
      await lab.client('tag', busybox, `${at}news:1`);
      await expect.poll(() => told, soon).toBeGreaterThan(0);
      const before = told;
      await lab.client('rmi', `${at}news:1`);
      await expect.poll(() => told, soon).toBeGreaterThan(before);
      stop();
    });

    const CASES: readonly (readonly [
      words: string,
      state: 'unused' | 'stopped' | 'running',
      names: number,
      by: 'name' | 'id',
      force: boolean,
    ])[] = [
      ['by one of two names', 'running', 2, 'name', false],
      ['by its only name', 'unused', 1, 'name', false],
      ['by its only name, with a stopped container', 'stopped', 1, 'name', false],
      ['by its only name and force, with a stopped container', 'stopped', 1, 'name', true],
      ['by its only name and force, while it runs', 'running', 1, 'name', true],
      ['by ID with two names', 'unused', 2, 'id', false],
      ['by ID and force with two names', 'unused', 2, 'id', true],
      ['by ID and force, while it runs', 'running', 1, 'id', true],
    ];
    it.each(CASES)(
      'are removed as was said before: %s',
      { timeout: 60 * SECONDS },
      async (_, state, names, by, force) => {
        const base = (await lines('create', busybox, 'true')).at(-1) ?? '';
        const tags = Array.from({ length: names }, (_, n) => `${at}gone${n}:1`);
        await lab.client('commit', ...format, '--message', 'gone', base, tags[0] ?? '');
        for (const tag of tags.slice(1)) await lab.client('tag', tags[0] ?? '', tag);
        if (state === 'stopped') await lab.client('create', '--name=holder', tags[0] ?? '', 'true');
        if (state === 'running')
          await lab.client(
            'run',
            '-d',
            '--stop-timeout=0',
            '--network=none',
            '--name=holder',
            tags[0] ?? '',
            'sleep',
            '1000',
          );
        const image = await of(tags[0] ?? '');
        const users = (image.usedBy ?? []).map((id) => ({
          id,
          name: 'holder',
          state: state === 'running' ? ('running' as const) : ('exited' as const),
        }));
        const ref = by === 'id' ? image.id.slice('sha256:'.length) : (tags[0] ?? '');
        const said = removalOf(image, by === 'id' ? image.id : ref, force, users, kind);
        const done = engines.image(engine, 'remove', (images, signal) => images.remove(ref, force, signal));
        try {
          if (said.refused !== null) {
            await expect(done).rejects.toMatchObject({
              code: 'failed',
              message: expect.stringMatching(/conflict|in use|unable to delete/i),
            });
            expect((await of(image.id.slice(7))).tags.toSorted()).toEqual(image.tags.toSorted());
            return;
          }
          await done;
          const after = (await all()).find(({ id }) => id === image.id);
          expect(after === undefined).toBe(said.deleted);
          if (after) expect(after.tags).toEqual(image.tags.filter((tag) => !said.untagged.includes(tag)));
          const left = await lines('ps', '-aq', '--filter', 'name=holder');
          expect(left.length === 0).toBe(state === 'unused' || said.containers.length > 0);
        } finally {
          await lab.client('rm', '-f', 'holder').catch(() => undefined);
          await lab.client('rm', '-f', base);
          await lab.client('rmi', '-f', image.id.slice(7)).catch(() => undefined);
        }
      },
    );

    it('say in the engine’s words what is not there', async () => {
      for (const ask of ['history', 'inspect'] as const) {
        const told = engines.image(engine, ask, (images, signal) => images[ask]('no/such:image', signal));
        await expect(told).rejects.toMatchObject({
          code: 'not-found',
          message: expect.stringMatching(/no.such.image/i),
        });
      }
    });
  });
});
