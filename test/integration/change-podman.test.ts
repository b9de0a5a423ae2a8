/** Limits of a real Podman's containers, changed by its own update call: what it keeps, what its cgroup reads, undone. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Changes } from '../../electron/host/change/changes.ts';
import { Engines } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import type { Change, ChangePreview } from '../../shared/change.ts';
import { keepsUpdates } from '../../shared/engine-keeps.ts';
import type { EngineOption } from '../../shared/engine-options.ts';
import { podmanUnavailable, startPodman, type PodmanLab } from '../lab/podman.ts';

const reason = await podmanUnavailable();
const read = (path: string): string => readFileSync(path, 'utf8').trim();

describe.skipIf(reason !== null)(
  `changing a container of Podman${reason === null ? '' : ` (cannot run: ${reason})`}`,
  () => {
    let lab: PodmanLab;
    let engines: Engines;
    let changes: Changes;
    let id: string;
    let keeps: boolean;
    const engine = () => engines.current().engines[0]!;
    const told = () => engines.current().containers.find((one) => one.id === id)!.told;
    const option = (name: EngineOption, typed: string): Change => ({ what: 'option', engine: engine().id, container: id, option: name, typed, unit: 'plain' }); // prettier-ignore
    const apply = async (preview: ChangePreview) => changes.apply(preview.token!);

    beforeAll(async () => {
      lab = await startPodman();
      await lab.podman('run', '-d', '--name=limited', '-m', '64m', '--pids-limit=40', '--cpus=0.5', 'redis:alpine');
      engines = new Engines(findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1));
      engines.start();
      await engines.settled();
      id = (await lab.podman('inspect', '-f', '{{.Id}}', 'limited')).stdout.trim();
      await vi.waitUntil(() => engine().version !== null, 20_000);
      await vi.waitUntil(() => engines.current().containers.some((one) => one.id === id && one.pid !== null), 20_000);
      keeps = keepsUpdates(engine()) === true;
      changes = new Changes({ engines, pageBytes: async () => 4096 });
    }, 90_000);
    afterAll(async () => {
      engines?.stop();
      await lab?.down();
    }, 60_000);

    it('says of an option what the cgroup file reads, and whether this Podman keeps it over a restart', async () => {
      const preview = await changes.preview(option('--pids-limit', '30'));
      expect(preview).toMatchObject({ readsNow: { value: '40' }, file: { readsNow: '40', readsBack: '30' } });
      expect(preview.atRestart).toBe(keeps ? 'still: the engine keeps it' : `back to what it was made with: Podman ${engine().version} keeps no change`); // prettier-ignore
      expect(preview.readsBack).toBe(keeps ? '30' : '40');
      const before = told();
      const first = await apply(preview);
      expect(first).toMatchObject({ error: null, undo: 'possible', readBack: keeps ? '30' : '40' });
      expect(first.file).toMatchObject({ from: '40', readBack: '30' });
      expect(read(first.file!.path)).toBe('30');
      await expect.poll(told, { timeout: 20_000 }).toBeGreaterThan(before);

      // Undone, it is what it was before that change, and not what the container was made with.
      const second = await apply(await changes.preview(option('--pids-limit', '20')));
      expect(second.file).toMatchObject({ from: '30', readBack: '20' });
      expect(await changes.undo(second.id)).toMatchObject({ error: null, file: { readBack: '30' } });
      expect(await changes.undo(first.id)).toMatchObject({ error: null, file: { readBack: '40' } });
    });

    it('turns --cpus into the quota that Podman’s own client would ask for', async () => {
      const preview = await changes.preview(option('--cpus', '0.25'));
      expect(preview.via?.command).toMatch(/update --cpus 0\.25 limited$/);
      const record = await apply(preview);
      expect(record).toMatchObject({ error: null, readBack: keeps ? '0.25' : '0.5' });
      expect(record.file?.readBack).toMatch(/^25000(?: 100000)?$/);
      expect((await changes.undo(record.id)).file?.readBack).toMatch(/^50000(?: 100000)?$/);
    });

    it('does not take an ignored restart policy for a changed one', async () => {
      const preview = await changes.preview(option('--restart', 'always'));
      if (keeps) expect(await apply(preview)).toMatchObject({ error: null, readBack: 'always' });
      else expect(preview).toMatchObject({ token: null, problem: expect.stringContaining('since 5.1') });
    });

    it('writes a limit of its cgroup by Podman, and undoes it step by step', async () => {
      const path = (await changes.preview(option('--pids-limit', '30'))).file!.path;
      const update = (typed: string): Change => ({ what: 'update', engine: engine().id, container: id, path, typed, unit: 'plain' }); // prettier-ignore
      const first = await apply(await changes.preview(update('35')));
      expect(first).toMatchObject({ from: '40', readBack: '35', error: null, via: 'Podman' });
      const second = await apply(await changes.preview(update('34')));
      expect(await changes.undo(second.id)).toMatchObject({ readBack: '35', error: null });
      expect(await changes.undo(first.id)).toMatchObject({ readBack: '40', error: null });
      expect(read(path)).toBe('40');
    });
  },
);
