/** What is said of a container's limits on v2 by an engine that systemd places cgroups for; the engine itself is played. */
import { writeFileSync } from 'node:fs';
import { Changes } from '../../electron/host/change/changes.ts';
import type { UpdatingEngines } from '../../electron/host/change/engine-target.ts';
import type { Change } from '../../shared/change.ts';
import type { World } from '../../shared/model.ts';
import type { OfContainer } from './report.ts';
import { idOf, V2 } from './stage.ts';

const ENGINE = 'unix:///var/run/docker.sock';

export const ofContainer = async (world: World): Promise<OfContainer> => {
  const id = idOf('db');
  const at = (file: string): string => `${V2}/system.slice/docker-${id}.scope/${file}`;
  const container = { ...world.containers.find((one) => one.id === id)!, engine: ENGINE, name: 'db' };
  const host: Record<string, unknown> = { Memory: 67108864, NanoCpus: 5e8, CpuShares: 512 };
  const engines = {
    current: () => ({
      engines: [{ id: ENGINE, kind: 'docker', version: '28.0.0', address: ENGINE, source: 'default socket' }],
      containers: [container],
    }),
    inspect: async () => ({ HostConfig: { ...host } }),
    update: async (_engine: string, _id: string, body: Record<string, unknown>) => {
      Object.assign(host, body);
      writeFileSync(at('memory.max'), String(host['Memory']));
      return [];
    },
  } as unknown as UpdatingEngines;
  const changes = new Changes({ engines, pageBytes: async () => 4096 });
  const by = { engine: ENGINE, container: id, unit: 'plain' } as const;
  const keep = (typed: string): Change => ({ what: 'option', option: '--memory', typed, ...by });
  const kept = await changes.apply((await changes.preview(keep('50000000'))).token!);
  return {
    kills: await changes.preview(keep('4096')),
    kept,
    undone: await changes.undo(kept.id),
    limit: await changes.preview({ what: 'limit', path: at('memory.max'), typed: '50000000', unit: 'plain' }),
    weight: await changes.preview({ what: 'limit', path: at('cpu.weight'), typed: '50', unit: 'plain' }),
    byEngine: await changes.preview({ what: 'update', path: at('cpu.weight'), typed: '50', ...by }),
  };
};
