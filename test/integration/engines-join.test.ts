import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Collector } from '../../electron/host/collect/collector.ts';
import { lookOnce } from '../../electron/host/engines/engines.ts';
import { findPlaces } from '../../electron/host/engines/find-sockets.ts';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import type { World } from '../../shared/model.ts';
import { labUnavailable, startLab, type Lab } from '../lab/lab.ts';

const reason = await labUnavailable();

const RUN: Readonly<Record<string, readonly string[]>> = {
  db: ['redis:alpine'],
  web: ['--net=container:db', 'nginx:alpine'],
  open: ['--pid=host', 'busybox', 'sh', '-c', 'sleep 900 & wait'],
  guest: ['--pid=container:db', 'busybox', 'sleep', '901'],
  elsewhere: ['--cgroup-parent=LAB', 'busybox', 'sleep', '902'],
};

describe.skipIf(reason !== null)(
  `containers and their processes${reason === null ? '' : ` (cannot run: ${reason})`}`,
  () => {
    let lab: Lab;

    beforeAll(async () => {
      lab = await startLab();
      for (const [name, args] of Object.entries(RUN)) {
        const given = args.map((argument) => argument.replace('LAB', lab.cgroupParent));
        await lab.docker('run', '-d', `--name=${name}`, ...given);
      }
    }, 90_000);
    afterAll(() => lab?.down(), 60_000);

    const look = async (withEngine: boolean): Promise<World> => {
      const places = withEngine ? findPlaces({ ...lab.env }, { home: '/nonexistent' }).slice(0, 1) : [];
      const { engines, containers } = await lookOnce(places, 10_000);
      return new Collector(new LinuxKernel()).collect(engines, containers);
    };
    const idOf = async (name: string) => (await lab.docker('inspect', '-f', '{{.Id}}', name)).stdout.trim();
    const pidsIn = (world: World, id: string) =>
      world.processes.filter(({ container }) => container === id).map(({ pid }) => pid);

    it.each(Object.keys(RUN))('are joined as docker top tells it: %s', async (name) => {
      const id = await idOf(name);
      // nginx starts its workers, and a shell its sleep, a moment after the container.
      await expect
        .poll(
          async () => {
            const top = (await lab.docker('top', name, '-o', 'pid')).stdout.trim().split('\n').slice(1).map(Number);
            return JSON.stringify(pidsIn(await look(true), id)) === JSON.stringify(top.toSorted((a, b) => a - b));
          },
          { timeout: 10_000 },
        )
        .toBe(true);
      const container = (await look(true)).containers.find((row) => row.id === id);
      expect(container).toMatchObject({
        name,
        state: 'running',
        pid: Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', name)).stdout),
        cgroup: expect.stringContaining(id),
      });
    });

    it('are found by the kernel alone when no engine can be asked', async () => {
      const world = await look(false);
      const id = await idOf('db');
      expect(world.containers.find((row) => row.id === id)).toMatchObject({
        engine: null,
        name: null,
        state: 'running',
        runtime: 'docker',
        pid: Number((await lab.docker('inspect', '-f', '{{.State.Pid}}', 'db')).stdout),
      });
    });
  },
);
