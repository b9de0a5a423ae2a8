import { describe, expect, it } from 'vitest';
import { Acts } from '../../../electron/host/change/acts.ts';
import { ChangeList } from '../../../electron/host/change/change-list.ts';
import type { Engines } from '../../../electron/host/engines/engines.ts';
import { CHANGES_AT_MOST } from '../../../shared/change.ts';
import type { ContainerAction } from '../../../shared/container-act.ts';
import { PortholeError } from '../../../shared/frames.ts';
import { plainRun } from '../../../shared/run-container.ts';
import { aContainer } from '../shared/world.ts';

const ID = 'a'.repeat(64);
const ENGINE = 'unix:///var/run/docker.sock';
const which = { engine: ENGINE, id: ID };

/** An engine with one container, which does what it is asked for. */
const setUp = () => {
  const now = { name: 'db', state: 'running', there: true };
  let refuses: PortholeError | null = null;
  const asked: string[] = [];
  const DOES: Partial<Record<ContainerAction['do'], string>> = { stop: 'exited', pause: 'paused', unpause: 'running' };
  const engines = {
    current: () => ({
      engines: [{ id: ENGINE, kind: 'docker', address: ENGINE, source: 'default socket' }],
      containers: now.there ? [aContainer(ID, { name: now.name, state: now.state as 'running' })] : [],
    }),
    inspect: async () => {
      asked.push('inspect');
      if (!now.there) throw new PortholeError('not-found', 'No such container');
      return { Name: `/${now.name}`, State: { Status: now.state, ExitCode: 137 } };
    },
    act: async (_engine: string, _id: string, action: ContainerAction) => {
      asked.push(action.do);
      if (refuses !== null) throw refuses;
      if (action.do === 'rename') now.name = action.name;
      if (action.do === 'remove') now.there = false;
      now.state = DOES[action.do] ?? now.state;
    },
    image: async () => ({ untagged: ['a:1', 'a:2'], deleted: ['sha256:x'] }),
  } as unknown as Engines;
  const made = new ChangeList();
  return {
    now,
    asked,
    made,
    acts: new Acts(engines, made),
    refuse: (error: PortholeError | null) => (refuses = error),
  };
};

