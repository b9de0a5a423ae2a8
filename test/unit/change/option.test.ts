import { describe, expect, it } from 'vitest';
import { Changes } from '../../../electron/host/change/changes.ts';
import type { UpdatingEngines } from '../../../electron/host/change/engine-target.ts';
import type { EngineState } from '../../../shared/model.ts';
import { aContainer } from '../shared/world.ts';

const ID = 'a'.repeat(64);
const ENGINE = 'unix:///var/run/docker.sock';

/** An engine with one container that does not run; `takes`: what an update makes of its account, and what it remarks. */
const setUp = (
  takes: (host: Record<string, unknown>, body: Record<string, unknown>) => readonly string[],
  engine: Partial<EngineState> = {},
) => {
  const host: Record<string, unknown> = { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 }, PidsLimit: 40 };
  const engines = {
    current: () => ({
      engines: [
        { id: ENGINE, kind: 'docker', version: '28.0.0', address: ENGINE, source: 'default socket', ...engine },
      ],
      containers: [aContainer(ID, { name: 'db', state: 'exited' })],
    }),
    inspect: async () => ({ HostConfig: { ...host } }),
    update: async (_engine: string, _id: string, body: Record<string, unknown>) => takes(host, body),
  } as unknown as UpdatingEngines;
  const changes = new Changes({ engines, pageBytes: async () => 4096 });
  const preview = (option: '--restart' | '--pids-limit', typed: string) =>
    changes.preview({ what: 'option', engine: ENGINE, container: ID, option, typed, unit: 'plain' });
  return {
    changes,
    preview,
    set: async (typed: string) => changes.apply((await preview('--pids-limit', typed)).token!),
  };
};

describe('an engine that is asked to keep another value', () => {
  it('and takes the request and changes nothing, has not done it', async () => {
    const { set } = setUp(() => []);
    expect(await set('30')).toMatchObject({
      from: '40',
      readBack: '40',
      error: { errno: null, call: 'Docker took it and changed nothing' },
      undo: 'none',
    });
  });

  it('and says in a remark why it changes nothing, is quoted', async () => {
    const { set } = setUp(() => ['Your kernel does not support pids limit capabilities.']);
    expect(await set('30')).toMatchObject({
      error: { call: 'Docker said: Your kernel does not support pids limit capabilities.' },
    });
  });

  it('and does it with a remark, is quoted as well', async () => {
    const { set } = setUp((host, body) => (Object.assign(host, body), ['It was rounded.']));
    expect(await set('30')).toMatchObject({
      readBack: '30',
      error: null,
      warnings: ['It was rounded.'],
      undo: 'possible',
    });
  });

  it('and had that value or none before, has not refused it', async () => {
    const { set } = setUp(
      (host, body) => (Object.assign(host, { PidsLimit: body['PidsLimit'] === -1 ? null : 40 }), []),
    );
    expect(await set('40')).toMatchObject({ error: null, undo: 'none' });
    expect(await set('max')).toMatchObject({ error: null });
    expect(await set('max')).toMatchObject({ readBack: 'nothing', error: null });
  });

  it('and keeps none, says so before by its version', async () => {
    const old = setUp(() => [], { kind: 'podman', version: '4.9.3' });
    expect(await old.preview('--restart', 'always')).toMatchObject({ token: null, problem: expect.stringContaining('Podman 4.9.3') }); // prettier-ignore
    expect(await old.preview('--pids-limit', '30')).toMatchObject({ readsBack: '40', atRestart: expect.stringContaining('Podman 4.9.3 keeps no change') }); // prettier-ignore
    const young = setUp(() => [], { kind: 'podman', version: '5.4.2' });
    expect(await young.preview('--restart', 'always')).toMatchObject({ problem: null, atRestart: 'still: the engine keeps it' }); // prettier-ignore
  });
});