describe('what an engine is asked to do', () => {
  it('leaves a line with what was, what was asked for, what is, and the command', async () => {
    const { acts, made } = setUp();
    await acts.act(which, { do: 'kill', signal: 'USR1' });
    await acts.act(which, { do: 'stop', seconds: 3 });
    await acts.act(which, { do: 'remove', force: true, volumes: true });
    expect(made.records).toMatchObject([
      { what: 'act', name: 'kill', of: 'db', container: ID, from: 'running', wanted: 'SIGUSR1', readBack: 'running', via: 'Docker', byHand: 'docker kill --signal=USR1 db', undo: 'none' }, // prettier-ignore
      {
        name: 'stop',
        from: 'running',
        wanted: '3 s',
        readBack: 'exited 137',
        byHand: 'docker stop -t 3 db',
        error: null,
      },
      { name: 'remove', from: 'exited', wanted: 'force, volumes', readBack: 'removed', undo: 'none' },
    ]);
  });

  it('leaves a line where the engine refused, too, and is refused', async () => {
    const { acts, made, refuse } = setUp();
    refuse(new PortholeError('failed', 'no such signal'));
    await expect(acts.act(which, { do: 'kill', signal: 'FOO' })).rejects.toThrow('no such signal');
    expect(made.records).toMatchObject([
      { error: { errno: null, call: 'Docker said: no such signal' }, readBack: 'running' },
    ]);
  });

  it('does not ask an engine that did not answer what came of it, and says that it may still happen', async () => {
    const { acts, made, refuse, asked } = setUp();
    refuse(new PortholeError('timeout', 'no answer to stop within 30 s'));
    await expect(acts.act(which, { do: 'stop', seconds: null })).rejects.toMatchObject({ code: 'timeout' });
    expect(asked).toEqual(['stop']);
    expect(made.records[0]).toMatchObject({
      readBack: null,
      error: { call: 'no answer to stop within 30 s. It may still happen.' },
    });
  });

  it('is taken back where something does that, and only if it still is as it was left', async () => {
    const { acts, made, now } = setUp();
    await acts.act(which, { do: 'pause' });
    await acts.act(which, { do: 'rename', name: 'db2' });
    expect(made.records).toMatchObject([{ undo: 'possible' }, { from: 'db', readBack: 'db2', undo: 'possible' }]);
    const [pause, rename] = made.records;
    expect(await made.undo(rename!.id)).toMatchObject({
      from: 'db2',
      readBack: 'db',
      undoes: rename!.id,
      undo: 'none',
    });
    expect(now.name).toBe('db');
    now.state = 'exited';
    await expect(made.undo(pause!.id)).rejects.toThrow('Not undone: it is exited 137 now, not paused as this left it.');
    now.state = 'paused';
    expect(await made.undo(pause!.id)).toMatchObject({ name: 'unpause', readBack: 'running' });
    expect(made.records.map(({ undo }) => undo)).toEqual(['done', 'done', 'none', 'none']);
    await expect(made.undo(pause!.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('is not offered to be taken back once it is in another state, or gone', async () => {
    const { acts, made } = setUp();
    await acts.act(which, { do: 'rename', name: 'db2' });
    await acts.act(which, { do: 'pause' });
    await acts.act(which, { do: 'unpause' });
    expect(made.records.map(({ undo }) => undo)).toEqual(['possible', 'none', 'possible']);
    await acts.act(which, { do: 'remove', force: true, volumes: false });
    expect(made.records.map(({ undo }) => undo)).toEqual(['none', 'none', 'none', 'none']);
    await expect(made.undo(made.records[0]!.id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists a run with its image, and of its environment the names alone', async () => {
    const { acts, made } = setUp();
    const options = { ...plainRun('redis:alpine'), name: 'db', env: [{ name: 'PASSWORD', value: 'hunter2' }] };
    const ran = { id: ID, warnings: ['no swap limit'], notStarted: null, left: true, ulimits: [] };
    expect(await acts.run(ENGINE, options, async () => ran)).toBe(ran);
    expect(made.records[0]).toMatchObject({ name: 'run', of: 'db', container: ID, wanted: 'redis:alpine', readBack: 'running', warnings: ['no swap limit'] }); // prettier-ignore
    expect(made.records[0]!.byHand).toMatch(/^docker run -d --env=PASSWORD --name=db .*redis:alpine$/);
    expect(JSON.stringify(made.records)).not.toContain('hunter2');
    await acts.run(ENGINE, options, async () => ({ ...ran, notStarted: 'port is taken' }));
    expect(made.records[1]).toMatchObject({ error: { call: 'Docker said: port is taken' }, container: ID });
    const refused = Promise.reject(new PortholeError('failed', 'Conflict.'));
    await expect(acts.run(ENGINE, options, () => refused)).rejects.toThrow('Conflict.');
    expect(made.records[2]).toMatchObject({
      error: { call: 'Docker said: Conflict.' },
      container: null,
      readBack: null,
    });
  });

  it('lists images fetched and removed', async () => {
    const { acts, made } = setUp();
    await acts.pull(ENGINE, 'a:1', async () => undefined);
    await acts.removeImage(ENGINE, 'a:1', true);
    expect(made.records).toMatchObject([
      { name: 'pull', of: 'a:1', readBack: 'here', byHand: 'docker pull a:1' },
      { name: 'remove image', of: 'a:1', readBack: '2 untagged, 1 deleted', byHand: 'docker rmi --force a:1' },
    ]);
  });
});

it('keeps the newest lines, tells of each, and forgets how to undo what it forgot', async () => {
  const { acts, made } = setUp();
  const told: number[] = [];
  made.onChange((records) => told.push(records.length));
  await acts.act(which, { do: 'pause' });
  const [first] = made.records;
  for (let n = 0; n < CHANGES_AT_MOST; n++) await acts.pull(ENGINE, `a:${n}`, async () => undefined);
  expect(made.records).toHaveLength(CHANGES_AT_MOST);
  expect(made.records.at(-1)).toMatchObject({ of: `a:${CHANGES_AT_MOST - 1}` });
  expect(told).toHaveLength(CHANGES_AT_MOST + 1);
  await expect(made.undo(first!.id)).rejects.toMatchObject({ code: 'not-found' });
});
